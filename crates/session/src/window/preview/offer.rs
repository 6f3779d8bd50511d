//! Files of the workshop that are newer than the session's copies.
//!
//! What lies below the workshop's own part (tests, slides, scripts) is copied at once, where nobody has changed the copy: it is
//! not the learner's. Exercises are offered. So it is with files that are gone: else their set-up would go on running.

use std::collections::{BTreeMap, HashMap};
use std::io::ErrorKind;
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use atelier_content::Workshop;
use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};

use super::super::open::OpenSession;
use super::changes::is_passing;
use super::lock;
use crate::documents::disk_version;
use crate::error::SessionError;
use crate::folders::Folders;
use crate::protocol::{CopiedView, Effect, OfferView, OfferedFile, OfferedScript};
use crate::received::{self, Kind};
use crate::session::Session;
use crate::store::write_private;

/// The two sides of a copy when it was made: hashes of what they held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Copied {
    source: String,
    copy: Option<String>,
}

/// What waits for the author's word.
pub(in crate::window) struct Offers {
    /// By path below the workshop's folder.
    copied: BTreeMap<Utf8PathBuf, Copied>,
    /// Hashes of the author's files, as long as these have not been touched.
    hashes: HashMap<Utf8PathBuf, (SystemTime, u64, String)>,
    /// What was found last, without the scripts that set-up has run since.
    view: Arc<Mutex<OfferView>>,
}

impl Offers {
    /// What a new session has received is what its files were copied from. Of one that was made by somebody who did not work
    /// on the workshop it is not known which copies were changed: all may have been.
    pub(super) fn open(session: &Session) -> Self {
        let known = std::fs::read(place(session.folders()));
        let known = known
            .ok()
            .and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let is_known = known.is_some();
        let mut offers = Self {
            copied: known.unwrap_or_default(),
            hashes: HashMap::new(),
            view: Arc::default(),
        };
        if !is_known {
            let workshop = session.workshop();
            for path in received(&workshop).unwrap_or_default() {
                offers.note(&workshop, session.folders(), &path);
            }
            if session.resumed() {
                offers.copied.values_mut().for_each(|each| each.copy = None);
            }
            offers.keep(session.folders());
        }
        offers
    }

    pub(super) fn view(&self) -> OfferView {
        lock(&self.view).clone()
    }

    /// What waits, for those who do not wait for the comparing.
    pub(super) fn shared(&self) -> Arc<Mutex<OfferView>> {
        Arc::clone(&self.view)
    }

    /// Compares. True when something else waits than before.
    pub(super) fn look(&mut self, session: &Session) -> bool {
        let (workshop, folders) = (session.workshop(), session.folders());
        let mut now = OfferView::default();
        let mut scripts = BTreeMap::new();
        let writing = session.writing();
        let mut is_kept = true;
        let mut waiting = Vec::new();
        match received(&workshop) {
            Ok(paths) => {
                for path in self.gone(&workshop, &paths) {
                    match self.left_over(&workshop, folders, &path) {
                        Some(file) => waiting.push((path, file)),
                        None => {
                            self.copied.remove(&path);
                            is_kept = false;
                        }
                    }
                }
                for path in paths {
                    let newer = self.newer(&workshop, folders, &path);
                    waiting.extend(newer.map(|file| (path, file)));
                }
            }
            Err(error) => now.problem = Some(format!("{error}.")),
        }
        for (path, file) in waiting {
            let inside = path.strip_prefix(&workshop.workshop_dir);
            let (Ok(inside), false) = (inside, file.yours) else {
                now.files.push(file);
                continue;
            };
            let _held = writing.lock();
            if let Err(error) = self.follow(&workshop, folders, &path, file.gone) {
                now.problem = Some(format!("{path}: {error}."));
            }
            is_kept = false;
            if is_of_setup(inside) {
                scripts.insert(file.name, file.version);
            }
        }
        if !is_kept {
            self.keep(folders);
        }
        let mut view = lock(&self.view);
        for OfferedScript { name, version } in &view.scripts {
            scripts
                .entry(name.clone())
                .or_insert_with(|| version.clone());
        }
        let scripts = scripts.into_iter();
        now.scripts = scripts
            .map(|(name, version)| OfferedScript { name, version })
            .collect();
        let is_other = *view != now;
        *view = now;
        is_other
    }

    /// Does with the copy what was done with the author's file.
    fn follow(
        &mut self,
        workshop: &Workshop,
        folders: &Folders,
        path: &Utf8Path,
        gone: bool,
    ) -> std::io::Result<()> {
        if gone {
            received::remove_copy(workshop, folders, path)?;
            self.copied.remove(path);
        } else {
            received::copy_file(workshop, folders, path)?;
            self.note(workshop, folders, path);
        }
        Ok(())
    }

    /// The file, when it has changed since it was copied and is not the same as the copy.
    fn newer(
        &mut self,
        workshop: &Workshop,
        folders: &Folders,
        path: &Utf8Path,
    ) -> Option<OfferedFile> {
        let source = self.hash(&workshop.root.join(path))?;
        let copied = self.copied.get(path);
        if copied.is_some_and(|copied| copied.source == source) {
            return None;
        }
        let to = received::destination(workshop, folders, path);
        let copy = disk_version(&to);
        if copy.as_ref() == Some(&source) {
            return None;
        }
        let as_copied = copied.and_then(|copied| copied.copy.as_ref());
        Some(OfferedFile {
            name: path.to_string(),
            path: folders.display(&to),
            new: copy.is_none(),
            yours: copy.is_some() && as_copied != copy.as_ref(),
            gone: false,
            version: source,
        })
    }

    /// Files that were copied and are no more where they were copied from.
    fn gone(&self, workshop: &Workshop, received: &[Utf8PathBuf]) -> Vec<Utf8PathBuf> {
        let is_gone = |path: &&Utf8PathBuf| {
            let about = workshop.root.join(path).symlink_metadata();
            received.binary_search(path).is_err()
                && about.is_err_and(|error| error.kind() == ErrorKind::NotFound)
                && !is_passing(path)
                && !workshop
                    .inline_files
                    .iter()
                    .any(|(inline, _)| inline == *path)
        };
        self.copied.keys().filter(is_gone).cloned().collect()
    }

    /// The copy of a file that is gone; `None` when it is gone too.
    fn left_over(
        &self,
        workshop: &Workshop,
        folders: &Folders,
        path: &Utf8Path,
    ) -> Option<OfferedFile> {
        let to = received::destination(workshop, folders, path);
        let copy = disk_version(&to)?;
        let as_copied = self
            .copied
            .get(path)
            .and_then(|copied| copied.copy.as_ref());
        Some(OfferedFile {
            name: path.to_string(),
            path: folders.display(&to),
            new: false,
            yours: as_copied != Some(&copy),
            gone: true,
            version: String::new(),
        })
    }

    /// The two sides are as they are because one was copied to the other.
    fn note(&mut self, workshop: &Workshop, folders: &Folders, path: &Utf8Path) {
        if let Some(source) = self.hash(&workshop.root.join(path)) {
            let copy = disk_version(&received::destination(workshop, folders, path));
            self.copied.insert(path.to_owned(), Copied { source, copy });
        }
    }

    fn hash(&mut self, file: &Utf8Path) -> Option<String> {
        let about = std::fs::metadata(file).ok()?;
        let (time, size) = (about.modified().ok()?, about.len());
        if let Some((known_time, known_size, hash)) = self.hashes.get(file)
            && (*known_time, *known_size) == (time, size)
        {
            return Some(hash.clone());
        }
        let hash = disk_version(file)?;
        self.hashes
            .insert(file.to_owned(), (time, size, hash.clone()));
        Some(hash)
    }

    fn keep(&self, folders: &Folders) {
        // Without it the next start takes every copy that differs for changed by hand, and asks.
        let _ = serde_json::to_vec(&self.copied)
            .map_err(std::io::Error::from)
            .and_then(|bytes| write_private(&place(folders), &bytes));
    }
}

impl OpenSession {
    /// Copies files that wait into the session, of those that the window names. One that was changed in the session stays,
    /// unless `replace`.
    ///
    /// # Errors
    /// When it is not the author who asks, or a file cannot be copied; those before it are.
    pub fn copy_in(&self, names: &[String], replace: bool) -> Result<CopiedView, SessionError> {
        let (workshop, session) = (self.session.workshop(), &self.session);
        let folders = session.folders();
        let copied = self.with_offers(|offers| {
            offers.look(session);
            let mut wanted = offers.view().files;
            wanted.retain(|file| names.contains(&file.name) && (replace || !file.yours));
            let writing = session.writing();
            let mut effects = Vec::new();
            for file in &wanted {
                let _held = writing.lock();
                let path = Utf8Path::new(&file.name);
                let about = match file.gone {
                    true => file.path.clone(),
                    false => workshop.root.join(path).to_string(),
                };
                offers
                    .follow(&workshop, folders, path, file.gone)
                    .map_err(SessionError::io(about))?;
                let path = file.path.clone();
                effects.push(match file.gone {
                    true => Effect::CloseDocument {
                        path,
                        deleted: true,
                    },
                    false => Effect::ReloadDocument { path },
                });
            }
            offers.keep(folders);
            offers.look(session);
            Ok(CopiedView {
                effects,
                offer: offers.view(),
            })
        });
        copied.unwrap_or(Err(SessionError::NotTheAuthor))
    }
}

/// Whether set-up runs it, or starts what it describes; the path is relative to the workshop's own part.
fn is_of_setup(inside: &Utf8Path) -> bool {
    let parts = ["setup.d", "profile.d", "supervisor"];
    parts.iter().any(|part| inside.starts_with(part))
}

/// What a session receives and nobody reads for the instructions.
fn received(workshop: &Workshop) -> Result<Vec<Utf8PathBuf>, received::ReceiveError> {
    let folder = &workshop.workshop_dir;
    let read = [
        folder.join("content"),
        folder.join("layouts"),
        folder.join("config.yaml"),
        folder.join("modules.yaml"),
        folder.join("workshop.yaml"),
        "resources".into(),
    ];
    let is_read = |path: &Utf8Path| read.iter().any(|part| path.starts_with(part));
    let received = received::list(workshop)?.into_iter();
    Ok(received
        .filter(|entry| {
            entry.kind == Kind::File && !is_read(&entry.path) && !is_passing(&entry.path)
        })
        .map(|entry| entry.path)
        .collect())
}

fn place(folders: &Folders) -> Utf8PathBuf {
    folders.state.join("copied.json")
}
