//! YAML actions on random files: the data are what a model says, and everything else stays.

use std::fmt::Write;

use atelier_content::edit::yaml::{Problem, YamlOp, YamlPath};
use atelier_content::edit::{EditError, EditOp, Plan, plan};
use proptest::prelude::*;
use serde_yaml::{Mapping, Value};

use crate::yaml_model::{after, first_document, rest, text as text_of};
use crate::yaml_text::{Choices, KEYS, file};

/// Texts that are hard to write.
const TEXTS: &[&str] = &[
    "x",
    "8080",
    "true",
    "",
    "a: b",
    "# hash",
    "multi\nline\n",
    "no\nnewline",
    "null",
    " lead",
    "trail ",
    "- dash",
    "it's",
    "\"q\"",
    "é😀",
    "a\n\nb\n",
    "\n",
    "x\n\n",
    "\ttab",
    "yes",
    "0x1f",
    "2024-01-02",
    "[brk",
    "{{ v }}",
    "a, b",
    "a\r\nb",
    "@at",
    "key: |\n  x\n",
    "~",
    "1.0",
    "...",
    "---",
    "%d",
    "a #b",
    "?",
    ":",
    "-",
    " \n x",
];

fn new_value(choices: &mut Choices<'_>, depth: usize) -> Value {
    match choices.below(if depth > 2 { 6 } else { 12 }) {
        0 => Value::Null,
        1 => true.into(),
        2 => choices.pick(&[0, 1, -7, 8080]).into(),
        3 => 3.5.into(),
        4..6 => choices.pick(TEXTS).into(),
        6 => Value::Sequence(Vec::new()),
        7 => Value::Mapping(Mapping::new()),
        8..10 => {
            let count = 1 + choices.below(3);
            (0..count).map(|_| new_value(choices, depth + 1)).collect()
        }
        _ => Value::Mapping(new_mapping(choices, depth)),
    }
}

fn new_mapping(choices: &mut Choices<'_>, depth: usize) -> Mapping {
    let count = 1 + choices.below(3);
    (0..count)
        .map(|_| {
            let key = if choices.once_in(3) {
                choices.pick(TEXTS)
            } else {
                choices.pick(KEYS)
            };
            (key.into(), new_value(choices, depth + 1))
        })
        .collect()
}

/// A path that leads somewhere, or nearly.
fn new_path(choices: &mut Choices<'_>, root: &Value) -> String {
    let mut path = String::new();
    let mut value = root;
    for _ in 0..1 + choices.below(5) {
        let mut inner = value;
        while let Value::Tagged(tagged) = inner {
            inner = &tagged.value;
        }
        match inner {
            Value::Mapping(entries) if !entries.is_empty() => {
                let index = choices.below(entries.len());
                let Some((key, next)) = entries.iter().nth(index) else {
                    break;
                };
                push_key(&mut path, &text_of(key));
                value = next;
            }
            Value::Sequence(items) if !items.is_empty() => {
                let index = choices.below(items.len());
                value = &items[index];
                let named = value.as_mapping().and_then(|entries| entries.iter().next());
                match named {
                    Some((key, found))
                        if choices.once_in(3) && is_plain(key) && is_plain(found) =>
                    {
                        let _ = write!(path, "[{}={}]", text_of(key), text_of(found));
                    }
                    _ if choices.once_in(4) => {
                        let _ = write!(path, ".{index}");
                    }
                    _ => {
                        let _ = write!(path, "[{index}]");
                    }
                }
            }
            _ => break,
        }
    }
    match choices.below(8) {
        5 => push_key(&mut path, choices.pick(KEYS)),
        6 => path.push_str(choices.pick(&["[0]", "[1]", "[9]", "[name=x]", ".new"])),
        7 => path.push_str(".extra.deep"),
        _ => {}
    }
    path
}

fn is_plain(value: &Value) -> bool {
    let text = text_of(value);
    value.is_string() && !text.contains(['=', ']', '\n'])
}

fn push_key(path: &mut String, key: &str) {
    let plain = !key.is_empty() && !key.contains(['.', '[']);
    let _ = if plain {
        write!(path, ".{key}")
    } else {
        write!(path, "[\"{key}\"]")
    };
}

fn new_op(choices: &mut Choices<'_>, root: &Value) -> Option<YamlOp> {
    let path: YamlPath = new_path(choices, root).parse().ok()?;
    Some(match choices.below(8) {
        0..2 => YamlOp::Set {
            path,
            value: new_value(choices, 0),
        },
        2 => YamlOp::Insert {
            path,
            index: None,
            value: new_value(choices, 0),
        },
        3 => YamlOp::Insert {
            path,
            index: Some(choices.pick(&[0, 1, 2, -1, -9, 99])),
            value: new_value(choices, 0),
        },
        4 => YamlOp::Replace {
            path,
            value: new_value(choices, 0),
        },
        5 => YamlOp::Delete { path },
        6 => YamlOp::Merge {
            path,
            values: new_mapping(choices, 0),
        },
        _ => YamlOp::InsertValue {
            path,
            value: new_value(choices, 0),
        },
    })
}

/// Whether nothing may be taken away by this on this data.
fn only_adds(op: &YamlOp, root: &Value) -> bool {
    match op {
        YamlOp::Insert { .. } | YamlOp::InsertValue { .. } => true,
        YamlOp::Set { path, .. } => {
            let found = YamlOp::Replace {
                path: path.clone(),
                value: Value::Null,
            };
            after(&found, root).is_none()
        }
        _ => false,
    }
}

fn comments(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive('\n').filter_map(|line| {
        let at = line.find("# c")?;
        (line[at + 3..].starts_with(|c: char| c.is_ascii_digit())).then(|| line[at..].trim_end())
    })
}

fn holds(
    op: &YamlOp,
    before: &str,
    root: &Value,
    planned: &Result<Plan, EditError>,
) -> Result<(), TestCaseError> {
    let has_aliases = before.contains(" *n");
    let expected = after(op, root);
    let planned = match planned {
        Ok(plan) => plan,
        Err(EditError::Yaml { problem, .. }) => {
            prop_assert!(*problem != Problem::Unfaithful, "cannot be written");
            prop_assert!(
                !matches!(
                    problem,
                    Problem::Syntax { .. } | Problem::DuplicateKey { .. }
                ),
                "{problem:?}"
            );
            prop_assert!(
                expected.is_none() || has_aliases || may_fail(op, root),
                "fails: {problem}"
            );
            return Ok(());
        }
        Err(error) => return Err(TestCaseError::fail(error.to_string())),
    };
    prop_assert_eq!(planned.edit.check(before), Ok(()));
    let text = planned.edit.apply(before);
    let undo = planned.edit.invert(before);
    prop_assert_eq!(undo.apply(&text), before);
    let found = first_document(&text);
    if !has_aliases {
        prop_assert!(expected.is_some(), "succeeds: {text}");
        prop_assert_eq!(&found, &expected);
    }
    prop_assert!(found.is_some());
    prop_assert!(
        text.ends_with(rest(before)) || rest(before).is_empty(),
        "{text}"
    );
    if only_adds(op, root) {
        for change in &planned.edit.changes {
            prop_assert!(!before[change.range.clone()].contains('\n'), "{:?}", change);
        }
        for comment in comments(before) {
            prop_assert!(text.contains(comment), "{comment} is gone");
        }
    }
    let again = plan(&EditOp::Yaml(op.clone()), "f", Some(before), 0..0);
    prop_assert_eq!(Ok(planned), again.as_ref());
    if let (YamlOp::Set { path, .. }, Some(selected)) = (op, &planned.edit.select) {
        let select = EditOp::Yaml(YamlOp::Select { path: path.clone() });
        if let Ok(select) = plan(&select, "f", Some(&text), 0..0)
            && !path.to_string().contains(['9', '='])
        {
            let range = select.edit.select.unwrap_or_default();
            prop_assert!(selected.start <= range.start && range.end <= selected.end);
        }
    }
    Ok(())
}

/// What fails although the model, which knows data only, would do it.
fn may_fail(op: &YamlOp, root: &Value) -> bool {
    match op {
        YamlOp::Set { path, .. } | YamlOp::Replace { path, .. } | YamlOp::Delete { path } => {
            path.is_root()
        }
        // A document that is not there takes no deprecated insertion.
        YamlOp::InsertValue { .. } => root.is_null(),
        _ => false,
    }
}

/// `ATELIER_YAML_FILES` asks for more than the suite has time for.
#[allow(
    clippy::disallowed_methods,
    reason = "the run is chosen by who runs it"
)]
fn cases() -> u32 {
    std::env::var("ATELIER_YAML_FILES")
        .ok()
        .and_then(|count| count.parse().ok())
        .unwrap_or(1500)
}

fn config() -> ProptestConfig {
    ProptestConfig {
        cases: cases(),
        failure_persistence: None,
        max_global_rejects: cases() * 4,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn files_say_what_was_asked_for(bytes in prop::collection::vec(any::<u8>(), 0..160), more in prop::collection::vec(any::<u8>(), 0..40)) {
        let text = file(&mut Choices::new(&bytes));
        let root = first_document(&text);
        prop_assume!(root.is_some());
        let root = root.unwrap_or_default();
        let op = new_op(&mut Choices::new(&more), &root);
        prop_assume!(op.is_some());
        if let Some(op) = op {
            let planned = plan(&EditOp::Yaml(op.clone()), "f", Some(&text), 0..0);
            holds(&op, &text, &root, &planned).map_err(|error| TestCaseError::fail(format!(
                "{error}\n--- {op:?}\n--- before\n{text}\n--- after\n{}",
                planned.as_ref().map_or_else(ToString::to_string, |plan| plan.edit.apply(&text))
            )))?;
        }
    }

    #[test]
    fn nothing_panics(text in "[-a:\\[\\]{},#&*!|>'\"%@`? \n\t~]{0,40}", more in prop::collection::vec(any::<u8>(), 0..40)) {
        let mut choices = Choices::new(&more);
        let Some(op) = new_op(&mut choices, &Value::Null) else { return Ok(()) };
        if let Ok(plan) = plan(&EditOp::Yaml(op), "f", Some(&text), 0..0) {
            prop_assert_eq!(plan.edit.check(&text), Ok(()));
            prop_assert_eq!(plan.edit.invert(&text).apply(&plan.edit.apply(&text)), text);
        }
    }
}
