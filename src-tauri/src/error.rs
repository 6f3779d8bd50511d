//! Errors as the window gets them.

use atelier_session::SessionError;
use atelier_session::protocol::ErrorCode;
use serde::Serialize;

/// A request that could not be served.
#[derive(Debug, Serialize)]
pub(crate) struct CommandError {
    code: ErrorCode,
    message: String,
}

impl CommandError {
    pub(crate) fn no_session() -> Self {
        Self {
            code: ErrorCode::NoSession,
            message: "no workshop is open".to_owned(),
        }
    }

    pub(crate) fn other(message: impl Into<String>) -> Self {
        Self {
            code: ErrorCode::Other,
            message: message.into(),
        }
    }
}

impl From<SessionError> for CommandError {
    fn from(error: SessionError) -> Self {
        Self {
            code: error.code(),
            message: error.to_string(),
        }
    }
}
