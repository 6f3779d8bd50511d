//! Within the walls, by both means: what a program may do and what it may not.

#![allow(clippy::print_stderr, reason = "what is not tested is said")]

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::Command;

use camino::{Utf8Path, Utf8PathBuf};

use super::enclosure::{Asked, Enclosure};
use super::{Mechanism, detect};
use crate::allowances::Allowances;
use crate::folders::Folders;

/// A made-up owner with secrets and toolchains, a session, and another one.
struct Place {
    _dir: tempfile::TempDir,
    owner: Utf8PathBuf,
    folders: Folders,
    other: Utf8PathBuf,
    allowed: Allowances,
    docker_host: Option<String>,
}

/// A folder of which nothing is shown. One for temporary files is a session's own.
fn hidden_folder(name: &str) -> tempfile::TempDir {
    let program = std::env::current_exe().unwrap();
    tempfile::Builder::new()
        .prefix(name)
        .tempdir_in(program.parent().unwrap())
        .unwrap()
}

impl Place {
    fn new(name: &str) -> Self {
        let dir = hidden_folder(name);
        let root = Utf8PathBuf::from_path_buf(dir.path().canonicalize().unwrap()).unwrap();
        let owner = root.join("ada");
        for (file, text) in [
            (".ssh/id_ed25519", "secret"),
            (".cargo/credentials.toml", "secret"),
            (".cargo/bin/tool", "#!/bin/sh\necho tool runs\n"),
            (".rustup/settings.toml", "toolchain"),
            ("sdk/bin/sdk", "#!/bin/sh\ncat \"${0%/*}\"/../lib/words\n"),
            ("sdk/lib/words", "words of the sdk"),
            ("sdk/.npmrc", "secret"),
            ("project/bin/tool", "#!/bin/sh\necho project\n"),
            ("project/lib/modules/a.js", "secret"),
            ("project/lib/a.rs", "secret"),
            ("project/.git/config", "secret"),
            ("letters/a.txt", "secret"),
            ("store/trust.json", "secret"),
            ("store/sessions/other/home/a.txt", "secret"),
        ] {
            write(&owner.join(file), text);
        }
        let sessions = owner.join("store/sessions");
        let folders = Folders::new(sessions.join("lab-1"), None);
        folders.create().unwrap();
        write(&folders.state.join("journal.jsonl"), "secret");
        write(&folders.shared().join("shared"), "shared");
        write(&folders.home.join("exercises/a.txt"), "exercise");
        write(&folders.workshop.join("setup.d/a.sh"), "set-up");
        write(&folders.bin.join("shim"), "#!/bin/sh\necho shim\n");
        write(&folders.shell.join("prompt"), "prompt");
        Self {
            _dir: dir,
            other: sessions.join("other"),
            owner,
            folders,
            allowed: Allowances::default(),
            docker_host: None,
        }
    }

    fn enclosure(&self, mechanism: &Mechanism) -> Enclosure {
        let home = self.owner.to_string();
        let path = format!(
            "{home}/.cargo/bin:{home}/sdk/bin:{home}/later/bin:{home}/project/bin:/usr/local/bin:/usr/bin:/bin"
        );
        let owner = |name: &str| match name {
            "HOME" => Some(home.clone()),
            "PATH" => Some(path.clone()),
            "ATELIER_HOME" => Some(format!("{home}/store")),
            "DOCKER_HOST" => self.docker_host.clone(),
            "KUBECONFIG" => Some(format!("{home}/.kube/config")),
            _ => None,
        };
        let names = ["HOME", "PATH", "ATELIER_HOME", "DOCKER_HOST", "KUBECONFIG"];
        let said = names.map(|name| Some((name.to_owned(), owner(name)?)));
        let asked = Asked {
            folders: self.folders.clone(),
            player: std::env::current_exe().unwrap(),
            owner: said.into_iter().flatten().collect(),
            allowed: self.allowed,
        };
        Enclosure::new(mechanism.clone(), asked)
    }

    /// What a script prints within the walls, and whether it succeeded.
    fn run(&self, mechanism: &Mechanism, script: &str) -> (bool, String) {
        let mut command = self
            .enclosure(mechanism)
            .command(Path::new("/bin/sh"))
            .unwrap();
        let output = command
            .args(["-c", script, "sh"])
            .args([&self.owner, &self.folders.root, &self.other])
            .current_dir("/")
            .output()
            .unwrap();
        let said = [output.stdout, output.stderr].concat();
        (
            output.status.success(),
            String::from_utf8_lossy(&said).trim().to_owned(),
        )
    }
}

fn write(path: &Utf8Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
    let mode = if text.starts_with("#!") { 0o755 } else { 0o644 };
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// The means that this machine has. One that does not work fails the tests, unless it is excused (`tests/README.md`).
fn mechanisms() -> Vec<Mechanism> {
    let excused = std::env::var("ATELIER_TESTS_WITHOUT").unwrap_or_default();
    ["bubblewrap", "landlock"]
        .into_iter()
        .filter_map(|name| {
            let support = detect::found(name);
            if !support.is_possible() {
                let reason = support.reason().unwrap_or_default();
                assert!(
                    excused.split(',').any(|without| without.trim() == name),
                    "nothing would be tested with {name}: {reason} ATELIER_TESTS_WITHOUT={name} excuses a machine."
                );
                eprintln!("not tested with {name}: {reason}");
            }
            support.mechanism().cloned()
        })
        .collect()
}

/// `$1` is the owner's home, `$2` the session's folder, `$3` another session's.
#[test]
fn reads_nothing_of_the_owners_and_writes_nothing_outside() {
    let place = Place::new("walls");
    let outside = tempfile::Builder::new()
        .prefix("outside")
        .tempdir_in("/var/tmp")
        .unwrap();
    let out = outside.path().to_str().unwrap();
    symlink(&place.owner, place.folders.home.join("out")).unwrap();
    for mechanism in mechanisms() {
        for script in [
            "cat \"$1/.ssh/id_ed25519\"",
            "cat \"$1/.cargo/credentials.toml\"",
            "cat \"$1/sdk/.npmrc\" | grep .",
            "cat \"$1/letters/a.txt\"",
            "cat \"$1/project/lib/a.rs\"",
            "cat \"$1/project/.git/config\"",
            "ls \"$1\" | grep letters",
            "cat \"$1/store/trust.json\"",
            "cat \"$2/state/journal.jsonl\"",
            "cat \"$3/home/a.txt\"",
            "cat \"$2/home/out/letters/a.txt\"",
            "cat \"$2/home/../../other/home/a.txt\"",
            "echo x > \"$1/new\"",
            "echo x > \"$1/.cargo/bin/new\"",
            "echo x > \"$1/.cargo/bin/tool\"",
            "echo x > \"$2/home/out/new\"",
            "echo x > \"$2/bin/shim\"",
            "rm \"$2/bin/shim\"",
            "mv \"$2/bin\" \"$2/home/bin\"",
            "echo x > \"$2/shell/prompt\"",
            "echo x > \"$2/new\"",
            "echo x > \"$2/state/shared/new\"",
            "echo x > /usr/new || echo x > /etc/new || echo x > /new || echo x > /opt/new || echo x > /home/new",
            ": >> /proc/sys/kernel/core_pattern",
            "cat /etc/shadow | grep .",
            "ls /dev/mem /dev/kmsg 2>/dev/null | grep . && head -c1 /dev/kmsg",
            "mount -t tmpfs none \"$2/home\"",
        ] {
            let (succeeded, said) = place.run(&mechanism, script);
            assert!(!succeeded, "{mechanism:?}: {script}: {said}");
            assert!(!said.contains("secret"), "{mechanism:?}: {script}: {said}");
        }
        let into = format!("echo x > {out}/new");
        let (_, said) = place.run(&mechanism, &into);
        assert!(
            !outside.path().join("new").exists(),
            "{mechanism:?}: {said}"
        );
    }
    assert!(!place.owner.join("new").exists());
    assert_eq!(
        fs::read_to_string(place.folders.bin.join("shim")).unwrap(),
        "#!/bin/sh\necho shim\n"
    );
}

#[test]
fn uses_its_own_folders_and_the_owners_programs() {
    // A shell, a mount and a rule each read these characters in their own way.
    for name in ["walls", "wa lls'\"$x\n"] {
        let place = Place::new(name);
        for mechanism in mechanisms() {
            for (script, expected) in [
                ("cat \"$2/home/exercises/a.txt\"", "exercise"),
                ("echo y > \"$2/home/new\" && cat \"$2/home/new\"", "y"),
                ("echo y > \"$2/tmp/new\" && cat \"$2/tmp/new\"", "y"),
                (
                    "echo y > \"$2/downloads/new\" && cat \"$2/downloads/new\"",
                    "y",
                ),
                (
                    "mv \"$2/home/new\" \"$2/tmp/moved\" && cat \"$2/tmp/moved\"",
                    "y",
                ),
                ("cat \"$2/workshop/setup.d/a.sh\"", "set-up"),
                ("\"$2/bin/shim\"", "shim"),
                ("cat \"$2/shell/prompt\"", "prompt"),
                ("cat \"$2/state/shared/shared\"", "shared"),
                ("\"$1/.cargo/bin/tool\"", "tool runs"),
                ("cat \"$1/.rustup/settings.toml\"", "toolchain"),
                ("\"$1/sdk/bin/sdk\"", "words of the sdk"),
                ("\"$1/project/bin/tool\"", "project"),
                ("echo x > /dev/null && head -c1 /dev/zero | wc -c", "1"),
                (
                    "cat /etc/hosts > /dev/null && test -x /usr/bin/env && echo y",
                    "y",
                ),
            ] {
                let (succeeded, said) = place.run(&mechanism, script);
                assert!(
                    succeeded && said == expected,
                    "{mechanism:?}: {script}: {said}"
                );
            }
        }
    }
}

#[test]
fn the_walls_of_each_keeper_are_drawn_anew() {
    for mechanism in mechanisms() {
        let place = Place::new("walls");
        let enclosure = place.enclosure(&mechanism);
        let tool = place.owner.join("later/bin/tool");
        for is_installed in [false, true] {
            if is_installed {
                write(&tool, "#!/bin/sh\necho later\n");
            }
            let mut command = enclosure.command(Path::new("/bin/sh")).unwrap();
            let status = command
                .args(["-c", "\"$0\"", tool.as_str()])
                .current_dir("/");
            let status = status.stderr(std::process::Stdio::null()).status().unwrap();
            assert_eq!(status.success(), is_installed, "{mechanism:?}");
        }
    }
}

#[test]
fn mounts_put_the_folders_where_workshops_expect_them() {
    let place = Place::new("walls");
    for mechanism in mechanisms().iter().filter(|each| each.has_real_places()) {
        for (script, expected) in [
            ("cat /home/eduk8s/exercises/a.txt", "exercise"),
            ("cat /opt/workshop/setup.d/a.sh", "set-up"),
            ("cat /opt/eduk8s/workshop/setup.d/a.sh", "set-up"),
            ("echo y > /home/eduk8s/b && cat \"$2/home/b\"", "y"),
            ("echo y > /tmp/c && cat \"$2/tmp/c\" /var/tmp/c", "y\ny"),
            ("cut -d' ' -f1 /proc/self/stat | wc -l; echo $$", "1\n1"),
            ("ls /home", "eduk8s"),
        ] {
            let (succeeded, said) = place.run(mechanism, script);
            assert!(succeeded && said == expected, "{script}: {said}");
        }
        // Nothing of that was made on the disk.
        assert!(!Path::new("/opt/workshop").exists());
        assert!(!Path::new("/home/eduk8s").exists());
    }
}

#[test]
fn signals_and_memory_of_others_are_out_of_reach() {
    let place = Place::new("walls");
    let mut player = Command::new("sleep")
        .arg("600")
        .env("TOKEN", "secret")
        .spawn()
        .unwrap();
    let id = player.id();
    for mechanism in mechanisms() {
        let mut scripts = vec![
            format!("tr '\\0' '\\n' < /proc/{id}/environ | grep secret"),
            format!("echo x > /proc/{id}/mem"),
            format!("ls /proc/{id}/fd/0 /proc/{id}/root/ /proc/{id}/cwd/ && cat /proc/{id}/maps"),
            format!("echo 1000 > /proc/{id}/oom_score_adj"),
            format!("cat /proc/{id}/root{}/.ssh/id_ed25519", place.owner),
        ];
        if !matches!(mechanism, Mechanism::Landlock { scoped: false, .. }) {
            scripts.push(format!("kill -9 {id}"));
        }
        for script in scripts {
            let (succeeded, said) = place.run(&mechanism, &script);
            assert!(!succeeded, "{mechanism:?}: {script}: {said}");
        }
        assert!(player.try_wait().unwrap().is_none(), "{mechanism:?}");
    }
    player.kill().unwrap();
    player.wait().unwrap();
}

#[test]
fn abstract_sockets_of_others_are_out_of_reach_where_the_kernel_can_tell() {
    use std::os::linux::net::SocketAddrExt;
    use std::os::unix::net::{SocketAddr, UnixListener};
    let place = Place::new("walls");
    let name = format!("atelier-test-{}", std::process::id());
    let address = SocketAddr::from_abstract_name(&name).unwrap();
    let _listener = UnixListener::bind_addr(&address).unwrap();
    let landlock = detect::found("landlock");
    if !matches!(
        landlock.mechanism(),
        Some(Mechanism::Landlock { scoped: true, .. })
    ) {
        eprintln!("skipped: this kernel does not scope abstract sockets");
        return;
    }
    let connect = format!(
        "command -v python3 >/dev/null || exit 9; python3 -c \"import socket; socket.socket(socket.AF_UNIX).connect('\\0{name}')\""
    );
    for mechanism in mechanisms() {
        let (succeeded, said) = place.run(&mechanism, &connect);
        assert!(!succeeded, "{mechanism:?}: {said}");
    }
}

#[test]
fn what_was_allowed_is_seen_and_no_more() {
    use std::os::unix::net::UnixListener;
    let mut place = Place::new("walls");
    let socket = place.owner.join("run/docker.sock");
    fs::create_dir_all(socket.parent().unwrap()).unwrap();
    let _listener = UnixListener::bind(&socket).unwrap();
    write(
        &place.owner.join(".kube/config"),
        "current-context: here\nusers:\n- user:\n    client-key: ../keys/cluster.pem\n",
    );
    write(&place.owner.join("keys/cluster.pem"), "key");
    place.docker_host = Some(format!("unix://{socket}"));
    let docker = "test -S \"$1/run/docker.sock\"";
    let cluster = "cat \"$1/.kube/config\" \"$1/keys/cluster.pem\"";
    for mechanism in mechanisms() {
        for is_allowed in [false, true] {
            place.allowed = Allowances {
                docker: is_allowed,
                cluster: is_allowed,
            };
            // The kernel's rules do not hide that a file is there.
            if mechanism.has_real_places() {
                assert_eq!(place.run(&mechanism, docker).0, is_allowed, "{mechanism:?}");
            }
            assert_eq!(
                place.run(&mechanism, cluster).0,
                is_allowed,
                "{mechanism:?}"
            );
        }
    }
}
