//! The steps of opening a session: each takes what there is and makes the next part of it.

use std::sync::Arc;

use atelier_content::{Variables, Workshop, variables};
use camino::{Utf8Path, Utf8PathBuf};

use super::{SIZE, SessionOptions};
use crate::builtin_variables::{self, Identity};
use crate::dashboards::Dashboards;
use crate::environment::Environment;
use crate::error::SessionError;
use crate::events::EventSink;
use crate::folders::Folders;
use crate::generated;
use crate::ingress::{Broadcasts, DOMAIN, Listener, OwnHost, Routes};
use crate::journal::{Entry, Journal, Progress};
use crate::launch::Launcher;
use crate::protocol::{EditorTerminalView, Event};
use crate::received;
use crate::session::journal_error;
use crate::session::left_environment::earlier_environment;
use crate::shims;
use crate::state_files;
use crate::terminal::EditorTerminals;
use crate::trust;
use crate::uploads;
use crate::urls::Addresses;

/// What a session is made of while it is opened.
pub(super) struct Opening<'a> {
    pub(super) name: &'a str,
    pub(super) workshop: &'a Workshop,
    pub(super) folders: &'a Folders,
    pub(super) options: &'a SessionOptions,
    pub(super) journal: &'a Journal,
    /// As an earlier start has left it.
    pub(super) earlier: &'a Progress,
}

/// Where the session serves.
#[derive(Clone, Copy)]
pub(super) struct Port {
    pub(super) now: u16,
    /// The one that it had before, when that could not be taken again.
    pub(super) before: Option<u16>,
}

impl Port {
    pub(super) fn of(listener: &Listener) -> Self {
        Self {
            now: listener.port(),
            before: listener.moved_from,
        }
    }
}

impl Opening<'_> {
    pub(super) fn record(&self, entry: Entry) -> Result<(), SessionError> {
        self.journal
            .record(entry)
            .map_err(journal_error(self.journal.path()))
    }

    /// Notes the pathway, and copies the workshop's files unless an earlier start has.
    pub(super) fn receive(&self) -> Result<(), SessionError> {
        let Self {
            workshop,
            folders,
            options,
            earlier,
            ..
        } = *self;
        if !workshop.pathways.is_empty() && earlier.pathway.as_ref() != Some(&workshop.pathway) {
            self.record(Entry::Pathway {
                pathway: workshop.pathway.clone(),
            })?;
        }
        if earlier.received {
            // It may have been opened first where the folders were real.
            received::adapt_scripts(folders);
        } else {
            received::copy(workshop, folders, &options.cancel)?;
            // A file may have changed after it was judged, and before it was copied.
            if let Some(expected) = &options.expected {
                let variables = Variables::for_preview(workshop);
                if trust::fingerprint(workshop, &variables)? != *expected {
                    return Err(SessionError::NotTrusted);
                }
            }
            self.record(Entry::Received)?;
        }
        let kept = self.journal.keep_header();
        kept.map_err(journal_error(self.journal.path()))?;
        uploads::make_folder(folders, workshop);
        Ok(())
    }

    /// Takes the port that is written in a file, or another one.
    pub(super) fn listen(&self, port_file: &Utf8Path) -> Result<Listener, SessionError> {
        let ingresses = self.workshop.ingresses.iter();
        let servers: Vec<u16> = ingresses.map(|each| each.port).collect();
        Listener::bind(port_file, &servers).map_err(SessionError::io(port_file))
    }

    /// The environment that set-up starts with; `known` are the variables of the workshop's definition.
    pub(super) fn environment(&self, known: &Variables) -> Result<Environment, SessionError> {
        let Self {
            workshop,
            folders,
            options,
            ..
        } = *self;
        let owner_of = |name: &str| options.owner.get(name).cloned();
        let mut environment = Environment::of_session(folders, &owner_of, options.isolation);
        let generated = generated::values(workshop, folders)?;
        builtin_variables::extend_environment(
            &mut environment,
            workshop,
            folders,
            known,
            generated,
        );
        builtin_variables::settle(&mut environment, folders);
        shims::write(folders).map_err(SessionError::io(&folders.bin))?;
        let allowed = options.allowed;
        allowed
            .apply(folders, &mut environment, &owner_of)
            .map_err(SessionError::io(&folders.bin))?;
        if !allowed.docker {
            // What stands in for it on PATH only says so.
            environment.set("ENABLE_DOCKER", "false");
        }
        Ok(environment)
    }

    /// Which addresses lead to which of the workshop's servers.
    pub(super) fn routes(&self, known: &Variables) -> Arc<Routes> {
        let lookup = |name: &str| known.get(name).map(str::to_owned);
        let expand = |text: &str| crate::expand::expand(text, lookup);
        Arc::new(Routes::new(self.name, &self.workshop.ingresses, expand))
    }

    /// Brings back what an earlier set-up has changed of the environment.
    pub(super) fn bring_back(&self, environment: &mut Environment, port: Port) {
        if !self.earlier.set_up {
            return;
        }
        for (name, value) in earlier_environment(self.folders) {
            // It may have been set where the folders were real.
            let value = value.map(|value| self.folders.localise(&value));
            match (value, port.before) {
                (Some(value), Some(before)) => {
                    environment.set(name, moved_value(&value, before, port.now));
                }
                (Some(value), None) => environment.set(name, value),
                (None, _) => environment.remove(&name),
            }
        }
    }

    /// What an address means in the session.
    pub(super) fn addresses(&self, routes: Arc<Routes>, port: u16) -> Addresses {
        let applications = &self.workshop.applications;
        let mut folders = slide_folders(self.folders).into_iter();
        Addresses {
            routes,
            session: self.name.to_owned(),
            port,
            slides: applications.slides && folders.any(|folder| folder.is_dir()),
            files: applications.files.is_some(),
        }
    }

    /// The tabs, as actions have left them; pages may ask for these variables.
    pub(super) fn dashboards(&self, known: &Variables, addresses: &Addresses) -> Dashboards {
        let known = variables::of_definition(self.workshop, known);
        let lookup = |name: &str| known.get(name).map(str::to_owned);
        let expand = |text: &str| crate::expand::expand(text, lookup);
        let mut dashboards = Dashboards::new(self.workshop, addresses, expand);
        dashboards.restore(&self.journal.progress().dashboards, addresses);
        dashboards
    }
}

/// The terminals of the editor, which tell what there is of them.
pub(super) fn editor_terminals(launcher: &Arc<Launcher>, events: &EventSink) -> EditorTerminals {
    let events = Arc::clone(events);
    EditorTerminals::new(Arc::clone(launcher), None, SIZE, move |list| {
        let terminals = list
            .into_iter()
            .map(|(name, shell)| EditorTerminalView { name, shell })
            .collect();
        events(Event::EditorTerminalsChanged { terminals });
    })
}

/// What the session itself serves.
pub(super) fn own_host(
    workshop: &Workshop,
    folders: &Folders,
    identity: &Identity,
) -> (OwnHost, Broadcasts) {
    let applications = &workshop.applications;
    let (mut host, broadcasts) = OwnHost::new(identity.password.clone());
    host.state = Some(state_files::folder(folders));
    host.within = vec![folders.home.clone(), folders.workshop.clone()];
    if applications.slides {
        host.slides = slide_folders(folders).into();
        host.kit = applications.slide_kit;
    }
    host.files = applications
        .files
        .as_ref()
        .map(|below| folders.home.join(below));
    (host, broadcasts)
}

/// Where slides lie; a learner's own `~/workshop` comes first (`session.md` 12.2).
fn slide_folders(folders: &Folders) -> [Utf8PathBuf; 2] {
    [
        folders.home.join("workshop/slides"),
        folders.workshop.join("slides"),
    ]
}

/// A value that a set-up script has left, with the session's addresses as they are now.
fn moved_value(value: &str, before: u16, now: u16) -> String {
    value.replace(&format!(".{DOMAIN}:{before}"), &format!(".{DOMAIN}:{now}"))
}
