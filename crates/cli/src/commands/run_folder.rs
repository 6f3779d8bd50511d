//! Where a run's session lives, and how it goes away.

use std::fs;
use std::io;
use std::path::Path;

use anyhow::Context;
use atelier_session::Store;
use camino::{Utf8Path, Utf8PathBuf};

/// Where the session of a run lives. Removed when dropped, unless it is to be kept.
pub(super) struct RunFolder {
    pub(super) session: Utf8PathBuf,
    temporary: Option<tempfile::TempDir>,
    keep: bool,
}

impl RunFolder {
    pub(super) fn new(workshop: &str, keep: bool) -> anyhow::Result<Self> {
        let temporary = tempfile::Builder::new()
            .prefix("atelier-test-")
            .tempdir()
            .with_context(|| {
                format!(
                    "the run needs a folder for its session and cannot make one in {}; set TMPDIR to a folder that can be written",
                    std::env::temp_dir().display()
                )
            })?;
        let root = Utf8Path::from_path(temporary.path())
            .context("the temporary folder's name is not UTF-8")?;
        let root = root.canonicalize_utf8()?;
        let session = Store::new(root).new_session(workshop)?;
        Ok(Self {
            session,
            temporary: Some(temporary),
            keep,
        })
    }

    pub(super) fn finish(mut self) -> anyhow::Result<Option<Utf8PathBuf>> {
        let Some(temporary) = self.temporary.take() else {
            return Ok(None);
        };
        if self.keep {
            let _ = temporary.keep();
            return Ok(Some(self.session.clone()));
        }
        remove(temporary).context("the temporary session could not be removed")?;
        Ok(None)
    }
}

impl Drop for RunFolder {
    fn drop(&mut self) {
        if let Some(temporary) = self.temporary.take() {
            // The run has failed already, and says why.
            let _ = remove(temporary);
        }
    }
}

/// Also removes folders that may not be written to, such as Go's module cache.
fn remove(temporary: tempfile::TempDir) -> io::Result<()> {
    let folder = temporary.keep();
    match fs::remove_dir_all(&folder) {
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            make_writable(&folder)?;
            fs::remove_dir_all(&folder)
        }
        removed => removed,
    }
}

#[cfg(unix)]
fn make_writable(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        // Links are removed, never followed.
        if entry.file_type()?.is_dir() {
            make_writable(&entry.path())?;
        }
    }
    Ok(())
}

#[cfg(not(unix))]
fn make_writable(_: &Path) -> io::Result<()> {
    Ok(())
}
