//! Where the reference is at fault and the case does not say what would be saner: what Atelier does, and why.

use serde_json::Value as Json;

use super::case::{Case, Files};
use super::compare;
use super::ending::Ending;

/// By the beginning of the quirk or the name of the case, the first that fits.
const JUDGED: &[(&str, Judgement, &str)] = &[
    // One case is enough to say what is meant, so these come first.
    (
        "c/append-lines-after-match-023",
        Judgement::Text("alpha\nbeta\ngamma\ndelta\nepsilon\n\nx\n"),
        "actions.md 8.4: only blanks match nothing; without a match the lines go to the end",
    ),
    (
        "c/append-lines-to-file-023",
        Judgement::Text("alpha\nbeta\ngamma\ndelta\nepsilon\n42\n"),
        "actions.md 8.8: scalars are coerced",
    ),
    (
        "c/insert-lines-before-line-024",
        Judgement::Text("alpha\nx\nbeta\ngamma\ndelta\nepsilon\n"),
        "actions.md 8.8: scalars are coerced",
    ),
    (
        "c/set-yaml-value-160",
        Judgement::Text("---\na: 1\n...\n"),
        "actions.md 8.14: an empty document becomes the mapping",
    ),
    (
        "c/insert-value-into-yaml-002",
        Judgement::Added("        - name: c3\n"),
        "a mapping that goes into a list is an item of it; the reference writes broken YAML",
    ),
    (
        "the file loses its final newline",
        Judgement::Same,
        "actions.md 3.7: the empty line after the final newline is a line of a range",
    ),
    (
        "count counts LINES",
        Judgement::Same,
        "actions.md 8.4: authors tested their workshops against it",
    ),
    (
        "no match: peer",
        Judgement::Warned,
        "actions.md 8.5: the same, with a warning",
    ),
    (
        "the selection is computed from positions before the edit",
        Judgement::ReplacementSelected,
        "actions.md 8.4: the last replacement is selected where it is after the edit",
    ),
    (
        "peer loses the comment of the replaced value",
        Judgement::CommentsKept,
        "actions.md 8.13: comments outside of the replaced value stay",
    ),
    (
        "peer writes a null value inside a new mapping",
        Judgement::Same,
        "actions.md 3.8: `key: null`, which is the same data",
    ),
    (
        "merge is shallow",
        Judgement::Same,
        "actions.md 8.17: merging is shallow",
    ),
    (
        "peer silently does nothing",
        Judgement::Warned,
        "actions.md 3.8: nothing is changed, with a warning",
    ),
    (
        "index goes straight to Array.splice",
        Judgement::Same,
        "actions.md 8.16: from the end for insert-yaml-item",
    ),
    (
        "numeric keys are never matched",
        Judgement::Done,
        "actions.md 3.8: a key is found by what it looks like",
    ),
    (
        "an intermediate key with a null value",
        Judgement::Done,
        "actions.md 8.14: null becomes a mapping",
    ),
    (
        "a null value is not a sequence",
        Judgement::Done,
        "actions.md 8.14: null becomes what is needed, here a list",
    ),
    (
        "null is not a mapping",
        Judgement::Done,
        "actions.md 8.14: null becomes a mapping",
    ),
    (
        "flow collections are not supported",
        Judgement::Done,
        "actions.md 8.13: collections in brackets and braces stay in them",
    ),
    (
        "peer drops every document",
        Judgement::Done,
        "actions.md 8.12: other documents are never deleted",
    ),
    (
        "missing source:",
        Judgement::Refused,
        "nothing is lost when there is nothing to copy",
    ),
    (
        "destination is a directory",
        Judgement::Refused,
        "a folder is not replaced by a file",
    ),
    (
        "deleting an anchored node leaves dangling aliases",
        Judgement::Refused,
        "what aliases refer to is not removed",
    ),
    (
        "value null passes the object check",
        Judgement::Refused,
        "actions.md 3.8: null is no mapping to merge",
    ),
    (
        "missing file fails",
        Judgement::Refused,
        "actions.md 3.8: the file must exist",
    ),
];

#[derive(Debug, Clone, Copy)]
enum Judgement {
    /// As the reference.
    Same,
    /// As the reference, but with a warning.
    Warned,
    /// The reference's text, with the last replacement selected.
    ReplacementSelected,
    /// The only file's text.
    Text(&'static str),
    /// The only file's text, with these lines at its end.
    Added(&'static str),
    /// The reference's data, and every comment of the file.
    CommentsKept,
    /// Success; every file is YAML with all its comments and as many documents.
    Done,
    /// A failure that leaves everything as it is.
    Refused,
}

/// What is done in a case that the reference gets wrong, and why.
pub fn judgement_of(case: &Case) -> Option<&'static str> {
    find(case).map(|(.., reason)| *reason)
}

fn find(case: &Case) -> Option<&'static (&'static str, Judgement, &'static str)> {
    let quirk = case.quirk.as_deref()?;
    JUDGED
        .iter()
        .find(|(key, ..)| quirk.starts_with(key) || case.id == *key)
}

pub(crate) fn judge(case: &Case, ending: &Ending) -> Result<(), String> {
    let Some((_, judgement, _)) = find(case) else {
        return Err(format!("nobody has judged the quirk {:?}", case.quirk));
    };
    let expected = case.expected();
    match judgement {
        Judgement::Same => compare::with(case, ending, &expected),
        Judgement::Warned if ending.warned => compare::with(case, ending, &expected),
        Judgement::Warned => Err("there is no warning".to_owned()),
        Judgement::ReplacementSelected => {
            let replacement = case
                .actions
                .last()
                .and_then(|action| action.args["replacement"].as_str());
            let selected = selected(ending);
            if selected.as_deref() != replacement {
                return Err(format!("{selected:?} is selected"));
            }
            compare::files(case, ending, &expected.after)
        }
        Judgement::Text(text) => only_text(case, ending, text),
        Judgement::Added(lines) => {
            let before = case
                .files
                .values()
                .find_map(Json::as_str)
                .unwrap_or_default();
            only_text(case, ending, &format!("{before}{lines}"))
        }
        Judgement::CommentsKept => {
            comments_are_kept(case, ending)?;
            compare::with(case, ending, &expected)
        }
        Judgement::Done if !ending.ok => Err(ending.messages.join("; ")),
        Judgement::Done => {
            for (path, text) in &case.files {
                let count = compare::documents(text.as_str().unwrap_or_default())?.len();
                let found = ending.files.get(path).map_or("", |text| text);
                if compare::documents(found)?.len() != count.max(1) {
                    return Err(format!("{path} has not {count} documents"));
                }
            }
            comments_are_kept(case, ending)
        }
        Judgement::Refused if ending.ok => Err("it succeeds".to_owned()),
        Judgement::Refused => compare::files(case, ending, &case.files),
    }
}

fn comments_are_kept(case: &Case, ending: &Ending) -> Result<(), String> {
    for (path, text) in &case.files {
        let found = ending.files.get(path).map_or("", |text| text);
        for comment in compare::comments(text.as_str().unwrap_or_default()) {
            if !found.contains(comment) {
                return Err(format!("the comment {comment:?} is gone"));
            }
        }
    }
    Ok(())
}

fn only_text(case: &Case, ending: &Ending, text: &str) -> Result<(), String> {
    if !ending.ok {
        return Err(ending.messages.join("; "));
    }
    let after: Files = case
        .files
        .keys()
        .map(|path| (path.clone(), Json::from(text)))
        .collect();
    compare::files(case, ending, &after)
}

/// The text that is selected at the end.
fn selected(ending: &Ending) -> Option<String> {
    let selection = ending.selection.as_ref()?;
    let text = ending.files.get(&selection.file)?.replace("\r\n", "\n");
    let at = |place: super::case::Place| {
        let line: usize = text
            .split_inclusive('\n')
            .take(place.line as usize)
            .map(str::len)
            .sum();
        let mut units = place.character as usize;
        let rest = text[line..].chars().take_while(|c| {
            let more = units > 0;
            units = units.saturating_sub(c.len_utf16());
            more
        });
        line + rest.map(char::len_utf8).sum::<usize>()
    };
    text.get(at(selection.start)..at(selection.end))
        .map(str::to_owned)
}
