//! How many files the player may have open at a time, and how many the programs of its sessions.
//!
//! Many systems allow a thousand, and as many more as a program asks for. A player needs them for sockets, terminals and watched
//! folders. A program that waits with `select` breaks when it has more; so programs get what the player was started with.

use std::sync::OnceLock;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// What the player was started with, once it has more.
static BEFORE: OnceLock<Rlimit> = OnceLock::new();

/// Lets this process have as many files open as the system permits.
pub(super) fn raise() {
    let before = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: before.maximum,
        ..before
    };
    // Where it is refused, everything goes on as it is.
    if raised != before && setrlimit(Resource::Nofile, raised).is_ok() {
        let _ = BEFORE.set(before);
    }
}

/// What a new child is to do before it becomes its program: async-signal-safe.
pub(super) fn lower() -> impl Fn() + Send + Sync + 'static {
    let before = BEFORE.get().copied();
    move || {
        if let Some(before) = before {
            // With more than that almost every program works too.
            let _ = setrlimit(Resource::Nofile, before);
        }
    }
}
