//! Runs a workshop's `setup.d` scripts and takes up the environment they leave (`session.md` 5.1).

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::sync::Arc;
use std::time::{Duration, Instant};

use camino::{Utf8Path, Utf8PathBuf};
use tokio_util::sync::CancellationToken;

use crate::environment::Environment;
use crate::error::SessionError;
use crate::events::EventSink;
use crate::folders::Folders;
use crate::launch::{Ending, Launcher, OnOutput, Program, RunOptions};
use crate::printed::{Printed, readable};
use crate::protocol::{Event, SetupStatus, SetupStepView};

/// Where the output of all scripts is kept, below the home.
const LOG: &str = ".local/share/workshop/setup-scripts.log";
/// How much of a script's output reaches the log, in bytes.
const LOGGED: usize = 1024 * 1024;
/// How much of a script's output a step shows, in bytes.
const SHOWN: usize = 16 * 1024;
/// News of a running script are told at most this often.
const NEWS: Duration = Duration::from_millis(100);

/// What running the scripts needs.
pub(crate) struct Setup<'a> {
    pub(crate) folders: &'a Folders,
    pub(crate) launcher: &'a Launcher,
    pub(crate) events: &'a EventSink,
    pub(crate) cancel: &'a CancellationToken,
}

/// The scripts that a session of this workshop runs, in byte order of their names.
pub fn scripts(workshop_dir: &Utf8Path) -> Vec<Utf8PathBuf> {
    let Ok(entries) = workshop_dir.join("setup.d").read_dir_utf8() else {
        return Vec::new();
    };
    let scripts = entries.flatten().map(|entry| entry.into_path());
    let mut scripts: Vec<_> = scripts
        .filter(|path| path.extension() == Some("sh") && path.is_file())
        .collect();
    scripts.sort();
    scripts
}

impl Setup<'_> {
    /// Runs every script, also after one has failed; `environment` takes up what they put into `WORKSHOP_ENV`.
    pub(crate) async fn run(
        &self,
        environment: &mut Environment,
    ) -> Result<Vec<SetupStepView>, SessionError> {
        let scripts = scripts(&self.folders.workshop);
        let mut steps: Vec<_> = scripts.iter().map(|script| waiting(script)).collect();
        for step in &steps {
            self.tell(step);
        }
        for (script, step) in scripts.iter().zip(&mut steps) {
            if self.cancel.is_cancelled() {
                return Err(SessionError::Cancelled);
            }
            step.status = SetupStatus::Running;
            self.tell(step);
            self.run_one(script, step, environment).await?;
            self.tell(step);
        }
        Ok(steps)
    }

    async fn run_one(
        &self,
        script: &Utf8Path,
        step: &mut SetupStepView,
        environment: &mut Environment,
    ) -> Result<(), SessionError> {
        let handed = self
            .folders
            .state
            .join(format!("workshop-env-{}", step.name));
        fs::write(&handed, "").map_err(SessionError::io(&handed))?;
        let mut program = self.bash(environment, &["-x", script.as_str()]);
        program
            .env
            .insert("WORKSHOP_ENV".to_owned(), handed.to_string());
        let started = Instant::now();
        let options = RunOptions {
            cancel: self.cancel.clone(),
            keep: LOGGED,
            on_output: Some(self.news(step)),
            ..RunOptions::default()
        };
        let finished = match self.launcher.run(&program, options).await {
            Ok(finished) => finished,
            Err(error) => {
                step.status = SetupStatus::Failed;
                step.log = error.to_string();
                return Ok(());
            }
        };
        step.millis = started.elapsed().as_millis() as u64;
        step.log = readable(&finished.output, SHOWN);
        step.exit_code = finished.status.and_then(|status| status.code());
        step.status = if step.exit_code == Some(0) {
            SetupStatus::Passed
        } else {
            SetupStatus::Failed
        };
        // A log that cannot be written must not decide over a script.
        let _ = self.log(&step.name, &String::from_utf8_lossy(&finished.output));
        if finished.ending == Ending::Cancelled {
            return Err(SessionError::Cancelled);
        }
        if let Err(problem) = self.take_up(&handed, environment).await {
            step.status = SetupStatus::Failed;
            step.log.push_str(&problem);
        }
        Ok(())
    }

    /// Sources what the script wrote, as a shell would, and keeps what that exports.
    async fn take_up(
        &self,
        handed: &Utf8Path,
        environment: &mut Environment,
    ) -> Result<(), String> {
        if fs::metadata(handed).map_or(true, |file| file.len() == 0) {
            return Ok(());
        }
        let sourced = "set -a; . \"$1\" >/dev/null || exit; exec env -0";
        let program = self.bash(environment, &["-c", sourced, "bash", handed.as_str()]);
        let options = RunOptions {
            cancel: self.cancel.clone(),
            keep: 1024 * 1024,
            ..RunOptions::default()
        };
        let finished = self
            .launcher
            .run(&program, options)
            .await
            .map_err(|error| error.to_string())?;
        let text = String::from_utf8_lossy(&finished.output);
        if !finished.status.is_some_and(|status| status.success()) {
            return Err(format!("\nWORKSHOP_ENV could not be read: {text}"));
        }
        let own = [
            "_",
            "SHLVL",
            "PWD",
            "OLDPWD",
            crate::launch::SESSION_VARIABLE,
        ];
        for (name, value) in text.split('\0').filter_map(|entry| entry.split_once('=')) {
            if !own.contains(&name) && environment.get(name) != Some(value) {
                environment.set(name, value);
            }
        }
        Ok(())
    }

    fn bash(&self, environment: &Environment, args: &[&str]) -> Program {
        let mut program = Program::new("bash", self.folders.home.as_std_path());
        program.args = args.iter().map(Into::into).collect();
        program.env = environment.to_map();
        program
    }

    /// Tells of a running script's output, not more often than people can read.
    fn news(&self, step: &SetupStepView) -> OnOutput {
        let (events, mut step) = (Arc::clone(self.events), step.clone());
        let started = Instant::now();
        let mut told = None::<Instant>;
        let mut printed = Printed::new(SHOWN);
        Box::new(move |bytes| {
            printed.read(bytes);
            if told.is_none_or(|told| told.elapsed() >= NEWS) {
                told = Some(Instant::now());
                step.millis = started.elapsed().as_millis() as u64;
                step.log = printed.text();
                events(Event::SetupStep { step: step.clone() });
            }
        })
    }

    fn log(&self, name: &str, output: &str) -> io::Result<()> {
        let path = self.folders.home.join(LOG);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut file = OpenOptions::new().create(true).append(true).open(path)?;
        writeln!(file, "# {name}\n{output}")
    }

    fn tell(&self, step: &SetupStepView) {
        (self.events)(Event::SetupStep { step: step.clone() });
    }
}

fn waiting(script: &Utf8Path) -> SetupStepView {
    let name = script.file_name().unwrap_or_default().to_owned();
    SetupStepView {
        name,
        status: SetupStatus::Waiting,
        exit_code: None,
        millis: 0,
        log: String::new(),
    }
}
