//! The start page: which workshops there are, and opening one.

use std::io;

use atelier_content::{
    LoadError, Loaded, Variables, Workshop, load, load_pathway, workshops_below,
};
use camino::{Utf8Path, Utf8PathBuf};

use super::inspect;
use crate::allowances::Allowances;
use crate::archive;
use crate::error::SessionError;
use crate::isolation::Isolation;
use crate::journal;
use crate::protocol::{
    ChangesView, InspectionView, LibraryView, OpenedView, SessionSummary, StartRequest,
    WorkshopCard,
};
use crate::store::{Store, StoredSession};
use crate::stored::is_free;
use crate::trust::{Seen, Trust, look};

/// Workshops on this machine, and what the owner has done with them.
#[derive(Debug)]
pub struct Library {
    store: Store,
    /// Folder of the workshops that came with Atelier.
    bundled: Option<Utf8PathBuf>,
}

/// What was loaded, and how the learner has decided on it.
#[derive(Debug)]
pub(super) struct Judged {
    pub(super) seen: Seen,
    pub(super) trust: Trust,
    /// What of the owner's it may use.
    pub(super) allowed: Allowances,
    /// How far its sessions may reach, where that was chosen for this content.
    pub(super) isolation: Option<Isolation>,
    /// The same, chosen for what this path held before.
    pub(super) earlier: Option<Isolation>,
    /// Since it was trusted.
    pub(super) changes: Option<ChangesView>,
}

impl Library {
    /// The library of a store.
    pub fn new(store: Store, bundled: Option<Utf8PathBuf>) -> Self {
        Self { store, bundled }
    }

    /// Where sessions are kept.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// What the start page shows: bundled workshops first, then those with a session, by last use.
    pub fn view(&self) -> LibraryView {
        let sessions = self.store.sessions();
        let mut paths = self.bundled_workshops();
        let bundled = paths.len();
        for session in &sessions {
            let path = Utf8PathBuf::from(&session.header.workshop);
            if !paths.contains(&path) {
                paths.push(path);
            }
        }
        let card = |(at, path): (usize, &Utf8PathBuf)| {
            let session = sessions.iter().find(|session| is_of(session, path));
            card(path, at < bundled, session)
        };
        LibraryView {
            workshops: paths.iter().enumerate().map(card).collect(),
            home: self.store.root().to_string(),
        }
    }

    /// A request that names nothing takes up the session that a crash interrupted.
    pub fn complete(&self, request: StartRequest) -> StartRequest {
        if request.path.is_some() {
            return request;
        }
        let interrupted = self.store.sessions().into_iter().find(|session| {
            session.progress.open
                && !session.progress.finished
                && !session.progress.set_aside
                && is_free(&session.root)
                && Utf8Path::new(&session.header.workshop).is_dir()
        });
        StartRequest {
            path: interrupted.map(|session| session.header.workshop),
            ..request
        }
    }

    /// What a path holds that the learner opened: a workshop, or several to choose from. Runs nothing.
    ///
    /// # Errors
    /// When it holds no workshop, or cannot be read.
    pub fn resolve(&self, path: &Utf8Path) -> Result<OpenedView, SessionError> {
        match self.load(path) {
            Ok(loaded) => Ok(OpenedView::Workshop {
                path: loaded.workshop.root.into_string(),
            }),
            Err(SessionError::Load(LoadError::Several {
                path: folder,
                workshops,
            })) => {
                let sessions = self.store.sessions();
                let title = workshops_below(&folder)
                    .title
                    .or_else(|| path.file_name().map(str::to_owned))
                    .unwrap_or_default();
                let card = |path: &Utf8PathBuf| {
                    let session = sessions.iter().find(|session| is_of(session, path));
                    card(path, false, session)
                };
                Ok(OpenedView::Several {
                    title,
                    workshops: workshops.iter().map(card).collect(),
                })
            }
            Err(error) => Err(error),
        }
    }

    /// What the trust sheet shows, of this pathway or the one that would be taken. Runs nothing.
    ///
    /// # Errors
    /// When the folder is no workshop, or its files cannot be read.
    pub fn inspect(
        &self,
        path: &Utf8Path,
        pathway: Option<&str>,
    ) -> Result<InspectionView, SessionError> {
        let loaded = self.load_pathway(path, pathway, false)?;
        let workshop = &loaded.workshop;
        let variables = Variables::for_preview(workshop);
        let judged = self.judge(workshop, &variables)?;
        let session = self.store.session_of(&workshop.root);
        let files_at = self.place_of(workshop).join("home");
        let resume = session.map(|session| summary(&session, &loaded));
        Ok(inspect::view(
            &loaded,
            &variables,
            judged,
            files_at.as_str(),
            resume,
        ))
    }

    /// The folder of the session that would be taken up, or what that of a new one would be like.
    pub(super) fn place_of(&self, workshop: &Workshop) -> Utf8PathBuf {
        match self.store.session_of(&workshop.root) {
            Some(session) => session.root,
            None => {
                let sessions = self.store.root().join("sessions");
                sessions.join(format!("{}-…", workshop.name))
            }
        }
    }

    /// Remembers that the learner trusts a workshop as it is now; with `author`, the path whatever its content.
    ///
    /// # Errors
    /// When the folder is no workshop, or the store cannot be written.
    pub fn trust(&self, path: &Utf8Path, author: bool) -> Result<(), SessionError> {
        self.give(&self.look(path)?, author)
    }

    /// As [`Self::trust`], unless the workshop is trusted that far already: then nothing is dropped of what goes with it.
    ///
    /// # Errors
    /// As [`Self::trust`].
    pub fn trust_at_least(&self, path: &Utf8Path, author: bool) -> Result<(), SessionError> {
        let seen = self.look(path)?;
        let given = self.store.trust().trust(&seen.root, &seen.print);
        match given.map_err(SessionError::io(self.store.root()))? {
            Trust::Author => Ok(()),
            Trust::Content if !author => Ok(()),
            _ => self.give(&seen, author),
        }
    }

    /// Remembers that the learner trusts what [`Self::inspect`] showed: exactly this content.
    ///
    /// # Errors
    /// [`SessionError::NotTrusted`] when it is another one by now; as [`Self::trust`].
    pub fn trust_shown(&self, path: &Utf8Path, content: &str) -> Result<(), SessionError> {
        let seen = self.look(path)?;
        if seen.print != content {
            return Err(SessionError::NotTrusted);
        }
        self.give(&seen, false)
    }

    fn give(&self, seen: &Seen, author: bool) -> Result<(), SessionError> {
        let resumes = self.store.session_of(&seen.root).is_some();
        let store = self.store.trust();
        let give = || {
            // A session that goes on keeps its level, whatever has changed.
            let before = store.isolation(&seen.root, &seen.print)?;
            // First what it is like: nothing comes of it before the content is trusted.
            store.keep(seen)?;
            store.give(&seen.root, &seen.print, author)?;
            match before.filter(|_| resumes) {
                Some((level, _)) => store.isolate(&seen.root, &seen.print, level),
                None => Ok(()),
            }
        };
        give().map_err(SessionError::io(self.store.root()))
    }

    /// Remembers how far sessions of a trusted workshop may reach; those that are there are held to it when they start again.
    ///
    /// # Errors
    /// When the folder is no workshop, or the store cannot be written.
    pub fn isolate(&self, path: &Utf8Path, isolation: Isolation) -> Result<(), SessionError> {
        let seen = self.look(path)?;
        self.store
            .trust()
            .isolate(&seen.root, &seen.print, isolation)
            .map_err(SessionError::io(self.store.root()))
    }

    /// Remembers what of the owner's a trusted workshop may use.
    ///
    /// # Errors
    /// When the folder is no workshop, or the store cannot be written.
    pub fn allow(&self, path: &Utf8Path, allowed: Allowances) -> Result<(), SessionError> {
        let seen = self.look(path)?;
        self.store
            .trust()
            .allow(&seen.root, &seen.print, allowed)
            .map_err(SessionError::io(self.store.root()))
    }

    fn look(&self, path: &Utf8Path) -> Result<Seen, SessionError> {
        let workshop = self.load(path)?.workshop;
        Ok(look(&workshop, &Variables::for_preview(&workshop))?)
    }

    /// How the learner has decided on what was loaded.
    pub(super) fn judge(
        &self,
        workshop: &Workshop,
        variables: &Variables,
    ) -> Result<Judged, SessionError> {
        let seen = look(workshop, variables)?;
        self.judged(seen)
            .map_err(SessionError::io(self.store.root()))
    }

    fn judged(&self, seen: Seen) -> io::Result<Judged> {
        let store = self.store.trust();
        let trust = store.trust(&seen.root, &seen.print)?;
        let isolation = store.isolation(&seen.root, &seen.print)?;
        Ok(Judged {
            isolation: isolation.and_then(|(level, chosen)| chosen.then_some(level)),
            earlier: isolation.map(|(level, _)| level),
            trust,
            allowed: store.allowed(&seen.root, &seen.print)?,
            changes: match trust {
                Trust::Changed => Some(store.changes(&seen)?),
                _ => None,
            },
            seen,
        })
    }

    /// Loads a workshop by a path as it was given: a folder, or an archive, which is unpacked.
    ///
    /// # Errors
    /// When it is no workshop, or the archive is refused.
    pub fn load(&self, path: &Utf8Path) -> Result<Loaded, SessionError> {
        let canonical = path.canonicalize_utf8().map_err(SessionError::io(path))?;
        Ok(load(&archive::folder_of(&canonical, &self.store)?)?)
    }

    /// As [`Self::load`], along this pathway; else along the one of the session that would be resumed.
    ///
    /// # Errors
    /// When the folder is no workshop.
    pub fn load_pathway(
        &self,
        path: &Utf8Path,
        pathway: Option<&str>,
        fresh: bool,
    ) -> Result<Loaded, SessionError> {
        let loaded = self.load(path)?;
        let workshop = &loaded.workshop;
        let remembered = self
            .store
            .session_of(&workshop.root)
            .filter(|_| pathway.is_none() && !fresh)
            .and_then(|session| session.progress.pathway);
        let wanted = pathway.map(str::to_owned).or(remembered);
        let known = |name: &String| workshop.pathways.iter().any(|known| known.name == *name);
        // One that its author has taken out gives way to the default.
        match wanted.filter(|name| known(name) && *name != workshop.pathway) {
            Some(pathway) => Ok(load_pathway(&workshop.root, Some(&pathway))?),
            None => Ok(loaded),
        }
    }

    fn bundled_workshops(&self) -> Vec<Utf8PathBuf> {
        let Some(folder) = self
            .bundled
            .as_deref()
            .and_then(|folder| folder.canonicalize_utf8().ok())
        else {
            return Vec::new();
        };
        let Ok(entries) = folder.read_dir_utf8() else {
            return Vec::new();
        };
        let mut paths: Vec<_> = entries
            .flatten()
            .map(|entry| entry.into_path())
            .filter(|path| path.is_dir())
            .collect();
        paths.sort();
        // The tour is the obvious first thing.
        paths.sort_by_key(|path| path.file_name() != Some("tour"));
        paths
    }
}

/// Whether opening this workshop takes up this session, were it used last.
fn is_of(session: &StoredSession, path: &Utf8Path) -> bool {
    session.header.workshop == *path && !session.progress.set_aside
}

fn card(path: &Utf8Path, bundled: bool, session: Option<&StoredSession>) -> WorkshopCard {
    let pathway = session.and_then(|session| session.progress.pathway.as_deref());
    match load_pathway(path, pathway) {
        Ok(loaded) => {
            let workshop = &loaded.workshop;
            WorkshopCard {
                path: path.to_string(),
                title: workshop.title.clone(),
                description: workshop.description.clone(),
                difficulty: workshop.about.difficulty.clone(),
                duration: workshop.about.duration.clone(),
                bundled,
                missing: false,
                session: session.map(|session| summary(session, &loaded)),
            }
        }
        Err(_) => WorkshopCard {
            path: path.to_string(),
            title: path.file_name().unwrap_or(path.as_str()).to_owned(),
            description: String::new(),
            difficulty: None,
            duration: None,
            bundled,
            missing: true,
            session: session.map(missing_summary),
        },
    }
}

fn summary(session: &StoredSession, loaded: &Loaded) -> SessionSummary {
    let progress = &session.progress;
    let pages = &loaded.workshop.pages;
    let at = progress
        .page
        .as_ref()
        .and_then(|id| pages.iter().position(|page| page.id.0 == *id))
        .unwrap_or(0);
    SessionSummary {
        page_title: pages
            .get(at)
            .map(|page| page.title.clone())
            .unwrap_or_default(),
        step: at as u32 + 1,
        pages: pages.len() as u32,
        ..missing_summary(session)
    }
}

/// What can be told of a session whose workshop is gone.
fn missing_summary(session: &StoredSession) -> SessionSummary {
    let progress = &session.progress;
    SessionSummary {
        name: session.name.clone(),
        page_title: progress.page.clone().unwrap_or_default(),
        step: 1,
        pages: progress.visited.len() as u32,
        checks_passed: progress.checks.values().filter(|passed| **passed).count() as u32,
        checks_total: progress.checks.len() as u32,
        finished: progress.finished,
        last_used: progress.last.min(journal::now()),
    }
}
