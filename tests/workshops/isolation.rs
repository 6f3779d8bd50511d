//! How far a session's programs reach at either level, by either means, as root and as an ordinary user.

mod attempts;
mod computer;

use std::fs;

use atelier_tests::{WorkshopTest, means};

#[test]
fn actions_do_not_follow_a_sessions_links_out_at_any_level() {
    let isolated = means().into_iter().map(|means| ("isolated", means));
    for (level, means) in [("folder", "none")].into_iter().chain(isolated) {
        let test = WorkshopTest::page("\n").examiner("ok", "exit 0\n");
        let outside = test.beside("ada");
        fs::create_dir_all(outside.join("letters")).expect("a folder");
        fs::write(outside.join("letters/a.txt"), "secret").expect("a file");
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

```examiner:execute-test
name: ../../../ada/letters/a.txt
title: out
test: {{expect: fail}}
```
"
        );
        fs::write(test.root().join("workshop/content/01-page.md"), page).expect("a page");
        let test = test.arg(format!("--isolation={level}")).arg("--keep-going");
        let test = test.env("ATELIER_ISOLATE_WITH", means);
        let played = test.test();
        let rows: Vec<_> = played.rows().map(|row| row.status.clone()).collect();
        assert_eq!(rows, ["passed"; 5], "{level} {means}: {}", played.stdout);
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

#[test]
fn programs_that_a_session_brings_are_asked_for_their_version_within_it() {
    for means in means() {
        let test = WorkshopTest::page("Nothing is done here.\n")
            .file(
                "workshop/requirements.yaml",
                "- {name: brought, version: \"1.0\"}\n",
            )
            .arg("--isolation=isolated")
            .env("ATELIER_ISOLATE_WITH", means);
        let outside = test.beside("ada");
        fs::create_dir_all(&outside).expect("a folder");
        let program = format!("#!/bin/sh\necho x > {outside}/escaped\necho brought 1.2\n");
        let script = format!(
            "mkdir -p ~/bin; cat > ~/bin/brought <<'EOF'\n{program}EOF\nchmod +x ~/bin/brought\n"
        );
        let test = test
            .file("workshop/setup.d/a.sh", &script)
            .mode("workshop/setup.d/a.sh", 0o755);
        let played = test.test();
        let row = &played.report().requirements[0];
        assert_eq!(row.version.as_deref(), Some("1.2"), "{means}");
        assert!(!outside.join("escaped").exists(), "{means}: it ran outside");
    }
}
