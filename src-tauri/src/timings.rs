//! `--timings`: one line of JSON a milestone, in milliseconds since the process began.

use std::collections::HashSet;
use std::io::Write;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

pub(crate) struct Timings {
    reached: Option<Mutex<HashSet<&'static str>>>,
    created: Instant,
    /// How old the process was when this was created.
    before: Duration,
}

impl Timings {
    pub(crate) fn new(enabled: bool) -> Self {
        let reached = enabled.then(Mutex::default);
        Self {
            reached,
            created: Instant::now(),
            before: process_age().unwrap_or_default(),
        }
    }

    /// Prints a milestone when it is reached for the first time.
    pub(crate) fn reached(&self, milestone: &'static str) {
        let Some(reached) = &self.reached else { return };
        if reached
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(milestone)
        {
            let ms = (self.before + self.created.elapsed()).as_millis();
            let mut out = std::io::stdout().lock();
            let _ = writeln!(out, "{{\"milestone\":\"{milestone}\",\"ms\":{ms}}}");
            let _ = out.flush();
        }
    }
}

/// Linux tells when a process began in ticks of 10 ms since the boot.
fn process_age() -> Option<Duration> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let began: u64 = stat
        .rsplit_once(')')?
        .1
        .split_whitespace()
        .nth(19)?
        .parse()
        .ok()?;
    let uptime: f64 = std::fs::read_to_string("/proc/uptime")
        .ok()?
        .split_whitespace()
        .next()?
        .parse()
        .ok()?;
    Some(Duration::from_secs_f64(
        (uptime - began as f64 / 100.0).max(0.0),
    ))
}
