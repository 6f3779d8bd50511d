//! What a command names and cannot have.

use atelier_content::diagnostic::Fix;
use atelier_content::{Diagnostic, Span};
use camino::{Utf8Path, Utf8PathBuf};

/// A file or folder that a command names and cannot have.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Lost {
    /// As the command writes it.
    pub(super) path: String,
    /// The folder of the shell, relative to the home.
    pub(super) folder: Utf8PathBuf,
    pub(super) why: Why,
}

/// Why a command cannot have it.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Why {
    /// There is no such file; the one that was probably meant, relative to the home.
    NoFile(Option<Utf8PathBuf>),
    /// There is no such folder; the one that was probably meant, relative to the home.
    NoFolder(Option<Utf8PathBuf>),
    /// It may not be run; where it lies in the workshop's folder, if the workshop brings it.
    NotExecutable(Option<Utf8PathBuf>),
}

impl Lost {
    pub(super) fn diagnostic(&self, place: Span) -> Diagnostic {
        let (what, meant) = match &self.why {
            Why::NoFile(meant) => ("file", meant),
            Why::NoFolder(meant) => ("folder", meant),
            Why::NotExecutable(brought) => return self.not_executable(brought.as_deref(), place),
        };
        // A path from the home or the root is no matter of the folder.
        let folder = match self.path.starts_with(['~', '/', '$']) {
            true => String::new(),
            false => format!(" in `{}`", in_home(&self.folder)),
        };
        let message = format!(
            "there is no {what} `{}`{folder} when this command runs",
            self.path
        );
        let diagnostic =
            Diagnostic::warning("missing-path", message).at(place, "the command will fail");
        match meant {
            Some(path) => diagnostic.help(format!("did you mean `{}`?", in_home(path))),
            None => diagnostic,
        }
    }

    fn not_executable(&self, brought: Option<&Utf8Path>, place: Span) -> Diagnostic {
        let path = &self.path;
        let message = format!("`{path}` may not be run: it lacks the executable bit");
        let diagnostic =
            Diagnostic::warning("not-executable", message).at(place, "permission denied");
        match brought {
            // A page may show just that.
            Some(file) => diagnostic
                .help(format!("chmod +x {file}"))
                .fix(Fix::make_executable(file).suggested()),
            None => diagnostic.help(format!("run `chmod +x {path}` before")),
        }
    }
}

fn in_home(path: &Utf8Path) -> String {
    if path.as_str().is_empty() {
        "~".to_owned()
    } else {
        format!("~/{path}")
    }
}
