//! Ports that a definition names, which workshops cannot share at the same time, and ports that are free.

use std::collections::BTreeSet;
use std::fs;
use std::net::TcpListener;
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use camino::Utf8Path;

static IN_USE: Mutex<BTreeSet<u16>> = Mutex::new(BTreeSet::new());
static FREED: Condvar = Condvar::new();

/// A port that nobody listens on, another one each time. It is none that systems hand out to whoever asks for any (those begin
/// at 32768), so nobody gets it by chance before it is used.
///
/// # Panics
/// When there is none.
pub fn free_port() -> u16 {
    /// Where nothing of the tests has a port of its own.
    const FIRST: u16 = 28_000;
    const COUNT: u16 = 4_000;
    static NEXT: AtomicU16 = AtomicU16::new(0);
    // Other test programs begin elsewhere.
    let start = std::process::id().wrapping_mul(61) % u32::from(COUNT);
    for _ in 0..COUNT {
        let step = NEXT.fetch_add(1, Ordering::Relaxed);
        let at = (start + u32::from(step)) % u32::from(COUNT);
        let port = FIRST + u16::try_from(at).unwrap_or_default();
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
    panic!("no port is free from {FIRST} on");
}

/// The ports of a workshop, for one test of this process at a time.
#[derive(Debug)]
pub(crate) struct Ports(BTreeSet<u16>);

impl Ports {
    /// Waits until nobody else plays a workshop with one of them.
    pub(crate) fn of(workshop: &Utf8Path) -> Self {
        let definition = workshop.join("resources/workshop.yaml");
        let ports = named(&fs::read_to_string(definition).unwrap_or_default());
        let taken = |in_use: &mut BTreeSet<u16>| !in_use.is_disjoint(&ports);
        let in_use = FREED.wait_while(in_use(), taken);
        in_use
            .unwrap_or_else(PoisonError::into_inner)
            .extend(&ports);
        Self(ports)
    }
}

impl Drop for Ports {
    fn drop(&mut self) {
        in_use().retain(|port| !self.0.contains(port));
        FREED.notify_all();
    }
}

fn in_use() -> MutexGuard<'static, BTreeSet<u16>> {
    IN_USE.lock().unwrap_or_else(PoisonError::into_inner)
}

fn named(definition: &str) -> BTreeSet<u16> {
    let after = definition.split("port: ").skip(1);
    let numbers = after.map(|text| text.split(|c: char| !c.is_ascii_digit()).next());
    numbers.filter_map(|number| number?.parse().ok()).collect()
}
