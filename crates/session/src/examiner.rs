//! Finds and runs one examiner test: a program of the workshop that decides by its exit status.

mod retry;
mod service;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use camino::Utf8Path;
use tokio_util::sync::CancellationToken;

use crate::anchor::Anchor;
use crate::launch::{Ending, Finished, LaunchError, Launcher, Program, RunOptions};
use crate::printed::readable;

pub use retry::{Progress, Retries, Tries};

/// How long a test may take unless its action says otherwise.
pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(15);
/// Where the output of every test is appended, below the session's home.
pub const LOG: &str = ".local/share/workshop/examiner-scripts.log";
/// How much of a test's output an [`Attempt`] shows, in bytes.
const SHOWN: usize = 4 * 1024;
/// How much of a test's output reaches the log, in bytes.
const LOGGED: usize = 256 * 1024;
/// Between TERM and KILL of a test whose time is up.
const GRACE: Duration = Duration::from_secs(1);

/// Where tests are looked for and what they get.
#[derive(Clone, Debug)]
pub struct Examiner {
    /// Searched in this order; missing ones are fine.
    pub folders: Vec<PathBuf>,
    /// The session's home: the tests' working directory, and where the log lies.
    pub home: PathBuf,
    /// The tests' whole environment.
    pub env: BTreeMap<String, String>,
}

/// One test as an action asks for it.
#[derive(Clone, Debug)]
pub struct TestCall {
    /// Its path below a folder of tests.
    pub name: String,
    /// Its arguments.
    pub args: Vec<String>,
    /// What it finds on its standard input: the form's values, or an empty object.
    pub input: serde_json::Value,
    /// Texts of the form that are not shown or stored where the test prints them.
    pub secrets: Vec<String>,
    /// The address of a service on this machine that is asked instead of the program.
    pub url: Option<String>,
    /// How long one attempt may take; [`DEFAULT_TIMEOUT`] if nobody says otherwise.
    pub timeout: Duration,
}

/// What came of a test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// Pass or fail, and why.
    pub outcome: TestOutcome,
    /// The last 4 KiB of what it printed.
    pub output: String,
    /// How often it was run, from 0 (not found) up.
    pub attempts: u32,
}

/// Why a test passed or failed; its `Display` is a sentence for the learner: what happened, and what to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TestOutcome {
    /// It ended with 0.
    Passed,
    /// It ended with something else.
    Failed {
        /// The exit status, never 0.
        status: i32,
    },
    /// Somebody else killed it, or it crashed.
    Killed {
        /// The signal's number.
        signal: i32,
    },
    /// It took too long and was ended.
    TimedOut {
        /// The limit.
        after: Duration,
    },
    /// The service that was asked says no.
    Refused {
        /// Its own words.
        message: String,
    },
    /// It cannot be asked as its author wants it. Trying again would not help, so it is not retried.
    Impossible {
        /// Why not, as a sentence.
        reason: String,
    },
    /// No folder of tests has it. Trying again would not help, so it is not retried.
    NotFound,
    /// The system could not start it.
    NotStartable {
        /// Why not, as a sentence.
        reason: String,
    },
    /// It was called off while it ran or waited.
    Cancelled,
}

impl TestCall {
    /// A test without arguments or form.
    pub fn new(name: impl Into<String>) -> Self {
        let input = serde_json::Value::Object(serde_json::Map::new());
        TestCall {
            name: name.into(),
            args: Vec::new(),
            input,
            secrets: Vec::new(),
            url: None,
            timeout: DEFAULT_TIMEOUT,
        }
    }
}

impl Examiner {
    /// The file of a test, if one of the folders has it and it can be run.
    pub fn find(&self, name: &str) -> Option<PathBuf> {
        let named = |c: char| c.is_ascii_alphanumeric() || "._/:@+-".contains(c);
        if name.is_empty() || !name.chars().all(named) {
            return None;
        }
        let inside = |folder: &PathBuf| {
            let folder = folder.canonicalize().ok()?;
            let file = folder
                .join(name.trim_start_matches('/'))
                .canonicalize()
                .ok()?;
            (file.starts_with(&folder) && file.is_file() && Start::of(&file).is_some())
                .then_some(file)
        };
        self.folders.iter().find_map(inside)
    }

    /// Runs a test once.
    pub async fn run(
        &self,
        launcher: &Launcher,
        call: &TestCall,
        cancel: &CancellationToken,
    ) -> Attempt {
        if let Some(url) = &call.url {
            return service::ask(url, call, cancel).await;
        }
        let Some((file, start)) = self
            .find(&call.name)
            .and_then(|file| Some((file.clone(), Start::of(&file)?)))
        else {
            return Attempt {
                outcome: TestOutcome::NotFound,
                output: String::new(),
                attempts: 0,
            };
        };
        if call.args.iter().any(|arg| arg.contains('\0')) {
            let reason = "an argument contains a NUL".to_owned();
            return Attempt {
                outcome: TestOutcome::Impossible { reason },
                output: String::new(),
                attempts: 1,
            };
        }
        let mut program = Program::new(start.program, &self.home);
        program.args = start.args;
        program.args.extend(call.args.iter().map(OsString::from));
        program.env = self.env.clone();
        let options = RunOptions {
            stdin: call.input.to_string().into_bytes(),
            timeout: Some(call.timeout),
            grace: GRACE,
            cancel: cancel.clone(),
            keep: LOGGED,
            on_output: None,
        };
        let (outcome, output) = match launcher.run(&program, options).await {
            Ok(finished) => (outcome(&finished, call.timeout), finished.output),
            Err(error) => (not_startable(&file, &error), Vec::new()),
        };
        let output = without(&output, &call.secrets);
        // A log that cannot be written must not decide over a test.
        let _ = self.log(&call.name, &output);
        Attempt {
            outcome,
            output: readable(&output, SHOWN),
            attempts: 1,
        }
    }

    fn log(&self, name: &str, output: &[u8]) -> io::Result<()> {
        let path = self.home.join(LOG);
        let (home, path) = (self.home.as_path(), path.as_path());
        let (home, path) = (Utf8Path::from_path(home), Utf8Path::from_path(path));
        let (Some(home), Some(path)) = (home, path) else {
            return Ok(());
        };
        let mut lines = String::new();
        for line in String::from_utf8_lossy(output).lines() {
            lines.push_str(&format!("{name}: {line}\n"));
        }
        Anchor::making(&[home], path)?
            .append()?
            .write_all(lines.as_bytes())
    }
}

/// Nobody types a shorter password, and shorter words stand everywhere.
const SECRET: usize = 4;

/// Output in which secrets are dots.
fn without<'a>(output: &'a [u8], secrets: &[String]) -> Cow<'a, [u8]> {
    let mut masked = Cow::Borrowed(output);
    for secret in secrets.iter().filter(|secret| secret.len() >= SECRET) {
        let text = String::from_utf8_lossy(&masked);
        if text.contains(secret.as_str()) {
            masked = Cow::Owned(text.replace(secret.as_str(), "••••").into_bytes());
        }
    }
    masked
}

fn outcome(finished: &Finished, limit: Duration) -> TestOutcome {
    match (finished.ending, finished.status) {
        (Ending::TimedOut, _) => TestOutcome::TimedOut { after: limit },
        (Ending::Cancelled, _) => TestOutcome::Cancelled,
        (Ending::Itself, Some(status)) => match (status.code(), status.signal()) {
            (Some(0), _) => TestOutcome::Passed,
            (Some(status), _) => TestOutcome::Failed { status },
            (None, signal) => TestOutcome::Killed {
                signal: signal.unwrap_or_default(),
            },
        },
        (Ending::Itself, None) => TestOutcome::NotStartable {
            reason: "the system did not report how the test ended".to_owned(),
        },
    }
}

fn not_startable(file: &Path, error: &LaunchError) -> TestOutcome {
    let reason = match error {
        // For a script this means the interpreter: the file itself was just found.
        LaunchError::Refused {
            kind: io::ErrorKind::NotFound,
            ..
        } => {
            format!(
                "{}: the program named in its first line does not exist",
                file.display()
            )
        }
        other => other.to_string(),
    };
    TestOutcome::NotStartable { reason }
}

/// How a file is started: directly, or by the interpreter of its first line if its execute bit got lost.
struct Start {
    program: OsString,
    args: Vec<OsString>,
}

impl Start {
    fn of(file: &Path) -> Option<Start> {
        let executable = fs::metadata(file).ok()?.permissions().mode() & 0o111 != 0;
        let mut first = Vec::new();
        File::open(file)
            .ok()?
            .take(512)
            .read_to_end(&mut first)
            .ok()?;
        let shebang = first.strip_prefix(b"#!").map(|rest| {
            let line = rest.split(|byte| *byte == b'\n').next().unwrap_or_default();
            String::from_utf8_lossy(line).trim().to_owned()
        });
        match (executable, shebang) {
            // Text without a first line is run by `sh`, as execvp does for the reference.
            (true, None) if is_text(&first) => Some(Start {
                program: "/bin/sh".into(),
                args: vec![file.into()],
            }),
            (true, _) => Some(Start {
                program: file.into(),
                args: Vec::new(),
            }),
            (false, Some(line)) if !line.is_empty() => {
                // As the kernel does: the interpreter, then everything after it as one argument.
                let (program, argument) = line.split_once([' ', '\t']).unwrap_or((&line, ""));
                let argument = Some(argument.trim()).filter(|argument| !argument.is_empty());
                let args = argument
                    .map(OsString::from)
                    .into_iter()
                    .chain([file.into()])
                    .collect();
                Some(Start {
                    program: program.into(),
                    args,
                })
            }
            (false, _) => None,
        }
    }
}

fn is_text(first: &[u8]) -> bool {
    !first.contains(&0) && !first.is_empty()
}

/// The last `limit` bytes as text, not starting inside a character.
pub(crate) fn tail(bytes: &[u8], limit: usize) -> String {
    let mut start = bytes.len().saturating_sub(limit);
    while start > 0 && start < bytes.len() && bytes[start] & 0xC0 == 0x80 {
        start += 1;
    }
    String::from_utf8_lossy(&bytes[start..]).into_owned()
}

impl fmt::Display for TestOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TestOutcome::Passed => write!(f, "the test passed"),
            TestOutcome::Failed { status } => write!(
                f,
                "not there yet: the test ended with exit status {status}; go through the step again, then try the test again"
            ),
            TestOutcome::Killed { signal } => write!(
                f,
                "the test was killed or crashed (signal {signal}); try it again, and tell the workshop's author if that does not help"
            ),
            TestOutcome::TimedOut { after } => write!(
                f,
                "the test did not end within {} s; see that what it tests is running, then try it again",
                after.as_secs_f64()
            ),
            TestOutcome::Refused { message } => f.write_str(message),
            TestOutcome::Impossible { reason } => {
                write!(
                    f,
                    "the test cannot be run: {reason}; tell the workshop's author"
                )
            }
            TestOutcome::NotFound => write!(
                f,
                "the workshop has no such test; its author must put a program of that name into workshop/examiner/tests"
            ),
            TestOutcome::NotStartable { reason } => write!(
                f,
                "the test could not be started: {reason}; tell the workshop's author"
            ),
            TestOutcome::Cancelled => write!(f, "the test was called off; try it again"),
        }
    }
}
