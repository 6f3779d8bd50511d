//! The program of the desk workshop that leaves its terminal, its session and its environment behind.

use std::fs;
use std::net::TcpStream;

use atelier_tests::window::{Place, Window, is_alive};
use serde_json::Value;

/// Its action.
pub(crate) const START: &str = "02-programs/0";

/// A daemon that the session has to end.
pub(crate) struct Daemon {
    pid: u32,
    port: u16,
}

impl Daemon {
    /// Lets the page start it.
    #[track_caller]
    pub(crate) fn start(place: &Place, window: &Window<'_>) -> Self {
        let note = place.session().join("home/exercises/daemon.json");
        let _ = fs::remove_file(&note);
        window.click_card(START);
        window.wait_for_status(START, "done");
        window.wait_to_get("the daemon to listen", || {
            let said: Value = serde_json::from_str(&fs::read_to_string(&note).ok()?).ok()?;
            let daemon = Self {
                pid: place.process_known_as(said["pid"].as_u64()?.try_into().ok()?)?,
                port: said["port"].as_u64()?.try_into().ok()?,
            };
            daemon.listens().then_some(daemon)
        })
    }

    /// Whether it still runs.
    pub(crate) fn is_alive(&self) -> bool {
        is_alive(self.pid)
    }

    /// Whether somebody listens where it did.
    pub(crate) fn listens(&self) -> bool {
        TcpStream::connect(("127.0.0.1", self.port)).is_ok()
    }
}
