//! `terminal:*` (`actions.md` 3.1 and section 4).

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use atelier_content::action::{Target, TerminalAction};

use super::outcome::{Effect, Outcome};
use crate::command_end::{self, CommandEnd, CommandWait, Meanwhile};
use crate::folders::Folders;
use crate::terminal::{Terminal, TerminalError, Terminals};

/// What there is to tell of typed text before its end.
pub(crate) enum News {
    /// Commands go on, and are no reason to wait any longer.
    GoesOn,
    /// The program that runs in this terminal does not read it: `terminal 1`.
    NotRead(String),
}

/// Told what there is to tell before the end.
pub(crate) type Tell = dyn Fn(News) + Send + Sync;

/// Text under way in terminals.
pub struct Typing {
    terminals: Vec<Arc<Terminal>>,
    what: What,
    /// Whether they are the editor's.
    in_editor: bool,
}

pub(super) enum What {
    Command(String),
    /// Typed as it is; no Enter follows.
    Text(String),
    Input(String, bool),
    Interrupt,
}

/// What came of typing in one terminal.
#[derive(Debug, Clone)]
pub struct Typed {
    /// Which, in words: `terminal 1`.
    pub terminal: String,
    /// How it ended.
    pub end: CommandEnd,
    /// What it added to the terminal, as plain text.
    pub output: String,
}

/// Performs a terminal action: what is done at once, and what is under way afterwards.
pub(super) fn perform(
    action: &TerminalAction,
    terminals: &Terminals,
    folders: &Folders,
) -> (Outcome, Option<Typing>) {
    match act(action, terminals, folders) {
        Ok(done) => done,
        Err(error) => (Outcome::failed(error.to_string()), None),
    }
}

fn act(
    action: &TerminalAction,
    terminals: &Terminals,
    folders: &Folders,
) -> Result<(Outcome, Option<Typing>), TerminalError> {
    let (session, what, clear) = match action {
        TerminalAction::Execute {
            command,
            session,
            clear,
        } => (
            session,
            Some(What::Command(folders.localise_command(command))),
            *clear,
        ),
        TerminalAction::Input {
            text,
            session,
            newline,
        } => (
            session,
            Some(What::Input(folders.localise_command(text), *newline)),
            false,
        ),
        TerminalAction::Interrupt { session } => (session, Some(What::Interrupt), false),
        TerminalAction::Clear { session } => (session, None, true),
        TerminalAction::Select { session } => (&Target::One(session.clone()), None, false),
    };
    let names = match session {
        Target::One(name) => vec![name.clone()],
        Target::All => terminals.all(),
    };
    if names.is_empty() {
        return Ok((Outcome::failed("the workshop has no terminals"), None));
    }
    let open = |name: &String| match &what {
        Some(_) => terminals.get_to_type(name),
        None => terminals.get(name),
    };
    let opened = names.iter().map(open).collect::<Result<Vec<_>, _>>()?;
    if clear {
        opened.iter().for_each(|terminal| terminal.clear());
    }
    let outcome = Outcome::done(vec![Effect::FocusTerminal {
        name: names[0].clone(),
    }]);
    Ok((
        outcome,
        what.map(|what| Typing {
            terminals: opened,
            what,
            in_editor: false,
        }),
    ))
}

impl Typing {
    pub(super) fn in_editor(terminal: Arc<Terminal>, what: What) -> Self {
        Self {
            terminals: vec![terminal],
            what,
            in_editor: true,
        }
    }

    /// Types, and waits for what comes of it in every terminal.
    pub async fn run(self, wait: CommandWait) -> Vec<Typed> {
        self.run_watched(wait, None).await
    }

    /// As [`Self::run`]. With `tell`, commands that may be left running are watched to their real end; it is told once
    /// when the last of them may be left. So is text that is not read; it is told for each terminal.
    pub(crate) async fn run_watched(
        self,
        wait: CommandWait,
        tell: Option<Arc<Tell>>,
    ) -> Vec<Typed> {
        let waited_for = Arc::new(AtomicUsize::new(self.terminals.len()));
        let any_left = Arc::new(AtomicBool::new(false));
        let mut tasks = tokio::task::JoinSet::new();
        let what = Arc::new(self.what);
        let count = self.terminals.len();
        for (at, terminal) in self.terminals.into_iter().enumerate() {
            let name = terminal.name();
            let words = if self.in_editor {
                format!("the editor's terminal \"{name}\"")
            } else {
                format!("terminal {name}")
            };
            let (what, tell) = (Arc::clone(&what), tell.clone());
            let (waited_for, any_left) = (Arc::clone(&waited_for), Arc::clone(&any_left));
            tasks.spawn(async move {
                let told = AtomicBool::new(false);
                // Told, or ended: this terminal holds nobody up any more.
                let one_less = || {
                    let last = !told.swap(true, Ordering::Relaxed)
                        && waited_for.fetch_sub(1, Ordering::AcqRel) == 1;
                    if let (true, Some(tell)) = (last && any_left.load(Ordering::Acquire), &tell) {
                        tell(News::GoesOn);
                    }
                };
                let unread = words.clone();
                let meanwhile = |news| {
                    match (news, &tell) {
                        (Meanwhile::GoesOn, _) => any_left.store(true, Ordering::Release),
                        (Meanwhile::NotRead, Some(tell)) => tell(News::NotRead(unread.clone())),
                        (Meanwhile::NotRead, None) => {}
                    }
                    one_less();
                };
                let go_on: Option<command_end::GoOn<'_>> = tell.is_some().then_some(&meanwhile);
                let typed = type_into(&terminal, words, &what, wait, go_on).await;
                one_less();
                (at, typed)
            });
        }
        let mut typed: Vec<_> = Vec::with_capacity(count);
        while let Some(done) = tasks.join_next().await {
            typed.extend(done.ok());
        }
        typed.sort_by_key(|(at, _)| *at);
        typed.into_iter().map(|(_, typed)| typed).collect()
    }
}

async fn type_into(
    terminal: &Terminal,
    words: String,
    what: &What,
    wait: CommandWait,
    go_on: Option<command_end::GoOn<'_>>,
) -> Typed {
    let before = *terminal.output().borrow();
    let end = match what {
        What::Command(command) => command_end::run_watched(terminal, command, wait, go_on).await,
        What::Text(text) => command_end::type_text(terminal, text, wait.limit).await,
        What::Input(text, enter) => {
            command_end::give_input(terminal, text, *enter, wait.limit).await
        }
        What::Interrupt => command_end::interrupt(terminal, wait.limit).await,
    };
    Typed {
        terminal: words,
        end,
        output: terminal.output_since(before),
    }
}
