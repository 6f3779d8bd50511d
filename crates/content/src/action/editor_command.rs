//! `editor:execute-command` (`actions.md` 3.9).

use super::catalog::{Entry, later};

/// In the order of the specification.
pub(super) const ENTRIES: &[Entry] = &[later(
    "editor:execute-command",
    "Editor",
    "Execute command",
    &["command", "args"],
)];
