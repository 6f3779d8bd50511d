//! Values of a definition that a platform refuses (`session.md` 7.2).

use super::yaml::{Document, scalar};
use crate::diagnostic::Diagnostic;
use crate::near::near;

/// What the platform refuses: a name that no resource can have, a difficulty or duration that is none.
pub(super) fn values(document: &Document<'_>, name: Option<&str>, report: &mut Vec<Diagnostic>) {
    let mut wrong = |route, message, help: &str| {
        let found = Diagnostic::warning("invalid-definition", message);
        report.push(
            found
                .at(document.span(route), "the platform refuses it")
                .help(help),
        );
    };
    let is_label = |name: &str| {
        let inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        let known = name.chars().all(|c| inner(c) || matches!(c, '-' | '.'));
        known && name.starts_with(inner) && name.ends_with(inner)
    };
    if let Some(name) = name.filter(|name| !is_label(name)) {
        let message = format!("`{name}` cannot be the name of a workshop");
        wrong(
            "metadata.name",
            message,
            "write small letters, digits and `-`",
        );
    }
    let text = |route| document.get(route).and_then(scalar);
    if let Some(level) = text("spec.difficulty")
        && !DIFFICULTIES.contains(&&*level)
    {
        let message = format!("there is no difficulty `{level}`");
        let help = format!("write one of {}", DIFFICULTIES.join(", "));
        wrong("spec.difficulty", message, &help);
    }
    let budget = text("spec.session.namespaces.budget");
    if let Some(near) = budget
        .filter(|text| !BUDGETS.contains(&&**text))
        .and_then(|budget| near(&budget, BUDGETS))
    {
        let help = format!("did you mean `{}`?", near.name);
        wrong(
            "spec.session.namespaces.budget",
            "there is no budget of this name".to_owned(),
            &help,
        );
    }
    let is_duration = |text: &str| {
        let number = text.trim_end_matches(['s', 'm', 'h']);
        number.len() + 1 == text.len() && number.parse::<u32>().is_ok()
    };
    if let Some(duration) = text("spec.duration").filter(|text| !is_duration(text)) {
        let message = format!("`{duration}` is no duration");
        wrong(
            "spec.duration",
            message,
            "write a number and `m` or `h`, such as `20m`",
        );
    }
}

const BUDGETS: [&str; 8] = [
    "default",
    "small",
    "medium",
    "large",
    "x-large",
    "xx-large",
    "xxx-large",
    "custom",
];
const DIFFICULTIES: [&str; 4] = ["beginner", "intermediate", "advanced", "extreme"];
