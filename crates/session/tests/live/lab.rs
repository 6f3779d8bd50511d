//! A session in a temporary folder, and named waits.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use atelier_session::command_end::{CommandEnd, CommandWait, LaterUse, StillRunning, run_command};
use atelier_session::launch::{KeeperCommand, LaunchError, Launcher, serve_keeper};
use atelier_session::terminal::shell::ShellSetup;
use atelier_session::terminal::{Activity, Ground, Terminal, Terminals};

pub(crate) struct Lab {
    pub(crate) launcher: Arc<Launcher>,
    pub(crate) terminals: Terminals,
    pub(crate) folder: tempfile::TempDir,
    pub(crate) ground: Ground,
}

/// No test waits longer for anything that is meant to come.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

impl Lab {
    pub(crate) fn new() -> Lab {
        Lab::with(|_| {})
    }

    /// `prepare` gets the session's folder with `home` and `workshop` in it, before any shell starts.
    pub(crate) fn with(prepare: impl FnOnce(&Path)) -> Lab {
        Lab::of(prepare, |id| Launcher::with_keeper(id, keeper(id)))
    }

    /// A lab whose programs are this process's own, as where there is no keeper.
    pub(crate) fn without_keeper(prepare: impl FnOnce(&Path)) -> Lab {
        Lab::of(prepare, |id| Launcher::new(id))
    }

    /// A lab with what `launcher` makes of its id.
    pub(crate) fn of(
        prepare: impl FnOnce(&Path),
        launcher: impl FnOnce(&str) -> Result<Launcher, LaunchError>,
    ) -> Lab {
        let folder = tempfile::Builder::new()
            .prefix("it's a lab ")
            .tempdir()
            .expect("a folder");
        for name in ["home", "workshop/terminal", "workshop/examiner/tests"] {
            fs::create_dir_all(folder.path().join(name)).expect("a folder in it");
        }
        prepare(folder.path());
        let id = format!("lab-{}-{}", std::process::id(), folder.path().display());
        let launcher = Arc::new(launcher(&id).expect("a launcher"));
        let home = folder.path().join("home");
        let setup = ShellSetup {
            folder: folder.path().join("shell"),
            cwd: home.clone(),
            env: environment(&home),
            home,
            profiles: vec![folder.path().join("workshop/profile")],
            workshops: vec![folder.path().join("workshop")],
            ground: Ground::default(),
        };
        let ground = setup.ground.clone();
        let terminals = Terminals::new(Arc::clone(&launcher), setup, 80, 24);
        Lab {
            launcher,
            terminals,
            folder,
            ground,
        }
    }

    pub(crate) fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    pub(crate) fn terminal(&self, name: &str) -> Arc<Terminal> {
        self.terminals.declare(name).expect("a good name");
        self.terminals.get(name).expect("a terminal")
    }
}

/// Whose keeper this program is to become.
const KEPT: &str = "LAB_KEPT_SESSION";

/// The keeper of a lab is this program again, with one test chosen.
pub(crate) fn keeper(id: &str) -> KeeperCommand {
    let program = std::env::current_exe().expect("a test knows where it is");
    let mut command = KeeperCommand::new(program, id);
    let test = ["--exact", "lab::becomes_a_keeper", "--ignored"];
    command.args = test.map(Into::into).into();
    command.env.push((KEPT.into(), id.into()));
    command
}

#[test]
#[ignore = "it is how the labs start their keepers"]
#[allow(clippy::exit, reason = "a keeper is no test that ends")]
fn becomes_a_keeper() {
    if let Some(id) = std::env::var_os(KEPT) {
        std::process::exit(serve_keeper([id].into_iter()).into());
    }
}

pub(crate) fn environment(home: &Path) -> BTreeMap<String, String> {
    let path = std::env::var("PATH").expect("a PATH");
    let home = home.display().to_string();
    [
        ("PATH", path),
        ("HOME", home),
        ("LANG", "C.UTF-8".to_owned()),
    ]
    .map(|(k, v)| (k.to_owned(), v))
    .into()
}

/// The status that the marks of a command give.
pub(crate) fn ended(exit_code: i32) -> CommandEnd {
    CommandEnd::Ended {
        exit_code,
        interrupted: false,
    }
}

pub(crate) const fn still(reason: StillRunning) -> CommandEnd {
    CommandEnd::StillRunning { reason }
}

pub(crate) const PLAIN: CommandWait = CommandWait {
    later: LaterUse {
        interrupted_or_used_later: false,
        completed_later: false,
        last_on_page: false,
    },
    limit: PATIENCE,
    background: false,
};

pub(crate) async fn run(terminal: &Terminal, text: &str) -> CommandEnd {
    run_command(terminal, text, PLAIN).await
}

/// Waits until the terminal's text fulfils the condition.
pub(crate) async fn until(terminal: &Terminal, what: &str, condition: impl Fn(&str) -> bool) {
    let mut output = terminal.output();
    let wait = async {
        while !condition(&terminal.text()) {
            output.changed().await.expect("the terminal lives");
        }
    };
    if tokio::time::timeout(PATIENCE, wait).await.is_err() {
        panic!(
            "{what} did not come; the screen shows:\n{}",
            terminal.text()
        );
    }
}

pub(crate) async fn until_prompt(terminal: &Terminal) {
    let mut activity = terminal.activity();
    let prompt = activity.wait_for(|activity| matches!(activity, Activity::AtPrompt { .. }));
    let waited = tokio::time::timeout(PATIENCE, prompt).await;
    assert!(
        waited.is_ok(),
        "no prompt came; the screen shows:\n{}",
        terminal.text()
    );
}

/// Waits for something that the system reports to nobody.
pub(crate) async fn eventually(what: &str, condition: impl Fn() -> bool) {
    let wait = async {
        while !condition() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    assert!(
        tokio::time::timeout(PATIENCE, wait).await.is_ok(),
        "{what} did not happen"
    );
}
