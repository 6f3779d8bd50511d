//! Editor actions on the picture of the home: what they would change, and what they would not find.

use atelier_content::edit::yaml::{Segment, YamlOp, new_item, new_keys};
use atelier_content::edit::{self, EditError, EditOp, Warning};
use atelier_content::near::near;
use atelier_content::{Diagnostic, Span};
use camino::Utf8Path;

use super::home::{Absence, Held, Home};
use super::{indentation, lines};

/// Where an action and what it names are written.
pub(super) struct Written<'a> {
    /// The path of the file, as written.
    pub(super) file: &'a str,
    /// Where that stands.
    pub(super) file_place: Span,
    /// Where what is looked for stands.
    pub(super) text_place: Span,
    /// Where a key of the YAML stands.
    pub(super) key_place: &'a dyn Fn(&str) -> Span,
    /// The whole block, and where it stands.
    pub(super) block: &'a str,
    pub(super) block_place: Span,
}

/// Plans an edit on what is known of its file, and keeps what comes of it.
pub(super) fn edit(
    home: &mut Home,
    path: &Utf8Path,
    op: &EditOp,
    written: &Written<'_>,
) -> Option<Diagnostic> {
    let known = home.text(path);
    if known.is_none() && home.has(path) {
        return None;
    }
    // An expression may search for ever, and its text is another one afterwards.
    if op.uses_regex() {
        let absence = home.absence(path);
        home.make_unknown(path);
        return absence.map(|absence| missing(home, &absence, written));
    }
    let (text, selection) = match known {
        Some((text, selection)) => (Some(text), selection),
        None => (None, 0..0),
    };
    match edit::plan(op, written.file, text.as_deref(), selection.clone()) {
        Ok(plan) => {
            if text.is_none()
                && let Some(problem) = new_file(home, path, op, written)
            {
                home.make_unknown(path);
                return Some(problem);
            }
            let before = text.unwrap_or_default();
            if let Some(warning) = plan.warning {
                let problem = no_match(home, path, &before, &warning, written);
                // What was meant to be there is found by what follows, which is not at fault.
                let after = match op {
                    EditOp::ReplaceMatching { replacement, .. } => {
                        format!("{before}\n{replacement}\n")
                    }
                    _ => plan.edit.apply(&before),
                };
                let selection = plan.edit.select.unwrap_or(selection);
                home.put(path, Held::Text(after, selection));
                return Some(problem);
            }
            let place = written.block_place.clone();
            let problem = match op {
                EditOp::Yaml(op) => misspelt_key(op, &before, written)
                    .or_else(|| foreign_path(op, &before, written))
                    .or_else(|| misspelt_item(op, &before, written)),
                _ => lines::beyond(op, &before, written)
                    .or_else(|| indentation::lost(path, &before, &plan.edit, written.block, place)),
            };
            let after = plan.edit.apply(&before);
            let selection = plan.edit.select.unwrap_or(selection);
            home.put(path, Held::Text(after, selection));
            problem
        }
        Err(EditError::MissingFile { .. }) => {
            let absence = home.absence(path);
            home.make_unknown(path);
            absence.map(|absence| missing(home, &absence, written))
        }
        Err(error) => {
            home.make_unknown(path);
            let place = written.text_place.clone();
            Some(Diagnostic::warning("failing-edit", error.to_string()).at(place, "it will fail"))
        }
    }
}

fn missing(home: &mut Home, absence: &Absence, written: &Written<'_>) -> Diagnostic {
    if let Some(meant) = &absence.meant {
        home.make_unknown(meant);
    }
    absence.diagnostic(
        written.file,
        written.file_place.clone(),
        &written.block_place,
    )
}

/// What is wrong with a file that an action begins.
fn new_file(
    home: &mut Home,
    path: &Utf8Path,
    op: &EditOp,
    written: &Written<'_>,
) -> Option<Diagnostic> {
    let folder = path.parent().unwrap_or(Utf8Path::new(""));
    let place = || written.file_place.clone();
    // Whoever says before or after which line means a file that is there.
    let absence = match op {
        EditOp::InsertBeforeLine { .. }
        | EditOp::AppendAfterLine { .. }
        | EditOp::AppendAfterMatch { .. }
        | EditOp::InsertBeforeMatch { .. } => home.absence(path),
        EditOp::AppendLines { .. } | EditOp::PrependLines { .. } => {
            let meant = home.mistaken_for(path);
            meant.map(|meant| Absence { meant: Some(meant) })
        }
        _ => None,
    };
    if let Some(absence) = absence {
        let mut diagnostic = missing(home, &absence, written);
        if let Some(label) = diagnostic.labels.first_mut() {
            label.text = "it will begin a new file".to_owned();
        }
        return Some(diagnostic);
    }
    let lacks_folder = home.folder_absence(folder).is_some();
    lacks_folder.then(|| missing_folder(folder, place()))
}

/// Nothing of the file is what the action looks for.
fn no_match(
    home: &mut Home,
    path: &Utf8Path,
    text: &str,
    warning: &Warning,
    written: &Written<'_>,
) -> Diagnostic {
    let mut diagnostic = Diagnostic::warning("no-match", warning.to_string()).at(
        written.text_place.clone(),
        "changes nothing, or the wrong place",
    );
    let sought = match warning {
        Warning::TextNotFound { text, .. } | Warning::InsertedNearEnd { text, .. } => Some(text),
        _ => None,
    };
    let help = sought.and_then(|sought| {
        if let Some((line, close)) = alike(text, sought) {
            return Some(format!("line {line} has `{close}`"));
        }
        let holder = home.holder_of(sought, path)?;
        home.make_unknown(&holder);
        Some(format!("`~/{holder}` contains it"))
    });
    diagnostic = diagnostic.help(help.unwrap_or_else(|| {
        "compare it with the file as it is when this action runs, space by space".to_owned()
    }));
    diagnostic
}

/// Shorter keys are a slip away from too many others.
const SHORTEST_KEY: usize = 4;

/// A key that is new to a mapping, and was probably meant to be one that is there.
fn misspelt_key(op: &YamlOp, text: &str, written: &Written<'_>) -> Option<Diagnostic> {
    new_keys(op, text).into_iter().find_map(|key| {
        let name = key.name.as_str();
        let is_long = name.chars().count() >= SHORTEST_KEY;
        let near = near(name, key.beside.iter().map(String::as_str))?;
        // `image2` beside `image1` is a name of its own, and so is one that the file knows elsewhere.
        let letters = |name: &str| name.replace(|c: char| c.is_ascii_digit(), "");
        let is_meant = (is_long && near.name.len() >= SHORTEST_KEY || is_turned(name, near.name))
            && !is_other_word(name, near.name)
            && near.is_only
            && letters(near.name) != letters(name)
            && !is_known(text, name);
        let place = (written.key_place)(name);
        let message = format!("`{name}` is a new key beside `{}`", near.name);
        is_meant.then(|| {
            Diagnostic::warning("misspelt-key", message)
                .at(place, "adds a key, and leaves the other one as it is")
                .did_you_mean(near, name)
                .suggested()
        })
    })
}

/// Whether two names have the same letters.
fn is_turned(name: &str, other: &str) -> bool {
    let sorted = |name: &str| {
        let mut letters: Vec<_> = name.chars().collect();
        letters.sort_unstable();
        letters
    };
    sorted(name) == sorted(other)
}

/// A path that is written in another way than the paths of these actions, and so names a new key.
fn foreign_path(op: &YamlOp, text: &str, written: &Written<'_>) -> Option<Diagnostic> {
    let YamlOp::Set { path, .. } = op else {
        return None;
    };
    let key = new_keys(op, text).into_iter().next()?;
    let names = path.segments().map(|segment| match segment {
        Segment::Key(name) => name.as_str(),
        _ => "",
    });
    let names: Vec<_> = names.collect();
    // Further down a mapping may have such keys, as the paths of an interface do.
    let (first, rest) = names
        .split_first()
        .filter(|(first, _)| **first == key.name)?;
    let meant = match first.strip_prefix('/') {
        Some(path) => path.replace('/', "."),
        None if *first == "$" => rest.join("."),
        None => return None,
    };
    let is_meant = meant
        .split('.')
        .next()
        .is_some_and(|top| is_known(text, top));
    if !is_meant {
        return None;
    }
    Some(
        Diagnostic::warning("misspelt-key", format!("`{}` is a new key", key.name))
            .at(
                (written.key_place)(&key.name),
                "adds a key, and leaves the others as they are",
            )
            .help(format!(
                "write `{meant}`: a path has dots, and begins at the top of the file"
            )),
    )
}

/// A path that goes on behind the end of a list: an item of one key comes of it, as if the first item had the number 1.
fn misspelt_item(op: &YamlOp, text: &str, written: &Written<'_>) -> Option<Diagnostic> {
    let (list, key) = new_item(op, text)?;
    let message = format!("the list has {list} items, and this adds one with nothing but `{key}`");
    let last = list.checked_sub(1)?;
    Some(
        Diagnostic::warning("misspelt-key", message)
            .at(
                (written.key_place)(&format!("[{list}]")),
                "numbers count from 0",
            )
            .help(format!(
                "write `[{last}]` for the last item, or add a whole one with `editor:add-yaml-item`"
            )),
    )
}

/// Whether two short names differ in one letter alone, as `game` and `name` do.
fn is_other_word(name: &str, other: &str) -> bool {
    name.len() == SHORTEST_KEY && other.len() == SHORTEST_KEY && !is_turned(name, other)
}

/// Whether a text of YAML has a key of this name.
fn is_known(text: &str, name: &str) -> bool {
    text.match_indices(name).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let is_start = before.is_none_or(|c| c.is_whitespace() || "{,'\"".contains(c));
        let after = text[at + name.len()..].trim_start_matches(['\'', '"', ' ']);
        is_start && after.starts_with(':')
    })
}

/// The only line that holds a text but for its blanks and capitals, from 1, and what it has instead.
fn alike<'t>(text: &'t str, sought: &str) -> Option<(usize, &'t str)> {
    let bare = |text: &str| -> String {
        let kept = text.chars().filter(|c| !c.is_whitespace());
        kept.flat_map(char::to_lowercase).collect()
    };
    let sought = bare(sought);
    let mut lines = text
        .lines()
        .enumerate()
        .filter(|(_, line)| !sought.is_empty() && bare(line).contains(&sought));
    let (at, line) = lines.next()?;
    lines.next().is_none().then(|| (at + 1, line.trim()))
}

/// The editor shows the file already.
pub(super) fn redundant(block: Span, file: &str) -> Diagnostic {
    Diagnostic::warning(
        "redundant-open",
        format!("`{file}` is open already: the action before has shown it"),
    )
    .at(block, "moves the caret to the first line")
    .help("remove this action, or say with `line` what it is to show")
}

fn missing_folder(folder: &Utf8Path, place: Span) -> Diagnostic {
    Diagnostic::warning(
        "missing-folder",
        format!("there is no folder `~/{folder}` when this action runs"),
    )
    .at(place, "it will fail")
    .help("make it with `editor:create-directory` before")
}
