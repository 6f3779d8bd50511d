//! The tabs as actions have left them, in a session that is taken up again.

use super::{DashboardChange, Dashboards, is_area, slug};
use crate::urls::Addresses;

impl Dashboards {
    /// Does again what actions have done in earlier starts. What no longer can be done has no effect: the workshop may have
    /// changed since.
    pub fn restore(&mut self, changes: &[DashboardChange], addresses: &Addresses) {
        for change in changes {
            let _ = match &change.url {
                _ if is_area(&slug(&change.name)) => continue,
                Some(url) => self.reload(&change.name, Some(url), addresses).map(|_| ()),
                None => self.delete(&change.name),
            };
        }
        self.changes.clear();
    }
}
