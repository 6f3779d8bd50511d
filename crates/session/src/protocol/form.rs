//! The form of an action.

pub use atelier_content::action::FormValues;
use serde::Serialize;
use ts_rs::TS;

/// A form that is filled in before its action is performed. Ids hold `[]` for the positions in the lists around them.
#[derive(Debug, Clone, Serialize, TS)]
pub struct FormView {
    /// What it shows, in order.
    pub items: Vec<FormPart>,
    /// What its button says.
    pub submit: String,
    /// What its controls hold at the start, by id with positions.
    #[ts(type = "Record<string, boolean | number | string>")]
    pub values: FormValues,
}

/// A part of a form.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(
    tag = "kind",
    rename_all = "kebab-case",
    rename_all_fields = "camelCase"
)]
#[allow(missing_docs, reason = "the names say it")]
pub enum FormPart {
    /// Words, as harmless inline HTML.
    Help { html: String },
    /// Several parts under one heading.
    Group {
        title: Option<String>,
        description: Option<String>,
        /// Closed at first.
        folded: bool,
        items: Vec<FormPart>,
    },
    /// A control.
    Field { field: FieldView },
    /// The same parts for each of its items; how many there are is its own value.
    List {
        id: String,
        title: Option<String>,
        description: Option<String>,
        min: u32,
        max: u32,
        /// The parts of one item.
        items: Vec<FormPart>,
        /// What a new item holds, by id without positions.
        #[ts(type = "Record<string, boolean | number | string>")]
        blank: FormValues,
    },
}

/// A control with one value.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FieldView {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub label: String,
    /// The label is for screen readers alone.
    pub label_hidden: bool,
    /// Words below it.
    pub description: Option<String>,
    /// Shown while it is empty.
    pub placeholder: Option<String>,
    /// Must not be empty.
    pub required: bool,
    /// Cannot be changed.
    pub read_only: bool,
    /// What kind of control it is.
    pub control: ControlView,
}

/// A kind of control.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(
    tag = "kind",
    rename_all = "kebab-case",
    rename_all_fields = "camelCase"
)]
#[allow(missing_docs, reason = "the names say it")]
pub enum ControlView {
    Text {
        #[ts(
            type = "\"line\" | \"area\" | \"password\" | \"email\" | \"url\" | \"tel\" | \"date\" | \"time\""
        )]
        text: atelier_content::action::form::TextKind,
        min_length: Option<u32>,
        max_length: Option<u32>,
    },
    Number {
        integer: bool,
        slider: bool,
        min: Option<f64>,
        max: Option<f64>,
        step: Option<f64>,
    },
    Checkbox,
    Choice {
        #[ts(type = "\"select\" | \"radios\" | \"buttons\"")]
        style: atelier_content::action::form::ChoiceStyle,
        options: Vec<ChoiceView>,
    },
    /// Each box is a value of its own: the control's id and `[N]`.
    Checkboxes {
        options: Vec<ChoiceView>,
    },
    Hidden,
}

/// Something to choose.
#[derive(Debug, Clone, Serialize, TS)]
#[allow(missing_docs, reason = "the names say it")]
pub struct ChoiceView {
    pub value: String,
    pub title: String,
}

/// What is wrong with what a control holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct FieldProblem {
    /// The control, or the list.
    pub id: String,
    /// What to do about it, in a few words.
    pub message: String,
}
