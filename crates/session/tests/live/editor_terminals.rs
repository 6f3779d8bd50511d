//! The editor's own terminals: apart from the dashboard's, and gone with everything when they are closed.

use std::sync::{Arc, Mutex};

use atelier_session::command_end::{CommandEnd, interrupt, type_text};
use atelier_session::launch::Launcher;
use atelier_session::terminal::shell::ShellSetup;
use atelier_session::terminal::{Activity, EditorTerminals, Ground, Terminal, TerminalError};

use crate::lab::{Lab, PATIENCE, PLAIN, ended, environment, eventually, run, until, until_prompt};

/// Terminals, and the list of their names as it was told last.
struct Editor {
    terminals: EditorTerminals,
    told: Arc<Mutex<Vec<String>>>,
}

impl Editor {
    /// Of the same session as the lab's own terminals.
    fn of(lab: &Lab) -> Self {
        let home = lab.home();
        let setup = ShellSetup {
            folder: lab.folder.path().join("shell"),
            cwd: home.clone(),
            env: environment(&home),
            home,
            profiles: Vec::new(),
            workshops: vec![lab.folder.path().join("workshop")],
            ground: Ground::default(),
        };
        let told = Arc::new(Mutex::new(Vec::new()));
        let list = Arc::clone(&told);
        let launcher: Arc<Launcher> = Arc::clone(&lab.launcher);
        let terminals = EditorTerminals::new(launcher, setup, (80, 24), move |now| {
            *list.lock().expect("no panic") = now.into_iter().map(|(name, _)| name).collect();
        });
        Self { terminals, told }
    }

    fn told(&self) -> Vec<String> {
        self.told.lock().expect("no panic").clone()
    }

    fn open(&self, name: &str) -> Arc<Terminal> {
        self.terminals.open(name).expect("a terminal")
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn they_share_nothing_with_terminals_of_the_same_name() {
    let lab = Lab::with(|folder| {
        let script = folder.join("workshop/terminal.sh");
        std::fs::write(script, "#!/bin/sh\necho not for the editor; cat").expect("a script");
    });
    let editor = Editor::of(&lab);
    let (one, other) = (editor.open("1"), lab.terminal("1"));
    assert_eq!(run(&one, "NAME=editor").await, ended(0));
    until(&other, "the start script", |text| {
        text.contains("not for the editor")
    })
    .await;
    assert_eq!(run(&one, "[ \"$NAME\" = editor ]").await, ended(0));
    assert_eq!(run(&one, "[ -z \"$TERMINAL_SESSION_ID\" ]").await, ended(0));
    assert!(!one.text().contains("not for the editor"), "{}", one.text());
    assert_ne!(one.pid(), other.pid());
    assert_eq!(
        lab.terminals.names(),
        ["1"],
        "they are in nobody else's list"
    );
    assert_eq!(editor.open("1").pid(), one.pid(), "it is there already");
}

#[tokio::test(flavor = "multi_thread")]
async fn any_text_may_be_a_name_and_the_learner_gets_free_ones() {
    let lab = Lab::new();
    let editor = Editor::of(&lab);
    editor.open("Büro: bauen & prüfen");
    editor.open("bash");
    let own = [(); 2].map(|()| editor.terminals.open_another().expect("a terminal"));
    assert_eq!(own, ["bash 2", "bash 3"]);
    let names = ["Büro: bauen & prüfen", "bash", "bash 2", "bash 3"];
    assert_eq!(editor.terminals.names(), names);
    assert_eq!(editor.told(), names);
}

#[tokio::test(flavor = "multi_thread")]
async fn there_are_only_so_many() {
    let lab = Lab::new();
    let editor = Editor::of(&lab);
    for number in 0..32 {
        editor.open(&number.to_string());
    }
    let error = editor.terminals.open("one more").err();
    assert!(
        matches!(error, Some(TerminalError::TooMany(32))),
        "{error:?}"
    );
    editor.open("31");
}

#[tokio::test(flavor = "multi_thread")]
async fn text_without_enter_waits_at_the_prompt() {
    let lab = Lab::new();
    let terminal = Editor::of(&lab).open("a");
    let typed = type_text(&terminal, "echo one\nech", PATIENCE).await;
    assert_eq!(typed, CommandEnd::Typed);
    until(&terminal, "the first line's output", |text| {
        text.contains("\none\n") && text.ends_with("ech")
    })
    .await;
    assert_eq!(run(&terminal, "o two").await, ended(0));
    assert!(terminal.text().contains("\ntwo\n"), "{}", terminal.text());
    run(&terminal, "read answer").await;
    let typed = type_text(&terminal, "yes", PATIENCE).await;
    assert_eq!(typed, CommandEnd::TypedIntoProgram);
    interrupt(&terminal, PLAIN.limit).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_whose_shell_ends_is_there_no_more() {
    let lab = Lab::new();
    let editor = Editor::of(&lab);
    let terminal = editor.open("a");
    editor.open("b");
    assert_eq!(
        run(&terminal, "exit 3").await,
        CommandEnd::Exited { status: 3 }
    );
    eventually("the news", || editor.told() == ["b"]).await;
    assert!(editor.terminals.find("a").is_none());
    assert!(!editor.terminals.close("a").await);
    let again = editor.open("a");
    assert_ne!(again.pid(), terminal.pid());
    assert_eq!(editor.told(), ["b", "a"]);
}

/// Starts programs that do not want to end with their terminal, each in its own way.
const STUBBORN: &str = "trap '' HUP; (trap '' HUP TERM; sleep 600) & disown; nohup sleep 601 >/dev/null 2>&1 &
setsid -f sleep 602; setsid -f sh -c 'trap \"\" HUP TERM; exec sleep 603' >/dev/null 2>&1 </dev/null";

#[tokio::test(flavor = "multi_thread")]
async fn closing_ends_everything_that_was_started_in_it() {
    let lab = Lab::new();
    let editor = Editor::of(&lab);
    let (kept, closed) = (editor.open("kept"), editor.open("closed"));
    run(&kept, "setsid -f sleep 604").await;
    let before = lab.launcher.processes().len();
    run(&closed, STUBBORN).await;
    eventually("the programs", || {
        lab.launcher.processes().len() >= before + 4
    })
    .await;
    let mine = lab.launcher.processes();
    // Somebody waits for its end, as the window does for a command.
    let waiting = {
        let closed = Arc::clone(&closed);
        tokio::spawn(async move { run(&closed, "sleep 605").await })
    };
    assert!(editor.terminals.close("closed").await);
    assert_eq!(editor.told(), ["kept"]);
    assert!(
        matches!(*closed.activity().borrow(), Activity::Exited { .. }),
        "its end is told although it is still held"
    );
    let told = tokio::time::timeout(PATIENCE, waiting).await;
    // Its shell may come to tell of the command that was ended before it ends itself.
    assert!(
        matches!(
            told,
            Ok(Ok(
                CommandEnd::Exited { .. } | CommandEnd::Ended { exit_code: 143, .. }
            ))
        ),
        "{told:?}"
    );
    let left = lab.launcher.processes();
    assert!(left.len() <= before, "{left:?} of {mine:?}");
    assert!(left.contains(&kept.pid()), "the other one lives");
    until_prompt(&kept).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn closing_twice_and_opening_anew_is_fine() {
    let lab = Lab::new();
    let editor = Editor::of(&lab);
    let first = editor.open("a");
    let (one, other) = tokio::join!(editor.terminals.close("a"), editor.terminals.close("a"));
    assert_eq!([one, other].iter().filter(|closed| **closed).count(), 1);
    let second = editor.open("a");
    assert_ne!(first.pid(), second.pid());
    assert_eq!(run(&second, "true").await, ended(0));
}
