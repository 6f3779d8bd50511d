//! Ports that a definition names. Workshops that share one cannot be played at the same time.

use std::collections::BTreeSet;
use std::fs;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use camino::Utf8Path;

static IN_USE: Mutex<BTreeSet<u16>> = Mutex::new(BTreeSet::new());
static FREED: Condvar = Condvar::new();

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
