//! Which files of the folder a session receives: `publish.files` and `workshop.files` (`session.md` 16.3).

use camino::Utf8PathBuf;
use serde_yaml::Value;

use super::files::Files;
use super::yaml::{Document, field, scalar};
use crate::diagnostic::{Diagnostic, Sources};
use crate::near::near;
use crate::workshop::FileSelection;

/// Reads the selection. Content that comes from elsewhere is noted as missing.
pub(super) fn read(
    document: &Document<'_>,
    name: Option<&str>,
    files: &mut Files,
    missing: &mut Vec<String>,
    report: &mut Vec<Diagnostic>,
) -> FileSelection {
    if document.has("spec.content.files") && !document.has("spec.workshop.files") {
        return legacy(files);
    }
    let published = document
        .list("spec.publish.files", report)
        .iter()
        .find(|entry| entry.get("directory").is_some())
        .map(patterns)
        .unwrap_or_default();
    let entries = document.list("spec.workshop.files", report);
    let own = entries
        .iter()
        .position(|entry| is_this_folder(entry, name))
        .or_else(|| entries.iter().position(|entry| !has_path(entry)));
    let elsewhere: Vec<String> = entries
        .iter()
        .enumerate()
        .filter(|(at, entry)| Some(*at) != own && entry.get("inline").is_none())
        .filter_map(|(_, entry)| source(entry))
        .collect();
    if !elsewhere.is_empty() {
        missing.push(format!(
            "The workshop adds files that are not part of its folder: {}.",
            elsewhere.join(", ")
        ));
    }
    let received = own.map(|at| patterns(&entries[at])).unwrap_or_default();
    for include in [&published.include, &received.include] {
        misspelt(document, include, files, report);
    }
    let mut exclude = published.exclude;
    for pattern in received.exclude {
        if !exclude.contains(&pattern) {
            exclude.push(pattern);
        }
    }
    FileSelection {
        include: both(published.include, received.include),
        exclude,
    }
}

/// Reports patterns below a name that the folder does not have, where it has a close one that no pattern lets pass.
fn misspelt(
    document: &Document<'_>,
    include: &[String],
    files: &Files,
    report: &mut Vec<Diagnostic>,
) {
    let names = files.names();
    for pattern in include {
        let name = first(pattern);
        let is_plain = !name.is_empty() && !name.contains(['*', '?', '[', '{', '!']);
        if !is_plain || names.iter().any(|known| known == name) {
            continue;
        }
        let free = names
            .iter()
            .map(String::as_str)
            .filter(|known| !include.iter().any(|other| first(other) == *known));
        if let Some(meant) = near(name, free)
            && let Some(span) = document.find(pattern, pattern)
        {
            report.push(
                Diagnostic::warning(
                    "invalid-definition",
                    format!("the workshop's folder has no `{name}`"),
                )
                .at(span, "lets nothing pass")
                .help(format!("did you mean `{}`?", meant.name)),
            );
        }
    }
}

/// The first part of a pattern.
fn first(pattern: &str) -> &str {
    pattern.split('/').next().unwrap_or_default()
}

/// The files that the definition holds itself, in file order. A path that leads out of the folder is reported.
pub(super) fn inline(
    document: &Document<'_>,
    report: &mut Vec<Diagnostic>,
) -> Vec<(Utf8PathBuf, String)> {
    let mut found = Vec::new();
    for entry in document.list("spec.workshop.files", report).to_vec() {
        let below = field(&entry, "path").unwrap_or_default();
        let paths = entry.get("inline").and_then(|inline| inline.get("paths"));
        let Some(Value::Mapping(paths)) = paths else {
            continue;
        };
        for (name, text) in paths {
            let (Some(name), Some(text)) = (scalar(name), scalar(text)) else {
                continue;
            };
            match inside(&format!("{below}/{name}")) {
                Some(path) => found.push((path, text)),
                None => report.push(
                    Diagnostic::warning(
                        "invalid-definition",
                        format!("the inline file `{name}` would lie outside of the session"),
                    )
                    .at(document.span("spec.workshop.files"), "it is left out")
                    .help("name it by a path without `..`"),
                ),
            }
        }
    }
    found
}

/// A path below the folder; nothing when it leads out of it, or into its history.
fn inside(written: &str) -> Option<Utf8PathBuf> {
    let parts = written.split('/').filter(|part| !matches!(*part, "" | "."));
    let mut path = Utf8PathBuf::new();
    for part in parts {
        if matches!(part, ".." | ".git") || part.contains('\0') {
            return None;
        }
        path.push(part);
    }
    (!path.as_str().is_empty()).then_some(path)
}

/// Whether an entry stands for the folder itself: its image is the one that is published from it.
fn is_this_folder(entry: &Value, name: Option<&str>) -> bool {
    let image = entry.get("image").and_then(|image| field(image, "url"));
    image.is_some_and(|url| {
        !has_path(entry) && (url.contains("-files:") || name.is_some_and(|name| url.contains(name)))
    })
}

fn has_path(entry: &Value) -> bool {
    field(entry, "path").is_some_and(|path| !matches!(path.trim_matches('/'), "" | "."))
}

/// Where an entry's files come from.
fn source(entry: &Value) -> Option<String> {
    ["image", "git", "http", "githubRelease", "helmChart", "hg"]
        .into_iter()
        .find_map(|kind| {
            let source = entry.get(kind)?;
            field(source, "url")
                .or_else(|| field(source, "slug"))
                .or_else(|| Some(kind.to_owned()))
        })
}

fn patterns(entry: &Value) -> FileSelection {
    let root = field(entry, "newRootPath").unwrap_or_default();
    let root = root.trim_matches('/');
    let read = |key: &str| match entry.get(key) {
        Some(Value::Sequence(items)) => items
            .iter()
            .filter_map(scalar)
            .map(|pattern| relative(&pattern, root))
            .filter(|pattern| !pattern.is_empty())
            .collect(),
        _ => Vec::new(),
    };
    FileSelection {
        include: read("includePaths"),
        exclude: read("excludePaths"),
    }
}

/// A pattern relative to the workshop's folder, which may be a sub-folder of what was fetched.
fn relative(pattern: &str, root: &str) -> String {
    let pattern = pattern
        .trim()
        .trim_start_matches("./")
        .trim_start_matches('/');
    match pattern
        .strip_prefix(root)
        .and_then(|rest| rest.strip_prefix('/'))
    {
        Some(rest) if !root.is_empty() => rest.to_owned(),
        _ => pattern.to_owned(),
    }
}

/// What two lists of patterns both let pass; an empty list lets everything pass.
fn both(first: Vec<String>, second: Vec<String>) -> Vec<String> {
    if first.is_empty() {
        return second;
    }
    if second.is_empty() {
        return first;
    }
    let mut narrower: Vec<String> = Vec::new();
    for a in &first {
        for b in &second {
            let pattern = match (covers(a, b), covers(b, a)) {
                (true, _) => b,
                (_, true) => a,
                _ => continue,
            };
            if !narrower.contains(pattern) {
                narrower.push(pattern.clone());
            }
        }
    }
    // Patterns that only overlap are rare; then the learner gets too much rather than too little.
    if narrower.is_empty() {
        second
    } else {
        narrower
    }
}

/// Whether everything that the second pattern names is named by the first.
fn covers(wide: &str, narrow: &str) -> bool {
    wide == narrow
        || wide
            .strip_suffix("**")
            .is_some_and(|prefix| narrow.starts_with(prefix))
}

/// Legacy content: everything but what `.eduk8signore` names.
fn legacy(files: &mut Files) -> FileSelection {
    let mut selection = FileSelection::default();
    let mut aside = Sources::default();
    if files.is_file(".eduk8signore")
        && let Some(file) = files.read(".eduk8signore", &mut aside)
    {
        for line in aside.file(file).text().lines().map(str::trim) {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let pattern = match line.strip_prefix("./") {
                Some(anchored) => anchored.to_owned(),
                None => format!("**/{}", line.trim_start_matches('/')),
            };
            // A folder goes with everything in it.
            let pattern = pattern.trim_end_matches('/');
            selection.exclude.push(format!("{pattern}/**"));
            selection.exclude.push(pattern.to_owned());
        }
    }
    selection
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lets_pass_what_both_lists_name() {
        let list = |patterns: &[&str]| patterns.iter().map(|p| (*p).to_owned()).collect::<Vec<_>>();
        assert_eq!(
            both(
                list(&["workshop/**", "README.md"]),
                list(&["workshop/**", "exercises/**"])
            ),
            ["workshop/**"]
        );
        assert_eq!(
            both(list(&["**"]), list(&["exercises/**"])),
            ["exercises/**"]
        );
        assert_eq!(both(list(&["a/b/**"]), list(&["a/**"])), ["a/b/**"]);
        assert_eq!(both(list(&[]), list(&["a"])), ["a"]);
        assert_eq!(
            relative("/workshops/lab/exercises/**", "workshops/lab"),
            "exercises/**"
        );
        assert_eq!(relative("/README.md", ""), "README.md");
    }
}
