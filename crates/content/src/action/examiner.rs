//! `examiner:execute-test` (`actions.md` 3.10).

use std::time::Duration;

use serde_yaml::Value;

use super::catalog::{Entry, Meaning, yaml};
use super::properties::{Problem, Properties, wrong};
use super::{Action, ExaminerTest, Form, form};
use crate::yaml::js_text;

/// For one attempt, unless the author says otherwise.
const TIMEOUT: Duration = Duration::from_secs(15);
/// Between attempts, unless the author says otherwise.
const DELAY: Duration = Duration::from_secs(1);

/// In the order of the specification.
pub(super) const ENTRIES: &[Entry] = &[yaml(
    "examiner:execute-test",
    "Examiner",
    1,
    &[
        "name", "args", "timeout", "retries", "delay", "url", "inputs",
    ],
    execute_test,
)];

pub(super) fn execute_test(properties: &mut Properties) -> Result<Meaning, Problem> {
    let name = properties.required("name")?;
    let retries = match properties.number("retries")? {
        Some(retries) if retries < 0.0 || retries.is_infinite() => None,
        retries => Some(retries.unwrap_or(0.0) as u32),
    };
    let test = ExaminerTest {
        args: args(properties)?,
        timeout: properties.seconds("timeout", TIMEOUT)?,
        retries,
        delay: properties.seconds("delay", DELAY)?,
        url: properties.text("url")?.filter(|url| !url.trim().is_empty()),
        form: form(properties),
        name,
    };
    let title = format!("Execute test case \"{}\"", test.name);
    Ok(Meaning::new(Action::Examiner(test), title))
}

/// What is wrong with a form is noted; the rest of it works.
fn form(properties: &mut Properties) -> Option<Form> {
    let inputs = properties
        .json("inputs")
        .filter(|inputs| !inputs.is_null())?;
    let (form, problems) = form::read(&inputs);
    properties.form = problems;
    form
}

fn args(properties: &mut Properties) -> Result<Vec<String>, Problem> {
    let items = match properties.get("args") {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(Value::Sequence(items)) => items,
        Some(_) => return Err(wrong("args", "must be a list")),
    };
    let bare = items.iter().any(|item| !item.is_string());
    let args: Option<Vec<_>> = items.iter().map(js_text).collect();
    let args = args.ok_or_else(|| wrong("args", "must be a list of texts"))?;
    if args.iter().any(|arg| arg.contains('\0')) {
        return Err(wrong("args", "must not contain a NUL character"));
    }
    if bare {
        properties.bare.push("args".to_owned());
    }
    Ok(args)
}
