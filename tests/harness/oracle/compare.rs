//! How endings compare: texts byte for byte, selections exactly, YAML that an action wrote as data.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value as Json;
use serde_yaml::Value;

use super::case::{Case, Expected, Files};
use super::ending::Ending;

/// Compares everything; `Err` says the first that differs.
pub(crate) fn with(case: &Case, ending: &Ending, expected: &Expected) -> Result<(), String> {
    if ending.ok != expected.ok {
        let ended = |ok| if ok { "succeeds" } else { "fails" };
        return Err(format!(
            "it {}, expected: it {}; {}",
            ended(ending.ok),
            ended(expected.ok),
            ending.messages.join("; ")
        ));
    }
    files(case, ending, &expected.after)?;
    match (&expected.selection, &ending.selection) {
        (Some(expected), found) if Some(expected) != found.as_ref() => {
            Err(format!("selected is {found:?}\n  expected: {expected:?}"))
        }
        _ => Ok(()),
    }
}

/// Compares the files.
pub(crate) fn files(case: &Case, ending: &Ending, after: &Files) -> Result<(), String> {
    let expected: BTreeMap<&String, &str> = after
        .iter()
        .filter_map(|(path, text)| Some((path, text.as_str()?)))
        .collect();
    for path in ending.files.keys() {
        if !expected.contains_key(path) {
            return Err(format!("{path} is there"));
        }
    }
    for (path, expected) in expected {
        let found = ending
            .files
            .get(path)
            .ok_or_else(|| format!("{path} is not there"))?;
        let before = case.files.get(path).and_then(Json::as_str);
        if case.writes_yaml() && is_yaml(path) {
            yaml(path, before, found, expected)?;
        } else if found != expected {
            return Err(differs(path, found, expected));
        }
    }
    let Some(folders) = &ending.folders else {
        return Ok(());
    };
    for (path, there) in after {
        let folder = path.trim_end_matches('/');
        if path.ends_with('/')
            && *there == Json::Bool(true)
            && !folders.iter().any(|found| found == folder)
        {
            return Err(format!("there is no folder {folder}"));
        }
    }
    Ok(())
}

fn is_yaml(path: &str) -> bool {
    path.ends_with(".yaml") || path.ends_with(".yml")
}

/// Compares YAML as data, the lines that the reference leaves as they are, its comments and the final newline.
pub(crate) fn yaml(
    path: &str,
    before: Option<&str>,
    found: &str,
    expected: &str,
) -> Result<(), String> {
    if found == expected {
        return Ok(());
    }
    let differs = |what: &str| Err(format!("{what}\n{}", differs(path, found, expected)));
    match (documents(found), documents(expected)) {
        (Ok(found), Ok(expected)) if found == expected => {}
        (Err(error), _) => return differs(&format!("{path} is no YAML: {error}")),
        // What the reference broke is no measure.
        (_, Err(error)) => return differs(&format!("the reference's {path} is no YAML: {error}")),
        _ => return differs("the data differ"),
    }
    if found.ends_with('\n') != expected.ends_with('\n') {
        return differs("the final newline differs");
    }
    for line in kept_lines(before.unwrap_or_default(), expected) {
        let count = |text: &str| text.lines().filter(|other| *other == line).count();
        if count(found) < count(before.unwrap_or_default()) {
            return differs(&format!("the line {line:?} has changed"));
        }
    }
    for comment in comments(before.unwrap_or_default()) {
        if expected.contains(comment) && !found.contains(comment) {
            return differs(&format!("the comment {comment:?} is gone"));
        }
    }
    Ok(())
}

/// The lines of the text before that also stand in the expected one, whatever their indentation.
fn kept_lines<'a>(before: &'a str, expected: &str) -> Vec<&'a str> {
    let count = |text: &str, line: &str| {
        text.lines()
            .filter(|other| other.trim() == line.trim())
            .count()
    };
    before
        .lines()
        .filter(|line| !line.trim().is_empty() && count(expected, line) >= count(before, line))
        .collect()
}

/// What looks like a comment, whole lines and ends of lines.
pub(crate) fn comments(text: &str) -> Vec<&str> {
    text.lines()
        .filter_map(|line| {
            let at = match line.trim_start().starts_with('#') {
                true => line.find('#')?,
                false => line.find(" #")? + 1,
            };
            let quotes = line[..at].matches(['"', '\'']).count();
            (quotes % 2 == 0).then(|| line[at..].trim_end())
        })
        .collect()
}

/// The documents of a YAML file.
pub(crate) fn documents(text: &str) -> Result<Vec<Value>, String> {
    serde_yaml::Deserializer::from_str(text.trim_start_matches('\u{feff}'))
        .map(|document| Value::deserialize(document).map_err(|error| error.to_string()))
        .collect()
}

/// The lines that differ, with one line around.
pub(crate) fn differs(path: &str, found: &str, expected: &str) -> String {
    let (found, expected): (Vec<_>, Vec<_>) = (
        found.split_inclusive('\n').collect(),
        expected.split_inclusive('\n').collect(),
    );
    let head = found
        .iter()
        .zip(&expected)
        .take_while(|(a, b)| a == b)
        .count();
    let tail = found[head..]
        .iter()
        .rev()
        .zip(expected[head..].iter().rev())
        .take_while(|(a, b)| a == b)
        .count();
    let mut out = format!("  {path}, from line {}:", head + 1);
    for (mark, lines) in [
        ('-', &expected[head..expected.len() - tail]),
        ('+', &found[head..found.len() - tail]),
    ] {
        for line in lines.iter().take(12) {
            out.push_str(&format!("\n    {mark} {:?}", line));
        }
        if lines.len() > 12 {
            out.push_str(&format!("\n    {mark} … {} more lines", lines.len() - 12));
        }
    }
    out
}
