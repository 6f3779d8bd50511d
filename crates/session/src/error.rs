//! Why a session cannot do what was asked of it.

use std::io;

use camino::Utf8PathBuf;

use crate::documents::DocumentError;
use crate::folders::PathError;
use crate::launch::LaunchError;
use crate::protocol::ErrorCode;
use crate::received::ReceiveError;
use crate::refusal::told;
use crate::terminal::TerminalError;

/// A request that cannot be served. An action that does not succeed is no such error: see [`crate::perform::Outcome`].
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// Another process has the session open.
    #[error("the session {0} is open in another window")]
    Busy(String),
    /// The learner has not trusted the workshop.
    #[error("the workshop has not been trusted yet")]
    NotTrusted,
    /// The workshop is only being read.
    #[error(
        "this workshop is open to be read only: nothing of it runs, and it has no files. Trust it and start it to go on"
    )]
    ReadOnly,
    /// The folder is no workshop.
    #[error(transparent)]
    Load(#[from] atelier_content::LoadError),
    /// The file is no archive that can be opened.
    #[error(transparent)]
    Archive(#[from] crate::archive::ArchiveError),
    /// The workshop has no such page.
    #[error("the workshop has no page `{0}`")]
    UnknownPage(String),
    /// The page has no such action.
    #[error("there is no action `{0}`")]
    UnknownAction(String),
    /// The page was changed on the disk after it was shown.
    #[error("this page has changed since it was shown; look at the step again, and click it anew")]
    PageChanged,
    /// Only who works on the workshop may do this.
    #[error("this is for the workshop's author; open it with *I work on this workshop* first")]
    NotTheAuthor,
    /// The session has no such background program.
    #[error("there is no program `{0}`")]
    UnknownProgram(String),
    /// The workshop has no editor.
    #[error(
        "the workshop does not switch the editor on; its author must enable it in resources/workshop.yaml"
    )]
    NoEditor,
    /// The session was to be isolated, which this machine cannot do.
    #[error("the session cannot be isolated on this computer: {0}")]
    NotIsolated(String),
    /// Set-up runs already.
    #[error("the set-up is running already")]
    SettingUp,
    /// Set-up makes files of its own: none are put back meanwhile.
    #[error(
        "files can be put back only after the set-up has ended; wait for its end, or go on without it when it has failed"
    )]
    NotSetUp,
    /// There is no session of this name.
    #[error("there is no session `{0}`; `atelier list` names those that there are")]
    UnknownSession(String),
    /// Files could not be kept or put back.
    #[error(transparent)]
    Snapshot(#[from] crate::snapshots::SnapshotError),
    /// The files of this page's start were not kept.
    #[error(
        "the files were not kept when the page `{0}` was first shown, so they cannot be put back"
    )]
    NoStart(String),
    /// The learner's version is not there any more.
    #[error("the version {0} of your files is not kept any more")]
    NoVersion(String),
    /// Something inside has failed; the session itself is as it was.
    #[error("this was not finished because of a fault in Atelier: {0}")]
    Interrupted(String),
    /// The start was called off.
    #[error("the start was cancelled")]
    Cancelled,
    /// The journal could not be written: what was done would be lost.
    #[error("the progress could not be saved in {path}: {}", told(source))]
    Journal {
        /// The journal's file.
        path: Utf8PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file or folder of the session could not be read or written.
    #[error("{path}: {}", told(source))]
    Io {
        /// Which.
        path: Utf8PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A document could not be read or saved.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// An action asks for what a view without a window cannot do.
    #[error(transparent)]
    View(#[from] crate::headless::HeadlessError),
    /// A path leads out of the session.
    #[error(transparent)]
    Path(#[from] PathError),
    /// The workshop's files could not be taken over.
    #[error(transparent)]
    Receive(#[from] ReceiveError),
    /// An address leads nowhere that could be shown.
    #[error("{0}")]
    Address(String),
    /// A program could not be started.
    #[error(transparent)]
    Launch(#[from] LaunchError),
    /// A terminal is not there.
    #[error(transparent)]
    Terminal(#[from] TerminalError),
}

impl SessionError {
    /// What the window decides by.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::Busy(_) => ErrorCode::Busy,
            Self::NotTrusted => ErrorCode::NotTrusted,
            Self::ReadOnly => ErrorCode::ReadOnly,
            Self::Document(DocumentError::Conflict(_)) => ErrorCode::Conflict,
            Self::Document(DocumentError::NotFound(_)) => ErrorCode::NotFound,
            Self::Document(DocumentError::NotText(_) | DocumentError::TooLarge(_)) => {
                ErrorCode::NotText
            }
            _ => ErrorCode::Other,
        }
    }

    /// An error of the system about a path.
    pub fn io(path: impl Into<Utf8PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { path, source }
    }
}
