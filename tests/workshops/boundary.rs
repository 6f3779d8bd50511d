//! What a workshop that means harm tries through the player, which may do more than its programs may.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::{MetadataExt, symlink};
use std::os::unix::net::UnixStream;

use atelier_session::protocol::{ActionStatus, SetupPhase, SetupStatus};
use atelier_tests::{WindowSession, WorkshopTest, wait_for};
use camino::{Utf8Path, Utf8PathBuf};

const SECRET: &str = "the owner's secret\n";

/// A file of the learner's beside the workshop, and a folder with another.
fn owned(test: &WorkshopTest) -> Utf8PathBuf {
    let folder = test.beside("owner");
    fs::create_dir_all(&folder).expect("a folder");
    fs::write(folder.join("secret"), SECRET).expect("a file");
    folder
}

fn assert_untouched(folder: &Utf8Path) {
    let secret = fs::read_to_string(folder.join("secret")).expect("a file");
    assert_eq!(secret, SECRET);
    let names: Vec<_> = folder
        .read_dir_utf8()
        .expect("a folder")
        .flatten()
        .collect();
    assert_eq!(names.len(), 1, "{names:?}");
}

/// Everything that the session's own files say.
fn all_text(folder: &Utf8Path) -> String {
    let mut text = String::new();
    for entry in folder.read_dir_utf8().into_iter().flatten().flatten() {
        let about = entry.path().symlink_metadata().expect("it is there");
        if about.is_dir() {
            text += &all_text(entry.path());
        } else if about.is_file() {
            text += &String::from_utf8_lossy(&fs::read(entry.path()).unwrap_or_default());
        }
    }
    text
}

#[test]
fn what_scripts_link_to_is_neither_written_nor_emptied() {
    let test = WorkshopTest::page("```examiner:execute-test\nname: t\n```\n");
    let owner = owned(&test);
    let script = format!(
        "#!/bin/bash
        cd ~/.local/share/workshop
        for name in setup-scripts.log setup-scripts.failed examiner-scripts.log workshop-environment.json; do
            ln -sf {owner}/secret $name
        done
        echo something to be logged
        exit 1
        "
    );
    let test = test
        .program("workshop/setup.d/01-links.sh", &script)
        .program("workshop/setup.d/02-more.sh", "#!/bin/bash\necho more\n")
        .examiner("t", "echo printed; true");
    let mut window = WindowSession::open(&test);
    window.wait_for_setup(SetupPhase::Failed);
    window
        .wait(window.session.pass_over_setup())
        .expect("it goes on");
    window.enter("01-page");
    window.click("01-page/0");
    assert_untouched(&owner);
    window.close();
}

#[test]
fn a_folder_that_became_a_link_takes_nothing_of_the_players() {
    let page = "
        ```editor:append-lines-to-file
        file: ~/exercises/a.txt
        text: more
        ```
        ```examiner:execute-test
        name: t
        ```
        ";
    let test = WorkshopTest::page(page);
    let owner = owned(&test);
    let script = format!(
        "#!/bin/bash
        rm -rf ~/.local/share/workshop ~/exercises
        ln -s {owner} ~/.local/share/workshop
        ln -s {owner} ~/exercises
        exit 1
        "
    );
    let test = test
        .file("exercises/a.txt", "mine\n")
        .program("workshop/setup.d/01-links.sh", &script)
        .program("workshop/setup.d/02-more.sh", "#!/bin/bash\necho more\n")
        .examiner("t", "echo printed; true");
    let mut window = WindowSession::open(&test);
    let setup = window.wait_for_setup(SetupPhase::Failed);
    let statuses: Vec<_> = setup
        .steps
        .iter()
        .map(|step| (&*step.name, step.status))
        .collect();
    assert_eq!(
        statuses,
        [
            ("01-links.sh", SetupStatus::Failed),
            ("02-more.sh", SetupStatus::Passed),
        ],
        "{setup:?}"
    );
    window
        .wait(window.session.pass_over_setup())
        .expect("it goes on");
    window.enter("01-page");
    let (status, result) = window.click("01-page/0");
    let setup = window.session.view().setup;
    assert_eq!(status, ActionStatus::Failed, "{result:?} {setup:?}");
    window.click("01-page/1");
    assert!(window.session.read_document("~/exercises/secret").is_err());
    assert_untouched(&owner);
    window.close();
    assert_untouched(&owner);
}

#[test]
fn what_scripts_hand_over_as_a_link_is_not_read() {
    let test = WorkshopTest::page("Text.");
    let owner = owned(&test);
    let script = format!("#!/bin/bash\nln -sf {owner}/secret \"$WORKSHOP_ENV\"\n");
    let test = test.program("workshop/setup.d/01-links.sh", &script);
    let window = WindowSession::open(&test);
    wait_for("the set-up", || {
        window.session.view().setup.phase != SetupPhase::Running
    });
    let setup = format!("{:?}", window.session.view().setup);
    assert!(!setup.contains("owner's secret"), "{setup}");
    let home = window.session.home().to_owned();
    assert!(!all_text(&home).contains("owner's secret"));
    assert_untouched(&owner);
    window.close();
}

#[test]
fn actions_neither_read_nor_write_through_links_that_lead_out() {
    let page = "
        ```editor:open-file
        file: ~/link
        ```
        ```editor:copy-file
        src: ~/link
        dest: ~/copy
        ```
        ```editor:copy-file
        src: ~/folder
        dest: ~/copy
        ```
        ```editor:append-lines-to-file
        file: ~/folder/secret
        text: planted
        ```
        ```editor:create-file
        file: ~/folder/new
        text: planted
        ```
        ```editor:rename-file
        src: ~/folder/secret
        dest: ~/copy
        ```
        ```editor:delete-file
        file: ~/folder/secret
        ```
        ```editor:create-directory
        directory: ~/folder/new
        ```
        ```files:copy-file
        path: link
        ```
        ```files:download-file
        path: link
        ```
        ";
    let test = WorkshopTest::page(page).spec(
        "
        session:
          applications:
            terminal: {enabled: true}
            editor: {enabled: true}
            files: {enabled: true, directory: .}
      ",
    );
    let owner = owned(&test);
    let mut window = WindowSession::open(&test);
    let home = window.session.home().to_owned();
    symlink(owner.join("secret"), home.join("link")).expect("a link");
    symlink(&owner, home.join("folder")).expect("a link");
    window.enter("01-page");
    for index in 0..10 {
        let (status, result) = window.click(&format!("01-page/{index}"));
        assert_eq!(
            status,
            ActionStatus::Failed,
            "{index}: {:?}",
            result.outcome
        );
    }
    assert_untouched(&owner);
    assert!(!all_text(&home).contains("owner's secret"));
    window.close();
}

#[test]
fn a_pipe_in_the_place_of_a_file_holds_nobody_up() {
    let test = WorkshopTest::page("Text.").file("exercises/a.txt", "mine\n");
    let window = WindowSession::open(&test);
    let file = window.session.home().join("exercises/a.txt");
    let version = window.session.read_document("~/exercises/a.txt");
    let version = version.expect("a text").version;
    fs::remove_file(&file).expect("a file");
    let mut make = std::process::Command::new("mkfifo");
    assert!(make.arg(&file).status().expect("a program").success());
    assert!(window.session.read_document("~/exercises/a.txt").is_err());
    let saved = window
        .session
        .save_document("~/exercises/a.txt", "new", Some(&version));
    assert!(saved.is_err());
    let watched = window
        .session
        .watch_documents(&["~/exercises/a.txt".to_owned()]);
    watched.expect("it is inside");
    window.close();
}

/// What the session's port answers to these bytes: the status lines of everything that came until it hung up. It keeps a
/// connection for half a minute that no request asks it to close.
fn raw(port: u16, request: &str) -> Vec<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("it listens");
    stream.write_all(request.as_bytes()).expect("it reads");
    stream
        .set_read_timeout(Some(atelier_tests::PATIENCE))
        .expect("a limit");
    let mut answer = Vec::new();
    // It may hang up on what is no request.
    let _ = stream.read_to_end(&mut answer);
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let statuses = answer.lines().filter(|line| line.starts_with("HTTP/1.1 "));
    statuses.map(|line| line[9..12].to_owned()).collect()
}

#[test]
fn the_sessions_port_answers_to_its_own_names_and_gives_no_secrets() {
    let test = WorkshopTest::page("Text.").spec(
        "
        session:
          applications:
            files: {enabled: true, directory: .}
      ",
    );
    let owner = owned(&test);
    let window = WindowSession::open(&test);
    let home = window.session.home().to_owned();
    let root = home.parent().expect("a session").to_owned();
    fs::write(home.join("plain.txt"), "text").expect("a file");
    symlink(owner.join("secret"), home.join("link")).expect("a link");
    symlink(root.join("state"), home.join("state")).expect("a link");
    let port = fs::read_to_string(root.join("state/ingress-port")).expect("a port");
    let port: u16 = port.trim().parse().expect("a port");
    let name = root.file_name().expect("a name");
    let own = format!("{name}.localhost:{port}");
    let get = |path: &str, host: &str| {
        format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")
    };
    assert_eq!(raw(port, &get("/files/plain.txt", &own)), ["200"]);
    let state = "/files/.local/share/workshop/workshop-environment.json";
    for path in [
        "/files/link",
        "/files/state/identity.json",
        "/files/../state/identity.json",
        "/files/%2e%2e/state/identity.json",
        "/files/..%2fstate/identity.json",
        "/files//../../state/identity.json",
        "/files/%00",
        state,
    ] {
        assert_eq!(raw(port, &get(path, &own)), ["404"], "{path}");
    }
    for path in ["/config/environment", "/config/environment?token=guess"] {
        assert_eq!(raw(port, &get(path, &own)), ["401"], "{path}");
    }
    // A page elsewhere whose name was made to lead here, and other names of this computer.
    for host in [
        format!("evil.example:{port}"),
        format!("{name}.localhost.evil.example"),
        format!("127.0.0.1:{port}"),
        format!("localhost:{port}"),
        format!("[::1]:{port}"),
    ] {
        assert_eq!(
            raw(port, &get("/files/plain.txt", &host)),
            ["421"],
            "{host}"
        );
    }
    let twice =
        format!("GET / HTTP/1.1\r\nHost: {own}\r\nHost: evil.example\r\nConnection: close\r\n\r\n");
    let none = "GET / HTTP/1.1\r\nConnection: close\r\n\r\n".to_owned();
    for request in [twice, none] {
        assert_eq!(raw(port, &request), ["400"], "{request}");
    }
    // What one part of the way takes for the end of a request another must not take for its middle.
    for headers in [
        "Content-Length: 4\r\nTransfer-Encoding: chunked",
        "Content-Length: 4\r\nContent-Length: 5",
        "Transfer-Encoding: identity, chunked\r\nTransfer-Encoding: x",
        "Transfer-Encoding : chunked",
    ] {
        let hidden = get("/config/environment", &own);
        let request = format!(
            "POST /message/broadcast HTTP/1.1\r\nHost: {own}\r\n{headers}\r\n\r\n0\r\n\r\n{hidden}"
        );
        let answers = raw(port, &request);
        assert!(
            !answers.iter().any(|status| status.starts_with('2')),
            "{headers}: {answers:?}"
        );
    }
    window.close();
}

#[test]
fn programs_are_ordered_about_by_the_learner_alone() {
    let program = "[program:app]\ncommand=sleep 1000\n";
    let test = WorkshopTest::page("Text.").file("workshop/supervisor/app.conf", program);
    let window = WindowSession::open(&test);
    let root = window
        .session
        .home()
        .parent()
        .expect("a session")
        .to_owned();
    let state = root.join("state/shared");
    let entries = state.read_dir_utf8().expect("a folder").flatten();
    let sockets: Vec<_> = entries
        .filter(|entry| {
            use std::os::unix::fs::FileTypeExt;
            entry.file_type().is_ok_and(|kind| kind.is_socket())
        })
        .collect();
    assert_eq!(sockets.len(), 1, "{sockets:?}");
    assert_eq!(state.metadata().expect("a folder").mode() & 0o777, 0o700);
    let mode = sockets[0].metadata().expect("it is there").mode() & 0o777;
    assert_eq!(mode, 0o600);
    // Whoever reaches the socket and cannot read beside it gets no answer.
    let key = state.join("supervisor.key");
    let mode = key.metadata().expect("it is there").mode() & 0o777;
    assert_eq!(mode, 0o600);
    let key = std::fs::read_to_string(key).expect("a key");
    for (key, answers) in [(&*key, true), ("", false), ("0123456789abcdef", false)] {
        let mut socket = UnixStream::connect(sockets[0].path()).expect("it listens");
        let question = format!("{}\n", serde_json::json!({"key": key, "args": ["status"]}));
        socket.write_all(question.as_bytes()).expect("it is taken");
        let mut answer = String::new();
        socket.read_to_string(&mut answer).expect("an end");
        assert_eq!(!answer.is_empty(), answers, "{key}: {answer}");
    }
    window.close();
}

#[test]
fn the_log_of_a_program_goes_nowhere_else() {
    let test = WorkshopTest::page("Text.");
    let owner = owned(&test);
    let program = "[program:secret]\ncommand=bash -c 'while :; do echo planted; sleep 0.05; done'\nstdout_logfile=/home/eduk8s/logs/secret\n";
    let script = format!("#!/bin/bash\nln -s {owner} ~/logs\n");
    let test = test
        .file("workshop/supervisor/app.conf", program)
        .program("workshop/setup.d/01-links.sh", &script);
    let window = WindowSession::open(&test);
    wait_for("the set-up", || {
        window.session.view().setup.phase != SetupPhase::Running
    });
    let setup = window.session.view().setup;
    assert_eq!(setup.phase, SetupPhase::Ended, "{setup:?}");
    wait_for("output", || {
        let tail = window.session.view().programs.into_iter().next();
        tail.is_some_and(|program| format!("{program:?}").contains("Running"))
    });
    window.close();
    assert_untouched(&owner);
}
