//! `atelier new`: what it makes is sound, in every form, and it writes over nothing.

use std::collections::BTreeSet;
use std::fs;
use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Output, Stdio};

use atelier_session::check;
use atelier_session::scaffold::{Part, Plan, Style, write};
use atelier_tests::{WorkshopTest, atelier, wait_for};
use camino::{Utf8Path, Utf8PathBuf};

const PARTS: [Part; 4] = [Part::Setup, Part::Editor, Part::Examiner, Part::Dashboard];

fn folder() -> (tempfile::TempDir, Utf8PathBuf) {
    let dir = tempfile::tempdir().expect("a folder");
    let root = Utf8Path::from_path(dir.path()).expect("a plain name");
    let root = root.canonicalize_utf8().expect("it is there");
    (dir, root)
}

/// Runs `atelier` in a folder, where nobody can be asked.
pub(crate) fn run(folder: &Utf8Path, args: &[&str]) -> Output {
    Command::new(atelier())
        .args(args)
        .current_dir(folder)
        .env("ATELIER_HOME", folder.join("atelier-home"))
        .stdin(Stdio::null())
        .output()
        .expect("atelier starts")
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn every_form_is_without_a_finding() {
    for style in [Style::Hugo, Style::Classic] {
        for choice in 0..1 << PARTS.len() {
            for github in [false, true] {
                let chosen = PARTS
                    .iter()
                    .enumerate()
                    .filter(|(at, _)| choice & (1 << at) != 0);
                let parts: BTreeSet<Part> = chosen.map(|(_, part)| *part).collect();
                let (_dir, root) = folder();
                let plan = Plan {
                    name: "lab".to_owned(),
                    title: "A lab".to_owned(),
                    description: "For a test.".to_owned(),
                    style,
                    parts,
                    github,
                };
                write(&plan, &root.join("lab")).expect("it is written");
                let loaded = atelier_content::load(&root.join("lab")).expect("a workshop");
                let variables = atelier_content::Variables::for_preview(&loaded.workshop);
                let found = check(&loaded, &variables);
                assert!(found.is_empty(), "{plan:?}: {found:#?}");
                assert_eq!(loaded.workshop.pages.len(), 2 + plan.parts.len());
                assert!(loaded.workshop.missing_features.is_empty(), "{plan:?}");
            }
        }
    }
}

/// One after the other: the server of the tab has a port of its own.
#[test]
fn every_part_plays_in_both_styles() {
    let alone = ["none", "editor", "examiner", "setup"];
    let tried = alone.iter().map(|with| ("hugo", *with)).chain([
        ("hugo", "all"),
        ("classic", "none"),
        ("classic", "all"),
    ]);
    for (style, with) in tried {
        let (_dir, root) = folder();
        let made = run(&root, &["new", "lab", "--style", style, "--with", with]);
        assert!(made.status.success(), "{}", text(&made.stderr));
        let test = WorkshopTest::at(root.join("lab"));
        assert_eq!(test.check().brief(), [""; 0], "{style} {with}");
        test.test().passes();
    }
}

#[test]
fn the_workflow_is_yaml_and_runs_what_there_is() {
    let (_dir, root) = folder();
    run(&root, &["new", "lab", "--github"]);
    let workflow = root.join("lab/.github/workflows/check-workshop.yaml");
    let workflow = fs::read_to_string(workflow).expect("a workflow");
    let workflow: serde_yaml::Value = serde_yaml::from_str(&workflow).expect("YAML");
    let steps = workflow["jobs"]["check"]["steps"]
        .as_sequence()
        .expect("steps");
    let commands: Vec<_> = steps
        .iter()
        .filter_map(|step| step["run"].as_str())
        .collect();
    // Its own words, played on the workshop.
    for line in &commands[1..] {
        let arguments: Vec<_> = line.split(' ').skip(1).collect();
        let done = run(&root.join("lab"), &arguments);
        assert!(done.status.success(), "{line}: {}", text(&done.stderr));
    }
    assert_eq!(commands.len(), 3);
}

#[test]
fn programs_have_their_run_bits() {
    let (_dir, root) = folder();
    run(&root, &["new", "lab", "--with", "all"]);
    for path in [
        "exercises/greet",
        "workshop/examiner/tests/farewell",
        "workshop/setup.d/01-visitors.sh",
    ] {
        let mode = fs::metadata(root.join("lab").join(path))
            .expect("a file")
            .permissions()
            .mode();
        assert_ne!(mode & 0o100, 0, "{path}");
    }
}

#[test]
fn what_is_in_the_way_stays() {
    let (_dir, root) = folder();
    fs::create_dir(root.join("lab")).expect("a folder");
    fs::write(root.join("lab/mine.txt"), "mine").expect("a file");
    let refused = run(&root, &["new", "lab"]);
    assert_eq!(refused.status.code(), Some(2));
    assert_eq!(
        text(&refused.stderr),
        "error: lab is not empty: it holds mine.txt. Nothing was written; name a folder that is not there yet\n"
    );
    assert_eq!(fs::read_dir(root.join("lab")).expect("a folder").count(), 1);
}

#[test]
fn a_name_that_is_none_is_answered_with_one() {
    let (_dir, root) = folder();
    let refused = run(&root, &["new", "My Lab"]);
    assert_eq!(refused.status.code(), Some(2));
    let said = text(&refused.stderr);
    assert!(said.contains("say `--name my-lab`"), "{said}");
    assert!(!root.join("My Lab").exists());
    let made = run(
        &root,
        &["new", "My Lab", "--name", "my-lab", "--title", "Mine"],
    );
    assert!(made.status.success(), "{}", text(&made.stderr));
    let loaded = atelier_content::load(&root.join("My Lab")).expect("a workshop");
    assert_eq!(
        (
            loaded.workshop.name.as_str(),
            loaded.workshop.title.as_str()
        ),
        ("my-lab", "Mine")
    );
    let again = run(&root.join("My Lab"), &["new", "../here"]);
    assert!(again.status.success(), "{}", text(&again.stderr));
    fs::create_dir(root.join("empty")).expect("a folder");
    assert!(run(&root.join("empty"), &["new", "."]).status.success());
    let here = atelier_content::load(&root.join("empty")).expect("a workshop");
    assert_eq!(here.workshop.name, "empty");
}

/// A command at a terminal, and all that it wrote there.
struct AtTerminal {
    child: std::process::Child,
    keys: fs::File,
    seen: std::sync::Arc<std::sync::Mutex<String>>,
}

impl AtTerminal {
    fn start(folder: &Utf8Path, args: &[&str]) -> Self {
        let pty = rustix::pty::openpt(rustix::pty::OpenptFlags::RDWR).expect("a terminal");
        rustix::pty::grantpt(&pty).expect("granted");
        rustix::pty::unlockpt(&pty).expect("unlocked");
        let name = rustix::pty::ptsname(&pty, Vec::new()).expect("its name");
        let open = || {
            let mut options = fs::File::options();
            options.read(true).write(true);
            options
                .open(name.to_str().expect("a path"))
                .expect("the other end")
        };
        // A program of its own session, whose terminal this is.
        let child = Command::new("setsid")
            .args(["--ctty", "--wait"])
            .arg(atelier())
            .args(args)
            .current_dir(folder)
            .env("TERM", "xterm")
            .stdin(open())
            .stdout(open())
            .stderr(open())
            .spawn()
            .expect("atelier starts");
        let keys = fs::File::from(pty);
        let mut screen = keys.try_clone().expect("a second handle");
        let seen = std::sync::Arc::new(std::sync::Mutex::new(String::new()));
        let write = std::sync::Arc::clone(&seen);
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(more @ 1..) = screen.read(&mut buffer) {
                let more = String::from_utf8_lossy(&buffer[..more]).into_owned();
                write.lock().expect("no panic").push_str(&more);
            }
        });
        Self { child, keys, seen }
    }

    fn asks(&self, question: &str) {
        wait_for(question, || {
            let seen = self.seen.lock().expect("no panic");
            seen.contains(question)
        });
    }

    fn types(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).expect("keys");
    }

    fn ends_with(&mut self) -> Option<i32> {
        let mut status = None;
        wait_for("the end of the command", || {
            status = self.child.try_wait().expect("a child");
            status.is_some()
        });
        status.and_then(|status| status.code())
    }
}

#[test]
fn asks_at_a_terminal_for_what_was_not_said() {
    let (_dir, root) = folder();
    let mut terminal = AtTerminal::start(&root, &["new", "First Lab", "--style", "hugo"]);
    terminal.asks("Name for machines:");
    terminal.types("\r");
    terminal.asks("Title:");
    terminal.types("My own title\r");
    terminal.asks("What is it about?");
    terminal.types("\r");
    terminal.asks("What does it show besides terminals?");
    // Space takes the editor out again.
    terminal.types(" \r");
    terminal.asks("Add a workflow");
    terminal.types("y\r");
    assert_eq!(terminal.ends_with(), Some(0));
    let workshop = atelier_content::load(&root.join("First Lab"))
        .expect("a workshop")
        .workshop;
    assert_eq!(
        (workshop.name.as_str(), workshop.title.as_str()),
        ("first-lab", "My own title")
    );
    let pages: Vec<_> = workshop
        .pages
        .iter()
        .map(|page| page.id.0.as_str())
        .collect();
    assert_eq!(pages, ["01-run-commands", "02-check-work", "03-go-on"]);
    assert!(root.join("First Lab/.github").is_dir());
}

#[test]
fn escape_calls_it_off_and_yes_asks_nothing() {
    let (_dir, root) = folder();
    let mut terminal = AtTerminal::start(&root, &["new", "lab"]);
    terminal.asks("Title:");
    terminal.types("\u{1b}");
    assert_eq!(terminal.ends_with(), Some(1));
    assert!(!root.join("lab").exists());
    let mut terminal = AtTerminal::start(&root, &["new", "lab", "--yes"]);
    assert_eq!(terminal.ends_with(), Some(0));
    assert!(root.join("lab/workshop/content/03-check-work.md").is_file());
}
