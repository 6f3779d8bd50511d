//! Frames that come and go while a test looks.

use serde_json::{Value, json};

use super::{Element, Window};

impl Window<'_> {
    /// Asks a script in a frame; none while there is no such frame in sight, or it is being replaced.
    #[track_caller]
    pub fn in_frame(&self, frame: &str, script: &str) -> Option<Value> {
        if !self.shows(frame) {
            return None;
        }
        let first = "return document.querySelector(arguments[0])";
        let found = self.script_or_trouble("sync", first, &[json!(frame)]);
        let element = Element::from_reference(&found.ok()?)?;
        let enter = |id: Value| self.driver.post("frame", &json!({ "id": id }));
        let said = enter(element.reference())
            .and_then(|_| self.script_or_trouble("sync", script, &[]))
            .ok();
        if let Err(trouble) = enter(Value::Null) {
            self.fail(&format!("the frame {frame} could not be left: {trouble}"));
        }
        said
    }
}
