//! Plays whole workshops and looks at what came of it.
//!
//! ```no_run
//! # use atelier_tests::WorkshopTest;
//! WorkshopTest::page("```terminal:execute\ncommand: echo hi\n```").test().passes();
//! ```
//!
//! Every run gets a temporary folder of its own, and is held to leave neither a process nor a file behind.
#![cfg(target_os = "linux")]

mod atelier;
mod checked;
mod engine;
mod means;
pub mod oracle;
mod played;
mod ports;
mod processes;
pub mod report;
mod running;
mod serving;
mod wait;
#[cfg(feature = "e2e")]
pub mod window;
mod window_session;
mod workshop;

pub use atelier::atelier;
pub use checked::{Checked, Finding};
pub use engine::{Engine, workshop_of};
pub use means::{EXCUSED, means};
pub use played::Played;
pub use ports::free_port;
pub use processes::{knows_itself_as, processes_with};
pub use report::Row;
pub use running::Running;
pub use serving::{answer, closed_port, listener, serve};
pub use wait::{PATIENCE, wait_for};
pub use window_session::{NoDialogs, WindowSession};
pub use workshop::{WorkshopTest, copy_folder};

/// Text without the indentation that all of its lines share, nor a blank first line.
pub fn dedent(text: &str) -> String {
    let text = text.strip_prefix('\n').unwrap_or(text);
    let margin = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let filled = text.lines().filter(|line| !line.trim().is_empty());
    let shared = filled.map(margin).min().unwrap_or(0);
    let lines = text
        .lines()
        .map(|line| line.get(shared..).unwrap_or_default());
    let mut out = lines.collect::<Vec<_>>().join("\n");
    if !out.is_empty() && !out.ends_with('\n') {
        out.push('\n');
    }
    out
}
