//! Clicks that are known to have arrived.
//!
//! The driver looks where an element stands and then presses and releases a button there. Where the page is drawn anew in
//! between, something else gets the click, or nothing does, and the driver does not say so.

use std::time::{Duration, Instant};

use serde_json::json;

use super::{Element, PAUSE, Window, keys};

/// How long a click may be on its way before it counts as lost.
const ON_ITS_WAY: Duration = Duration::from_secs(5);

/// A script that finds an element by its name, brings it into sight and watches for the next click on it.
fn watched(find: &str) -> String {
    // The driver takes what a pane has scrolled out of sight for visible while it is within the window.
    format!(
        "const name = arguments[0]; const look = () => {{ {find}; return found; }}; \
         const found = look(); if (!found) return null; \
         found.scrollIntoView({{ block: 'nearest' }}); \
         window.__click?.end.abort(); \
         const click = window.__click = {{ arrived: false, missed: false, end: new AbortController() }}; \
         window.addEventListener('click', (event) => {{ \
           const path = event.composedPath(); \
           if (path.includes(found) || path.includes(look())) click.arrived = true; else click.missed = true; \
         }}, {{ capture: true, signal: click.end.signal }}); \
         return found"
    )
}

impl Window<'_> {
    /// Clicks with the mouse in the middle of what a selector finds, as soon as that is possible.
    #[track_caller]
    pub fn click(&self, selector: &str) {
        self.click_found(
            selector,
            "const found = document.querySelector(name)",
            selector,
        );
    }

    /// Clicks the button with exactly this text.
    #[track_caller]
    pub fn press_button(&self, name: &str) {
        let find = "const found = [...document.querySelectorAll('button, summary')].find(each => \
                    each.innerText.trim() === name && each.getClientRects().length > 0 && !each.disabled)";
        self.click_found(&format!("the button \"{name}\""), find, name);
    }

    /// Clicks what a script finds under a name, looking for it anew each time.
    #[track_caller]
    fn click_found(&self, what: &str, find: &str, name: &str) {
        let script = watched(find);
        let try_once = || {
            let found = self.script_or_trouble("sync", &script, &[json!(name)])?;
            match Element::from_reference(&found) {
                Some(element) => self
                    .driver
                    .click(&element)
                    .map(|()| self.click_has_arrived()),
                None => Ok(false),
            }
        };
        self.wait_for(&format!("{what} to be clicked"), || match try_once() {
            Ok(clicked) => clicked,
            Err(trouble) if trouble.passes() => false,
            Err(trouble) => self.fail(&format!("{what} could not be clicked: {trouble}")),
        });
    }

    /// Clicks an element with the middle button.
    #[track_caller]
    pub fn middle_click(&self, selector: &str) {
        self.wait_for(&format!("{selector} to be clicked"), || {
            let body = keys::middle_click(&self.element(selector));
            match self.driver.post("actions", &body) {
                Ok(_) => true,
                Err(trouble) if trouble.passes() => false,
                Err(trouble) => self.fail(&format!("{selector} could not be clicked: {trouble}")),
            }
        });
    }

    /// Whether the click that is watched for has reached its element.
    fn click_has_arrived(&self) -> bool {
        let script = "const click = window.__click; \
                      return !click || click.arrived ? 'arrived' : click.missed ? 'missed' : 'awaited'";
        let until = Instant::now() + ON_ITS_WAY;
        loop {
            // Without the page that was clicked there is nobody to ask: the click has led elsewhere.
            match self.script_or_trouble("sync", script, &[]) {
                Ok(said) if said == json!("awaited") && Instant::now() < until => {
                    std::thread::sleep(PAUSE);
                }
                Ok(said) => return said == json!("arrived"),
                Err(_) => return true,
            }
        }
    }
}
