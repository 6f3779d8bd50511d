//! Forms in the window: how they look, and what was typed into them.

use atelier_content::action::form::{Choice, Control, Field, FormItem, List};
use atelier_content::action::{Action, Form, FormValues, PageAction};
use atelier_content::{ActionId, PageId};

use super::open::OpenSession;
use crate::error::SessionError;
use crate::journal::Entry;
use crate::protocol::{ChoiceView, ControlView, FieldView, FormPart, FormView};

pub(super) fn form_of(action: &PageAction) -> Option<&Form> {
    match action.action.as_ref().ok()? {
        Action::Examiner(test) => test.form.as_ref(),
        _ => None,
    }
}

pub(super) fn form_view(action: &PageAction) -> Option<FormView> {
    let form = form_of(action)?;
    Some(FormView {
        items: parts(form, &form.items),
        submit: form.submit.clone(),
        values: form.initial(),
    })
}

impl OpenSession {
    /// Keeps what was typed into an action's form, but for passwords.
    ///
    /// # Errors
    /// When there is no such action, or the journal cannot be written.
    pub fn save_form(
        &self,
        id: &str,
        seen: Option<u32>,
        values: &FormValues,
    ) -> Result<(), SessionError> {
        let named = self.seen(id, seen)?;
        let here = self.session.under_name(&named, |now| {
            let id = now?;
            let action = self.session.action(&id).ok()?;
            Some(self.keep_form(&id, &action, values))
        });
        here.unwrap_or_else(|| {
            let gone = self.session.with_form_of_gone(&named, |name, form| {
                self.keep_values(name, form.draft(values))
            });
            gone.unwrap_or(Ok(()))
        })
    }

    /// As [`Self::save_form`], unless it is kept already.
    pub(super) fn keep_form(
        &self,
        id: &ActionId,
        action: &PageAction,
        values: &FormValues,
    ) -> Result<(), SessionError> {
        let Some(form) = form_of(action) else {
            return Ok(());
        };
        self.keep_values(id.to_string(), form.draft(values))
    }

    fn keep_values(&self, action: String, values: FormValues) -> Result<(), SessionError> {
        let journal = self.session.journal();
        if journal.progress().forms.get(&action) == Some(&values) {
            return Ok(());
        }
        journal
            .note(Entry::Form { action, values })
            .map_err(|source| SessionError::Journal {
                path: journal.path().to_owned(),
                source,
            })
    }

    /// What was typed into the forms of a page, as far as they still have these controls.
    pub(super) fn forms_of(&self, page: &PageId) -> Vec<(String, FormValues)> {
        let Ok(rendered) = self.session.page(page) else {
            return Vec::new();
        };
        let kept = self.session.journal().progress().forms;
        let forms = rendered.actions.iter().enumerate();
        let forms = forms.filter_map(|(index, action)| {
            let id = format!("{page}/{index}");
            let values = form_of(action)?.draft(kept.get(&id)?);
            Some((id, values))
        });
        forms.collect()
    }
}

fn parts(form: &Form, items: &[FormItem]) -> Vec<FormPart> {
    items.iter().map(|item| part(form, item)).collect()
}

fn part(form: &Form, item: &FormItem) -> FormPart {
    match item {
        FormItem::Help(html) => FormPart::Help { html: html.clone() },
        FormItem::Group(group) => FormPart::Group {
            title: group.title.clone(),
            description: group.description.clone(),
            folded: group.folded,
            items: parts(form, &group.items),
        },
        FormItem::Field(field) => FormPart::Field {
            field: field_view(field),
        },
        FormItem::List(list) => list_part(form, list),
    }
}

fn list_part(form: &Form, list: &List) -> FormPart {
    FormPart::List {
        id: list.id.clone(),
        title: list.title.clone(),
        description: list.description.clone(),
        min: list.min as u32,
        max: list.max as u32,
        items: parts(form, &list.items),
        blank: form.blank(list),
    }
}

fn field_view(field: &Field) -> FieldView {
    FieldView {
        id: field.id.clone(),
        label: field.label.clone(),
        label_hidden: field.label_hidden,
        description: field.description.clone(),
        placeholder: field.placeholder.clone(),
        required: field.required,
        read_only: field.read_only,
        control: match &field.control {
            Control::Text {
                kind,
                min_length,
                max_length,
            } => ControlView::Text {
                text: *kind,
                min_length: min_length.map(|length| length as u32),
                max_length: max_length.map(|length| length as u32),
            },
            Control::Number {
                integer,
                slider,
                min,
                max,
                step,
            } => ControlView::Number {
                integer: *integer,
                slider: *slider,
                min: *min,
                max: *max,
                step: *step,
            },
            Control::Checkbox => ControlView::Checkbox,
            Control::Choice { style, options } => ControlView::Choice {
                style: *style,
                options: choices(options),
            },
            Control::Checkboxes { options } => ControlView::Checkboxes {
                options: choices(options),
            },
            Control::Hidden => ControlView::Hidden,
        },
    }
}

fn choices(options: &[Choice]) -> Vec<ChoiceView> {
    let view = |choice: &Choice| ChoiceView {
        value: choice.value.clone(),
        title: choice.title.clone(),
    };
    options.iter().map(view).collect()
}
