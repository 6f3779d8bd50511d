//! Looking at a home: what it holds, and keeping what is new of it.

use std::collections::HashMap;
use std::fs::{self, File, Metadata};
use std::io;
use std::time::{Duration, SystemTime};

use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};

use super::objects::{self, Objects};
use super::{LeftOut, Limits, Node, SnapshotError, Tree};
use crate::anchor::open_below;

/// A file that was changed less than this ago may be changed again without a trace in its times.
const TOO_FRESH: Duration = Duration::from_secs(2);
/// How often a file is read again that changes while it is read.
const ATTEMPTS: usize = 3;

/// What is known of a file without reading it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Stamp {
    size: u64,
    modified: u128,
    /// When its entry changed last; unlike the time before, no program can set it.
    changed: i128,
    node: u64,
}

/// Files that were read, and what they held.
pub(super) type Seen = HashMap<Utf8PathBuf, (Stamp, String)>;

pub(super) struct Scan<'a> {
    pub(super) home: &'a Utf8Path,
    pub(super) limits: Limits,
    /// Where contents are kept; without it they are only looked at.
    pub(super) objects: Option<&'a Objects>,
    pub(super) seen: &'a mut Seen,
}

impl Scan<'_> {
    /// Looks at everything. Links are not followed.
    pub(super) fn run(mut self) -> Result<Tree, SnapshotError> {
        let mut tree = Tree::default();
        let mut bytes = 0;
        let mut folders = vec![Utf8PathBuf::new()];
        let mut seen = Seen::new();
        while let Some(folder) = folders.pop() {
            let entries = match fs::read_dir(self.home.join(&folder)) {
                Ok(entries) => entries,
                // It has gone meanwhile.
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(_) if !folder.as_str().is_empty() => {
                    tree.nodes.remove(&folder);
                    tree.left_out.insert(folder, LeftOut::Unreadable);
                    continue;
                }
                Err(source) => return Err(SnapshotError::io(self.home, source)),
            };
            for entry in entries.flatten() {
                let Some(name) = entry.file_name().to_str().map(str::to_owned) else {
                    let name = entry.file_name().to_string_lossy().into_owned();
                    tree.left_out.insert(folder.join(name), LeftOut::Name);
                    continue;
                };
                let path = folder.join(name);
                let Ok(about) = entry.metadata() else {
                    continue;
                };
                match self.node(&path, &about, &mut seen)? {
                    Ok(node) => {
                        if matches!(node, Node::Folder { .. }) {
                            folders.push(path.clone());
                        }
                        if let Node::File { size, .. } = node {
                            bytes += size;
                        }
                        tree.nodes.insert(path, node);
                    }
                    Err(Some(reason)) => {
                        tree.left_out.insert(path, reason);
                    }
                    Err(None) => {}
                }
                if tree.nodes.len() > self.limits.entries || bytes > self.limits.bytes {
                    return Err(SnapshotError::TooLarge {
                        entries: self.limits.entries,
                        bytes: self.limits.bytes,
                    });
                }
            }
        }
        *self.seen = seen;
        Ok(tree)
    }

    /// The entry, or why it is left out (nothing when it has gone meanwhile).
    fn node(
        &mut self,
        path: &Utf8Path,
        about: &Metadata,
        seen: &mut Seen,
    ) -> Result<Result<Node, Option<LeftOut>>, SnapshotError> {
        let full = self.home.join(path);
        let kind = about.file_type();
        if kind.is_dir() {
            if is_cache(path, &full) {
                return Ok(Err(Some(LeftOut::Cache)));
            }
            return Ok(Ok(Node::Folder { mode: mode(about) }));
        }
        if kind.is_symlink() {
            let target = match fs::read_link(&full) {
                Ok(target) => target,
                Err(_) => return Ok(Err(None)),
            };
            let to = target.to_str().map(str::to_owned);
            return Ok(to.map(|to| Node::Link { to }).ok_or(Some(LeftOut::Name)));
        }
        if !kind.is_file() {
            return Ok(Err(Some(LeftOut::Special)));
        }
        if is_of_a_shell(path) {
            return Ok(Err(Some(LeftOut::Cache)));
        }
        if about.len() > self.limits.file {
            return Ok(Err(Some(LeftOut::Large)));
        }
        if let Some((known, hash)) = self.seen.get(path)
            && *known == stamp(about)
            && self
                .objects
                .is_none_or(|objects| objects.has(hash, about.len()))
        {
            seen.insert(path.to_owned(), (known.clone(), hash.clone()));
            return Ok(Ok(Node::File {
                mode: mode(about),
                size: about.len(),
                hash: hash.clone(),
            }));
        }
        self.read(path, &full, seen)
    }

    fn read(
        &self,
        path: &Utf8Path,
        full: &Utf8Path,
        seen: &mut Seen,
    ) -> Result<Result<Node, Option<LeftOut>>, SnapshotError> {
        for attempt in 1..=ATTEMPTS {
            let began = SystemTime::now();
            let mut file = match open_below(self.home, path) {
                Ok(file) => file,
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Err(None)),
                Err(_) => return Ok(Err(Some(LeftOut::Unreadable))),
            };
            let Ok(before) = file.metadata() else {
                return Ok(Err(Some(LeftOut::Unreadable)));
            };
            if !before.is_file() {
                return Ok(Err(Some(LeftOut::Special)));
            }
            let read = match self.objects {
                Some(objects) => objects.keep(&mut Bounded(&mut file, self.limits.file)),
                None => objects::hash(&mut Bounded(&mut file, self.limits.file)),
            };
            let (hash, size) = match read {
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::FileTooLarge => {
                    return Ok(Err(Some(LeftOut::Large)));
                }
                // A full disk must not pass for a file that cannot be read.
                Err(source) => return Err(SnapshotError::io(full, source)),
            };
            let after = file.metadata().unwrap_or_else(|_| before.clone());
            let stamp = stamp(&after);
            if stamp != self::stamp(&before) && attempt < ATTEMPTS {
                continue;
            }
            let fresh = after
                .modified()
                .ok()
                .and_then(|modified| began.duration_since(modified).ok())
                .is_none_or(|age| age < TOO_FRESH);
            if !fresh && stamp == self::stamp(&before) {
                seen.insert(path.to_owned(), (stamp, hash.clone()));
            }
            let mode = mode(&after);
            return Ok(Ok(Node::File { mode, size, hash }));
        }
        Ok(Err(None))
    }
}

/// A file that grows while it is read is not read for ever.
struct Bounded<'a>(&'a mut File, u64);

impl io::Read for Bounded<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.0.read(buffer)?;
        self.1 = self
            .1
            .checked_sub(read as u64)
            .ok_or(io::ErrorKind::FileTooLarge)?;
        Ok(read)
    }
}

/// Whether the programs that made this folder make it again.
fn is_cache(path: &Utf8Path, full: &Utf8Path) -> bool {
    const ANYWHERE: [&str; 6] = [
        "node_modules",
        "__pycache__",
        ".pytest_cache",
        ".mypy_cache",
        ".gradle",
        ".terraform",
    ];
    const IN_THE_HOME: [&str; 10] = [
        ".cache",
        ".npm",
        ".m2",
        ".cargo",
        ".rustup",
        ".local/share",
        ".local/state",
        ".kube/cache",
        "go/pkg",
        ".nuget",
    ];
    let name = path.file_name().unwrap_or_default();
    let beside = |file: &str| full.with_file_name(file).is_file();
    ANYWHERE.contains(&name)
        || IN_THE_HOME.contains(&path.as_str())
        || full.join("CACHEDIR.TAG").is_file()
        || full.join("pyvenv.cfg").is_file()
        || (name == "target" && (beside("pom.xml") || beside("Cargo.toml")))
        || (name == "build" && (beside("build.gradle") || beside("build.gradle.kts")))
}

/// What shells write by themselves, as long as they run.
fn is_of_a_shell(path: &Utf8Path) -> bool {
    matches!(
        path.as_str(),
        ".bash_history"
            | ".zsh_history"
            | ".python_history"
            | ".lesshst"
            | ".viminfo"
            | ".node_repl_history"
    )
}

/// Opens a file of the home to read it.
#[cfg(unix)]
pub(crate) fn open(path: impl AsRef<std::path::Path>) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    // What has become a link is not followed, and a pipe not waited for.
    let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
    fs::OpenOptions::new()
        .read(true)
        .custom_flags(flags.bits() as i32)
        .open(path)
}

#[cfg(not(unix))]
pub(crate) fn open(path: impl AsRef<std::path::Path>) -> io::Result<File> {
    File::open(path)
}

#[cfg(unix)]
pub(super) fn mode(about: &Metadata) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    about.permissions().mode() & 0o7777
}

#[cfg(not(unix))]
pub(super) fn mode(_: &Metadata) -> u32 {
    0o644
}

fn stamp(about: &Metadata) -> Stamp {
    #[cfg(unix)]
    let (changed, node) = {
        use std::os::unix::fs::MetadataExt;
        let seconds = i128::from(about.ctime()) * 1_000_000_000;
        (seconds + i128::from(about.ctime_nsec()), about.ino())
    };
    #[cfg(not(unix))]
    let (changed, node) = (0, 0);
    Stamp {
        size: about.len(),
        modified: about
            .modified()
            .ok()
            .and_then(|modified| modified.duration_since(SystemTime::UNIX_EPOCH).ok())
            .map_or(0, |since| since.as_nanos()),
        changed,
        node,
    }
}
