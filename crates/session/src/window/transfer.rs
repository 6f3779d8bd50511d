//! Files between the learner's machine and the session: dialogs, drops, previews.

use std::future::Future;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError};

use atelier_content::ActionId;
use atelier_content::action::{Action, FilesAction, Upload};
use tokio_util::sync::CancellationToken;

use super::open::OpenSession;
use crate::downloads::{Payload, clipped};
use crate::perform::{Effect, Outcome, Performed};
use crate::protocol::Event;
use crate::uploads::{Offered, OfferedContent};

/// What only a desktop can ask the learner. Paths of the learner's machine stay between it and the engine.
pub trait Dialogs: Sync {
    /// Where a file is to be saved that is called `name` unless they say otherwise; `None` when the dialog was closed.
    fn save_as(&self, name: &str) -> impl Future<Output = Option<PathBuf>> + Send;

    /// Which files are to be handed over; none when the dialog was closed.
    fn choose(&self, several: bool) -> impl Future<Output = Vec<PathBuf>> + Send;
}

/// What came of an action that may ask the learner.
pub(super) enum Transfer {
    Done(Performed),
    /// They closed the dialog; in one sentence.
    Dismissed(String),
}

impl OpenSession {
    /// Files were dropped on the window. Returns the number by which [`Self::perform`] knows them, until the next ones.
    pub fn drop_files(&self, files: Vec<PathBuf>) -> u32 {
        let mut dropped = self.dropped.lock().unwrap_or_else(PoisonError::into_inner);
        dropped.0 += 1;
        dropped.1 = files;
        dropped.0
    }

    /// Asks for the files unless they were dropped, and stores them.
    pub(super) async fn upload(
        &self,
        upload: &Upload,
        drop: Option<u32>,
        dialogs: &impl Dialogs,
        cancel: &CancellationToken,
    ) -> Transfer {
        let files = match drop {
            Some(drop) => self.take_dropped(drop),
            // Who could not upload anything is not asked for a file first.
            None if self.session.workshop().applications.uploads.is_none() => Vec::new(),
            None => {
                let files = dialogs.choose(matches!(upload, Upload::Files { .. })).await;
                if files.is_empty() {
                    return Transfer::Dismissed(
                        "Nothing was uploaded: no file was chosen.".to_owned(),
                    );
                }
                files
            }
        };
        let offered = files
            .into_iter()
            .map(offered)
            .collect::<Result<Vec<_>, _>>();
        let outcome = match offered {
            Ok(offered) => self.session.upload(upload, offered, cancel).await,
            Err(name) => Outcome::failed(format!("the name of {name} is not UTF-8; rename it")),
        };
        Transfer::Done(outcome.into())
    }

    fn take_dropped(&self, drop: u32) -> Vec<PathBuf> {
        let mut dropped = self.dropped.lock().unwrap_or_else(PoisonError::into_inner);
        if dropped.0 == drop {
            std::mem::take(&mut dropped.1)
        } else {
            Vec::new()
        }
    }

    /// Asks where a download is to be saved, and saves it.
    pub(super) async fn save_file(
        &self,
        mut performed: Performed,
        dialogs: &impl Dialogs,
    ) -> Transfer {
        let effects = &mut performed.outcome.effects;
        let Some(at) = effects
            .iter()
            .position(|effect| matches!(effect, Effect::SaveFile { .. }))
        else {
            return Transfer::Done(performed);
        };
        let Effect::SaveFile { file, name } = effects.remove(at) else {
            return Transfer::Done(performed);
        };
        let Some(to) = dialogs.save_as(&name).await else {
            let message = "Nothing was saved: the dialog was closed.";
            return Transfer::Dismissed(message.to_owned());
        };
        if let Err(message) = save(file, to).await {
            performed.outcome = Outcome::failed(message);
        }
        Transfer::Done(performed)
    }

    /// A card that shows its file shows what was handed over just now.
    pub(super) fn show_preview(&self, id: &ActionId, performed: &Transfer) {
        let Transfer::Done(performed) = performed else {
            return;
        };
        let Ok(action) = self.session.action(id) else {
            return;
        };
        let text = match &action.action {
            Ok(Action::Files(
                FilesAction::Download { preview: true, .. }
                | FilesAction::Copy { preview: true, .. },
            )) => performed
                .outcome
                .effects
                .iter()
                .find_map(|effect| match effect {
                    Effect::SaveFile { file, .. } => file.preview(),
                    Effect::CopyText { text } => Some(clipped(text)),
                    _ => None,
                }),
            _ => None,
        };
        if let Some(text) = text {
            let action = id.to_string();
            (self.events)(Event::PreviewChanged { action, text });
        }
    }

    /// Asks web servers for what the cards of a page show of their files.
    pub(super) fn fetch_previews(&self, actions: Vec<(ActionId, FilesAction)>) {
        let cancel = self.session.page_left();
        for (id, action) in actions {
            let (session, events) = (Arc::clone(&self.session), Arc::clone(&self.events));
            let cancel = cancel.clone();
            self.tasks.spawn(async move {
                if let Some(text) = session.preview_from_web(&action, &cancel).await {
                    let action = id.to_string();
                    events(Event::PreviewChanged { action, text });
                }
            });
        }
    }
}

/// Saves on a thread of its own: a file may be large.
async fn save(file: Payload, to: PathBuf) -> Result<(), String> {
    let name = to.display().to_string();
    let saved = tokio::task::spawn_blocking(move || file.save(&to)).await;
    match saved {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(error)) => Err(format!("{name} could not be saved: {error}")),
        Err(error) => Err(format!("{name} could not be saved: {error}")),
    }
}

/// A file of the learner's machine; its name when that cannot be one here.
fn offered(path: PathBuf) -> Result<Offered, String> {
    let name = path.file_name().unwrap_or(Path::new("/").as_os_str());
    match name.to_str() {
        Some(name) => Ok(Offered {
            name: name.to_owned(),
            content: OfferedContent::File(path),
        }),
        None => Err(name.to_string_lossy().into_owned()),
    }
}
