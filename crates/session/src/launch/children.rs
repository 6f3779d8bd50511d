//! The direct children that nobody has reaped yet, and every process group ever started.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;

/// What a session has started.
#[derive(Debug)]
pub(super) struct Children {
    groups: Mutex<BTreeSet<u32>>,
    living: watch::Sender<usize>,
}

impl Default for Children {
    fn default() -> Self {
        Children {
            groups: Mutex::default(),
            living: watch::Sender::new(0),
        }
    }
}

impl Children {
    fn lock(&self) -> MutexGuard<'_, BTreeSet<u32>> {
        self.groups.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn groups(&self) -> Vec<u32> {
        self.lock().iter().copied().collect()
    }

    /// Waits until each ended child has been reaped, so that no zombie stays; gives up after two seconds.
    pub(super) async fn all_reaped(&self) {
        let mut living = self.living.subscribe();
        let reaped = living.wait_for(|count| *count == 0);
        // A child that outlived KILL is another user's; there is nothing more to wait for.
        let _ = tokio::time::timeout(Duration::from_secs(2), reaped).await;
    }
}

/// Held by whoever learns of a child's end, and dropped when it has been reaped.
#[derive(Debug)]
pub(super) struct Registration {
    children: Arc<Children>,
    group: u32,
}

impl Registration {
    pub(super) fn new(children: Arc<Children>, group: u32) -> Self {
        children.lock().insert(group);
        children.living.send_modify(|count| *count += 1);
        Registration { children, group }
    }
}

impl Drop for Registration {
    fn drop(&mut self) {
        self.children
            .living
            .send_modify(|count| *count = count.saturating_sub(1));
        // A group lives on while any process of it does, and only then is its number safe to keep.
        let leader = i32::try_from(self.group)
            .ok()
            .and_then(rustix::process::Pid::from_raw);
        if leader.is_none_or(|group| rustix::process::test_kill_process_group(group).is_err()) {
            self.children.lock().remove(&self.group);
        }
    }
}
