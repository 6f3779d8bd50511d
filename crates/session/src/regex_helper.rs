//! Plans that search with a regular expression run in a process that can be killed: an expression may take for ever
//! (`architecture.md`, decision 13).

use std::io::{self, Read, Write};
use std::ops::Range;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use atelier_content::edit::{self, EditError, EditOp, Plan};
use serde::{Deserialize, Serialize};
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

/// The hidden argument with which the program plans one edit, from standard input to standard output, and ends.
pub const ARGUMENT: &str = "--plan-edit";

/// Starts a program of ours that plans one edit.
#[derive(Debug, Clone)]
pub struct RegexHelper {
    program: PathBuf,
}

/// Why there is no plan.
#[derive(Debug, thiserror::Error)]
pub enum HelperError {
    /// The expression takes too long on this text.
    #[error("the regular expression takes longer than {} s on this file; make it simpler", .0.as_secs())]
    TooSlow(Duration),
    /// The program did not answer as it should.
    #[error("the program that searches with regular expressions did not work: {0}")]
    Broken(String),
}

#[derive(Serialize, Deserialize)]
struct Request {
    op: EditOp,
    name: String,
    text: Option<String>,
    selection: Range<usize>,
}

impl RegexHelper {
    /// The helper in this executable, which calls [`serve`] when it gets [`ARGUMENT`].
    pub fn new(program: PathBuf) -> Self {
        Self { program }
    }

    /// Plans an edit, for at most `limit`.
    ///
    /// # Errors
    /// When it takes longer, or the helper does not answer.
    pub async fn plan(
        &self,
        op: &EditOp,
        name: &str,
        text: Option<&str>,
        selection: Range<usize>,
        limit: Duration,
    ) -> Result<Result<Plan, EditError>, HelperError> {
        let request = Request {
            op: op.clone(),
            name: name.to_owned(),
            text: text.map(str::to_owned),
            selection,
        };
        let broken = |error: &dyn std::fmt::Display| HelperError::Broken(error.to_string());
        let request = serde_json::to_vec(&request).map_err(|error| broken(&error))?;
        // It runs none of the workshop's code and dies with the handle: it is a child of the player, not of the session.
        let mut child = Command::new(&self.program)
            .arg(ARGUMENT)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| broken(&error))?;
        let mut stdin = child
            .stdin
            .take()
            .ok_or_else(|| HelperError::Broken("it has no input".to_owned()))?;
        let answer = async {
            stdin.write_all(&request).await?;
            drop(stdin);
            child.wait_with_output().await
        };
        let output = tokio::time::timeout(limit, answer)
            .await
            .map_err(|_| HelperError::TooSlow(limit))?;
        let output = output.map_err(|error| broken(&error))?;
        serde_json::from_slice(&output.stdout).map_err(|error| broken(&error))
    }
}

/// Plans the edit on standard input and writes the plan to standard output: what the hidden argument does.
///
/// # Errors
/// When the streams cannot be read or written, or the request is none.
pub fn serve() -> io::Result<()> {
    let mut bytes = Vec::new();
    io::stdin().read_to_end(&mut bytes)?;
    let request: Request = serde_json::from_slice(&bytes)?;
    let plan = edit::plan(
        &request.op,
        &request.name,
        request.text.as_deref(),
        request.selection,
    );
    let mut out = io::stdout().lock();
    serde_json::to_writer(&mut out, &plan)?;
    out.flush()
}
