//! Forms under test: filled in as their author says, or left as they are.

use atelier_content::action::{Action, Form, FormValues, PageAction};

use super::action::Done;
use crate::perform::Outcome;

/// What the author's `test: {inputs: …}` puts into the form.
pub(super) fn form_answers(action: &PageAction) -> Option<FormValues> {
    let inputs = action.options.test.inputs.as_ref()?;
    Some(form(action)?.answers(inputs).0)
}

/// Tells the author how to fill in a form that was refused.
pub(super) fn explain_form(action: &PageAction, outcome: &Outcome, done: &mut Done) {
    let Some(first) = outcome.wrong_values.first() else {
        return;
    };
    let reason = outcome.message.as_deref().unwrap_or_default();
    let hint = match action.options.test.inputs {
        Some(_) => "correct `test: {inputs: …}` of this action".to_owned(),
        None => format!(
            "its defaults were sent; add `test: {{inputs: {{{}: …}}}}` with what a learner would write",
            first.id
        ),
    };
    done.fail(format!("{reason}; {hint}"));
}

fn form(action: &PageAction) -> Option<&Form> {
    match action.action.as_ref().ok()? {
        Action::Examiner(test) => test.form.as_ref(),
        _ => None,
    }
}
