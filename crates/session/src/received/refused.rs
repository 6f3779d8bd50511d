//! Why a workshop's files cannot be taken over, told to people.

use std::io;

use camino::{Utf8Path, Utf8PathBuf};

/// Why a workshop's files cannot be taken over.
#[derive(Debug, thiserror::Error)]
pub enum ReceiveError {
    /// A link points out of the workshop's folder.
    #[error(
        "{link} is a link to {target}, outside the workshop; Atelier does not follow links out of a workshop"
    )]
    LinkOutside {
        /// Relative to the workshop's folder.
        link: Utf8PathBuf,
        /// As the link says.
        target: Utf8PathBuf,
    },
    /// A name that is not UTF-8; here with signs in place of what is not.
    #[error("the name of {0} is not UTF-8, which not all computers can have; rename it")]
    Name(Utf8PathBuf),
    /// Files could not be read, or copied.
    #[error("{}", not_copied(.0))]
    NotCopied(NotCopied),
    /// The copying was called off.
    #[error("the start was cancelled")]
    Cancelled,
    /// The system refused.
    #[error("{path}: {}", crate::refusal::told(source))]
    Io {
        /// Which file.
        path: Utf8PathBuf,
        /// What it said.
        source: io::Error,
    },
}

/// What could not be copied.
#[derive(Debug, Default)]
pub struct NotCopied {
    /// How many entries there were; with a full disk those after the first have not been tried.
    pub count: usize,
    /// The first of them, relative to the workshop's folder, and what the system said.
    pub first: Vec<(Utf8PathBuf, io::Error)>,
    /// The disk, or the learner's share of it, is full.
    pub full: bool,
}

/// How many entries that could not be copied are named.
const NAMED: usize = 10;

impl NotCopied {
    pub(crate) fn add(&mut self, path: &Utf8Path, error: io::Error) {
        self.count += 1;
        self.full |= matches!(
            error.kind(),
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge
        );
        if self.first.len() < NAMED {
            self.first.push((path.to_owned(), error));
        }
    }
}

/// The files a line each, and what to do.
fn not_copied(failures: &NotCopied) -> String {
    let mut text = match (failures.full, failures.count) {
        (true, _) => {
            "There is not enough room on the disk for the files of the workshop.".to_owned()
        }
        (false, 1) => "One file of the workshop could not be read or copied.".to_owned(),
        (false, count) => format!("{count} files of the workshop could not be read or copied."),
    };
    for (path, error) in &failures.first {
        text.push_str(&format!("\n{path}: {error}"));
    }
    if failures.count > failures.first.len() {
        text.push_str(&format!(
            "\n… and {} more",
            failures.count - failures.first.len()
        ));
    }
    text.push_str(if failures.full {
        "\nNothing was kept. Make room, then open the workshop again."
    } else {
        "\nSee to it that you may read them, then open the workshop again."
    });
    text
}
