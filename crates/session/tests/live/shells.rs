//! What a terminal's shell starts with, and how text reaches it.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use atelier_session::command_end::CommandEnd;
use atelier_session::terminal::{Activity, TerminalError, TerminalEvent};

use crate::lab::{Lab, PATIENCE, ended, run, until, until_prompt};

#[tokio::test(flavor = "multi_thread")]
async fn the_start_up_sources_the_workshop_then_the_home_and_writes_neither() {
    let lab = Lab::with(|folder| {
        fs::write(
            folder.join("workshop/profile"),
            "ORDER=workshop\nPS1='mine> '",
        )
        .expect("a profile");
        fs::write(
            folder.join("home/.bash_profile"),
            "ORDER=$ORDER,home\n. ~/.bashrc",
        )
        .expect("a profile");
        fs::write(
            folder.join("home/.bashrc"),
            "ORDER=$ORDER,rc\nPROMPT_COMMAND='LAST=$?'",
        )
        .expect("a file");
    });
    let terminal = lab.terminal("3");
    until(&terminal, "the workshop's prompt", |text| {
        text.starts_with("mine>")
    })
    .await;
    let check = format!(
        "echo \"order=$ORDER id=$TERMINAL_SESSION_ID\" && shopt -q login_shell && [ \"$HOME\" = \"{home}\" ] && \
         [ \"$PATH\" = '{path}' ] && [ \"$HISTFILE\" = \"$HOME/.bash_history\" ] && [ \"$PWD\" = \"$HOME\" ] && tty",
        home = lab.home().display(),
        path = std::env::var("PATH").expect("a PATH"),
    );
    assert_eq!(
        run(&terminal, &check).await,
        ended(0),
        "{}",
        terminal.text()
    );
    assert!(
        terminal.text().contains("order=workshop,home,rc id=3"),
        "{}",
        terminal.text()
    );
    assert_eq!(
        run(&terminal, "false").await,
        ended(1),
        "marks survive the home's own files"
    );
    let mut files: Vec<_> = fs::read_dir(lab.home())
        .expect("a home")
        .flatten()
        .map(|file| file.file_name())
        .collect();
    files.sort();
    assert_eq!(files, [".bash_profile", ".bashrc"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn text_typed_before_the_first_prompt_is_run_at_it() {
    let lab = Lab::with(|folder| {
        fs::write(
            folder.join("home/.bashrc"),
            "while [ ! -e go ]; do sleep 0.02; done; echo started",
        )
        .expect("a file");
    });
    let terminal = lab.terminal("1");
    terminal.type_command("echo first");
    terminal.paste("echo second", false);
    assert_eq!(terminal.text(), "");
    fs::write(lab.home().join("go"), "").expect("a file");
    until(&terminal, "both texts", |text| {
        text.ends_with("echo second") && text.contains("\nfirst\n")
    })
    .await;
    assert!(
        terminal.text().starts_with("started\n[~] $ echo first"),
        "{}",
        terminal.text()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn pasted_text_is_inserted_at_a_prompt_and_read_by_a_program() {
    let lab = Lab::new();
    let terminal = lab.terminal("1");
    run(&terminal, "true").await;
    terminal.paste("echo pasted", true);
    until(&terminal, "the pasted text", |text| {
        text.ends_with("echo pasted")
    })
    .await;
    terminal.write(b"\r");
    until(&terminal, "its output", |text| text.contains("\npasted\n")).await;
    run(&terminal, "read answer").await;
    terminal.paste("yes", true);
    until_prompt(&terminal).await;
    assert_eq!(run(&terminal, "[ \"$answer\" = yes ]").await, ended(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn programs_see_the_size_and_get_answers() {
    let lab = Lab::new();
    let terminal = lab.terminal("1");
    terminal.resize(100, 30);
    assert_eq!(
        run(&terminal, "[ \"$(stty size)\" = '30 100' ]").await,
        ended(0)
    );
    let ask = r"printf '\e[6n'; IFS= read -rs -d R answer; [ ${#answer} -gt 3 ]";
    assert_eq!(run(&terminal, ask).await, ended(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn programs_are_told_the_colours_of_the_window() {
    let lab = Lab::new();
    let terminal = lab.terminal("1");
    let ask = |number: u32, rgb: &str| {
        let ask = format!(r"printf '\e]{number};?\a'; IFS= read -rs -d $'\a' answer");
        format!(r#"{ask}; case "$answer" in *{rgb}) ;; *) false ;; esac"#)
    };
    assert_eq!(run(&terminal, &ask(11, "1e1e/1e1e/1e1e")).await, ended(0));
    // The window's theme is another one now, also for a terminal that is there already.
    lab.ground.set("#24221d", "#fcfbf8");
    assert_eq!(run(&terminal, &ask(11, "fcfc/fbfb/f8f8")).await, ended(0));
    assert_eq!(run(&terminal, &ask(10, "2424/2222/1d1d")).await, ended(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_text_for_a_program_that_does_not_read_blocks_nobody() {
    let lab = Lab::new();
    let terminal = lab.terminal("1");
    run(&terminal, "true").await;
    terminal.type_command("stty -echo; exec sleep 0.5");
    terminal.write(&vec![b'x'; 1024 * 1024]);
    let mut activity = terminal.activity();
    let exit = activity.wait_for(|activity| matches!(activity, Activity::Exited { status: 0 }));
    assert!(tokio::time::timeout(PATIENCE, exit).await.is_ok());
}

fn script(folder: &Path, name: &str, text: &str, mode: u32) {
    let path = folder.join("workshop").join(name);
    fs::write(&path, text).expect("a script");
    fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("its mode");
}

#[tokio::test(flavor = "multi_thread")]
async fn start_scripts_replace_the_prompt() {
    let lab = Lab::with(|folder| {
        script(
            folder,
            "terminal/own.sh",
            "#!/bin/sh\necho own; read line; echo \"got $line\"; exit 3",
            0o755,
        );
        script(
            folder,
            "terminal.sh",
            "#!/bin/sh\necho common $TERMINAL_SESSION_ID",
            0o644,
        );
        script(folder, "terminal/data.sh", "not a script", 0o644);
    });
    let own = lab.terminal("own");
    assert_eq!(run(&own, "hello").await, CommandEnd::TypedIntoProgram);
    until(&own, "its answer", |text| text.ends_with("got hello")).await;
    let mut activity = own.activity();
    activity
        .wait_for(|activity| *activity == Activity::Exited { status: 3 })
        .await
        .expect("it ends");
    for name in ["other", "data"] {
        let terminal = lab.terminal(name);
        until(&terminal, "the common script", |text| {
            text == format!("common {name}")
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn events_tell_what_happens() {
    let lab = Lab::new();
    let terminal = lab.terminal("1");
    until_prompt(&terminal).await;
    let mut events = terminal.events();
    terminal.type_command("(exit 3)");
    terminal.type_command("exit 4");
    let mut seen = Vec::new();
    while seen.last() != Some(&"exited 4".to_owned()) {
        seen.push(match events.recv().await.expect("the terminal lives") {
            TerminalEvent::CommandStarted { .. } => "started".to_owned(),
            TerminalEvent::CommandFinished { status } => format!("finished {status}"),
            TerminalEvent::PromptShown { ran, status, .. } => format!("prompt {ran} {status}"),
            TerminalEvent::ContinuationShown => "continuation".to_owned(),
            TerminalEvent::Exited { status } => format!("exited {status}"),
        });
    }
    assert_eq!(
        seen,
        [
            "started",
            "finished 3",
            "prompt true 3",
            "started",
            "exited 4"
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn output_since_a_moment() {
    let lab = Lab::new();
    let terminal = lab.terminal("1");
    run(&terminal, "echo one").await;
    let before = *terminal.output().borrow();
    run(&terminal, "echo two").await;
    assert_eq!(terminal.output_since(before), "echo two\ntwo\n[~] $");
}

#[tokio::test(flavor = "multi_thread")]
async fn terminals_go_by_their_names() {
    let lab = Lab::new();
    for name in ["2", "1", "extra"] {
        lab.terminals.declare(name).expect("a good name");
    }
    assert_eq!(lab.terminals.all(), ["1", "2"]);
    assert!(
        lab.terminals.started("1").is_none(),
        "nothing starts before its first use"
    );
    let first = lab.terminal("1");
    assert_eq!(lab.terminal("1").pid(), first.pid());
    run(&first, "exit").await;
    let second = lab.terminals.restart("1").expect("a new shell");
    assert_ne!(second.pid(), first.pid());
    assert_eq!(
        lab.terminals.restart("1").expect("the same").pid(),
        second.pid()
    );
    assert!(matches!(
        lab.terminals.get("3"),
        Err(TerminalError::Unknown { .. })
    ));
    assert!(matches!(
        lab.terminals.declare("../x"),
        Err(TerminalError::BadName(_))
    ));
}
