//! What `supervisorctl` and the session say to each other, a line of JSON each.

use serde::{Deserialize, Serialize};
use tokio::io::{AsyncWrite, AsyncWriteExt};

/// What the learner asks.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Request {
    /// What stands in the session's folder: who can read it is of the session. A socket alone can be reached through Landlock.
    pub(super) key: String,
    /// The words after `supervisorctl`.
    pub(super) args: Vec<String>,
}

/// A piece of the answer.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Frame {
    /// To be printed as it is.
    Out(String),
    /// The exit status; the last one.
    Exit(u8),
}

/// Carries an answer to whoever asked, who may go at any time.
pub(super) struct Answer<W> {
    to: W,
    gone: bool,
}

impl<W: AsyncWrite + Unpin> Answer<W> {
    pub(super) fn new(to: W) -> Self {
        Self { to, gone: false }
    }

    pub(super) async fn line(&mut self, text: impl AsRef<str>) {
        self.text(&format!("{}\n", text.as_ref())).await;
    }

    pub(super) async fn text(&mut self, text: &str) {
        self.send(&Frame::Out(text.to_owned())).await;
    }

    pub(super) async fn exit(&mut self, status: u8) {
        self.send(&Frame::Exit(status)).await;
    }

    pub(super) fn is_gone(&self) -> bool {
        self.gone
    }

    async fn send(&mut self, frame: &Frame) {
        let Ok(mut line) = serde_json::to_vec(frame) else {
            return;
        };
        line.push(b'\n');
        self.gone |= self.to.write_all(&line).await.is_err();
    }
}
