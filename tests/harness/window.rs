//! The real window, driven as a learner would: through WebDriver, one driver and one session for each start.
//!
//! Nothing here waits by sleeping: every wait has a name and a condition, and says what it saw when it gives up.

mod cards;
mod click;
mod driver;
mod frames;
mod keys;
mod manager;
mod place;
mod processes;
mod view;

use std::cell::Cell;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

pub use self::cards::Card;
pub use self::driver::Element;
use self::driver::{Driver, Trouble};
pub use self::keys::Key;
pub use self::place::{Place, bundled, fixture};
pub use self::processes::{Process, is_alive};
pub use self::view::Document;

/// How long anything may take before a test gives up on it: a large page on a busy machine is the slowest.
const PATIENCE: Duration = Duration::from_secs(180);
/// How often a condition is looked at.
const PAUSE: Duration = Duration::from_millis(25);

/// A running app and the driver that moves it. Dropping it closes the app and fails the test if anything stays.
pub struct Window<'a> {
    place: &'a Place,
    driver: Driver,
    crashed: Cell<bool>,
}

impl<'a> Window<'a> {
    pub(crate) fn open(place: &'a Place, arguments: &[&str]) -> Self {
        let driver = Driver::start(&desktop(), arguments, &place.environment())
            .unwrap_or_else(|trouble| panic!("the window did not open: {trouble}"));
        let window = Self {
            place,
            driver,
            crashed: Cell::new(false),
        };
        window.wait_for("the window's first screen", || {
            window.truth(
                "return document.querySelector('#app > *') !== null && '__atelier' in window",
            )
        });
        window
    }

    /// Looks again and again until the condition holds.
    ///
    /// # Panics
    /// When it does not hold in time: with what the window shows, and a screenshot.
    #[track_caller]
    pub fn wait_for(&self, what: &str, condition: impl Fn() -> bool) {
        self.wait_to_get(what, || condition().then_some(()));
    }

    /// Looks again and again until there is an answer.
    ///
    /// # Panics
    /// As [`Self::wait_for`].
    #[track_caller]
    pub fn wait_to_get<T>(&self, what: &str, ask: impl Fn() -> Option<T>) -> T {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(answer) = ask() {
                return answer;
            }
            if Instant::now() > deadline {
                self.fail(&format!("waited {} s for {what}", PATIENCE.as_secs()));
            }
            std::thread::sleep(PAUSE);
        }
    }

    /// Runs JavaScript in the page, or in the frame that was entered.
    ///
    /// # Panics
    /// When the script throws, or the window is gone.
    #[track_caller]
    pub fn script(&self, script: &str, arguments: &[Value]) -> Value {
        self.script_or_trouble("sync", script, arguments)
            .unwrap_or_else(|trouble| self.fail(&format!("`{script}` could not be run: {trouble}")))
    }

    fn script_or_trouble(
        &self,
        how: &str,
        script: &str,
        arguments: &[Value],
    ) -> Result<Value, Trouble> {
        let body = json!({ "script": script, "args": arguments });
        self.driver.post(&format!("execute/{how}"), &body)
    }

    /// Whether an expression holds in the page.
    #[track_caller]
    pub fn truth(&self, script: &str) -> bool {
        self.script(script, &[]) == json!(true)
    }

    /// Waits until nothing is queued, running, unsaved or undrawn.
    ///
    /// # Panics
    /// When that does not come.
    #[track_caller]
    pub fn idle(&self) {
        let script = "const done = arguments[0]; window.__atelier.idle().then(done)";
        if let Err(trouble) = self.script_or_trouble("async", script, &[]) {
            self.fail(&format!("the window did not come to rest: {trouble}"));
        }
    }

    /// How many elements a CSS selector finds.
    ///
    /// Asked of the page itself: the driver finds elements first and names them after, and fails where one went between.
    #[track_caller]
    pub fn count(&self, selector: &str) -> usize {
        let script = "return document.querySelectorAll(arguments[0]).length";
        let found = self.script(script, &[json!(selector)]);
        match found.as_u64() {
            Some(count) => count as usize,
            None => self.fail(&format!("{selector} could not be counted: {found}")),
        }
    }

    /// The first element that a CSS selector finds, as soon as it stands.
    #[track_caller]
    fn element(&self, selector: &str) -> Element {
        let script = "return document.querySelector(arguments[0])";
        self.wait_to_get(selector, || {
            match self.script_or_trouble("sync", script, &[json!(selector)]) {
                Ok(found) => Element::from_reference(&found),
                Err(trouble) if trouble.passes() => None,
                Err(trouble) => {
                    self.fail(&format!("{selector} could not be looked for: {trouble}"))
                }
            }
        })
    }

    /// Whether something is there and in sight.
    #[track_caller]
    pub fn shows(&self, selector: &str) -> bool {
        let script = "const e = document.querySelector(arguments[0]); \
                      return e !== null && e.getClientRects().length > 0";
        self.script(script, &[json!(selector)]) == json!(true)
    }

    /// What an element says; nothing if there is none.
    #[track_caller]
    pub fn text_of(&self, selector: &str) -> String {
        let script = "return document.querySelector(arguments[0])?.innerText ?? ''";
        text(&self.script(script, &[json!(selector)]))
    }

    /// Presses keys together, the last one with the others held.
    #[track_caller]
    pub fn press(&self, keys: &[Key]) {
        let body = keys::chord(keys);
        if let Err(trouble) = self.driver.post("actions", &body) {
            self.fail(&format!("{keys:?} could not be pressed: {trouble}"));
        }
    }

    /// Types text where the focus is.
    #[track_caller]
    pub fn type_text(&self, text: &str) {
        if let Err(trouble) = self.driver.post("actions", &keys::typing(text)) {
            self.fail(&format!("{text:?} could not be typed: {trouble}"));
        }
    }

    /// Moves the pointer to where nothing has a tooltip.
    #[track_caller]
    pub fn move_pointer_away(&self) {
        if let Err(trouble) = self.driver.post("actions", &keys::into_the_corner()) {
            self.fail(&format!("the pointer could not be moved: {trouble}"));
        }
    }

    /// Does something inside a frame, and comes back.
    #[track_caller]
    pub fn inside<T>(&self, frame: &str, visit: impl FnOnce() -> T) -> T {
        let enter = |id: Value| self.driver.post("frame", &json!({ "id": id }));
        self.wait_for(&format!("the frame {frame} to be entered"), || match enter(
            self.element(frame).reference(),
        ) {
            Ok(_) => true,
            Err(trouble) if trouble.passes() => false,
            Err(trouble) => self.fail(&format!("the frame {frame} cannot be entered: {trouble}")),
        });
        let answer = visit();
        if let Err(trouble) = enter(Value::Null) {
            self.fail(&format!("the frame {frame} could not be left: {trouble}"));
        }
        answer
    }

    /// The address that the window itself is at.
    #[track_caller]
    pub fn address(&self) -> String {
        match self.driver.get("url") {
            Ok(address) => text(&address),
            Err(trouble) => self.fail(&format!("the window has no address: {trouble}")),
        }
    }

    /// The app's own process.
    pub fn app(&self) -> Process {
        let program = desktop();
        let running = self.place.processes();
        running
            .into_iter()
            .find(|process| process.program().as_deref() == Some(&program) && !process.is_keeper())
            .unwrap_or_else(|| self.fail("the app is not running"))
    }

    /// Kills the app and its web view, as a crash would, and waits until they are gone: one that is still writing to the disk
    /// has its session until then. What the session had started is left to the next start.
    #[track_caller]
    pub fn kill(self) {
        self.crashed.set(true);
        let app = self.app().id();
        let mut killed = self.place.processes();
        killed.retain(|process| process.is_of_the_window(&desktop()));
        // The app first: it must not see the others go.
        killed.sort_by_key(|process| process.id() != app);
        for process in &killed {
            process.kill();
        }
        crate::wait_for("the end of what was killed", || {
            !killed.iter().any(|process| is_alive(process.id()))
        });
    }

    /// Closes the app with a signal and waits until everything of it has ended.
    #[track_caller]
    pub fn terminate(self) {
        self.app().terminate();
        self.wait_until_gone();
    }

    /// Asks the window to close, as its close button does.
    #[track_caller]
    pub fn close_with_the_mouse(self) {
        let app = self.app();
        if let Err(error) = manager::ask_to_close(app.id()) {
            self.fail(&format!("the window could not be asked to close: {error}"));
        }
        self.wait_until_gone();
    }

    #[track_caller]
    fn wait_until_gone(&self) {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let left = self.place.processes();
            let left: Vec<_> = left
                .iter()
                .filter(|process| !self.driver.is(process))
                .collect();
            if left.is_empty() {
                return;
            }
            assert!(
                Instant::now() < deadline,
                "{} s after it was closed, the app has left behind: {left:?}",
                PATIENCE.as_secs()
            );
            std::thread::sleep(PAUSE);
        }
    }

    /// Fails the test with what can be seen, unless something holds.
    ///
    /// # Panics
    /// When it does not hold.
    #[track_caller]
    pub fn check(&self, holds: bool, what: &str) {
        if !holds {
            self.fail(&format!("this should be so: {what}"));
        }
    }

    /// Fails the test with what can be seen.
    ///
    /// # Panics
    /// Always.
    #[track_caller]
    pub fn fail(&self, why: &str) -> ! {
        let shot = self.screenshot();
        let shown = self
            .script_or_trouble("sync", "return document.body.innerText", &[])
            .map_or_else(
                |trouble| format!("(its text cannot be read: {trouble})"),
                |value| text(&value),
            );
        panic!("{why}\n{shot}\nThe window shows:\n{}\n", indented(&shown));
    }

    fn screenshot(&self) -> String {
        let saved = self
            .driver
            .screenshot()
            .map_err(|trouble| trouble.to_string())
            .and_then(|image| {
                let folder = place::results();
                let name = std::thread::current()
                    .name()
                    .unwrap_or("test")
                    .replace("::", "-");
                let path = folder.join(format!("{name}.png"));
                std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
                std::fs::write(&path, image).map_err(|error| error.to_string())?;
                Ok(path)
            });
        match saved {
            Ok(path) => format!("Screenshot: {}", path.display()),
            Err(error) => format!("There is no screenshot: {error}"),
        }
    }
}

impl Drop for Window<'_> {
    fn drop(&mut self) {
        // A failing test has said what is wrong already; its place clears up.
        if std::thread::panicking() || self.crashed.get() {
            return;
        }
        for process in self.place.processes() {
            if process.program().as_deref() == Some(&desktop()) && !process.is_keeper() {
                process.terminate();
            }
        }
        self.wait_until_gone();
    }
}

/// The program under test.
fn desktop() -> PathBuf {
    let path = std::env::var_os("ATELIER_DESKTOP").expect(
        "ATELIER_DESKTOP names the window's program: run these tests with `cargo xtask e2e`",
    );
    PathBuf::from(path)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn indented(text: &str) -> String {
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    lines
        .take(120)
        .map(|line| format!("  | {line}\n"))
        .collect()
}
