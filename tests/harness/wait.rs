//! Waits with a name.

use std::time::{Duration, Instant};

/// No test waits longer for anything that is meant to come.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// Waits until a condition holds; `what` is named when it does not come.
///
/// # Panics
/// When it has not come within [`PATIENCE`].
pub fn wait_for(what: &str, mut holds: impl FnMut() -> bool) {
    let until = Instant::now() + PATIENCE;
    while !holds() {
        assert!(Instant::now() < until, "{what} did not come");
        std::thread::sleep(Duration::from_millis(5));
    }
}
