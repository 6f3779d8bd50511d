//! The engine of a window, without the window: what a window asks of it, asked by a test.

use std::cell::RefCell;
use std::collections::{HashMap, VecDeque};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};

use atelier_session::protocol::{
    ActionInput, ActionResult, ActionStatus, ActionUpdate, Event, NextStep, Outcome, PageState,
    SetupPhase, SetupView, StepRequest,
};
use atelier_session::window::{Dialogs, Library, OpenSession};
use atelier_session::{SessionError, Store};
use camino::{Utf8Path, Utf8PathBuf};
use tokio::runtime::Runtime;
use tokio_util::sync::CancellationToken;

use crate::{PATIENCE, WorkshopTest};

/// An open session with a page in front of it.
pub struct WindowSession {
    /// What the window talks to.
    pub session: Arc<OpenSession>,
    runtime: Runtime,
    events: Receiver<Event>,
    /// News of actions that nobody has asked for yet.
    others: RefCell<VecDeque<(String, ActionUpdate)>>,
    /// Checks without end that are being tried.
    pending: HashMap<String, tokio::task::JoinHandle<ActionResult>>,
}

impl WindowSession {
    /// Opens the workshop, trusted, in the store that lies beside it; a session that is there is taken up.
    ///
    /// # Panics
    /// When it cannot be opened.
    pub fn open(test: &WorkshopTest) -> Self {
        Self::open_in(test.root(), test.beside("atelier"))
    }

    /// As [`Self::open`], by the workshop's author, who works on it.
    ///
    /// # Panics
    /// When it cannot be opened.
    pub fn open_as_author(test: &WorkshopTest) -> Self {
        Self::open_as_author_in(test.root(), test.beside("atelier"))
    }

    /// The same for a workshop and a store that lie anywhere.
    ///
    /// # Panics
    /// When it cannot be opened.
    pub fn open_as_author_in(workshop: &Utf8Path, store: Utf8PathBuf) -> Self {
        let root = workshop.canonicalize_utf8().expect("a folder");
        Self::open_as(&root, &store, true).expect("a session")
    }

    /// The same for a workshop and a store that lie anywhere.
    ///
    /// # Panics
    /// When it cannot be opened.
    pub fn open_in(workshop: &Utf8Path, store: Utf8PathBuf) -> Self {
        let root = workshop.canonicalize_utf8().expect("a folder");
        Self::try_open(&root, &store).expect("a session")
    }

    /// As [`Self::open_in`], with the answer of an engine that cannot open it.
    ///
    /// # Errors
    /// As those of the engine.
    ///
    /// # Panics
    /// When there is no runtime for it.
    pub fn try_open(root: &Utf8Path, store: &Utf8Path) -> Result<Self, SessionError> {
        Self::open_as(root, store, false)
    }

    fn open_as(root: &Utf8Path, store: &Utf8Path, author: bool) -> Result<Self, SessionError> {
        let runtime = Runtime::new().expect("a runtime");
        let library = Library::new(Store::new(store.to_owned()), None);
        library.trust(root, author)?;
        let (tell, events) = channel();
        let session = runtime.block_on(OpenSession::start(
            &library,
            root,
            None,
            false,
            crate::atelier().into(),
            Arc::new(move |event| {
                // A test that is over listens no more.
                let _ = tell.send(event);
            }),
            CancellationToken::new(),
        ));
        Ok(Self {
            session: session?,
            runtime,
            events,
            others: RefCell::default(),
            pending: HashMap::new(),
        })
    }

    /// Shows a page, and runs what starts by itself.
    ///
    /// # Panics
    /// When there is no such page.
    pub fn enter(&mut self, page: &str) -> PageState {
        let state = self.session.enter(page).expect("a page");
        for action in &state.autostart {
            self.click(action);
        }
        state
    }

    /// Clicks a card and waits until the action has ended or may be left running; what follows from it is not run.
    ///
    /// # Panics
    /// When it does not end.
    pub fn click(&self, action: &str) -> (ActionStatus, ActionResult) {
        let result = self.start(action);
        let status = match &result.outcome {
            Outcome::Succeeded { running: true, .. } => self.end_of(action).status,
            Outcome::Succeeded {
                warning: Some(_), ..
            } => ActionStatus::Warned,
            Outcome::Succeeded { .. } => ActionStatus::Done,
            Outcome::Failed { .. }
            | Outcome::Dismissed { .. }
            | Outcome::NeedsConfirmation { .. } => ActionStatus::Failed,
        };
        (status, result)
    }

    /// Clicks a card, and does not wait for the end of a command.
    ///
    /// # Panics
    /// When there is no such action.
    pub fn start(&self, action: &str) -> ActionResult {
        self.start_with(action, ActionInput::default())
    }

    /// The same with what the window sends along.
    ///
    /// # Panics
    /// When there is no such action.
    pub fn start_with(&self, action: &str, input: ActionInput) -> ActionResult {
        let performed = self.session.perform(action, input, &NoDialogs);
        self.runtime.block_on(performed).expect("an answer")
    }

    /// Clicks a card whose answer may take its time, before the session is ready for one. It comes to [`Self::answer`].
    pub fn click_early(&self, action: &str) -> tokio::task::JoinHandle<ActionResult> {
        let (session, action) = (Arc::clone(&self.session), action.to_owned());
        self.runtime.spawn(async move {
            let performed = session.perform(&action, ActionInput::default(), &NoDialogs);
            performed.await.expect("an answer")
        })
    }

    /// The answer to an early click.
    ///
    /// # Panics
    /// When it does not come.
    pub fn answer(&self, click: tokio::task::JoinHandle<ActionResult>) -> ActionResult {
        let patient = async { tokio::time::timeout(PATIENCE, click).await };
        let answer = self.runtime.block_on(patient);
        answer.expect("an answer in time").expect("an answer")
    }

    /// Has a page loaded anew.
    ///
    /// # Panics
    /// When there is no such page.
    pub fn load_anew(&self, page: &str) {
        let _in_runtime = self.runtime.enter();
        self.session.reload(page).expect("a page");
    }

    /// Runs the set-up again.
    pub fn run_setup(&self) {
        let _in_runtime = self.runtime.enter();
        self.session.run_setup();
    }

    /// Waits until the set-up is as far as this, and returns it.
    ///
    /// # Panics
    /// When it does not get there.
    pub fn wait_for_setup(&self, phase: SetupPhase) -> SetupView {
        crate::wait_for(&format!("{phase:?}"), || {
            self.session.view().setup.phase == phase
        });
        self.session.view().setup
    }

    /// Does the rest of the page. Returns what was run, in order, and what came last.
    ///
    /// # Panics
    /// When it does not come to an end.
    pub fn catch_up(&mut self, page: &str) -> (Vec<String>, NextStep) {
        let mut request = StepRequest::default();
        for _ in 0..200 {
            request.pending = self.pending.keys().cloned().collect();
            let step = self
                .session
                .next_step(page, &request)
                .expect("a page to go on with");
            match step {
                NextStep::Run { action, following } => {
                    request.following = following;
                    request.tried.push(action.clone());
                    self.step(page, &action, &mut request);
                }
                NextStep::Wait { action } => {
                    let waiting = self.pending.remove(&action);
                    let waiting = waiting.expect("it is being tried");
                    let patient = async { tokio::time::timeout(PATIENCE, waiting).await };
                    let result = self.runtime.block_on(patient).expect("it to pass");
                    let next = result.expect("an answer").next;
                    request.following = next.into_iter().map(|next| next.action).collect();
                }
                end => return (request.tried, end),
            }
        }
        panic!("it goes round and round: {:?}", request.tried);
    }

    fn step(&mut self, page: &str, action: &str, request: &mut StepRequest) {
        let views = self.session.page(page).expect("a page").actions;
        let endless = views.iter().any(|view| view.id == action && view.endless);
        if endless {
            let (session, action) = (Arc::clone(&self.session), action.to_owned());
            let id = action.clone();
            let trying = self.runtime.spawn(async move {
                let performed = session.perform(&action, ActionInput::default(), &NoDialogs);
                performed.await.expect("an answer")
            });
            self.pending.insert(id, trying);
            return;
        }
        let (_, result) = self.click(action);
        let next = result.next.into_iter().map(|next| next.action);
        request.following = next.chain(request.following.drain(..)).collect();
        let passed: Vec<_> = self
            .pending
            .extract_if(|_, trying| trying.is_finished())
            .collect();
        for (_, trying) in passed {
            let result = self.runtime.block_on(trying).expect("an answer");
            let next = result.next.into_iter().map(|next| next.action);
            request.following.extend(next);
        }
    }

    /// The next news of an action.
    ///
    /// # Panics
    /// When there are none.
    pub fn end_of(&self, action: &str) -> ActionUpdate {
        self.news_of(action)
            .unwrap_or_else(|| panic!("{action} did not end"))
    }

    fn news_of(&self, action: &str) -> Option<ActionUpdate> {
        let mut others = self.others.borrow_mut();
        if let Some(at) = others.iter().position(|(about, _)| about == action) {
            return others.remove(at).map(|(_, update)| update);
        }
        loop {
            if let Event::ActionUpdated {
                action: about,
                update,
            } = self.events.recv_timeout(PATIENCE).ok()?
            {
                if about == action {
                    return Some(update);
                }
                others.push_back((about, update));
            }
        }
    }

    /// Waits for what the window asks and the engine answers later.
    pub fn wait<T>(&self, asked: impl Future<Output = T>) -> T {
        self.runtime.block_on(asked)
    }

    /// The next of the events that are meant; those before it are gone.
    ///
    /// # Panics
    /// When none comes.
    pub fn event<T>(&self, what: &str, meant: impl Fn(Event) -> Option<T>) -> T {
        loop {
            let event = self.events.recv_timeout(PATIENCE);
            let event = event.unwrap_or_else(|_| panic!("{what} did not come"));
            if let Some(found) = meant(event) {
                return found;
            }
        }
    }

    /// Closes it.
    pub fn close(self) {
        self.runtime.block_on(self.session.close());
    }
}

/// Nobody sits before a session without a window: every dialog is closed at once.
pub struct NoDialogs;

impl Dialogs for NoDialogs {
    async fn save_as(&self, _: &str) -> Option<PathBuf> {
        None
    }

    async fn choose(&self, _: bool) -> Vec<PathBuf> {
        Vec::new()
    }
}
