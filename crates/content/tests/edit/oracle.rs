//! The recorded behaviour of the reference: every case about text must end as it did there, or as is saner.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use crate::action::{is_about_text, read};
use crate::home::{Home, Place};

const CASES: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../../shared/oracle/cases.jsonl"
);

/// Where the reference is at fault and the case does not say what would be saner: what the specification makes of it,
/// by the beginning of the quirk or the name of the case.
const JUDGED: &[(&str, Judgement)] = &[
    // `actions.md` 3.7: the empty line after the final newline is a line of a range.
    ("the file loses its final newline", Judgement::Same),
    // `actions.md` 8.4: authors tested their workshops against it.
    ("count counts LINES", Judgement::Same),
    // `actions.md` 8.5.
    ("no match: peer uses the LAST line", Judgement::Warned),
    (
        "the selection is computed from positions before the edit",
        Judgement::ReplacementSelected,
    ),
    // `actions.md` 8.4: only blanks match nothing; without a match the lines go to the end.
    (
        "c/append-lines-after-match-023",
        Judgement::Text("alpha\nbeta\ngamma\ndelta\nepsilon\n\nx\n"),
    ),
    // `actions.md` 8.8: scalars are coerced.
    (
        "c/append-lines-to-file-023",
        Judgement::Text("alpha\nbeta\ngamma\ndelta\nepsilon\n42\n"),
    ),
    (
        "c/insert-lines-before-line-024",
        Judgement::Text("alpha\nx\nbeta\ngamma\ndelta\nepsilon\n"),
    ),
];

#[derive(Clone, Copy)]
enum Judgement {
    /// As the reference.
    Same,
    /// As the reference, but with a warning.
    Warned,
    /// The reference's text, with the last replacement selected.
    ReplacementSelected,
    /// The file's text.
    Text(&'static str),
}

/// How a case ended.
struct Ending {
    ok: bool,
    warned: bool,
    home: Home,
    /// The file of the last action.
    file: String,
}

#[test]
#[allow(clippy::print_stderr, reason = "the figures, and why there are none")]
fn text_actions_end_as_in_the_reference() {
    if !Path::new(CASES).exists() {
        eprintln!("skipped: the recorded cases are not beside this project ({CASES})");
        return;
    }
    let cases = std::fs::read_to_string(CASES).expect("readable cases");
    let cases = cases
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("a case a line"));
    let (mut agree, mut saner, mut judged, mut faults) = (0, 0, 0, Vec::new());
    for case in cases.filter(is_text_case) {
        let ending = play(&case);
        let verdict = if case["quirk"].is_null() {
            agree += 1;
            compare(&ending, &case, &case)
        } else if case["sane"].is_object() {
            saner += 1;
            compare(&ending, &case, &case["sane"])
        } else {
            judged += 1;
            judge(&ending, &case)
        };
        if let Err(fault) = verdict {
            faults.push(format!("{}: {fault}\n  {case}", case["id"]));
        }
    }
    let total = agree + saner + judged;
    eprintln!(
        "{total} text cases: {agree} without quirk, {saner} with a saner result, {judged} judged by the \
         specification; {} differ",
        faults.len()
    );
    assert!(total > 0, "no case about text in {CASES}");
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

fn is_text_case(case: &Value) -> bool {
    actions(case).all(|action| is_about_text(string(&action["action"])))
}

fn actions(case: &Value) -> impl Iterator<Item = &Value> {
    case["actions"].as_array().expect("actions").iter()
}

fn string(value: &Value) -> &str {
    value.as_str().expect("a string")
}

fn play(case: &Value) -> Ending {
    let mut ending = Ending {
        ok: true,
        warned: false,
        home: Home::new(&case["files"]),
        file: String::new(),
    };
    for action in actions(case) {
        let args = action["args"].as_object().expect("arguments");
        ending.file = path_in_home(string(&args["file"]));
        let planned = read(string(&action["action"]), args)
            .and_then(|recorded| ending.home.perform(&ending.file, recorded));
        match planned {
            Ok(plan) => ending.warned |= plan.warning.is_some(),
            Err(_) => {
                ending.ok = false;
                break;
            }
        }
    }
    ending
}

fn path_in_home(file: &str) -> String {
    ["~/", "$HOME/", "/home/eduk8s/"]
        .iter()
        .find_map(|home| file.strip_prefix(home))
        .unwrap_or(file)
        .to_owned()
}

/// `expected` is the case or its `sane`, which says only what differs.
fn compare(ending: &Ending, case: &Value, expected: &Value) -> Result<(), String> {
    let of = |name: &str| expected.get(name).unwrap_or(&case[name]);
    if Some(ending.ok) != of("ok").as_bool() {
        return Err(format!("ok is {}", ending.ok));
    }
    compare_files(ending, of("after"))?;
    let selection = of("selection");
    if selection.is_null() {
        return Ok(());
    }
    let place = |of: &Value| -> Place {
        let number = |name: &str| of[name].as_u64().expect("a number");
        (number("line"), number("character"))
    };
    let wanted = (place(&selection["start"]), place(&selection["end"]));
    let found = ending.home.selection(string(&selection["file"]));
    if found != wanted {
        return Err(format!("the selection is {found:?}, not {wanted:?}"));
    }
    Ok(())
}

fn compare_files(ending: &Ending, after: &Value) -> Result<(), String> {
    let after = after.as_object().expect("files by path");
    let wanted: BTreeMap<_, _> = after
        .iter()
        .filter_map(|(path, text)| Some((path.clone(), text.as_str()?.to_owned())))
        .collect();
    if ending.home.files != wanted {
        return Err(format!("the files are {:?}", ending.home.files));
    }
    Ok(())
}

fn judge(ending: &Ending, case: &Value) -> Result<(), String> {
    let quirk = string(&case["quirk"]);
    let judgement = JUDGED
        .iter()
        .find(|(key, _)| quirk.starts_with(key) || case["id"] == **key);
    match judgement.map(|(_, judgement)| *judgement) {
        None => Err(format!("nobody has judged the quirk {quirk:?}")),
        Some(Judgement::Same) => compare(ending, case, case),
        Some(Judgement::Warned) => {
            if !ending.warned {
                return Err("there is no warning".to_owned());
            }
            compare(ending, case, case)
        }
        Some(Judgement::ReplacementSelected) => {
            let replacement = actions(case)
                .last()
                .map_or("", |action| string(&action["args"]["replacement"]));
            let selected = ending.home.selected(&ending.file);
            if selected != replacement {
                return Err(format!("{selected:?} is selected"));
            }
            compare_files(ending, &case["after"])
        }
        Some(Judgement::Text(text)) => match ending.home.files.get(&ending.file) {
            Some(found) if ending.ok && found == text => Ok(()),
            found => Err(format!("the file is {found:?}")),
        },
    }
}
