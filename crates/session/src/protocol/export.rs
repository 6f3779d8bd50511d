//! Writes the protocol as TypeScript, and holds the committed copy to it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use ts_rs::{Config, TS};

use super::{
    ActionInput, ActionResult, AddressView, CopiedView, DocumentView, ErrorCode, Event,
    ExportScope, ExportedView, FileEntry, FinishView, InspectionView, LibraryView, LossView,
    NextStep, OpenedView, PageState, PageView, RestoreView, RestoredView, Saved, SessionView,
    SessionsView, StartRequest, StepRequest, UnsavedText,
};

const HEADER: &str =
    "// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.\n";

fn export(folder: &Path) {
    let config = Config::new().with_large_int("number").with_out_dir(folder);
    macro_rules! all {
        ($($root:ty),*) => { $(<$root>::export_all(&config).unwrap();)* };
    }
    all!(
        crate::Allowances,
        ActionInput,
        ActionResult,
        AddressView,
        CopiedView,
        DocumentView,
        ErrorCode,
        Event,
        ExportScope,
        ExportedView,
        FileEntry,
        FinishView,
        InspectionView,
        LibraryView,
        LossView,
        NextStep,
        OpenedView,
        PageState,
        PageView,
        RestoreView,
        RestoredView,
        Saved,
        SessionView,
        SessionsView,
        StartRequest,
        StepRequest,
        UnsavedText
    );
    let names = files(folder)
        .into_keys()
        .map(|name| name.trim_end_matches(".ts").to_owned());
    let index: String = names
        .map(|name| format!("export type {{ {name} }} from \"./{name}\";\n"))
        .collect();
    fs::write(folder.join("index.ts"), index).unwrap();
}

fn files(folder: &Path) -> BTreeMap<String, String> {
    let Ok(entries) = fs::read_dir(folder) else {
        return BTreeMap::new();
    };
    entries
        .map(|entry| {
            let path = entry.unwrap().path();
            let text = fs::read_to_string(&path).unwrap();
            // ts-rs's own first line names the library, not the command to run.
            let body = text
                .split_once('\n')
                .filter(|(first, _)| first.starts_with("// "))
                .map_or(&*text, |(_, body)| body);
            (
                path.file_name().unwrap().to_string_lossy().into_owned(),
                format!("{HEADER}{body}"),
            )
        })
        .collect()
}

/// With `ATELIER_WRITE_BINDINGS` set (by `cargo xtask bindings`) the committed copy is written anew.
#[test]
fn the_committed_protocol_is_up_to_date() {
    let committed = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../ui/src/lib/protocol");
    let fresh = tempfile::tempdir().unwrap();
    export(fresh.path());
    if std::env::var_os("ATELIER_WRITE_BINDINGS").is_some() {
        let _ = fs::remove_dir_all(&committed);
        fs::create_dir_all(&committed).unwrap();
        for (name, text) in files(fresh.path()) {
            fs::write(committed.join(name), text).unwrap();
        }
    }
    assert_eq!(
        files(&committed),
        files(fresh.path()),
        "run `cargo xtask bindings` and commit ui/src/lib/protocol"
    );
}
