//! What the learner is told of a start.

use atelier_content::Workshop;

use super::steps::{Opening, Port};
use crate::allowances::Allowances;
use crate::compose;
use crate::folders::Folders;
use crate::ingress::{Routes, is_taken};
use crate::refusal;
use crate::setup;

/// What the learner is told who comes back to a session and went on in it although its set-up had failed.
const FAILED_BEFORE: &str = "The set-up of this session has failed, and you went on without it. You can run it again from the menu.";

impl Opening<'_> {
    /// What is known before the session serves anything; so many processes of a crashed one could not be ended.
    pub(super) fn notices(&self, escaped: usize, port: Port) -> Vec<String> {
        let Self {
            name,
            workshop,
            folders,
            options,
            journal,
            ..
        } = *self;
        let mut notices = Vec::new();
        notices.extend((escaped > 0).then(|| not_ended(escaped)));
        notices.extend(journal.is_damaged().then(|| damaged(folders)));
        notices.extend(refusal::no_programs(&folders.home));
        notices.extend(containers_left(workshop, folders, name, options.allowed));
        notices.extend(port.before.map(|before| moved(before, port.now)));
        notices
    }

    /// That set-up has failed before, if it has.
    pub(super) fn failed_before(&self) -> Option<String> {
        let has_failed = self.earlier.set_up && setup::has_failed(self.folders);
        has_failed.then(|| FAILED_BEFORE.to_owned())
    }
}

/// The places of the workshop's programs that something uses already.
pub(super) async fn taken_places(routes: &Routes) -> Vec<String> {
    let mut notices = Vec::new();
    for server in routes.servers() {
        if is_taken(server.port).await {
            notices.push(taken(&server.name, server.port));
        }
    }
    notices
}

/// What the learner is told when the port that the session had is taken.
fn moved(before: u16, now: u16) -> String {
    format!(
        "Another program uses port {before}, which this session had. Its addresses now end in :{now}; what you have written down or saved with the old port no longer works."
    )
}

/// What the learner is told when the place of a program of the workshop is taken before it starts.
fn taken(server: &str, port: u16) -> String {
    format!(
        "Something on this computer already uses port {port}, where the workshop expects its own program ({server}). Unless it is that program, end it before you start the workshop's."
    )
}

/// What the learner is told when processes of a crashed session are out of reach.
fn not_ended(count: usize) -> String {
    let what = match count {
        1 => "One program that this session had started".to_owned(),
        count => format!("{count} programs that this session had started"),
    };
    format!(
        "{what} could not be ended after the last time, since they belong to another user of this computer by now. They may hold ports and files; end them with that user's permissions."
    )
}

/// What the learner is told whose journal was damaged.
fn damaged(folders: &Folders) -> String {
    format!(
        "The record of what you have done in this session was damaged, as after a power cut, and a part of it is lost: steps may show as not done. Your files are as they were. The damaged record is kept in {}.",
        folders.state
    )
}

/// What the learner is told of containers that a crash has left, when the session may not use Docker any more: no other way of
/// ending them is left to it.
fn containers_left(
    workshop: &Workshop,
    folders: &Folders,
    name: &str,
    allowed: Allowances,
) -> Option<String> {
    let will_end = workshop.compose.is_some() && allowed.docker;
    let left = compose::left_behind(&folders.state);
    (!will_end && !left.is_empty()).then(|| compose::told(name, &left))
}
