//! Where a run's session lives, and how it goes away.

use anyhow::Context;
use atelier_session::Store;
use atelier_session::unfinished::{RUN, Unfinished};
use camino::{Utf8Path, Utf8PathBuf};

/// How the name begins of a folder that is to be kept: the next run does not clear it away.
const KEPT: &str = "atelier-test-";

/// Where the session of a run lives. Removed when dropped.
pub(super) struct RunFolder {
    pub(super) session: Utf8PathBuf,
    temporary: Option<Unfinished>,
    keep: bool,
}

impl RunFolder {
    pub(super) fn new(workshop: &str, keep: bool) -> anyhow::Result<Self> {
        let prefix = if keep { KEPT } else { RUN };
        let place = std::env::temp_dir();
        let temporary = Unfinished::folder_in(&place, prefix).with_context(|| {
            format!(
                "the run needs a folder for its session and cannot make one in {}; set TMPDIR to a folder that can be written",
                place.display()
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
            temporary.keep();
            return Ok(Some(self.session.clone()));
        }
        temporary
            .remove()
            .context("the temporary session could not be removed")?;
        Ok(None)
    }
}

impl Drop for RunFolder {
    fn drop(&mut self) {
        if let Some(temporary) = self.temporary.take() {
            // The run has failed already, and says why.
            let _ = temporary.remove();
        }
    }
}
