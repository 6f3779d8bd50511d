//! Files of the instructions' folder that are programs, and would not be run as one.

use atelier_content::{Diagnostic, Workshop};
use camino::Utf8Path;

use super::home;
use crate::received::{Kind, Received};

/// What is looked for beside the pages: a file, or the files of this kind in a folder.
const LOOKED_FOR: [(&str, Option<&str>); 5] = [
    ("profile", None),
    ("profile.d", Some("sh")),
    ("setup.d", Some("sh")),
    ("supervisor", Some("conf")),
    ("terminal.sh", None),
];
/// Names further apart than this were hardly meant for one another.
const MAX_DISTANCE: usize = 2;

/// What is wrong with them.
pub(super) fn wrong(workshop: &Workshop, received: &[Received]) -> Vec<Diagnostic> {
    let mut found = unnamed(workshop, received);
    found.extend(misnamed(workshop, received));
    found.extend(misplaced(workshop));
    found
}

/// Scripts of the set-up that are not called by anybody.
fn unnamed(workshop: &Workshop, received: &[Received]) -> Vec<Diagnostic> {
    let texts = home::own_texts(workshop, received, |path| path.starts_with("setup.d"));
    let is_candidate = |path: &Utf8Path, text: &str| {
        path.components().count() == 2 && path.extension() != Some("sh") && text.starts_with("#!")
    };
    if !texts.iter().any(|(path, text)| is_candidate(path, text)) {
        return Vec::new();
    }
    // Pages, programs and the profile may run one, too, by more than its name.
    let elsewhere = home::own_texts(workshop, received, |path| !path.starts_with("setup.d"));
    let mut found = Vec::new();
    for (path, text) in &texts {
        let name = path.file_name().unwrap_or_default();
        // Another script may run it.
        let is_named = texts.iter().any(|(_, other)| other.contains(name))
            || elsewhere
                .iter()
                .any(|(_, other)| other.contains(path.as_str()));
        if is_candidate(path, text) && !is_named {
            let message = format!("`workshop/{path}` is not run: its name does not end with `.sh`");
            found.push(
                Diagnostic::warning("unused-script", message)
                    .help(format!("name it `workshop/{}`", path.with_extension("sh"))),
            );
        }
    }
    found
}

/// What has nearly a name that is looked for, while nothing has that name and nothing else names it.
fn misnamed(workshop: &Workshop, received: &[Received]) -> Vec<Diagnostic> {
    let folder = &workshop.workshop_dir;
    if folder.as_str().is_empty() {
        return Vec::new();
    }
    let files = received
        .iter()
        .filter(|entry| entry.kind != Kind::EmptyFolder);
    let paths: Vec<&Utf8Path> = files
        .filter_map(|entry| entry.path.strip_prefix(folder).ok())
        .collect();
    let mut found = Vec::new();
    for (meant, kind) in LOOKED_FOR {
        if paths.iter().any(|path| path.starts_with(meant)) {
            continue;
        }
        let length = if kind.is_some() { 2 } else { 1 };
        let name = paths
            .iter()
            .filter(|path| path.iter().count() == length)
            .filter(|path| kind.is_none() || path.extension() == kind)
            .filter_map(|path| path.iter().next())
            .find(|name| strsim::damerau_levenshtein(name, meant) <= MAX_DISTANCE);
        let Some(name) = name else { continue };
        let written = format!("{folder}/{name}");
        let mut texts = workshop.sources.iter().map(|(_, source)| source.text());
        if texts.any(|text| text.contains(&written)) {
            continue;
        }
        let message =
            format!("`{written}` is not run: programs are not looked for under this name");
        found.push(
            Diagnostic::warning("unused-script", message)
                .help(format!("name it `{folder}/{meant}`")),
        );
    }
    found
}

/// Folders of programs that lie beside the folder of the instructions instead of in it, and that nothing names.
fn misplaced(workshop: &Workshop) -> Vec<Diagnostic> {
    let folder = &workshop.workshop_dir;
    if folder.as_str().is_empty() {
        return Vec::new();
    }
    let folders = LOOKED_FOR
        .into_iter()
        .filter_map(|(name, kind)| Some((name, kind?)));
    let found = folders.filter(|(name, kind)| {
        let holds = |folder: &Utf8Path| {
            let entries = folder.read_dir_utf8().into_iter().flatten().flatten();
            entries
                .take(1000)
                .any(|entry| entry.path().extension() == Some(*kind))
        };
        let mut texts = workshop.sources.iter().map(|(_, source)| source.text());
        let (beside, within) = (
            workshop.root.join(name),
            workshop.root.join(folder).join(name),
        );
        !holds(&within)
            && !beside.is_symlink()
            && holds(&beside)
            && !texts.any(|text| text.contains(name))
    });
    found
        .map(|(name, _)| {
            let message =
                format!("the programs in `{name}` are not run: they are not looked for here");
            Diagnostic::warning("unused-script", message)
                .help(format!("move the folder to `{folder}/{name}`"))
        })
        .collect()
}

/// By these a line is known that may make files, or let them run.
const MAKES: [&str; 9] = [
    "> ", ">~", ">$", "chmod ", "clone ", "cp ", "ln ", "mkdir ", "touch ",
];

/// The scripts with which terminals start that may make files: a page's commands come behind them.
pub(super) fn making(workshop: &Workshop, received: &[Received]) -> Vec<String> {
    let texts = home::own_texts(workshop, received, |path| {
        path == "profile" || path == "terminal.sh" || path.starts_with("terminal")
    });
    let texts = texts.into_iter().map(|(_, text)| text);
    texts
        .filter(|text| MAKES.iter().any(|sign| text.contains(sign)))
        .collect()
}

/// Whether a program that is a text says what reads it, in its first line.
pub(super) fn has_interpreter(text: &str) -> bool {
    text.is_empty() || text.starts_with("#!")
}
