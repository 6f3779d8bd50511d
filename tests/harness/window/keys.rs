//! Keyboard and mouse, as WebDriver takes them.

use serde_json::{Value, json};

use super::driver::Element;

/// A key of the keyboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are on the keys")]
pub enum Key {
    Alt,
    Control,
    Shift,
    Enter,
    Escape,
    Tab,
    Home,
    End,
    Left,
    Right,
    F6,
    /// A key that types.
    Char(char),
}

impl Key {
    fn code(self) -> char {
        match self {
            Self::Alt => '\u{e00a}',
            Self::Control => '\u{e009}',
            Self::Shift => '\u{e008}',
            Self::Enter => '\u{e007}',
            Self::Escape => '\u{e00c}',
            Self::Tab => '\u{e004}',
            Self::Home => '\u{e011}',
            Self::End => '\u{e010}',
            Self::Left => '\u{e012}',
            Self::Right => '\u{e014}',
            Self::F6 => '\u{e036}',
            Self::Char(char) => char,
        }
    }
}

/// All down in order, then all up in reverse.
pub(super) fn chord(keys: &[Key]) -> Value {
    let down = keys.iter().map(|key| event("keyDown", key.code()));
    let up = keys.iter().rev().map(|key| event("keyUp", key.code()));
    keyboard(down.chain(up).collect())
}

/// One key after the other.
pub(super) fn typing(text: &str) -> Value {
    let press = |char| [event("keyDown", char), event("keyUp", char)];
    keyboard(text.chars().flat_map(press).collect())
}

/// The pointer into the window's corner.
pub(super) fn into_the_corner() -> Value {
    // A click moves it without the driver's knowledge: a way that ends where the last one did is none.
    let to = |at| json!({ "type": "pointerMove", "duration": 0, "x": at, "y": at, "origin": "viewport" });
    let actions = json!([to(2), to(0)]);
    json!({ "actions": [{
        "type": "pointer", "id": "mouse", "parameters": { "pointerType": "mouse" }, "actions": actions,
    }] })
}

/// The middle button on an element.
pub(super) fn middle_click(element: &Element) -> Value {
    let button = 1;
    let actions = json!([
        { "type": "pointerMove", "duration": 0, "x": 0, "y": 0, "origin": element.reference() },
        { "type": "pointerDown", "button": button },
        { "type": "pointerUp", "button": button },
    ]);
    let mouse = json!({
        "type": "pointer", "id": "mouse", "parameters": { "pointerType": "mouse" }, "actions": actions,
    });
    json!({ "actions": [mouse] })
}

fn event(kind: &str, key: char) -> Value {
    json!({ "type": kind, "value": key })
}

fn keyboard(actions: Vec<Value>) -> Value {
    json!({ "actions": [{ "type": "key", "id": "keyboard", "actions": actions }] })
}
