//! Files that a session could not receive: it would not start.

use atelier_content::{Diagnostic, Loaded, Severity};

use crate::received::{self, ReceiveError, Received};

/// What a session receives; otherwise what keeps it from starting, unless that is known already.
pub(super) fn received(loaded: &Loaded) -> Result<Vec<Received>, Option<Diagnostic>> {
    received::list(&loaded.workshop).map_err(|error| problem(&error, &loaded.diagnostics))
}

fn problem(error: &ReceiveError, known: &[Diagnostic]) -> Option<Diagnostic> {
    let (code, path, help) = match error {
        ReceiveError::LinkOutside { link, .. } => (
            "outside-folder",
            link,
            Some("copy what it points to into the workshop, or leave it out with `excludePaths`"),
        ),
        ReceiveError::Name(path) => ("unreadable-file", path, None),
        ReceiveError::Io { path, .. } => (
            "unreadable-file",
            path,
            Some("see to it that it may be read"),
        ),
        ReceiveError::NotCopied(_) | ReceiveError::Cancelled => return None,
    };
    let is_known = known.iter().any(|one| {
        one.code == code && one.severity == Severity::Error && one.message.contains(path.as_str())
    });
    (!is_known).then(|| {
        let problem = Diagnostic::error(code, format!("the workshop does not start: {error}"));
        match help {
            Some(help) => problem.help(help),
            None => problem,
        }
    })
}
