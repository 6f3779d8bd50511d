//! The editor's own terminals (`actions.md` 3.9).

use super::catalog::{Entry, later};

/// In the order of the specification.
pub(super) const ENTRIES: &[Entry] = &[
    later(
        "editor:open-terminal",
        "Editor",
        "Open terminal",
        &["session"],
    ),
    later(
        "editor:send-to-terminal",
        "Editor",
        "Send text to terminal",
        &["session", "text", "endl"],
    ),
    later(
        "editor:interrupt-terminal",
        "Editor",
        "Interrupt terminal",
        &["session"],
    ),
    later(
        "editor:clear-terminal",
        "Editor",
        "Clear terminal",
        &["session"],
    ),
    later(
        "editor:close-terminal",
        "Editor",
        "Close terminal",
        &["session"],
    ),
];
