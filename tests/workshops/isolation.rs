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

/// A workshop whose every command is one that must be refused, and an owner with something to lose.
struct Attack {
    test: WorkshopTest,
    commands: Vec<String>,
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

impl Attack {
    /// `victim` is a process of the owner's.
    fn on(test: WorkshopTest, victim: u32) -> Self {
        let mut commands = Vec::new();
        for secret in SECRETS {
            let path = test.beside(secret);
            commands.push(format!("grep -r secret {path}"));
            commands.push(format!("echo x >> {path}"));
            commands.push(format!("ln -sfn {path} ~/link; cat ~/link | grep secret"));
        }
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
        Self { test, commands }
    }

    fn page(&self) -> String {
        let mut page = "```terminal:execute\ncommand: mkdir -p ~/exercises; ln -sfn ".to_owned();
        let _ = writeln!(page, "{} ~/out\n```", self.test.beside("ada"));
        for command in &self.commands {
            let command = format!("if {command}; then echo REACHED; false; fi");
            let quoted = serde_json::to_string(&command).expect("it is a text");
            let _ = writeln!(page, "\n```terminal:execute\ncommand: {quoted}\n```");
        }
        page
    }
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
    let page = Utf8Path::new("workshop/content/01-page.md");
    let test = WorkshopTest::page("\n");
    secrets(&test);
    let test = test
        .arg("--isolation=isolated")
        .arg("--keep-going")
        .env("ATELIER_ISOLATE_WITH", means);
    let test = user(test);
    let mut victim = test
        .beside_it("sleep")
        .arg("600")
        .env("TOKEN", "secret")
        .spawn()
        .expect("it starts");
    let home = test.beside("ada");
    let attack = Attack::on(test.env("HOME", home.as_str()), victim.id());
    fs::write(attack.test.root().join(page), attack.page()).expect("a page");
    let played = attack.test.test().passes();
    assert_eq!(played.rows().count(), attack.commands.len() + 1);
    assert!(!played.stdout.contains("REACHED\n"), "{}", played.stdout);
    let ended = victim.try_wait().expect("it is ours");
    victim.kill().expect("it is ours");
    victim.wait().expect("it ends");
    assert_eq!(ended, None, "{means}: it reached another process");
    for secret in SECRETS {
        let text = fs::read_to_string(attack.test.beside(secret)).expect("it is there");
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
    let page = format!(
        "```terminal:execute\ncommand: cat {}\ntest: {{output: secret}}\n```\n",
        test.beside("ada/letters/a.txt")
    );
    fs::write(test.root().join("workshop/content/01-page.md"), page).expect("a page");
    test.arg("--isolation=folder").test().passes();
}

#[test]
fn actions_do_not_follow_a_sessions_links_out_at_any_level() {
    for level in ["folder", "isolated"] {
        let test = WorkshopTest::new(&[]).examiner("ok", "exit 0\n");
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
