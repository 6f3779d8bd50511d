//! `files:*` (`actions.md` 3.11 and section 6).

use super::catalog::{Entry, later};

/// In the order of the specification.
pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        cooldown: 1,
        ..later(
            "files:download-file",
            "Files",
            "Download file",
            &["path", "url", "download", "preview"],
        )
    },
    Entry {
        cooldown: 1,
        ..later(
            "files:copy-file",
            "Files",
            "Copy file to paste buffer",
            &["path", "url", "download", "preview"],
        )
    },
    later(
        "files:upload-file",
        "Files",
        "Upload file",
        &["path", "upload"],
    ),
    later(
        "files:upload-files",
        "Files",
        "Upload files",
        &["directory"],
    ),
];
