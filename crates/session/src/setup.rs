//! The set-up of a session: runs the scripts of `setup.d`, sources the files of `profile.d`, and takes up the environment
//! they leave (`session.md` sections 1, 5 and 17).
//!
//! When set-up runs, and what waits for it, is the business of `session/readiness.rs`.

mod log;
mod sourced;
mod steps;

use std::ffi::OsString;
use std::fs;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use camino::{Utf8Path, Utf8PathBuf};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use self::log::Log;
use self::sourced::Sourcing;
pub(crate) use self::steps::is_needed;
use self::steps::{Kind, Step, stages, steps};
pub use self::steps::{profiles, scripts};
use crate::anchor::Anchor;
use crate::environment::Environment;
use crate::error::SessionError;
use crate::examiner::tail;
use crate::folders::{Folders, make_private};
use crate::launch::{Ending, Finished, Launcher, OnOutput, Program, RunOptions};
use crate::printed::{Printed, readable};
use crate::protocol::{SetupStatus, SetupStepView};

/// Where logs and marks of the session lie, below the home. Scripts and pages may refer to them.
const STATE: &str = ".local/share/workshop";
/// The output of every step, in [`STATE`].
const LOG: &str = "setup-scripts.log";
/// There while a step of the last run has failed, in [`STATE`].
const FAILED: &str = "setup-scripts.failed";
/// How much of a step's output a step shows, in bytes.
const SHOWN: usize = 16 * 1024;
/// How much of a step's output is kept until it has ended, in bytes: what progress bars draw over is not shown.
const KEPT: usize = 1024 * 1024;
/// News of a running step are told at most this often.
const NEWS: Duration = Duration::from_millis(100);
/// How long what an earlier run has left running has to end by itself.
const GRACE: Duration = Duration::from_secs(2);
/// By this variable the programs that set-up has left running are found again. No other program of the session has it.
const MARK: &str = "ATELIER_SETUP";

/// Hears how a step stands, whenever that changes. Must not block.
pub(crate) type OnStep = Arc<dyn Fn(&SetupStepView) + Send + Sync>;

/// What running the set-up needs.
pub(crate) struct Setup<'a> {
    pub(crate) folders: &'a Folders,
    pub(crate) launcher: &'a Launcher,
    pub(crate) on_step: OnStep,
    pub(crate) cancel: &'a CancellationToken,
}

/// Whether a step of the last run has failed.
pub(crate) fn has_failed(folders: &Folders) -> bool {
    folders.home.join(STATE).join(FAILED).exists()
}

impl Setup<'_> {
    /// Runs every step, also after one has failed; `environment` takes up what they export.
    ///
    /// # Errors
    /// [`SessionError::Cancelled`] when it was called off, and an error when the session's own files cannot be written.
    /// `environment` then has what the steps before have exported.
    pub(crate) async fn run(&self, environment: &mut Environment) -> Result<(), SessionError> {
        let state = self.folders.home.join(STATE);
        let failed = state.join(FAILED);
        // One that a script has put out of reach stays; this run goes on without it.
        let _ = self
            .folders
            .anchor(&failed)
            .and_then(|mark| fs::remove_file(mark.path()));
        // A server that an earlier run has left would keep its port from the one that this run starts.
        self.end_left_running().await;
        let stages = stages(self.folders);
        // What there is now is told at once; a script may still add to what comes after it.
        for stage in &stages {
            for kind in [Kind::Script, Kind::Profile] {
                for step in steps(stage, kind) {
                    (self.on_step)(&waiting(&step));
                }
            }
        }
        for stage in &stages {
            for kind in [Kind::Script, Kind::Profile] {
                for step in steps(stage, kind) {
                    if self.cancel.is_cancelled() {
                        return Err(SessionError::Cancelled);
                    }
                    self.run_one(&step, environment, &failed).await?;
                }
            }
        }
        Ok(())
    }

    /// Ends what the steps of earlier runs have left running.
    pub(crate) async fn end_left_running(&self) {
        let mark = format!("{MARK}=1");
        self.launcher.end_carrying(&mark, GRACE).await;
    }

    async fn run_one(
        &self,
        step: &Step,
        environment: &mut Environment,
        failed: &Utf8Path,
    ) -> Result<(), SessionError> {
        let mut view = waiting(step);
        view.status = SetupStatus::Running;
        (self.on_step)(&view);
        // An earlier step may have removed it. Where it cannot be made, what needs it says so.
        let _ = make_private(&self.folders.tmp);
        let started = Instant::now();
        let log = Log::open(
            &self.folders.home,
            &self.folders.home.join(STATE).join(LOG),
            &step.path,
        );
        let ran = match step.kind {
            Kind::Script => self.script(step, &view, environment, &log).await?,
            Kind::Profile => {
                self.source(&step.path, step, environment, Some(&view), &log)
                    .await?
            }
        };
        view.millis = started.elapsed().as_millis() as u64;
        view.exit_code = ran.exit_code;
        view.log = ran.shown;
        view.status = SetupStatus::Passed;
        if ran.failed {
            view.status = SetupStatus::Failed;
            if let Some(code) = ran.exit_code.filter(|code| *code != 0) {
                log.line(&format!("{} ended with status {code}", step.path));
            }
            if let Some(problem) = ran.problem {
                log.line(&problem);
                let end = view.log.trim_end().len();
                view.log.truncate(end);
                if end > 0 {
                    view.log.push('\n');
                }
                view.log.push_str(&problem);
                view.log.push('\n');
                view.log = tail(view.log.as_bytes(), SHOWN);
            }
            // A script may have put a link in the way. That the step failed is known all the same.
            let _ = Anchor::within(&self.folders.home, failed)
                .and_then(|place| place.replace_private(&self.folders.state, b""));
        }
        (self.on_step)(&view);
        Ok(())
    }

    /// Runs a script of `setup.d`, then sources what it wrote into `WORKSHOP_ENV`, also when it failed.
    async fn script(
        &self,
        step: &Step,
        view: &SetupStepView,
        environment: &mut Environment,
        log: &Log,
    ) -> Result<Ran, SessionError> {
        let handed = self.file_for("workshop-env", step);
        Anchor::within(&self.folders.tmp, &handed)
            .and_then(|place| place.replace_private(&self.folders.state, b""))
            .map_err(SessionError::io(&handed))?;
        let mut program = self.bash(environment, ["-x", step.path.as_str()]);
        program
            .env
            .insert("WORKSHOP_ENV".to_owned(), handed.to_string());
        let mut ran = match self.launch(&program, Some(view), log).await? {
            Ok(finished) => Ran::of(&finished),
            Err(problem) => Ran::not_started(problem),
        };
        let written = Anchor::within(&self.folders.tmp, &handed)
            .and_then(|place| place.read_all())
            .unwrap_or_default();
        if written.is_empty() {
            return Ok(ran);
        }
        let text = String::from_utf8_lossy(&written);
        log.line(&format!(
            "WORKSHOP_ENV of {}:\n{}",
            step.path,
            text.trim_end()
        ));
        let sourced = self.source(&handed, step, environment, None, log).await?;
        if sourced.failed {
            let why = sourced.problem.unwrap_or(sourced.shown);
            let why = why.replace(&format!("{handed}: "), "");
            let why = format!("WORKSHOP_ENV could not be read: {}", why.trim());
            ran.failed = true;
            ran.problem = Some(match ran.problem {
                Some(problem) => format!("{problem}\n{why}"),
                None => why,
            });
        }
        Ok(ran)
    }

    /// Sources a file in a shell of its own and takes up the environment that it leaves, also when it failed. `view` is the
    /// step whose output this is; without one the file is what a script wrote, and every assignment in it counts.
    async fn source(
        &self,
        file: &Utf8Path,
        step: &Step,
        environment: &mut Environment,
        view: Option<&SetupStepView>,
        log: &Log,
    ) -> Result<Ran, SessionError> {
        let left = self.file_for("environment-after", step);
        let sourcing = Sourcing {
            file,
            left: &left,
            folder: &self.folders.tmp,
            exports_all: view.is_none(),
        };
        // One of an earlier run says nothing of this one.
        let _ = fs::remove_file(&left);
        let program = self.bash(environment, sourcing.arguments());
        let mut ran = match self.launch(&program, view, log).await? {
            Ok(finished) => Ran::of(&finished),
            Err(problem) => return Ok(Ran::not_started(problem)),
        };
        if let Err(problem) = sourcing.take_up(environment) {
            ran.failed = true;
            ran.problem.get_or_insert(problem);
        }
        // It may hold secrets, and nobody reads it again.
        let _ = fs::remove_file(&left);
        Ok(ran)
    }

    /// Runs a program whose output is the step's. The inner error says why it did not start.
    async fn launch(
        &self,
        program: &Program,
        view: Option<&SetupStepView>,
        log: &Log,
    ) -> Result<Result<Finished, String>, SessionError> {
        let (mut news, telling) = match view.map(|view| self.news(view)) {
            Some((news, telling)) => (Some(news), Some(telling)),
            None => (None, None),
        };
        let log = log.clone();
        let on_output: OnOutput = Box::new(move |bytes| {
            log.write(bytes);
            if let Some(news) = &mut news {
                news(bytes);
            }
        });
        let options = RunOptions {
            cancel: self.cancel.clone(),
            keep: KEPT,
            on_output: Some(on_output),
            ..RunOptions::default()
        };
        let ended = self.launcher.run(program, options).await;
        if let Some(telling) = telling {
            // The last word on the step is the caller's.
            telling.abort();
            let _ = telling.await;
        }
        match ended {
            Ok(finished) if finished.ending == Ending::Cancelled => Err(SessionError::Cancelled),
            Ok(finished) => Ok(Ok(finished)),
            Err(_) if self.cancel.is_cancelled() => Err(SessionError::Cancelled),
            Err(error) => Ok(Err(error.to_string())),
        }
    }

    /// Tells of a running step's output as it comes, but not more often than people can read.
    fn news(&self, step: &SetupStepView) -> (OnOutput, JoinHandle<()>) {
        let (on_step, mut step) = (Arc::clone(&self.on_step), step.clone());
        let printed = Arc::new(Mutex::new(Printed::new(SHOWN)));
        let read = Arc::clone(&printed);
        let (more, mut told) = watch::channel(());
        let started = Instant::now();
        let telling = tokio::spawn(async move {
            while told.changed().await.is_ok() {
                step.log = lock(&read).text();
                step.millis = started.elapsed().as_millis() as u64;
                on_step(&step);
                tokio::time::sleep(NEWS).await;
            }
        });
        let on_output: OnOutput = Box::new(move |bytes| {
            lock(&printed).read(bytes);
            more.send_replace(());
        });
        (on_output, telling)
    }

    fn bash<A: Into<OsString>>(
        &self,
        environment: &Environment,
        args: impl IntoIterator<Item = A>,
    ) -> Program {
        let mut program = Program::new("bash", self.folders.home.as_std_path());
        program.args = args.into_iter().map(Into::into).collect();
        program.env = environment.to_map();
        program.env.insert(MARK.to_owned(), "1".to_owned());
        program
    }

    /// A file by which a step and the player tell each other something. A step can write it, isolated or not.
    fn file_for(&self, what: &str, step: &Step) -> Utf8PathBuf {
        let name = step.name.replace(['/', '~'], "_");
        self.folders.tmp.join(format!("{what}-{name}"))
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// How a step has ended.
struct Ran {
    exit_code: Option<i32>,
    /// The end of its output.
    shown: String,
    failed: bool,
    /// Why, where its status does not say.
    problem: Option<String>,
}

impl Ran {
    fn of(finished: &Finished) -> Self {
        let exit_code = finished.status.and_then(|status| status.code());
        let problem = match (finished.status, exit_code) {
            (_, Some(_)) => None,
            (Some(status), None) => Some(format!("It was ended: {status}.")),
            (None, None) => Some("It has ended, but the system does not say how.".to_owned()),
        };
        Self {
            exit_code,
            shown: readable(&finished.output, SHOWN),
            failed: exit_code != Some(0),
            problem,
        }
    }

    fn not_started(problem: String) -> Self {
        Self {
            exit_code: None,
            shown: String::new(),
            failed: true,
            problem: Some(problem),
        }
    }
}

fn waiting(step: &Step) -> SetupStepView {
    SetupStepView {
        name: step.name.clone(),
        status: SetupStatus::Waiting,
        exit_code: None,
        millis: 0,
        log: String::new(),
    }
}
