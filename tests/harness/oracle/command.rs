//! A case through the real command, as `shared/oracle/README.md` says.

use std::collections::BTreeMap;
use std::fmt::Write;

use anyhow::Context;
use camino::Utf8Path;
use serde_json::Value;

use super::case::{Case, Files, Place, Selection};
use super::ending::Ending;
use crate::WorkshopTest;
use crate::report::Row;

/// What the session itself keeps in a home directory.
const OWN: &str = ".local/share/workshop";

/// What every workshop brings.
const DEFINITION: [&str; 2] = ["resources", "resources/workshop.yaml"];

/// Plays a case with `atelier test`: one page with its actions, its files in `--home`.
///
/// # Errors
/// When the command gives no report.
pub fn through_the_command(case: &Case) -> anyhow::Result<Ending> {
    let mut page = String::from("# Case\n");
    for action in &case.actions {
        let body = serde_json::to_string_pretty(&action.args)?;
        write!(page, "\n~~~~~~{}\n{body}\n~~~~~~\n", action.action)?;
    }
    let test = WorkshopTest::new(&[]).bytes("workshop/content/01-page.md", page.as_bytes());
    let home = test.beside("home");
    write_files(&home, &case.files)?;
    let test = test
        .arg("--home")
        .arg(home.as_str())
        .arg("--allow-warnings");
    let output = test.run_with(&["--format", "json"]);
    let report: crate::report::Report = serde_json::from_slice(&output.stdout)
        .with_context(|| String::from_utf8_lossy(&output.stderr).into_owned())?;
    let rows: Vec<&Row> = report.pages.iter().flat_map(|page| &page.actions).collect();
    let mut files = BTreeMap::new();
    let mut folders = Vec::new();
    collect(&home, &home, &mut files, &mut folders)?;
    if !case
        .files
        .keys()
        .any(|path| path.starts_with(DEFINITION[0]))
    {
        files.retain(|path, _| !DEFINITION.contains(&&**path));
        folders.retain(|path| !DEFINITION.contains(&&**path));
    }
    Ok(Ending {
        ok: rows.len() == case.actions.len()
            && rows
                .iter()
                .all(|row| ["passed", "warned"].contains(&&*row.status)),
        warned: rows.iter().any(|row| row.status == "warned"),
        files,
        folders: Some(folders),
        selection: rows.last().and_then(|row| selection(row)),
        messages: rows.iter().filter_map(|row| row.message.clone()).collect(),
    })
}

fn selection(row: &Row) -> Option<Selection> {
    let editor = row.editor.as_ref()?;
    let place = |place: &crate::report::Position| Place {
        line: place.line,
        character: place.character,
    };
    let file = editor.file.strip_prefix("~/").unwrap_or(&editor.file);
    Some(Selection {
        file: file.to_owned(),
        start: place(&editor.selection.start),
        end: place(&editor.selection.end),
    })
}

fn write_files(home: &Utf8Path, files: &Files) -> anyhow::Result<()> {
    std::fs::create_dir_all(home)?;
    for (path, content) in files {
        let place = home.join(path.trim_end_matches('/'));
        match content {
            Value::String(text) => {
                std::fs::create_dir_all(place.parent().unwrap_or(home))?;
                std::fs::write(&place, text)?;
            }
            _ => std::fs::create_dir_all(&place)?,
        }
    }
    Ok(())
}

/// Every file and folder of a home directory but the session's own.
fn collect(
    home: &Utf8Path,
    folder: &Utf8Path,
    files: &mut BTreeMap<String, String>,
    folders: &mut Vec<String>,
) -> anyhow::Result<()> {
    for entry in folder.read_dir_utf8()? {
        let path = entry?.into_path();
        let name = path.strip_prefix(home)?.to_string();
        if OWN == name || OWN.starts_with(&format!("{name}/")) && only_leads_there(home, &path) {
            continue;
        }
        if path.is_dir() {
            folders.push(name);
            collect(home, &path, files, folders)?;
        } else {
            let text = String::from_utf8_lossy(&std::fs::read(&path)?).into_owned();
            files.insert(name, text);
        }
    }
    folders.sort();
    Ok(())
}

/// Whether a folder holds nothing but the way to the session's own.
fn only_leads_there(home: &Utf8Path, folder: &Utf8Path) -> bool {
    folder.read_dir_utf8().is_ok_and(|entries| {
        entries.flatten().all(|entry| {
            let Ok(name) = entry.path().strip_prefix(home) else {
                return false;
            };
            name == OWN
                || OWN.starts_with(&format!("{name}/")) && only_leads_there(home, entry.path())
        })
    })
}
