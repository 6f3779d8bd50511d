//! What has changed of a workshop since it was trusted.

use std::collections::BTreeMap;

use camino::Utf8Path;
use similar::{Algorithm, DiffOp, TextDiff, capture_diff_slices};

use super::record::{Kept, KeptStep, KeptWhat, Record};
use super::seen::{Part, Seen, Step, What};
use crate::protocol::{ChangedPart, ChangesView, PartChange};

/// More changes are counted, and not listed.
const LISTED: usize = 200;
/// How much of all differences together is shown, in bytes.
const SHOWN: usize = 256 * 1024;
/// Lines around a difference.
const AROUND: usize = 3;

const NOT_SHOWN: &str = "Its content cannot be shown: it is no text, or a long one.";
const NOT_KEPT: &str = "What it was like before was not kept: it is no text, or a long one.";
const OTHER_ORDER: &str = "The same actions, in another order or on other pathways.";
const FILLED_IN: &str =
    "The action reads as before. What it does has changed, through what is filled in.";
const NO_ACTIONS: &str = "A page without actions.";
const TOO_MUCH: &str = "There is more to show than fits here; look at the file itself.";

/// Which files of a home a shell reads when it starts.
pub(crate) const OF_SHELLS: [&str; 4] = [".bash_profile", ".bash_login", ".profile", ".bashrc"];

/// What has changed since the record was made; what runs by itself comes first.
pub(super) fn changes(before: &Record, now: &Seen) -> ChangesView {
    let mut old: BTreeMap<&Utf8Path, &Kept> = before
        .parts
        .iter()
        .map(|kept| (kept.path.as_path(), kept))
        .collect();
    let mut found = Vec::new();
    for part in &now.parts {
        match old.remove(part.path.as_path()) {
            Some(kept) => changed(kept, part, &mut found),
            None => added(part, &mut found),
        }
    }
    for kept in old.into_values() {
        removed(kept, &mut found);
    }
    for part in &mut found {
        if part.action.is_none() {
            let (role, by_itself) = role(Utf8Path::new(&part.place), &now.workshop_dir);
            part.by_itself = by_itself;
            part.role = role.map(str::to_owned);
        }
    }
    // Those of one page stay in its order.
    found.sort_by_key(|part| {
        let is_action = part.action.is_some();
        let first = match (part.by_itself, is_action) {
            (true, false) => 0,
            (true, true) => 1,
            (false, true) => 2,
            (false, false) if part.role.is_some() => 3,
            (false, false) => 4,
        };
        (first, part.place.clone())
    });
    let more = found.len().saturating_sub(LISTED) as u32;
    found.truncate(LISTED);
    let mut room = SHOWN;
    for part in &mut found {
        let Some(diff) = &part.diff else { continue };
        match room.checked_sub(diff.len()) {
            Some(left) => room = left,
            None => {
                part.diff = None;
                part.note = Some(TOO_MUCH.to_owned());
            }
        }
    }
    ChangesView {
        trusted_at: Some(before.at),
        parts: Some(found),
        more,
    }
}

/// What texts are kept of first: 0 for what runs by itself.
pub(super) fn rank(seen: &Seen, part: &Part) -> u8 {
    match (role(&part.path, &seen.workshop_dir), &part.what) {
        ((_, true), _) => 0,
        (_, What::Page { .. }) => 1,
        ((Some(_), _), _) => 2,
        _ => 3,
    }
}

/// What a file is for, and whether it runs, or says what runs, without a click.
fn role(path: &Utf8Path, workshop_dir: &Utf8Path) -> (Option<&'static str>, bool) {
    if path.starts_with("resources") {
        return (Some("says what a session runs, and its environment"), true);
    }
    if let Ok(below) = path.strip_prefix(workshop_dir) {
        let mut names = below.iter();
        let (first, second) = (names.next().unwrap_or_default(), names.next());
        let found = match (first, second) {
            ("setup.d", Some(_)) => Some(("runs at the start", true)),
            ("profile", None) | ("profile.d", Some(_)) => {
                Some(("runs when a terminal opens", true))
            }
            ("terminal.sh", None) | ("terminal", Some(_)) => {
                Some(("runs when a terminal opens", true))
            }
            ("supervisor", Some(_)) => Some(("runs in the background", true)),
            ("examiner", Some(_)) => Some(("runs when a check is clicked", false)),
            _ => None,
        };
        if let Some((role, by_itself)) = found {
            return (Some(role), by_itself);
        }
    }
    let in_home = !workshop_dir.as_str().is_empty() && path.components().count() == 1;
    if in_home && OF_SHELLS.contains(&path.as_str()) {
        return (Some("runs when a terminal opens"), true);
    }
    (None, false)
}

fn file(path: &Utf8Path, change: PartChange) -> ChangedPart {
    ChangedPart {
        change,
        place: path.to_string(),
        action: None,
        role: None,
        by_itself: false,
        diff: None,
        note: None,
    }
}

fn added(part: &Part, found: &mut Vec<ChangedPart>) {
    let of_file = file(&part.path, PartChange::Added);
    match &part.what {
        What::File { text, .. } => found.push(ChangedPart {
            diff: text.as_deref().map(|text| diff("", text)),
            note: text.is_none().then(|| NOT_SHOWN.to_owned()),
            ..of_file
        }),
        What::Link(target) => found.push(ChangedPart {
            diff: Some(diff("", &leads_to(target))),
            ..of_file
        }),
        What::Page { steps, .. } if steps.is_empty() => found.push(ChangedPart {
            note: Some(NO_ACTIONS.to_owned()),
            ..of_file
        }),
        What::Page { steps, .. } => {
            found.extend(steps.iter().map(|step| added_step(&part.path, step)));
        }
    }
}

fn removed(kept: &Kept, found: &mut Vec<ChangedPart>) {
    let of_file = file(&kept.path, PartChange::Removed);
    match &kept.what {
        KeptWhat::File { text, .. } => found.push(ChangedPart {
            diff: text.as_deref().map(|text| diff(text, "")),
            note: text.is_none().then(|| NOT_KEPT.to_owned()),
            ..of_file
        }),
        KeptWhat::Link(target) => found.push(ChangedPart {
            diff: Some(diff(&leads_to(target), "")),
            ..of_file
        }),
        KeptWhat::Page { steps, .. } if steps.is_empty() => found.push(ChangedPart {
            note: Some(NO_ACTIONS.to_owned()),
            ..of_file
        }),
        KeptWhat::Page { steps, .. } => {
            found.extend(steps.iter().map(|step| removed_step(&kept.path, step)));
        }
    }
}

fn changed(kept: &Kept, part: &Part, found: &mut Vec<ChangedPart>) {
    let of_file = file(&part.path, PartChange::Changed);
    let permissions = match (kept.mode, part.mode) {
        (Some(before), Some(now)) if before != now => Some(format!(
            "Its permissions have changed from {before:o} to {now:o}."
        )),
        _ => None,
    };
    let before = found.len();
    match (&kept.what, &part.what) {
        (
            KeptWhat::File {
                digest: then,
                text: old,
            },
            What::File { digest, text },
        ) => {
            if then != digest {
                let both = old.as_deref().zip(text.as_deref());
                let note = match (old, text) {
                    (_, None) => Some(NOT_SHOWN),
                    (None, Some(_)) => Some(NOT_KEPT),
                    _ => None,
                };
                found.push(ChangedPart {
                    diff: both.map(|(old, new)| diff(old, new)),
                    note: note.map(str::to_owned),
                    ..of_file.clone()
                });
            }
        }
        (KeptWhat::Link(then), What::Link(target)) => {
            if then != target {
                found.push(ChangedPart {
                    diff: Some(diff(&leads_to(then), &leads_to(target))),
                    ..of_file.clone()
                });
            }
        }
        (
            KeptWhat::Page {
                digest: then,
                steps: old,
            },
            What::Page { digest, steps },
        ) => {
            if then != digest {
                changed_steps(&part.path, old, steps, found);
                if found.len() == before {
                    found.push(ChangedPart {
                        note: Some(OTHER_ORDER.to_owned()),
                        ..of_file.clone()
                    });
                }
            }
        }
        _ => {
            removed(kept, found);
            added(part, found);
        }
    }
    let Some(permissions) = permissions else {
        return;
    };
    match found.get_mut(before) {
        Some(part) if part.action.is_none() => {
            let note = part.note.take();
            part.note = Some(
                [Some(permissions), note]
                    .into_iter()
                    .flatten()
                    .collect::<Vec<_>>()
                    .join(" "),
            );
        }
        _ => found.push(ChangedPart {
            note: Some(permissions),
            ..of_file
        }),
    }
}

fn changed_steps(page: &Utf8Path, old: &[KeptStep], new: &[Step], found: &mut Vec<ChangedPart>) {
    let before: Vec<&str> = old.iter().map(|step| step.digest.as_str()).collect();
    let digests: Vec<String> = new.iter().map(Step::digest).collect();
    let now: Vec<&str> = digests.iter().map(String::as_str).collect();
    for op in capture_diff_slices(Algorithm::Myers, &before, &now) {
        let (was, is) = match op {
            DiffOp::Equal { .. } => continue,
            _ => (op.old_range(), op.new_range()),
        };
        let pairs = was.len().min(is.len());
        let (was, is) = (&old[was], &new[is]);
        let changed = was.iter().zip(is);
        found.extend(changed.map(|(was, is)| changed_step(page, was, is)));
        found.extend(was[pairs..].iter().map(|step| removed_step(page, step)));
        found.extend(is[pairs..].iter().map(|step| added_step(page, step)));
    }
}

fn changed_step(page: &Utf8Path, was: &KeptStep, is: &Step) -> ChangedPart {
    let mut part = added_step(page, is);
    part.change = PartChange::Changed;
    part.by_itself |= was.by_itself;
    (part.diff, part.note) = match (&was.source, &was.meaning) {
        (Some(source), _) if *source != is.source => (Some(diff(source, &is.source)), None),
        (_, Some(meaning)) => (
            Some(diff(&laid_out(meaning), &laid_out(&is.meaning))),
            Some(FILLED_IN.to_owned()),
        ),
        _ => (None, Some(NOT_KEPT.to_owned())),
    };
    part
}

fn added_step(page: &Utf8Path, step: &Step) -> ChangedPart {
    ChangedPart {
        action: Some(name(&step.kind, &step.title)),
        by_itself: step.by_itself,
        role: step.by_itself.then(|| BY_ITSELF.to_owned()),
        diff: Some(diff("", &step.source)),
        ..file(page, PartChange::Added)
    }
}

fn removed_step(page: &Utf8Path, step: &KeptStep) -> ChangedPart {
    ChangedPart {
        action: Some(name(&step.kind, &step.title)),
        by_itself: step.by_itself,
        role: step.by_itself.then(|| BY_ITSELF.to_owned()),
        diff: step.source.as_deref().map(|source| diff(source, "")),
        note: step.source.is_none().then(|| NOT_KEPT.to_owned()),
        ..file(page, PartChange::Removed)
    }
}

const BY_ITSELF: &str = "runs without a click of its own";

fn name(kind: &str, title: &str) -> String {
    visible(if title.is_empty() { kind } else { title })
}

fn leads_to(target: &Utf8Path) -> String {
    format!("leads to {target}\n")
}

/// JSON with a line for each value.
fn laid_out(json: &str) -> String {
    let value: Option<serde_json::Value> = serde_json::from_str(json).ok();
    value
        .and_then(|value| serde_json::to_string_pretty(&value).ok())
        .unwrap_or_else(|| json.to_owned())
}

/// The unified difference, of which nothing can be hidden from who reads it.
fn diff(old: &str, new: &str) -> String {
    let (old, new) = (visible(old), visible(new));
    let mut config = TextDiff::configure();
    // Beyond this it is still a difference, only not the shortest one.
    config.timeout(std::time::Duration::from_millis(500));
    let diff = config.diff_lines(&old, &new);
    let mut unified = diff.unified_diff();
    unified.context_radius(AROUND).missing_newline_hint(false);
    unified.to_string()
}

/// A text whose control characters, and those that change the direction of writing, are spelled out.
pub(crate) fn visible(text: &str) -> String {
    let is_hidden = |each: char| {
        (each.is_control() && !matches!(each, '\n' | '\t'))
            || matches!(each, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    let mut shown = String::with_capacity(text.len());
    for each in text.chars() {
        if is_hidden(each) {
            shown.extend(each.escape_unicode());
        } else {
            shown.push(each);
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_hides_in_a_difference() {
        assert_eq!(
            diff("a\nb\n", "a\n\u{202e}b\r\u{1b}[2K\n"),
            "@@ -1,2 +1,2 @@\n a\n-b\n+\\u{202e}b\\u{d}\\u{1b}[2K\n"
        );
    }

    #[test]
    fn what_files_are_for() {
        for (path, first) in [
            ("workshop/setup.d/01.sh", 0),
            ("workshop/profile", 0),
            ("workshop/terminal/1.sh", 0),
            ("workshop/supervisor/web.conf", 0),
            ("resources/workshop.yaml", 0),
            (".bashrc", 0),
            ("workshop/examiner/tests/x", 2),
            ("exercises/.bashrc", 3),
            ("exercises/setup.d/01.sh", 3),
        ] {
            let (role, by_itself) = role(Utf8Path::new(path), Utf8Path::new("workshop"));
            let found = if by_itself {
                0
            } else {
                3 - u8::from(role.is_some())
            };
            assert_eq!(found, first, "{path}");
        }
    }
}
