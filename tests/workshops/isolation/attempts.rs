//! What a workshop that means harm would try, by either means, as root and as an ordinary user.

use std::fs;

use atelier_tests::{WorkshopTest, means};
use camino::Utf8Path;

use super::computer::{Computer, SECRETS, SOCKETS, User};

/// What happens where programs may do what their owner may.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Unwalled {
    /// It succeeds: who tries it in vain behind walls is held by them.
    Reaches,
    /// It depends on the machine and on who the owner is, or this machine forbids it to everybody.
    Depends,
    /// It would do harm, and is not tried.
    Harms,
}
use Unwalled::{Depends, Harms, Reaches};

/// Where it succeeds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    Never,
    /// `docs/security.md` says so. Sockets are closed from Landlock 9 on.
    WithLandlock,
    /// With bubblewrap the session's own temporary files lie there, and the owner's files are looked at afterwards.
    InOwnPlace,
}
use Open::{InOwnPlace, Never, WithLandlock};

impl Open {
    fn is(self, means: &str) -> bool {
        match self {
            Never => false,
            WithLandlock => means == "landlock",
            InOwnPlace => means == "bubblewrap",
        }
    }
}

/// Whether this machine lets a program look into another one of the same owner: Yama forbids it for all but those that it has
/// started, and the filter of a container may too.
fn may_look_into_others() -> bool {
    let yama = fs::read_to_string("/proc/sys/kernel/yama/ptrace_scope");
    yama.map_or(true, |scope| scope.trim() == "0") && is_unfiltered()
}

/// Whether no container's filter refuses system calls, as those for keyrings.
fn is_unfiltered() -> bool {
    own_status("Seccomp:") == "0"
}

/// What the kernel says of this test, and so of what it starts.
fn own_status(name: &str) -> String {
    let status = fs::read_to_string("/proc/self/status").expect("there is a /proc");
    let said = status.lines().find_map(|line| line.strip_prefix(name));
    said.unwrap_or_default().trim().to_owned()
}

fn reaches_if(is_possible: bool) -> Unwalled {
    match is_possible {
        true => Reaches,
        false => Depends,
    }
}

struct Attempt {
    command: String,
    unwalled: Unwalled,
    open: Open,
}

impl AsRef<str> for Attempt {
    fn as_ref(&self) -> &str {
        &self.command
    }
}

/// Folders of the system's, and of its timetables, and what an attempt leaves in them.
const PLACES: &[&str] = &[
    "/usr",
    "/opt",
    "/",
    "/etc",
    "/etc/cron.d",
    "/var/spool",
    "/var/spool/cron",
    "/var/spool/cron/crontabs",
    "/var/tmp",
];
const ESCAPED: &str = "atelier-test-escape";

impl Computer {
    /// What reads or finds, and changes nothing.
    fn looking(&self) -> Vec<Attempt> {
        let mut all = Vec::new();
        let mut say = |unwalled, open, command: String| {
            all.push(Attempt {
                command,
                unwalled,
                open,
            });
        };
        let (here, tmp) = (self.elsewhere(), self.test.beside(""));
        for at in [&here, &tmp] {
            for secret in SECRETS {
                let path = at.join(secret);
                say(Reaches, Never, format!("grep -r secret {path}"));
                say(
                    Reaches,
                    Never,
                    format!("ln -sfn {path} ~/link; grep secret ~/link"),
                );
            }
            say(Reaches, Never, format!("ls {at}/ada/letters | grep ."));
            say(
                Reaches,
                WithLandlock,
                format!("test -e {at}/ada/letters/a.txt"),
            );
            say(Reaches, Never, format!("ls {at}/ada/project/lib | grep ."));
            let unshared = format!(
                "unshare -Urm sh -c 'umount -l {at}/ada; umount -l {at}; umount -l /tmp; cat {at}/ada/letters/a.txt' | grep secret"
            );
            say(Depends, Never, unshared);
        }
        say(Reaches, Never, format!("grep -r secret {}", self.shared()));
        say(Reaches, Never, format!("ln {tmp}/ada/letters/a.txt ~/hard"));
        say(
            Reaches,
            Never,
            format!("ln {tmp}/ada/project/bin/tool ~/tool"),
        );
        let victim = self.victim.id();
        for what in [
            "environ", "maps", "root", "cwd", "fd", "oom", "signal", "limits",
        ] {
            say(Reaches, Never, format!("reach look {victim} {what}"));
        }
        for what in ["mem", "trace", "descriptor"] {
            let unwalled = reaches_if(may_look_into_others());
            say(unwalled, Never, format!("reach look {victim} {what}"));
        }
        say(Depends, Never, format!("kill -0 {}", std::process::id()));
        say(
            Reaches,
            WithLandlock,
            format!("reach look {victim} priority"),
        );
        say(
            Reaches,
            WithLandlock,
            format!("reach look {victim} cmdline"),
        );
        say(Reaches, Never, "reach outsiders".to_owned());
        for who in ["app", "keeper"] {
            for what in ["environ", "mem", "root", "cwd", "fd", "trace", "descriptor"] {
                say(Depends, Never, format!("reach look {who} {what}"));
            }
        }
        say(Reaches, Never, "reach look app signal".to_owned());
        for socket in SOCKETS {
            say(
                Reaches,
                WithLandlock,
                format!("reach connect {here}/{socket}"),
            );
        }
        say(
            Reaches,
            WithLandlock,
            format!("reach connect {tmp}/ada/run/bus"),
        );
        say(
            Reaches,
            Never,
            format!("reach connect_by_name {}", self.name),
        );
        say(Depends, Never, "reach descriptors".to_owned());
        say(
            Reaches,
            WithLandlock,
            format!("reach terminal {}", self.terminal),
        );
        say(Depends, Never, format!("reach type_into {}", self.terminal));
        say(
            Reaches,
            WithLandlock,
            format!("reach memory {}", self.segment),
        );
        say(
            reaches_if(is_unfiltered()),
            Never,
            "reach keyring".to_owned(),
        );
        say(
            reaches_if(own_status("NoNewPrivs:") == "0"),
            Never,
            "! grep -q 'NoNewPrivs:.*1' /proc/self/status".to_owned(),
        );
        say(
            Depends,
            Never,
            "! grep -q 'CapEff:.*0000000000000000' /proc/self/status".to_owned(),
        );
        all
    }

    /// What changes something.
    fn changing(&self) -> Vec<Attempt> {
        let (here, tmp) = (self.elsewhere(), self.test.beside(""));
        let mut all = Vec::new();
        for at in [&here, &tmp] {
            all.extend(
                SECRETS
                    .iter()
                    .map(|secret| format!("echo x >> {at}/{secret}")),
            );
            all.push(format!("echo x > {at}/ada/new"));
            all.push(format!("echo x >> {at}/ada/project/bin/tool"));
            all.push(format!("mv {at}/ada/letters ~/letters"));
            all.push(format!("rm {at}/ada/letters/a.txt"));
        }
        let own = "${TMPDIR%/tmp}";
        all.extend([
            format!("kill -9 {}", self.victim.id()),
            format!("cat {own}/state/journal.jsonl"),
            format!("echo x > {own}/bin/ls"),
            format!("echo x > {own}/shell/.bash_profile"),
            ": >> /proc/sys/kernel/core_pattern".to_owned(),
            ": >> /sys/fs/cgroup/cgroup.procs".to_owned(),
            "mknod ~/disk b $(stat -c '0x%Hd 0x%Ld' /) && head -c1 ~/disk".to_owned(),
            "mount -t tmpfs none ~".to_owned(),
        ]);
        for place in PLACES {
            all.push(format!("echo x > {place}/{ESCAPED}"));
        }
        let is_temporary =
            |command: &str| command.contains("/var/tmp") || command.contains(tmp.as_str());
        let harms = |command: String| Attempt {
            unwalled: Harms,
            open: if is_temporary(&command) {
                InOwnPlace
            } else {
                Never
            },
            command,
        };
        let mut all: Vec<_> = all.into_iter().map(harms).collect();
        for at in [&here, &tmp] {
            for change in ["chmod 700", "touch -d 2000-01-01"] {
                all.push(Attempt {
                    command: format!("{change} {at}/ada/letters/a.txt"),
                    unwalled: Harms,
                    open: WithLandlock,
                });
            }
        }
        all
    }
}

fn commands<'a>(attempts: impl Iterator<Item = &'a Attempt>) -> Vec<&'a str> {
    attempts.map(|attempt| attempt.command.as_str()).collect()
}

/// What stays open by one of the means is said: it is what `docs/security.md` has to tell.
#[allow(clippy::print_stderr, reason = "a list for people")]
fn nothing_is_reached(user: User) {
    for means in means() {
        let mut computer = Computer::new(user, "isolated", means);
        let mut attempts = computer.looking();
        attempts.extend(computer.changing());
        let reached = computer.reached(&attempts);
        for (attempt, _) in attempts
            .iter()
            .zip(&reached)
            .filter(|(_, reached)| **reached)
        {
            eprintln!("open with {means}: {}", attempt.command);
        }
        let escaped = attempts.iter().zip(&reached);
        let escaped = escaped.filter(|(attempt, reached)| **reached && !attempt.open.is(means));
        let escaped = commands(escaped.map(|(attempt, _)| attempt));
        assert_eq!(escaped, [""; 0], "{means}");
        let ended = computer.victim.try_wait().expect("it is ours");
        assert_eq!(ended, None, "{means}: it reached another process");
        for at in [computer.elsewhere(), computer.test.beside("")] {
            for secret in SECRETS {
                let text = fs::read_to_string(at.join(secret)).expect("it is there");
                assert_eq!(text, "secret", "{means}: {secret}");
            }
            assert!(!at.join("ada/new").exists());
        }
        for place in PLACES {
            assert!(
                !Utf8Path::new(place).join(ESCAPED).exists(),
                "{means}: {place}"
            );
        }
    }
}

#[test]
fn an_isolated_session_reaches_nothing_of_the_owners() {
    nothing_is_reached(|test| test);
}

#[test]
fn nor_does_one_of_an_ordinary_user() {
    nothing_is_reached(WorkshopTest::as_ordinary_user);
}

/// Otherwise what fails behind walls could fail for another reason.
fn everything_is_reached(user: User) {
    let computer = Computer::new(user, "folder", "none");
    let attempts = computer.looking();
    let attempts: Vec<_> = attempts
        .into_iter()
        .filter(|one| one.unwalled == Reaches)
        .collect();
    let reached = computer.reached(&attempts);
    let failed = attempts
        .iter()
        .zip(&reached)
        .filter(|(_, reached)| !**reached);
    let failed = commands(failed.map(|(attempt, _)| attempt));
    assert_eq!(failed, [""; 0]);
}

#[test]
fn at_the_level_of_a_folder_programs_may_do_what_their_owner_may() {
    everything_is_reached(|test| test);
}

#[test]
fn so_they_may_as_an_ordinary_user() {
    everything_is_reached(WorkshopTest::as_ordinary_user);
}
