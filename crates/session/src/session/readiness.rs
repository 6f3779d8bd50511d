//! From the copied files to the session in which things run: the set-up, and what it decides.
//!
//! [`Session::prepare`] makes a session whose pages can be read. Nothing else of its workshop runs before it is ready: no
//! shell starts, and who performs an action waits in [`Session::until_ready`]. It becomes ready in one place,
//! [`Session::become_ready`], when its set-up has ended, when the learner goes on without it, or at once where there is
//! nothing to run.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use atelier_content::action::Action;
use atelier_content::{RenderedPage, Variables, Workshop, render, variables};
use tokio_util::sync::CancellationToken;

use crate::compose::{self, Compose};
use crate::dashboards::Dashboards;
use crate::environment::Environment;
use crate::error::SessionError;
use crate::examiner::Examiner;
use crate::folders::Folders;
use crate::journal::Entry;
use crate::protocol::{Event, SetupPhase, SetupStatus, SetupStepView, SetupView};
use crate::setup::Setup;
use crate::state_files;
use crate::terminal::Ground;
use crate::terminal::shell::ShellSetup;

use super::setup_run::{Run, Slot};
use super::{Session, check_name, lock};

/// What the parts of a session stand on; set-up decides over it.
pub(super) struct Basis {
    /// What pages may ask for by name.
    pub(super) variables: Variables,
    /// What programs are started with.
    pub(super) environment: Environment,
    pub(super) examiner: Arc<Examiner>,
    /// The tests of the workshop, each once however often it is asked.
    pub(super) checks: BTreeSet<String>,
}

impl Basis {
    /// `own` is what only the session knows. With the same variables the tests are those of `before`; otherwise all pages are
    /// rendered, and handed back.
    pub(super) fn new(
        workshop: &Workshop,
        folders: &Folders,
        own: &Variables,
        environment: Environment,
        before: Option<&Self>,
    ) -> (Self, Vec<RenderedPage>) {
        let variables = variables::resolve(workshop, own.clone(), &|name| {
            environment.get(name).map(str::to_owned)
        });
        let mut pages = Vec::new();
        let checks = match before {
            Some(before) if before.variables == variables => before.checks.clone(),
            _ => {
                let all = workshop.pages.iter();
                pages.extend(all.map(|page| render(workshop, page, &variables)));
                checks(pages.iter())
            }
        };
        let examiner = Examiner {
            folders: [&folders.home.join("workshop"), &folders.workshop]
                .map(|folder| folder.join("examiner/tests").into_std_path_buf())
                .into(),
            home: folders.home.clone().into_std_path_buf(),
            env: environment.to_map(),
        };
        let basis = Self {
            variables,
            environment,
            examiner: Arc::new(examiner),
            checks,
        };
        (basis, pages)
    }
}

impl Session {
    /// How far the set-up is.
    pub fn setup(&self) -> SetupView {
        self.setup.borrow().clone()
    }

    /// Whether set-up has ended, so that actions and terminals run.
    pub fn is_ready(&self) -> bool {
        self.setup.borrow().phase == SetupPhase::Ended
    }

    /// Waits until the session is ready.
    ///
    /// # Errors
    /// [`SessionError::Cancelled`] when it is closed before.
    pub async fn until_ready(&self) -> Result<(), SessionError> {
        self.readiness().await
    }

    /// As [`Self::until_ready`], without holding on to the session.
    pub(crate) fn readiness(&self) -> impl Future<Output = Result<(), SessionError>> + use<> {
        let (mut setup, closing) = (self.setup.subscribe(), self.closing.clone());
        async move {
            tokio::select! {
                biased;
                () = closing.cancelled() => Err(SessionError::Cancelled),
                ready = setup.wait_for(|setup| setup.phase == SetupPhase::Ended) => {
                    ready.map(drop).map_err(|_| SessionError::Cancelled)
                }
            }
        }
    }

    /// Runs the set-up, for the first time or again. The session becomes ready when every step has passed; otherwise it
    /// waits for another run or for [`Self::pass_over_setup`]. That it was called off is no error.
    ///
    /// # Errors
    /// When it is running already, or a file of the session cannot be written.
    pub async fn run_setup(&self) -> Result<(), SessionError> {
        let run = match Run::begin(self) {
            Err(error) if !matches!(error, SessionError::SettingUp) => {
                self.setup_broke(&error);
                return Err(error);
            }
            begun => begun?,
        };
        self.files_at_rest().await;
        let setup = Setup {
            folders: &self.folders,
            launcher: &self.launcher,
            on_step: self.step_teller(),
            cancel: &run.cancel,
        };
        let (mut environment, mut ended);
        if run.runs_scripts {
            environment = self.before_setup.clone();
            ended = setup.run(&mut environment).await;
        } else {
            environment = lock(&self.left).clone();
            ended = Ok(());
        }
        if ended.is_ok() {
            ended = self.start_services(&environment, &run.cancel).await;
        }
        if run.cancel.is_cancelled() {
            setup.end_left_running().await;
        }
        if self.closing.is_cancelled() {
            // Whether the last step came to its end or was ended is not known: it runs again when the session comes back.
            return Ok(());
        }
        // Also what an incomplete set-up has exported counts, should the learner go on with it.
        lock(&self.left).clone_from(&environment);
        let ended = match ended {
            Ok(()) => self.setup_went_through(environment, run.runs_scripts).await,
            // The phase becomes that of a run without an end.
            Err(SessionError::Cancelled) => return Ok(()),
            Err(error) => Err(error),
        };
        if let Err(error) = &ended {
            self.setup_broke(error);
        }
        ended
    }

    /// A restore, or a save, that was begun before has come to its end; none begins while the phase is what it is now.
    async fn files_at_rest(&self) {
        let writing = self.writing();
        // A panic of who held it is none of the set-up's business.
        let _ = tokio::task::spawn_blocking(move || drop(lock(&writing))).await;
    }

    /// Calls the set-up off that is running: its programs end.
    pub fn cancel_setup(&self) {
        if let Some(run) = &*lock(&self.setup_run) {
            run.cancel();
        }
    }

    /// The learner goes on although set-up has failed or was called off. Nothing happens in any other case.
    ///
    /// # Errors
    /// When a file of the session cannot be written.
    pub async fn pass_over_setup(&self) -> Result<(), SessionError> {
        let waits = [SetupPhase::Failed, SetupPhase::Stopped].contains(&self.setup().phase);
        if !waits {
            return Ok(());
        }
        // No other run begins meanwhile.
        let _slot = Slot::take(self)?;
        let environment = lock(&self.left).clone();
        self.keep_environment(&environment)?;
        self.record(Entry::SetupPassedOver)?;
        self.become_ready(environment).await
    }

    /// **The session is ready**: set-up has ended, and `environment` is what it has left. Everything that waits for set-up
    /// begins here and nowhere else. After a set-up that was run again it comes here again.
    ///
    /// # Errors
    /// When the workshop's tabs name a terminal that cannot be one.
    pub(super) async fn become_ready(
        &self,
        mut environment: Environment,
    ) -> Result<(), SessionError> {
        self.folders.start_in(environment.get("EXERCISES_DIR"));
        let exercises = self.folders.exercises();
        for name in ["TERMINAL_HOME", "EDITOR_HOME"] {
            // A script may have made the exercises; what an author has set stays.
            if environment.get(name) == self.before_setup.get(name) {
                environment.set(name, exercises.as_str());
            }
        }
        let shells = shell_setup(&self.folders, &environment, &self.ground);
        let (before, workshop) = (self.basis(), self.workshop());
        let (basis, _) = Basis::new(
            &workshop,
            &self.folders,
            &self.own,
            environment,
            Some(&before),
        );
        state_files::write(
            &self.folders,
            &workshop,
            &basis.environment,
            &basis.variables,
        );
        self.surroundings
            .look_again(&workshop, &self.folders, &basis.environment);
        self.programs.begin(&basis.environment).await;
        self.terminals.set_up(shells.clone());
        self.editor_terminals.set_up(shells);
        let basis = Arc::new(basis);
        *lock(&self.basis) = Arc::clone(&basis);
        if basis.variables != before.variables {
            let known = variables::of_definition(&workshop, &basis.variables);
            let lookup = |name: &str| known.get(name).map(str::to_owned);
            let expand = |text: &str| crate::expand::expand(text, lookup);
            let mut dashboards = Dashboards::new(&workshop, &self.addresses, expand);
            dashboards.restore(&self.journal.progress().dashboards, &self.addresses);
            *lock(&self.dashboards) = dashboards;
            lock(&self.rendered).clear();
        }
        self.declare_terminals()?;
        self.set_phase(SetupPhase::Ended);
        Ok(())
    }

    pub(super) fn declare_terminals(&self) -> Result<(), SessionError> {
        let layout = self.workshop().applications.terminals;
        for terminal in layout.map_or(&[][..], |layout| layout.names()) {
            self.terminals.declare(terminal)?;
        }
        self.with_dashboards(|dashboards| {
            let declared = dashboards.terminals();
            declared
                .into_iter()
                .try_for_each(|name| self.terminals.declare(name).map_err(SessionError::from))
        })
    }

    pub(super) fn basis(&self) -> Arc<Basis> {
        Arc::clone(&lock(&self.basis))
    }

    /// Starts the containers that the definition puts beside the session, where the learner allows it (`session.md`
    /// section 14).
    async fn start_services(
        &self,
        environment: &Environment,
        cancel: &CancellationToken,
    ) -> Result<(), SessionError> {
        let workshop = self.workshop();
        let Some(services) = self.services(&workshop) else {
            return Ok(());
        };
        let basis = self.basis();
        let known = variables::of_definition(&workshop, &basis.variables);
        let lookup = |name: &str| known.get(name).map(str::to_owned);
        let compose = Compose::new(
            services,
            &self.folders,
            &self.name,
            environment.to_map(),
            |text| crate::expand::expand(text, lookup),
        )?;
        let mut kept = self.compose.lock().await;
        let compose = kept.insert(compose);
        let step = compose.up(&self.launcher, cancel).await?;
        (self.step_teller())(&step);
        Ok(())
    }

    async fn setup_went_through(
        &self,
        environment: Environment,
        ran_scripts: bool,
    ) -> Result<(), SessionError> {
        self.keep_environment(&environment)?;
        let failed = self.setup().steps.into_iter();
        let failed: Vec<_> = failed
            .filter(|step| step.status == SetupStatus::Failed)
            .map(|step| step.name)
            .collect();
        let passed = failed.is_empty();
        let is_script = |step: &String| step != compose::STEP;
        let scripts_failed: Vec<_> = failed.into_iter().filter(is_script).collect();
        // Containers that do not start are no reason to run the scripts over the learner's work.
        let scripts_due = passed || !scripts_failed.is_empty();
        self.scripts_due.store(scripts_due, Ordering::Relaxed);
        if ran_scripts {
            self.record(Entry::Setup {
                failed: scripts_failed,
            })?;
        }
        if passed {
            self.become_ready(environment).await
        } else {
            self.set_phase(SetupPhase::Failed);
            Ok(())
        }
    }

    /// Set-up itself could not go on: that is told where its steps are.
    fn setup_broke(&self, error: &SessionError) {
        let broken = SetupStepView {
            name: "set-up".to_owned(),
            status: SetupStatus::Failed,
            exit_code: None,
            millis: 0,
            log: error.to_string(),
        };
        (self.step_teller())(&broken);
        self.set_phase(SetupPhase::Failed);
    }

    fn step_teller(&self) -> Arc<dyn Fn(&SetupStepView) + Send + Sync> {
        let (setup, events) = (self.setup.clone(), Arc::clone(&self.events));
        Arc::new(move |step| {
            setup.send_modify(|setup| {
                match setup.steps.iter_mut().find(|known| known.name == step.name) {
                    Some(known) => known.clone_from(step),
                    None => setup.steps.push(step.clone()),
                }
            });
            events(Event::SetupStep { step: step.clone() });
        })
    }

    pub(super) fn set_phase(&self, phase: SetupPhase) {
        self.setup.send_modify(|setup| setup.phase = phase);
        self.tell(Event::SetupChanged {
            setup: self.setup(),
        });
    }
}

fn shell_setup(folders: &Folders, environment: &Environment, ground: &Ground) -> ShellSetup {
    // One that somebody keeps beside the exercises.
    let learners = folders.home.join("workshop");
    ShellSetup {
        folder: folders.shell.clone().into_std_path_buf(),
        home: folders.home.clone().into_std_path_buf(),
        cwd: folders.exercises().into_std_path_buf(),
        env: environment.to_map(),
        profiles: [&folders.workshop, &learners]
            .map(|folder| folder.join("profile").into_std_path_buf())
            .into(),
        workshops: [&learners, &folders.workshop]
            .map(|folder| folder.clone().into_std_path_buf())
            .into(),
        ground: ground.clone(),
    }
}

/// The tests that pages ask for.
pub(super) fn checks<'p>(pages: impl Iterator<Item = &'p RenderedPage>) -> BTreeSet<String> {
    let actions = pages.flat_map(|page| &page.actions);
    let tests = actions.filter_map(|action| match &action.action {
        Ok(Action::Examiner(test)) => Some(check_name(test)),
        _ => None,
    });
    tests.collect()
}
