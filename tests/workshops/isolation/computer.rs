//! Somebody's computer, with secrets and programs of theirs, and a session on it.

use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, Stdio};

use atelier_tests::WorkshopTest;
use camino::{Utf8Path, Utf8PathBuf};

pub(super) type User = fn(WorkshopTest) -> WorkshopTest;

/// Below the home of the owner's, and beside it: each is there twice, in a folder for temporary files and elsewhere.
pub(super) const SECRETS: &[&str] = &[
    "ada/.ssh/id_ed25519",
    "ada/.gnupg/private-keys-v1.d/a.key",
    "ada/.aws/credentials",
    "ada/.mozilla/firefox/a.default/logins.json",
    "ada/.local/share/keyrings/login.keyring",
    "ada/.cargo/credentials.toml",
    "ada/letters/a.txt",
    "ada/project/.env",
    "ada/project/.git/config",
    "ada/project/lib/a.rs",
    "ada/run/secret.txt",
    "atelier/trust.json",
    "atelier/sessions/other/home/a.txt",
    "atelier/sessions/other/state/journal.jsonl",
];

/// Sockets of the owner's: the message bus of the desktop, an agent, a display, Docker, another session's programs.
pub(super) const SOCKETS: &[&str] = &[
    "ada/run/bus",
    "ada/agent",
    "x11/X0",
    "docker.sock",
    "atelier/sessions/other/state/shared/s.sock",
];

const MEMORY: &str = "/dev/shm";

/// Somebody's computer, with a session on it.
pub(super) struct Computer {
    pub(super) test: WorkshopTest,
    /// Beside the test's own program: no mount for temporary files lies over it.
    elsewhere: tempfile::TempDir,
    shared: tempfile::TempDir,
    desktop: Child,
    pub(super) victim: Child,
    pub(super) terminal: String,
    pub(super) segment: String,
    pub(super) name: String,
}

fn utf8(folder: &tempfile::TempDir) -> Utf8PathBuf {
    let path = folder.path().canonicalize().expect("it is there");
    Utf8PathBuf::from_path_buf(path).expect("a plain name")
}

impl Computer {
    pub(super) fn new(user: User, level: &str, means: &str) -> Self {
        let program = std::env::current_exe().expect("a test knows where it is");
        let beside = program.parent().expect("a folder");
        let elsewhere = tempfile::Builder::new().prefix("owner").tempdir_in(beside);
        let elsewhere = elsewhere.expect("a folder");
        let shared = tempfile::tempdir_in(MEMORY).expect("a folder");
        let root = utf8(&elsewhere);
        let python = concat!(env!("CARGO_MANIFEST_DIR"), "/workshops/isolation");
        let copy = |name: &str| fs::read_to_string(Utf8Path::new(python).join(name));
        let test = WorkshopTest::page("\n").file(
            "exercises/reach.py",
            &copy("reach.py").expect("it is there"),
        );
        for at in [&root, &test.beside("")] {
            for secret in SECRETS {
                write(&at.join(secret), "secret");
            }
            let tool = at.join("ada/project/bin/tool");
            write(&tool, "#!/bin/sh\necho tool\n");
            fs::set_permissions(&tool, fs::Permissions::from_mode(0o755)).expect("permissions");
        }
        write(&utf8(&shared).join("a.txt"), "secret");
        let path = format!(
            "{root}/ada/project/bin:{}/ada/project/bin:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin",
            test.beside("")
        );
        let test = test
            .arg(format!("--isolation={level}"))
            .env("ATELIER_ISOLATE_WITH", means)
            .env("HOME", root.join("ada").as_str())
            .env("ATELIER_HOME", root.join("atelier").as_str())
            .env("XDG_RUNTIME_DIR", root.join("ada/run").as_str())
            .env("DOCKER_HOST", format!("unix://{root}/docker.sock"))
            .env("PATH", path);
        let test = user(test);
        test.also_theirs(elsewhere.path());
        test.also_theirs(shared.path());
        let name = format!("atelier-test-{}", root.file_name().unwrap_or_default());
        let mut desktop = test
            .beside_it("/usr/bin/python3")
            .args(["-c", &copy("owner.py").expect("it is there"), &name])
            .args(SOCKETS.iter().map(|socket| root.join(socket)))
            .arg(test.beside("ada/run/bus"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("python3 starts");
        let mut said = String::new();
        BufReader::new(desktop.stdout.take().expect("it is piped"))
            .read_line(&mut said)
            .expect("it says where it is");
        let (terminal, segment) = said.trim().split_once(' ').expect("two words");
        let victim = test
            .beside_it("sleep")
            .arg("600")
            .env("TOKEN", "secret")
            .spawn()
            .expect("it starts");
        Self {
            terminal: terminal.to_owned(),
            segment: segment.to_owned(),
            test,
            elsewhere,
            shared,
            desktop,
            victim,
            name,
        }
    }

    /// The owner's files where no mount for temporary ones lies over them.
    pub(super) fn elsewhere(&self) -> Utf8PathBuf {
        utf8(&self.elsewhere)
    }

    /// A folder of memory that the owner's programs share.
    pub(super) fn shared(&self) -> Utf8PathBuf {
        utf8(&self.shared)
    }

    /// Has the workshop try all of that; returns which it has reached.
    pub(super) fn reached(&self, attempts: &[impl AsRef<str>]) -> Vec<bool> {
        let mut script = "reach() { timeout 60 python3 reach.py \"$@\"; }\n".to_owned();
        for (number, attempt) in attempts.iter().enumerate() {
            let _ = writeln!(
                script,
                "if ( {} ); then echo REACHED {number}; else echo REFUSED {number}; fi",
                attempt.as_ref()
            );
        }
        let root = self.test.root();
        write(&root.join("exercises/attempts.sh"), &script);
        let page = "```terminal:execute\ncommand: sh attempts.sh > all.txt 2>&1; tool; grep -a ^REACHED all.txt; echo refused $(grep -a -c ^REFUSED all.txt)\n```\n";
        write(&root.join("workshop/content/01-page.md"), page);
        let played = self.test.test();
        let output = played.row(0).output();
        let numbers = |name: &str| -> Vec<usize> {
            let lines = output
                .lines()
                .filter_map(|line| line.trim().strip_prefix(name));
            lines.filter_map(|number| number.parse().ok()).collect()
        };
        let reached = numbers("REACHED ");
        let refused = attempts.len() - reached.len();
        // Each was tried, where programs of the PATH work.
        assert_eq!(numbers("refused "), [refused], "{output}");
        assert!(output.lines().any(|line| line.trim() == "tool"), "{output}");
        (0..attempts.len())
            .map(|number| reached.contains(&number))
            .collect()
    }
}

impl Drop for Computer {
    fn drop(&mut self) {
        // It ends with its input, and takes its memory away.
        drop(self.desktop.stdin.take());
        let _ = self.desktop.wait();
        let _ = self.victim.kill();
        let _ = self.victim.wait();
    }
}

fn write(path: &Utf8Path, text: &str) {
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    fs::write(path, text).expect("a file");
}
