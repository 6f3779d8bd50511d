//! Isolation by mounts and process numbers of the session's own.

use std::ffi::OsString;
use std::path::Path;

use super::policy::{Places, View};

/// What a session gets of its own from the kernel. The network stays the machine's: servers of the session are reached by
/// their ports. Its first process is process 1, so that its end is the end of them all; no capability is left to
/// undo a mount, also where Atelier runs as root.
pub(super) const NAMESPACES: &[&str] = &[
    "--unshare-user-try",
    "--unshare-pid",
    "--unshare-ipc",
    "--as-pid-1",
    "--cap-drop",
    "ALL",
    "--new-session",
];

/// What root may write below `/proc` without any capability, and thereby change the machine.
const OF_THE_KERNEL: &[&str] = &[
    "/proc/acpi",
    "/proc/bus",
    "/proc/fs",
    "/proc/irq",
    "/proc/mtrr",
    "/proc/scsi",
    "/proc/sys",
    "/proc/sysrq-trigger",
];

/// bubblewrap's arguments for these places, up to the program.
pub(super) fn arguments(places: &Places) -> Vec<OsString> {
    let mut words: Vec<OsString> = NAMESPACES.iter().map(OsString::from).collect();
    let mut say = |option: &str, paths: &[&Path]| {
        words.push(option.into());
        words.extend(paths.iter().map(|path| path.as_os_str().to_owned()));
    };
    let root = Path::new("/");
    say("--tmpfs", &[root]);
    say("--proc", &[Path::new("/proc")]);
    say("--dev", &[Path::new("/dev")]);
    if rustix::process::geteuid().is_root() {
        for path in OF_THE_KERNEL.iter().map(Path::new) {
            say("--ro-bind-try", &[path, path]);
        }
    }
    for (path, view) in places.iter() {
        match view {
            // Between the look and the mount it may have gone.
            View::ReadOnly => say("--ro-bind-try", &[path, path]),
            View::Shown { source, writable } => {
                let option = if *writable { "--bind" } else { "--ro-bind" };
                say(option, &[source, path]);
            }
            View::Empty => say("--tmpfs", &[path]),
            View::Nothing => say("--ro-bind", &[Path::new("/dev/null"), path]),
            View::Link(target) => say("--symlink", &[target, path]),
        }
    }
    // Only now: the places in them had to be made.
    for (path, _) in places.iter().filter(|(_, view)| **view == View::Empty) {
        say("--remount-ro", &[path]);
    }
    say("--remount-ro", &[root]);
    words.push("--".into());
    words
}
