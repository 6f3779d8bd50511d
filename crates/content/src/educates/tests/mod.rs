//! Whole workshops in a temporary folder: loading, navigation, definition.

mod custom;
mod definition;
mod layouts;
mod navigation;
mod pages;
mod values;

use std::fmt::Write as _;

use camino::{Utf8Path, Utf8PathBuf};

use crate::{Diagnostic, Loaded, Sources};

/// A folder with files, given as path and text.
pub(crate) struct Folder {
    _keep: tempfile::TempDir,
    pub(crate) path: Utf8PathBuf,
}

#[allow(clippy::disallowed_methods, reason = "tests make their own folders")]
pub(crate) fn folder(files: &[(&str, &str)]) -> Folder {
    let dir = tempfile::tempdir().unwrap();
    let path = Utf8Path::from_path(dir.path()).unwrap().join("lab-x");
    std::fs::create_dir(&path).unwrap();
    for (name, text) in files {
        let file = path.join(name);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    }
    Folder { _keep: dir, path }
}

pub(crate) fn load(files: &[(&str, &str)]) -> Loaded {
    crate::load(&folder(files).path).unwrap()
}

/// `error[code] file:line:col: message (label) = help`
pub(crate) fn report(sources: &Sources, diagnostics: &[Diagnostic]) -> String {
    let mut out = String::new();
    for diagnostic in diagnostics {
        let severity = format!("{:?}", diagnostic.severity).to_lowercase();
        write!(out, "{severity}[{}]", diagnostic.code).unwrap();
        if let Some(label) = diagnostic.labels.first() {
            let place = sources.position(&label.span);
            let path = sources.file(label.span.file).path();
            write!(out, " {path}:{}:{}", place.line, place.column).unwrap();
        }
        write!(out, ": {}", diagnostic.message).unwrap();
        if let Some(label) = diagnostic.labels.first() {
            write!(out, " ({})", label.text).unwrap();
        }
        if let Some(help) = &diagnostic.help {
            write!(out, " = {help}").unwrap();
        }
        out.push('\n');
    }
    out
}

fn keys(loaded: &Loaded) -> Vec<&str> {
    loaded
        .workshop
        .pages
        .iter()
        .map(|page| page.id.0.as_str())
        .collect()
}

fn problems(loaded: &Loaded) -> String {
    report(&loaded.workshop.sources, &loaded.diagnostics)
}

const DEFINITION: &str = "apiVersion: training.educates.dev/v1beta1\nkind: Workshop\nmetadata:\n  name: lab-y\nspec:\n  title: Y\n  description: D\n";
