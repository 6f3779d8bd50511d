//! Programs that a session keeps running in the background (`session.md` 7.3).

use camino::Utf8PathBuf;

pub use crate::educates::supervisor_programs;

/// No program is started more often than this at once.
pub(crate) const MAX_PROCESSES: u32 = 16;

/// A program as its author describes it. Texts still hold their `%(placeholders)s`; see [`Self::plan`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProgramSpec {
    /// Its name, also of the group that its processes form.
    pub name: String,
    /// What each of its processes is called: `%(program_name)s` unless the author says otherwise.
    pub process_name: String,
    /// What runs: words as a shell would split them, without a shell.
    pub command: String,
    /// How many processes of it run, from 1 to [`MAX_PROCESSES`].
    pub processes: u32,
    /// The number of the first.
    pub first_number: u32,
    /// Lower ones start first and stop last.
    pub priority: i32,
    /// It starts with the session.
    pub autostart: bool,
    /// What follows when it ends by itself.
    pub restart: Restart,
    /// Exit statuses that are expected.
    pub exit_codes: Vec<i32>,
    /// How long it must run to count as started, in seconds.
    pub start_seconds: u32,
    /// How often a start that fails is tried again.
    pub start_retries: u32,
    /// The signal that asks it to end, by number.
    pub stop_signal: i32,
    /// How long it may take to end, in seconds, before it is killed.
    pub stop_seconds: u32,
    /// The signal goes to all of its process group.
    pub stop_as_group: bool,
    /// Its working directory; the home when absent.
    pub directory: Option<String>,
    /// Variables of its own, in order.
    pub environment: Vec<(String, String)>,
    /// Which permissions its new files do not get.
    pub umask: Option<u32>,
    /// Where its standard output goes.
    pub output: LogSpec,
    /// Where its standard error goes; `None` where its standard output does.
    pub errors: Option<LogSpec>,
    /// What `%(here)s` stands for: the folder of its file, as the reader was told.
    pub here: String,
    /// Why it cannot run at all.
    pub problem: Option<String>,
}

/// What follows when a program that had started ends by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Restart {
    /// Nothing.
    Never,
    /// It starts again unless its exit status was expected.
    Unexpected,
    /// It starts again.
    Always,
}

/// A log as described.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogSpec {
    /// Where it is kept.
    pub place: LogPlace,
    /// How large it may become before it is set aside, in bytes; 0 for no end.
    pub max_bytes: u64,
    /// How many that were set aside are kept.
    pub backups: u32,
}

/// Where a log is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LogPlace {
    /// Where the session keeps its logs: also what an author sends to the container's own log.
    Own,
    /// Nowhere.
    Nowhere,
    /// In this file.
    File(String),
}

/// One process of a program, ready to be started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProcessPlan {
    /// What runs, and its arguments; never empty.
    pub words: Vec<String>,
    /// Its working directory.
    pub directory: Option<String>,
    /// Variables of its own.
    pub environment: Vec<(String, String)>,
    /// Where its standard output goes.
    pub output: LogPlace,
    /// Where its standard error goes, unless that is the same.
    pub errors: Option<LogPlace>,
}

/// A description that cannot be followed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProgramError {
    /// A placeholder has no value.
    #[error("`%({0})s` has no value")]
    Unknown(String),
    /// A percent sign that begins no placeholder.
    #[error("a `%` that begins no placeholder must be written `%%`")]
    Percent,
    /// A command whose quotes do not match.
    #[error("the quotes of the command do not match")]
    Quotes,
    /// A command without a word.
    #[error("it has no command")]
    Empty,
}

impl ProgramSpec {
    /// The names of its processes: `web`, or `web:web_00` when they have names of their own.
    pub fn names(&self) -> Vec<String> {
        let numbers = self.first_number..self.first_number.saturating_add(self.processes);
        numbers.map(|number| self.name_of(number)).collect()
    }

    fn name_of(&self, number: u32) -> String {
        let own = expand(&self.process_name, |name| self.builtin(name, number));
        match own {
            Ok(own) if own != self.name => format!("{}:{own}", self.name),
            _ => self.name.clone(),
        }
    }

    /// What starting its process of this number means, with `env` looking up the session's environment.
    ///
    /// # Errors
    /// When a placeholder has no value, or nothing is left to run.
    pub fn plan(
        &self,
        number: u32,
        env: impl Fn(&str) -> Option<String>,
    ) -> Result<ProcessPlan, ProgramError> {
        let value = |name: &str| match name.strip_prefix("ENV_") {
            Some(name) => env(name),
            None => self.builtin(name, number),
        };
        let expanded = |text: &String| expand(text, value);
        let place = |log: &LogSpec| {
            Ok(match &log.place {
                LogPlace::File(path) => LogPlace::File(expanded(path)?),
                other => other.clone(),
            })
        };
        let environment = self.environment.iter();
        Ok(ProcessPlan {
            words: words(&expanded(&self.command)?)?,
            directory: self.directory.as_ref().map(expanded).transpose()?,
            environment: environment
                .map(|(name, text)| Ok((name.clone(), expanded(text)?)))
                .collect::<Result<_, _>>()?,
            output: place(&self.output)?,
            errors: self.errors.as_ref().map(place).transpose()?,
        })
    }

    fn builtin(&self, name: &str, number: u32) -> Option<String> {
        match name {
            "program_name" | "group_name" => Some(self.name.clone()),
            "here" => Some(self.here.clone()),
            "process_num" => Some(number.to_string()),
            "numprocs" => Some(self.processes.to_string()),
            _ => None,
        }
    }
}

/// A command's words, as a shell splits them.
///
/// # Errors
/// When quotes do not match, or there is no word.
pub fn words(command: &str) -> Result<Vec<String>, ProgramError> {
    let words = shell_words::split(command).map_err(|_| ProgramError::Quotes)?;
    if words.first().is_none_or(String::is_empty) {
        return Err(ProgramError::Empty);
    }
    Ok(words)
}

/// Fills in `%(name)s`, `%(name)d` and `%(name)02d`; `%%` is a percent sign.
///
/// # Errors
/// When a name has no value, or a percent sign begins nothing.
pub fn expand(text: &str, value: impl Fn(&str) -> Option<String>) -> Result<String, ProgramError> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        out.push_str(before);
        if let Some(after) = after.strip_prefix('%') {
            out.push('%');
            rest = after;
            continue;
        }
        let placeholder = after
            .strip_prefix('(')
            .and_then(|from| from.split_once(')'));
        let (name, after) = placeholder.ok_or(ProgramError::Percent)?;
        let digits = after.len() - after.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (width, after) = after.split_at(digits);
        let after = after
            .strip_prefix(['s', 'd'])
            .ok_or(ProgramError::Percent)?;
        let found = value(name).ok_or_else(|| ProgramError::Unknown(name.to_owned()))?;
        let wanted = width.parse::<usize>().unwrap_or(0).min(32);
        let fill = if width.starts_with('0') { "0" } else { " " };
        out.push_str(&fill.repeat(wanted.saturating_sub(found.chars().count())));
        out.push_str(&found);
        rest = after;
    }
    out.push_str(rest);
    Ok(out)
}

/// Where the configuration of programs lies, relative to the folder of the instructions.
pub fn folder() -> Utf8PathBuf {
    "supervisor".into()
}
