//! Which means of isolating a session this machine has, found out by trying, once per process.

use std::path::PathBuf;
use std::sync::OnceLock;

/// Names the one means that is to be used, for tests and for machines where another does not do: `bubblewrap`, `landlock`
/// or `none`.
pub const WITH_VARIABLE: &str = "ATELIER_ISOLATE_WITH";

/// By what means a session is isolated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mechanism {
    /// The session has mounts and process numbers of its own.
    Bubblewrap {
        /// The program.
        program: PathBuf,
    },
    /// The kernel refuses what the session may not do; it sees the same folders and processes as everybody.
    Landlock {
        /// Whether signals and abstract sockets are held to the session too (Linux 6.12).
        scoped: bool,
        /// Whether sockets that are files are (Landlock 9).
        sockets: bool,
    },
}

impl Mechanism {
    /// Whether the session finds its folders where the workshop expects them: `/home/eduk8s`, `/opt/workshop`.
    pub fn has_real_places(&self) -> bool {
        matches!(self, Self::Bubblewrap { .. })
    }
}

/// Whether this machine can isolate a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Support {
    mechanism: Option<Mechanism>,
    reason: Option<String>,
}

impl Support {
    /// By what means; `None` when there is none.
    pub fn mechanism(&self) -> Option<&Mechanism> {
        self.mechanism.as_ref()
    }

    /// Whether a session can be isolated here.
    pub fn is_possible(&self) -> bool {
        self.mechanism.is_some()
    }

    /// In whole sentences: why there is no means, or what the means that there is cannot do. `None` when nothing is amiss.
    pub fn reason(&self) -> Option<&str> {
        self.reason.as_deref()
    }
}

/// What this machine can do. The first call tries it, which takes some milliseconds; the answer is kept.
pub fn support() -> &'static Support {
    static SUPPORT: OnceLock<Support> = OnceLock::new();
    SUPPORT.get_or_init(|| {
        let wanted = std::env::var(WITH_VARIABLE).unwrap_or_default();
        found(wanted.trim())
    })
}

#[cfg(not(target_os = "linux"))]
pub(super) fn found(_: &str) -> Support {
    Support {
        mechanism: None,
        reason: Some("Sessions can be isolated on Linux only.".to_owned()),
    }
}

#[cfg(target_os = "linux")]
pub(super) fn found(wanted: &str) -> Support {
    unless_crowded(means(wanted), super::machine::crowded)
}

/// No means isolates where there is more to hide than any can: better said before a session is to start.
#[cfg(target_os = "linux")]
fn unless_crowded<C: std::fmt::Display>(
    support: Support,
    crowded: impl FnOnce() -> Option<C>,
) -> Support {
    if !support.is_possible() {
        return support;
    }
    match crowded() {
        Some(crowded) => Support {
            mechanism: None,
            reason: Some(format!("Sessions cannot be isolated here: {crowded}.")),
        },
        None => support,
    }
}

#[cfg(target_os = "linux")]
fn means(wanted: &str) -> Support {
    let none = |reason: String| Support {
        mechanism: None,
        reason: Some(reason),
    };
    match wanted {
        "none" => return none(format!("{WITH_VARIABLE}=none switches isolation off.")),
        "" | "bubblewrap" | "landlock" => {}
        other => {
            return none(format!(
                "{WITH_VARIABLE} says {other:?}, which is none of bubblewrap, landlock and none."
            ));
        }
    }
    let bubblewrap = match wanted {
        "landlock" => Err(format!("{WITH_VARIABLE} asks for Landlock.")),
        _ => linux::bubblewrap(),
    };
    let why_not = match bubblewrap {
        Ok(program) => {
            return Support {
                mechanism: Some(Mechanism::Bubblewrap { program }),
                reason: None,
            };
        }
        Err(why_not) if wanted == "bubblewrap" => return none(why_not),
        Err(why_not) => why_not,
    };
    match linux::landlock() {
        Ok(Reach { scoped, sockets }) => Support {
            mechanism: Some(Mechanism::Landlock { scoped, sockets }),
            reason: Some(format!("{why_not} {}", thinner(scoped, sockets))),
        },
        Err(nor) => none(format!("{why_not} {nor}")),
    }
}

/// What of the owner's Landlock holds to a session, by the kernel's version.
#[cfg(target_os = "linux")]
struct Reach {
    scoped: bool,
    sockets: bool,
}

/// What an owner must know who is asked to trust walls of Landlock.
#[cfg(target_os = "linux")]
fn thinner(scoped: bool, sockets: bool) -> String {
    let mut said = "Sessions are isolated by Landlock instead: their programs cannot read or write your files, but they can change permissions and times of those, and open your terminals. Paths that workshops spell out, such as /home/eduk8s, are replaced.".to_owned();
    if !sockets {
        said.push_str(
            " This kernel does not keep their programs from sockets of yours: a workshop that means harm can ask your desktop's services, or Docker if you may use it, to run programs outside.",
        );
    }
    if !scoped {
        said.push_str(
            " It is also older than 6.12, so their programs can send signals to yours, and reach abstract sockets.",
        );
    }
    said
}

#[cfg(target_os = "linux")]
mod linux {
    use std::os::unix::fs::PermissionsExt;
    use std::path::{Path, PathBuf};
    use std::process::{Child, Command, Stdio};
    use std::sync::mpsc;
    use std::time::Duration;

    use super::Reach;
    use landlock::{ABI, Access, AccessFs, CompatLevel, Compatible, Ruleset, RulesetAttr, Scope};

    /// How long `bwrap` may take to start a program that does nothing.
    const LIMIT: Duration = Duration::from_secs(20);

    /// What a dynamically linked program needs to start, wherever a system keeps it.
    const SYSTEM: &[&str] = &[
        "/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/nix", "/gnu", "/etc",
    ];

    /// The program, when it really encloses another one.
    pub(super) fn bubblewrap() -> Result<PathBuf, String> {
        let program = on_path("bwrap")
            .ok_or("bubblewrap is not installed (its package is called `bubblewrap`).")?;
        let mut command = Command::new(&program);
        command.args(super::super::bubblewrap::NAMESPACES);
        command.args(["--tmpfs", "/", "--proc", "/proc", "--dev", "/dev"]);
        for folder in SYSTEM {
            command.args(["--ro-bind-try", folder, folder]);
        }
        command.args(["--", "sh", "-c", ":"]);
        command.stdin(Stdio::null()).stdout(Stdio::null());
        // As it is used: a `bwrap` that relies on being setuid does not get over this.
        super::super::landlock::scope(&mut command);
        super::super::filter::apply(&mut command, false);
        let output = command
            .stderr(Stdio::piped())
            .spawn()
            .and_then(|child| wait(child, LIMIT))
            .map_err(|error| format!("bubblewrap could not be started: {error}."))?;
        if output.status.success() {
            return Ok(program);
        }
        let said = String::from_utf8_lossy(&output.stderr);
        let said = said.lines().next().unwrap_or("it said nothing");
        Err(format!(
            "bubblewrap does not work here ({}).",
            said.trim_end_matches('.')
        ))
    }

    /// What the kernel's Landlock holds to a session besides files.
    pub(super) fn landlock() -> Result<Reach, String> {
        let hard = || Ruleset::default().set_compatibility(CompatLevel::HardRequirement);
        // Before its third version files could be emptied all the same.
        let files = hard()
            .handle_access(AccessFs::from_all(ABI::V3))
            .and_then(Ruleset::create);
        if files.is_err() {
            return Err(
                "Landlock is missing too: it needs Linux 6.2, and must be switched on.".to_owned(),
            );
        }
        let scopes = hard()
            .scope(Scope::Signal | Scope::AbstractUnixSocket)
            .and_then(Ruleset::create);
        let sockets = hard()
            .handle_access(AccessFs::ResolveUnix)
            .and_then(Ruleset::create);
        Ok(Reach {
            scoped: scopes.is_ok(),
            sockets: sockets.is_ok(),
        })
    }

    fn on_path(name: &str) -> Option<PathBuf> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let usual = [PathBuf::from("/usr/bin"), PathBuf::from("/usr/local/bin")];
        let is_program = |path: &Path| {
            std::fs::metadata(path)
                .is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
        };
        std::env::split_paths(&path)
            .chain(usual)
            .filter(|folder| folder.is_absolute())
            .map(|folder| folder.join(name))
            .find(|program| is_program(program))
    }

    /// Waits for its end, or kills it.
    fn wait(mut child: Child, limit: Duration) -> std::io::Result<std::process::Output> {
        let id = i32::try_from(child.id())
            .ok()
            .and_then(rustix::process::Pid::from_raw);
        let stderr = child.stderr.take();
        let (sender, ended) = mpsc::channel::<()>();
        let guard = std::thread::spawn(move || {
            if ended.recv_timeout(limit) == Err(mpsc::RecvTimeoutError::Timeout)
                && let Some(id) = id
            {
                // It is not reaped before this thread has ended, so the number is still its own.
                let _ = rustix::process::kill_process(id, rustix::process::Signal::KILL);
            }
        });
        let mut said = Vec::new();
        if let Some(mut stderr) = stderr {
            std::io::Read::read_to_end(&mut stderr, &mut said)?;
        }
        // Its errors end with it; what it leaves behind is nothing.
        drop(sender);
        let _ = guard.join();
        Ok(std::process::Output {
            status: child.wait()?,
            stdout: Vec::new(),
            stderr: said,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_why_there_is_no_means() {
        for (wanted, said) in [
            ("none", "switches isolation off"),
            ("chroot", "which is none of"),
        ] {
            let support = found(wanted);
            assert!(!support.is_possible());
            if cfg!(target_os = "linux") {
                assert!(support.reason().unwrap().contains(said), "{support:?}");
            }
        }
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn more_to_hide_than_can_be_is_said_before_a_session_starts() {
        let possible = Support {
            mechanism: Some(Mechanism::Bubblewrap {
                program: "/usr/bin/bwrap".into(),
            }),
            reason: None,
        };
        let crowded = unless_crowded(possible.clone(), || Some("too much lies in /srv"));
        assert!(!crowded.is_possible());
        let said = crowded.reason().unwrap();
        assert!(said.contains("/srv") && said.ends_with('.'), "{said}");
        assert_eq!(
            unless_crowded(possible.clone(), || None::<String>),
            possible
        );
        let impossible = found("none");
        assert_eq!(unless_crowded(impossible.clone(), || Some("x")), impossible);
    }

    #[test]
    fn what_is_asked_for_is_used_or_its_absence_explained() {
        for wanted in ["bubblewrap", "landlock", ""] {
            let support = found(wanted);
            match support.mechanism() {
                Some(Mechanism::Bubblewrap { .. }) => assert_ne!(wanted, "landlock"),
                Some(Mechanism::Landlock { .. }) => assert_ne!(wanted, "bubblewrap"),
                None => assert!(support.reason().is_some_and(|reason| reason.ends_with('.'))),
            }
        }
    }
}
