//! By what means this machine can isolate sessions.

use std::sync::OnceLock;

use crate::WorkshopTest;

/// The means that a machine lacks for good, by their names, with commas between: tests do without them. A means that works is
/// tested all the same.
pub const EXCUSED: &str = "ATELIER_TESTS_WITHOUT";

/// The names of the means of isolation, each tried before.
///
/// # Panics
/// When one does not work here, unless [`EXCUSED`] names it: a promise that is held nowhere is not one.
pub fn means() -> Vec<&'static str> {
    static WORKING: OnceLock<Vec<&str>> = OnceLock::new();
    let all = || ["bubblewrap", "landlock"].into_iter();
    WORKING
        .get_or_init(|| all().filter(|means| works(means)).collect())
        .clone()
}

#[allow(clippy::print_stderr, reason = "what is not tested is said")]
fn works(means: &str) -> bool {
    let probe = WorkshopTest::page("Nothing is done here.\n")
        .arg("--isolation=isolated")
        .env("ATELIER_ISOLATE_WITH", means)
        .test();
    if probe.exit == Some(0) {
        return true;
    }
    let complaint = probe.stderr.trim();
    let excused = std::env::var(EXCUSED).unwrap_or_default();
    assert!(
        excused.split(',').any(|name| name.trim() == means),
        "{means} does not isolate sessions here, so that nothing would be tested: {complaint}\nOn a machine that cannot have it, set {EXCUSED}={means}."
    );
    eprintln!("not tested with {means}, as {EXCUSED} says: {complaint}");
    false
}
