//! Isolation by rules of the kernel's, where there can be no mounts of the session's own.

use std::fs;
use std::io;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use landlock::{
    ABI, Access, AccessFs, BitFlags, Ruleset, RulesetAttr, RulesetCreated, RulesetCreatedAttr,
    RulesetError, Scope, path_beneath_rules,
};

use rustix::thread::{CapabilitySet, CapabilitySets, set_capabilities};

use super::policy::{Places, View};

/// The version of the kernel's rules that ours are written for; an older kernel keeps what it knows of them.
pub(super) const VERSION: ABI = ABI::V9;

/// Devices that every program may use.
const DEVICES: &[&str] = &[
    "/dev/full",
    "/dev/null",
    "/dev/ptmx",
    "/dev/pts",
    "/dev/random",
    "/dev/tty",
    "/dev/urandom",
    "/dev/zero",
];

/// Has a command restrict itself to these places before it becomes its program.
pub(super) fn restrict(command: &mut Command, places: &Places) -> io::Result<()> {
    let grants = Grants::of(places);
    let read = AccessFs::from_read(VERSION);
    let rules = || -> Result<RulesetCreated, RulesetError> {
        Ruleset::default()
            .handle_access(AccessFs::from_all(VERSION))?
            .scope(Scope::AbstractUnixSocket | Scope::Signal)?
            .create()?
            .add_rules(path_beneath_rules(&grants.read, read))?
            .add_rules(path_beneath_rules(
                &grants.listed,
                BitFlags::from(AccessFs::ReadDir),
            ))?
            .add_rules(path_beneath_rules(
                &grants.written,
                AccessFs::from_all(VERSION),
            ))?
            .add_rules(path_beneath_rules(
                &grants.connected,
                BitFlags::from(AccessFs::ResolveUnix),
            ))
    };
    enter(command, rules().map_err(io::Error::other)?);
    // SAFETY: it is one system call, about the child alone.
    #[allow(unsafe_code)]
    unsafe {
        command.pre_exec(|| Ok(set_capabilities(None, NONE)?));
    }
    Ok(())
}

/// Root's would reach around the rules: into other programs' memory, the kernel's modules, the machine's clock. As nothing
/// that is started can gain privileges (which the rules ask for too), they do not come back.
const NONE: CapabilitySets = CapabilitySets {
    effective: CapabilitySet::empty(),
    permitted: CapabilitySet::empty(),
    inheritable: CapabilitySet::empty(),
};

/// Keeps a command and what it starts from the abstract sockets of other programs, which no mount hides, where the kernel
/// can do that: the desktop listens on some.
pub(super) fn scope(command: &mut Command) {
    let rules = || -> Result<RulesetCreated, RulesetError> {
        Ruleset::default()
            .scope(Scope::AbstractUnixSocket | Scope::Signal)?
            .create()
    };
    if let Ok(rules) = rules() {
        enter(command, rules);
    }
}

fn enter(command: &mut Command, rules: RulesetCreated) {
    let restrict = move || {
        let entered = rules.try_clone()?.restrict_self();
        entered.map_err(|_| io::Error::from(io::ErrorKind::PermissionDenied))?;
        Ok(())
    };
    // SAFETY: between fork and exec it duplicates a descriptor and makes system calls; nothing of the parent's is locked.
    #[allow(unsafe_code)]
    unsafe {
        command.pre_exec(restrict);
    }
}

/// What is allowed. Rules can only add: a folder that holds something hidden is allowed entry by entry.
#[derive(Debug, Default)]
struct Grants {
    read: Vec<PathBuf>,
    listed: Vec<PathBuf>,
    written: Vec<PathBuf>,
    /// Sockets, and folders in which the player listens.
    connected: Vec<PathBuf>,
}

/// What was allowed by its name, as Docker's is.
fn is_socket(path: &Path) -> bool {
    use std::os::unix::fs::FileTypeExt;
    fs::metadata(path).is_ok_and(|meta| meta.file_type().is_socket())
}

impl Grants {
    fn of(places: &Places) -> Self {
        let mut grants = Self {
            read: vec!["/proc".into()],
            written: DEVICES.iter().map(PathBuf::from).collect(),
            ..Self::default()
        };
        for (path, view) in places.iter() {
            match view {
                View::ReadOnly => {
                    if is_socket(path) {
                        grants.connected.push(path.to_path_buf());
                    }
                    grants.read(path, places);
                }
                View::Shown { source, writable } if source == path => {
                    if *writable {
                        grants.written.push(path.to_path_buf());
                    } else {
                        grants.connected.push(path.to_path_buf());
                        grants.read(path, places);
                    }
                }
                View::Shown { .. } | View::Empty | View::Nothing | View::Link(_) => {}
            }
        }
        grants
    }

    fn read(&mut self, path: &Path, places: &Places) {
        // A rule would be for what the link leads to, which has rules of its own, or none.
        if path.is_symlink() {
            return;
        }
        if places.within(path).next().is_none() {
            self.read.push(path.to_path_buf());
            return;
        }
        if path.starts_with("/etc") {
            self.listed.push(path.to_path_buf());
        }
        let Ok(entries) = fs::read_dir(path) else {
            return;
        };
        for entry in entries.flatten().map(|entry| entry.path()) {
            if !places.has(&entry) {
                self.read(&entry, places);
            }
        }
    }
}
