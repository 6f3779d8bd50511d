//! Writes entries below a folder, and keeps count.

use std::fs::{self, OpenOptions};
use std::io::{self, Read, Write};

use camino::{Utf8Path, Utf8PathBuf};

use super::names::{self, shown};
use super::spellings::Spellings;
use super::{Fault, Limits, megabytes};

/// An archive that grows by more than this factor, beyond [`FREE`] bytes, is a bomb.
const FACTOR: u64 = 200;
/// What may come of nothing much: sources compress well.
const FREE: u64 = 32 << 20;

/// The folder that an archive is unpacked into.
#[derive(Debug)]
pub(super) struct Writer {
    root: Utf8PathBuf,
    limits: Limits,
    entries: usize,
    spellings: Spellings,
    bytes: u64,
    /// Bytes of the archive itself, once known.
    packed: Option<u64>,
    /// Made last, so that nothing is ever written through one.
    links: Vec<(Utf8PathBuf, String)>,
}

impl Writer {
    pub(super) fn new(root: Utf8PathBuf, limits: Limits) -> Self {
        Self {
            root,
            limits,
            entries: 0,
            spellings: Spellings::default(),
            bytes: 0,
            packed: None,
            links: Vec::new(),
        }
    }

    /// How many bytes the archive itself has: what comes of it is held to that.
    pub(super) fn packed(&mut self, bytes: u64) {
        self.packed = Some(bytes);
    }

    /// Counts an entry, whatever it is.
    pub(super) fn entry(&mut self) -> Result<(), Fault> {
        self.entries += 1;
        self.check_count(self.entries)
    }

    /// Notes the place of an entry: one that another has in other letters is refused everywhere, not only where it is taken.
    fn place(&mut self, path: &Utf8Path) -> Result<(), Fault> {
        if self.spellings.has_twin(path) {
            return Err(Fault::Refused(format!(
                "it holds {} also with other upper and lower case letters or accents, and on many computers both are one file",
                shown(path.as_str().as_bytes())
            )));
        }
        self.check_count(self.spellings.count())
    }

    fn check_count(&self, count: usize) -> Result<(), Fault> {
        if count > self.limits.entries {
            return Err(Fault::TooLarge(format!(
                "it holds more than {} files",
                self.limits.entries
            )));
        }
        Ok(())
    }

    pub(super) fn folder(&mut self, path: &Utf8Path) -> Result<(), Fault> {
        self.place(path)?;
        fs::create_dir_all(self.root.join(path)).map_err(|error| taken(error, path))
    }

    /// Writes a file. Of its mode only whether it is a program counts.
    pub(super) fn file(
        &mut self,
        path: &Utf8Path,
        executable: bool,
        mut content: impl Read,
    ) -> Result<(), Fault> {
        self.place(path)?;
        let full = self.root.join(path);
        if let Some(folder) = full.parent() {
            fs::create_dir_all(folder).map_err(|error| taken(error, path))?;
        }
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&full)
            .map_err(|error| taken(error, path))?;
        let mut buffer = [0_u8; 32 * 1024];
        let mut written = 0_u64;
        loop {
            let more = match content.read(&mut buffer) {
                Ok(0) => break,
                Ok(more) => more,
                Err(error) => return Err(damaged(&error)),
            };
            written += more as u64;
            self.bytes += more as u64;
            if written > self.limits.file {
                return Err(Fault::TooLarge(format!(
                    "{} is larger than {}",
                    shown(path.as_str().as_bytes()),
                    megabytes(self.limits.file)
                )));
            }
            self.check_size()?;
            file.write_all(&buffer[..more])?;
        }
        set_mode(&file, executable)?;
        Ok(())
    }

    pub(super) fn link(&mut self, path: Utf8PathBuf, target: String) -> Result<(), Fault> {
        self.place(&path)?;
        if !names::stays_inside(&path, &target) {
            return Err(Fault::Refused(format!(
                "{} is a link to {}, outside of its folder",
                shown(path.as_str().as_bytes()),
                shown(target.as_bytes())
            )));
        }
        self.links.push((path, target));
        Ok(())
    }

    /// Makes the links.
    pub(super) fn finish(self) -> Result<(), Fault> {
        if self.entries == 0 {
            return Err(Fault::Refused("it is empty".to_owned()));
        }
        for (path, target) in &self.links {
            let full = self.root.join(path);
            if let Some(folder) = full.parent() {
                fs::create_dir_all(folder).map_err(|error| taken(error, path))?;
            }
            make_link(target, &full).map_err(|error| taken(error, path))?;
        }
        // A chain of links may lead out although each by itself does not.
        let root = self.root.canonicalize_utf8()?;
        for (path, target) in &self.links {
            let inside = match self.root.join(path).canonicalize() {
                Ok(real) => real.starts_with(&root),
                Err(error) => error.kind() == io::ErrorKind::NotFound,
            };
            if !inside {
                return Err(Fault::Refused(format!(
                    "{} is a link to {}, outside of its folder",
                    shown(path.as_str().as_bytes()),
                    shown(target.as_bytes())
                )));
            }
        }
        Ok(())
    }

    fn check_size(&self) -> Result<(), Fault> {
        if self.bytes > self.limits.unpacked {
            return Err(Fault::TooLarge(format!(
                "it holds more than {}",
                megabytes(self.limits.unpacked)
            )));
        }
        let is_bomb = self
            .packed
            .is_some_and(|packed| self.bytes > FREE + packed.saturating_mul(FACTOR));
        if is_bomb {
            return Err(Fault::Refused(
                "it grows beyond all measure when it is unpacked".to_owned(),
            ));
        }
        Ok(())
    }
}

/// A place that is taken by something else.
fn taken(error: io::Error, path: &Utf8Path) -> Fault {
    match error.kind() {
        io::ErrorKind::AlreadyExists
        | io::ErrorKind::NotADirectory
        | io::ErrorKind::IsADirectory => Fault::Refused(format!(
            "it holds {} twice",
            shown(path.as_str().as_bytes())
        )),
        _ => Fault::Io(error),
    }
}

/// What cannot be read of an archive is damaged, unless the disk says otherwise.
pub(super) fn damaged(error: &io::Error) -> Fault {
    Fault::Refused(format!("it cannot be read to its end ({error})"))
}

#[cfg(unix)]
fn set_mode(file: &fs::File, executable: bool) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mode = if executable { 0o755 } else { 0o644 };
    file.set_permissions(fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn set_mode(_: &fs::File, _: bool) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn make_link(target: &str, at: &Utf8Path) -> io::Result<()> {
    std::os::unix::fs::symlink(target, at)
}

#[cfg(windows)]
fn make_link(target: &str, at: &Utf8Path) -> io::Result<()> {
    std::os::windows::fs::symlink_file(target, at)
}
