//! How far a session's programs reach at either level, by either means, as root and as an ordinary user.

use std::fmt::Write;
use std::fs;

use atelier_tests::{Played, Row, WorkshopTest};
use camino::Utf8Path;

const MEANS: [&str; 2] = ["bubblewrap", "landlock"];

/// Whether this machine has a means of isolation; says so where it has not.
#[allow(clippy::print_stderr, reason = "a skipped test says so")]
fn has(means: &str) -> bool {
    let probe = WorkshopTest::page("Nothing is done here.\n")
        .arg("--isolation=isolated")
        .env("ATELIER_ISOLATE_WITH", means)
        .test();
    let complaint = probe.stderr.trim();
    let lacks = [
        "bubblewrap is not installed",
        "bubblewrap does not work here",
        "Landlock is missing",
    ];
    if lacks.iter().any(|lack| complaint.contains(lack)) {
        eprintln!("skipped for {means}: {complaint}");
        return false;
    }
    probe.passes();
    true
}

fn means() -> impl Iterator<Item = &'static str> {
    MEANS.into_iter().filter(|means| has(means))
}

const SECRETS: &[&str] = &[
    "ada/.ssh/id_ed25519",
    "ada/.gnupg/private-keys-v1.d/a.key",
    "ada/.aws/credentials",
    "ada/.mozilla/firefox/a.default/logins.json",
    "ada/.local/share/keyrings/login.keyring",
    "ada/.cargo/credentials.toml",
    "ada/letters/a.txt",
    "atelier/trust.json",
    "atelier/sessions/other/home/a.txt",
    "atelier/sessions/other/state/journal.jsonl",
];

/// Commands that read a secret.
fn reading(test: &WorkshopTest) -> Vec<String> {
    let each = |secret: &&str| {
        let path = test.beside(secret);
        [
            format!("grep -r secret {path}"),
            format!("ln -sfn {path} ~/link; cat ~/link | grep secret"),
        ]
    };
    SECRETS.iter().flat_map(each).collect()
}

/// Commands that change what is not the session's; `victim` is a process of the owner's.
fn attacking(test: &WorkshopTest, victim: u32) -> Vec<String> {
    let written = |secret: &&str| format!("echo x >> {}", test.beside(secret));
    let mut commands: Vec<_> = SECRETS.iter().map(written).collect();
    commands.extend([
        format!("kill -9 {victim}"),
        format!("tr '\\0' '\\n' < /proc/{victim}/environ | grep TOKEN"),
        format!("echo x > /proc/{victim}/mem"),
        format!(
            "cat /proc/{victim}/root{}/trust.json",
            test.beside("atelier")
        ),
        "cat \"${TMPDIR%/tmp}/state/journal.jsonl\"".to_owned(),
        "echo x > \"${TMPDIR%/tmp}/bin/ls\"".to_owned(),
        "echo x > \"${TMPDIR%/tmp}/shell/.bash_profile\"".to_owned(),
        ": >> /proc/sys/kernel/core_pattern".to_owned(),
        "echo x > /usr/atelier-test-escape".to_owned(),
        "echo x > /opt/atelier-test-escape".to_owned(),
        "echo x > /atelier-test-escape".to_owned(),
    ]);
    commands
}

/// Has the workshop run these; each says when it has reached what it is after.
fn write_attack(test: &WorkshopTest, commands: &[String]) {
    let mut script = String::new();
    for (number, command) in commands.iter().enumerate() {
        let _ = writeln!(script, "if {command}; then echo REACHED {number}; fi");
    }
    let exercises = test.root().join("exercises");
    fs::create_dir_all(&exercises).expect("a folder");
    fs::write(exercises.join("attack.sh"), script).expect("a script");
    let page = "```terminal:execute\ncommand: sh attack.sh > all.txt 2>&1; grep REACHED all.txt; echo it was $((20 + 3))\ntest: {output: it was 23}\n```\n";
    fs::write(test.root().join("workshop/content/01-page.md"), page).expect("a page");
}

/// Which of them have.
fn reached(commands: &[String], output: &str) -> Vec<String> {
    let number = |line: &str| line.trim().strip_prefix("REACHED ")?.parse::<usize>().ok();
    let reached = output.lines().filter_map(number);
    reached.map(|number| commands[number].clone()).collect()
}

/// Lays out the owner's secrets, and starts something of theirs.
fn secrets(test: &WorkshopTest) {
    for secret in SECRETS {
        let path = test.beside(secret);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, "secret").expect("a file");
    }
}

fn refuses_all(means: &str, user: fn(WorkshopTest) -> WorkshopTest) {
    let test = WorkshopTest::page("\n");
    let test = test
        .arg("--isolation=isolated")
        .env("ATELIER_ISOLATE_WITH", means);
    let home = test.beside("ada");
    let test = test.env("HOME", home.as_str());
    secrets(&test);
    let test = user(test);
    let mut victim = test
        .beside_it("sleep")
        .arg("600")
        .env("TOKEN", "secret")
        .spawn()
        .expect("it starts");
    let mut commands = reading(&test);
    commands.extend(attacking(&test, victim.id()));
    write_attack(&test, &commands);
    let played = test.test();
    let ended = victim.try_wait().expect("it is ours");
    victim.kill().expect("it is ours");
    victim.wait().expect("it ends");
    let output = played.row(0).output.clone().unwrap_or_default();
    assert_eq!(reached(&commands, &output), [""; 0], "{means}: {output}");
    played.passes();
    assert_eq!(ended, None, "{means}: it reached another process");
    for secret in SECRETS {
        let text = fs::read_to_string(test.beside(secret)).expect("it is there");
        assert_eq!(text, "secret", "{means}: {secret}");
    }
    for place in ["/usr", "/opt", "/"] {
        assert!(!Utf8Path::new(place).join("atelier-test-escape").exists());
    }
}

#[test]
fn an_isolated_session_reaches_nothing_of_the_owners() {
    for means in means() {
        refuses_all(means, |test| test);
    }
}

#[test]
fn nor_does_one_of_an_ordinary_user() {
    for means in means() {
        refuses_all(means, WorkshopTest::as_ordinary_user);
    }
}

#[test]
fn at_the_level_of_a_folder_programs_may_do_what_their_owner_may() {
    let test = WorkshopTest::page("\n");
    secrets(&test);
    let commands = reading(&test);
    write_attack(&test, &commands);
    let played = test.arg("--isolation=folder").test().passes();
    let output = played.row(0).output.clone().unwrap_or_default();
    assert_eq!(reached(&commands, &output), commands, "{output}");
}

#[test]
fn actions_do_not_follow_a_sessions_links_out_at_any_level() {
    for level in ["folder", "isolated"] {
        let test = WorkshopTest::page("\n").examiner("ok", "exit 0\n");
        secrets(&test);
        let outside = test.beside("ada");
        let page = format!(
            "
```terminal:execute
command: ln -sfn {outside}/letters ~/out; ln -sfn {outside}/letters/a.txt ~/a.txt; mkdir -p ~/exercises
```

```editor:open-file
file: ~/out/a.txt
test: {{expect: fail}}
```

```editor:append-lines-to-file
file: ~/a.txt
text: x
test: {{expect: fail}}
```

```editor:create-file
file: ~/out/new.txt
text: x
test: {{expect: fail}}
```

```files:copy-file
path: ~/out/a.txt
test: {{expect: fail}}
```

```examiner:execute-test
name: ../../../ada/letters/a.txt
title: out
test: {{expect: fail}}
```
"
        );
        fs::write(test.root().join("workshop/content/01-page.md"), page).expect("a page");
        let test = test.arg(format!("--isolation={level}")).arg("--keep-going");
        if level == "isolated" && !MEANS.iter().any(|means| has(means)) {
            continue;
        }
        let played = test.test();
        let rows: Vec<_> = played.rows().map(|row| row.status.clone()).collect();
        assert_eq!(rows, ["passed"; 6], "{level}: {}", played.stdout);
        let letters = outside.join("letters");
        assert_eq!(
            fs::read_to_string(letters.join("a.txt")).expect("a file"),
            "secret"
        );
        assert!(!letters.join("new.txt").exists());
    }
}

#[test]
fn folders_of_the_workshop_are_where_they_are_spelled_out() {
    for means in means() {
        let page = "
```terminal:execute
command: echo one > /home/eduk8s/exercises/a.txt && cat ~/exercises/a.txt
test: {output: one}
```

```terminal:execute
command: cat /opt/workshop/examiner/tests/ok
```

```editor:append-lines-to-file
file: /home/eduk8s/exercises/a.txt
text: two
```

```terminal:execute
command: grep two /home/eduk8s/exercises/a.txt
```

```examiner:execute-test
name: ok
title: ok
args: [/home/eduk8s/exercises/a.txt]
```

```terminal:execute
command: echo three > $TMPDIR/shared; sleep 300 & echo $! > ~/pid
session: 1
```

```terminal:execute
command: cat $TMPDIR/shared && kill $(cat ~/pid)
session: 2
```
";
        let run = WorkshopTest::page(page)
            .file("workshop/setup.d/a.sh", "mkdir -p /home/eduk8s/exercises\n")
            .mode("workshop/setup.d/a.sh", 0o755)
            .examiner(
                "ok",
                "grep one /home/eduk8s/exercises/a.txt && grep two \"$1\"\n",
            )
            .arg("--isolation=isolated")
            .env("ATELIER_ISOLATE_WITH", means)
            .test()
            .passes();
        assert_eq!(run.rows().count(), 7);
    }
}

#[test]
fn where_nothing_isolates_it_is_said_why() {
    let test = WorkshopTest::page("Nothing is done here.\n").env("ATELIER_ISOLATE_WITH", "none");
    let played = test.test();
    assert_eq!(
        played.exit,
        Some(0),
        "the level of a folder: {}",
        played.stderr
    );
    let refused = test.arg("--isolation=isolated").test();
    assert_eq!(refused.exit, Some(2));
    assert!(
        refused
            .stderr
            .contains("ATELIER_ISOLATE_WITH=none switches isolation off"),
        "{}",
        refused.stderr
    );
}

fn play(workshop: &Utf8Path, level: &str, means: &str) -> Played {
    WorkshopTest::at(workshop)
        .arg("--keep-going")
        .arg(format!("--isolation={level}"))
        .env("ATELIER_ISOLATE_WITH", means)
        .test()
}

#[test]
fn bundled_workshops_end_alike_at_both_levels() {
    let folder = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("../workshops");
    let entries = folder.read_dir_utf8().expect("they are there");
    let brief = |played: &Played| played.rows().map(Row::brief).collect::<Vec<_>>();
    for workshop in entries.flatten().filter(|entry| entry.path().is_dir()) {
        let expected = brief(&play(workshop.path(), "folder", "none").passes());
        for means in means() {
            let played = play(workshop.path(), "isolated", means).passes();
            assert_eq!(brief(&played), expected, "{means}: {}", workshop.path());
        }
    }
}
