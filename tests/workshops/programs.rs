//! Programs that run in the background of a session.

use std::process::Command;

use atelier_session::protocol::{Event, ProgramState};
use atelier_session::window::Library;
use atelier_session::{SessionError, Store};
use atelier_tests::{WindowSession, WorkshopTest, dedent, wait_for};

const NOTHING: &str = "```workshop:copy\ntext: hi\n```";

/// A workshop whose only program is described like this.
fn with_program(page: &str, entries: &str) -> WorkshopTest {
    let entries = dedent(entries);
    WorkshopTest::page(page).file(
        "workshop/supervisor/app.conf",
        &format!("[program:app]\n{entries}"),
    )
}

#[test]
fn a_workshop_has_one_that_runs_and_one_that_the_learner_starts() {
    let run = WorkshopTest::from_fixture("programs").test().passes();
    let programs = run.report().programs.iter();
    let found: Vec<_> = programs
        .map(|row| (&*row.name, &*row.status, &*row.state))
        .collect();
    // The page has stopped both.
    assert_eq!(
        found,
        [
            ("web", "passed", "stopped"),
            ("metrics", "passed", "stopped")
        ]
    );
}

#[test]
fn one_that_nobody_starts_is_skipped() {
    let run = with_program(NOTHING, "command=true\nautostart=false")
        .test()
        .passes();
    let row = &run.report().programs[0];
    let found = (&*row.status, &*row.state, row.message.as_deref());
    assert_eq!(found, ("skipped", "stopped", Some("never started")));
}

#[test]
fn one_that_ends_again_and_again_is_given_up_and_fails_the_run() {
    let test = with_program(
        NOTHING,
        "
        command=bash -c 'echo x >> tries; echo no such table >&2; exit 3'
        startretries=1
        ",
    )
    .arg("--home")
    .arg("home");
    let run = test.test().fails().rows_are(&["- skipped: not reached"]);
    let row = &run.report().programs[0];
    assert_eq!(
        (&*row.status, &*row.state, row.exit_code),
        ("failed", "fatal", Some(3))
    );
    let message = "It ended with exit status 3 within a second of its start. Its last line: “no such table”. It was tried 2 times and is not tried again.";
    assert_eq!(row.message.as_deref(), Some(message));
    assert_eq!(row.log, "no such table\nno such table\n");
    let tries = std::fs::read_to_string(test.beside("home/tries"));
    assert_eq!(tries.expect("it was tried"), "x\nx\n");
    test.arg("--keep-going")
        .test()
        .fails()
        .rows_are(&["click passed"]);
}

#[test]
fn a_command_that_is_not_there_is_not_tried_again() {
    let page = "```terminal:execute\ncommand: supervisorctl status; supervisorctl start app\n```";
    let run = with_program(page, "command=no-such-command --now")
        .arg("--keep-going")
        .test()
        .fails();
    let row = &run.report().programs[0];
    assert_eq!(&*row.state, "fatal");
    assert!(
        row.message
            .as_ref()
            .is_some_and(|message| message.contains("no-such-command is not on this computer")),
        "{row:?}"
    );
    let action = run.row(0);
    assert_eq!(action.exit_code, Some(1), "{action:?}");
    let output = action.output.as_deref().unwrap_or_default();
    assert!(
        output.contains("FATAL     can't find command 'no-such-command'"),
        "{output}"
    );
    assert!(output.contains("app: ERROR (no such file)"), "{output}");
}

#[test]
fn one_without_a_command_is_an_error_and_does_not_run() {
    let test = with_program(NOTHING, "autostart=true");
    let run = test.test().fails();
    let row = &run.report().programs[0];
    assert_eq!(row.message.as_deref(), Some("It has no command."));
    let found = test.check().brief();
    assert_eq!(
        found,
        ["error invalid-program workshop/supervisor/app.conf:1:1"]
    );
}

#[test]
fn a_port_that_is_taken_is_told_in_the_programs_own_words() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("its address").port();
    let run = with_program(
        NOTHING,
        &format!(
            "command=python3 -m http.server -b 127.0.0.1 {port}\nstartretries=0\nstartsecs=10"
        ),
    )
    .test()
    .fails();
    let row = &run.report().programs[0];
    let message = row.message.as_deref().unwrap_or_default();
    assert!(message.contains("Address already in use"), "{row:?}");
}

#[test]
fn one_that_ends_badly_without_being_started_again_fails_the_run() {
    let page = "```terminal:execute\ncommand: supervisorctl start app; touch ~/go; while supervisorctl status app; [ $? = 0 ]; do sleep 0.1; done\n```";
    let run = with_program(
        page,
        "
        command=bash -c 'until [ -e go ]; do sleep 0.1; done; exit 4'
        autostart=false
        autorestart=false
        startsecs=0
        ",
    )
    .test()
    .fails();
    let row = &run.report().programs[0];
    let found = (&*row.status, &*row.state, row.exit_code);
    assert_eq!(found, ("failed", "exited", Some(4)));
}

#[test]
fn one_that_comes_to_its_end_as_expected_has_passed() {
    let page = "```terminal:execute\ncommand: until supervisorctl status app | grep EXITED; do sleep 0.1; done\n```";
    let run = with_program(page, "command=bash -c 'exit 2'\nexitcodes=0,2\nstartsecs=0")
        .test()
        .passes();
    assert_eq!(&*run.report().programs[0].state, "exited");
}

#[test]
fn one_that_dies_is_started_again() {
    with_program(
        "
        ```terminal:execute
        command: until [ -e ~/first ]; do sleep 0.1; done; kill -9 $(cat ~/first)
        ```
        ```terminal:execute
        command: until [ -e ~/second ]; do sleep 0.1; done; supervisorctl status app
        test: {output: RUNNING}
        ```
        ",
        "
        command=bash -c 'if [ -e first ]; then echo $$ > second; else echo $$ > first; fi; exec sleep 600'
        startsecs=0
        ",
    )
    .test()
    .passes();
}

#[test]
fn one_that_ends_at_once_is_started_again_after_a_pause() {
    let test = with_program(
        "
        ```terminal:execute
        command: until [ \"$(sed -n 3p ~/starts 2>/dev/null)\" ]; do sleep 0.1; done; supervisorctl stop app
        ```
        ",
        "
        command=bash -c 'date +%%s >> starts'
        autorestart=true
        startsecs=0
        ",
    )
    .arg("--home")
    .arg("home");
    test.test().passes();
    let starts = std::fs::read_to_string(test.beside("home/starts")).expect("it was started");
    let seconds: Vec<u64> = starts
        .lines()
        .map(|line| line.parse().expect("a number of seconds"))
        .collect();
    assert!(seconds.len() >= 3, "{seconds:?}");
    // A second or more lies between an end and the next start, or between two starts: no three fall into the same second.
    let apart = seconds.windows(3).all(|starts| starts[0] < starts[2]);
    assert!(apart, "{seconds:?}");
}

#[test]
fn what_has_left_its_group_ends_with_the_session() {
    let run = with_program(
        "```terminal:execute\ncommand: until [ -e ~/far ]; do sleep 0.1; done; kill -0 $(cat ~/far)\n```",
        "command=bash -c 'setsid -f bash -c \"echo \\$\\$ > far; exec sleep 601\"; exec sleep 600'",
    )
    // That nothing is left running is what every run is held to.
    .test();
    run.passes();
}

#[test]
fn stopping_one_ends_its_group_and_kills_what_does_not_listen() {
    with_program(
        "
        ```terminal:execute
        command: until [ -e ~/child ]; do sleep 0.1; done; supervisorctl stop app
        test: {output: '^app: stopped$'}
        ```
        ```terminal:execute
        command: '! grep State:.[RSD] /proc/$(cat ~/child)/status'
        ```
        ",
        "
        command=bash -c 'trap \"\" TERM; sleep 600 & echo $! > child; while true; do sleep 600; done'
        stopwaitsecs=1
        startsecs=0
        ",
    )
    .test()
    .passes();
}

#[test]
fn a_description_that_was_changed_is_followed_when_told_so() {
    WorkshopTest::page(
        "
        ```terminal:execute
        command: mkdir -p ~/workshop/supervisor && printf '[program:new]\\ncommand=sleep 600\\nstartsecs=0\\n' > ~/workshop/supervisor/new.conf
        ```
        ```terminal:execute
        command: supervisorctl reread
        test: {output: '^new: available$'}
        ```
        ```terminal:execute
        command: supervisorctl update && supervisorctl status
        test: {output: '^new +RUNNING'}
        ```
        ```terminal:execute
        command: rm ~/workshop/supervisor/new.conf; supervisorctl update
        test: {output: '^new: removed process group$'}
        ```
        ",
    )
    .test()
    .passes();
}

#[test]
fn set_up_scripts_can_start_programs_and_followers_end_with_the_session() {
    let test = with_program(
        "```terminal:execute\ncommand: supervisorctl tail -f app\ntest: {background: true}\n```",
        "command=bash -c 'echo hello; exec sleep 600'\nautostart=false\nstartsecs=0",
    )
    .file("workshop/setup.d/01.sh", "supervisorctl start app");
    let run = test.test().passes();
    assert!(
        run.setup().log.contains("app: started"),
        "{:?}",
        run.setup()
    );
    assert_eq!(&*run.report().programs[0].state, "running");
}

#[test]
fn without_its_session_supervisorctl_says_so() {
    let test = WorkshopTest::page(NOTHING).arg("--keep");
    let run = test.test().passes();
    let kept = run
        .stderr
        .trim()
        .rsplit(' ')
        .next()
        .unwrap_or_default()
        .to_owned();
    let output = Command::new(format!("{kept}/bin/supervisorctl"))
        .arg("status")
        .output();
    let output = output.expect("it starts");
    assert_eq!(output.status.code(), Some(4), "{output:?}");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.contains("supervisor.sock"), "{said}");
}

#[test]
fn a_run_that_is_called_off_waits_for_no_program() {
    let test = with_program(
        NOTHING,
        "command=bash -c 'touch $HOME/up; sleep 600'\nstartsecs=3600",
    )
    .arg("--home")
    .arg("home");
    let run = test.start();
    let up = test.beside("home/up");
    wait_for("the program", || up.exists());
    run.signal(rustix::process::Signal::TERM);
    assert_eq!(run.end().exit, Some(2));
    test.leaves_nothing("after the end");
}

fn follow(window: &WindowSession, name: Option<&str>) -> Result<String, SessionError> {
    window.wait(async { window.session.follow_program(name) })
}

#[test]
fn a_window_is_told_of_each_state_and_follows_a_log() {
    let test = WorkshopTest::from_fixture("programs");
    let window = WindowSession::open(&test);
    let state_of = |name: &str| {
        let programs = window.session.programs();
        let found = programs.into_iter().find(|program| program.name == name);
        found.expect("a program").state
    };
    assert_eq!(state_of("metrics"), ProgramState::Stopped);
    window.event("a program that runs", |event| match event {
        Event::ProgramsChanged { programs } => programs
            .iter()
            .any(|program| program.state == ProgramState::Running && program.pid.is_some())
            .then_some(()),
        _ => None,
    });
    let before = follow(&window, Some("metrics"));
    assert_eq!(before.expect("a log"), "");
    window
        .wait(window.session.start_program("metrics"))
        .expect("it is there");
    assert_eq!(state_of("metrics"), ProgramState::Running);
    let printed = window.event("what it prints", |event| match event {
        Event::ProgramPrinted { name, text } => Some((name, text)),
        _ => None,
    });
    let said = "collecting in data with --every 1\n".to_owned();
    assert_eq!(printed, ("metrics".to_owned(), said));
    window
        .wait(window.session.stop_program("metrics"))
        .expect("it is there");
    assert_eq!(state_of("metrics"), ProgramState::Stopped);
    assert!(window.wait(window.session.start_program("nobody")).is_err());
    assert!(follow(&window, Some("nobody")).is_err());
    window.close();
    // What starts by itself does so again when the session is taken up, with the environment that set-up left.
    let window = WindowSession::open(&test);
    assert!(window.session.view().resumed);
    window.event("the program runs again", |event| match event {
        Event::ProgramsChanged { programs } => programs
            .iter()
            .any(|program| program.state == ProgramState::Running)
            .then_some(()),
        _ => None,
    });
    let log = follow(&window, Some("web"));
    let said = "web says good day\n";
    assert_eq!(log.expect("a log"), said.repeat(2));
    window.close();
}

#[test]
fn the_trust_sheet_lists_what_will_run_in_the_background() {
    let test = WorkshopTest::from_fixture("programs");
    let library = Library::new(Store::new(test.beside("atelier")), None);
    let sheet = library.inspect(test.root(), None).expect("a sheet");
    let programs = sheet.programs.iter();
    let found: Vec<_> = programs
        .map(|program| (&*program.name, program.autostart))
        .collect();
    // Running set-up or a program is for later; this is in the order of the file.
    assert_eq!(found, [("web", true), ("metrics", false)]);
    assert_eq!(
        sheet.programs[1].command,
        "/opt/workshop/bin/metrics --every 1"
    );
}
