//! What the session's workshop needs of this machine, and what of it there is.

use std::collections::BTreeSet;
use std::sync::Mutex;

use atelier_content::action::PageAction;
use atelier_content::needs::Needs;
use atelier_content::{RenderedPage, Workshop};

use super::{Session, lock};
use crate::allowances::Allowances;
use crate::environment::Environment;
use crate::folders::Folders;
use crate::machine::{self, Machine, Requirement, Verdict};

/// As it was when the session was opened.
#[derive(Debug)]
pub(super) struct Surroundings {
    needs: Needs,
    allowed: Allowances,
    /// Programs that commands start and that are not here.
    missing: Mutex<BTreeSet<String>>,
    has_docker: bool,
}

impl Surroundings {
    pub(super) fn new(
        workshop: &Workshop,
        pages: &[RenderedPage],
        allowed: Allowances,
        folders: &Folders,
        environment: &Environment,
    ) -> Self {
        let needs = machine::needs(workshop, pages);
        let machine = machine_of(folders, environment);
        Self {
            missing: Mutex::new(missing(workshop, &needs, &machine)),
            has_docker: machine.has_containers(),
            needs,
            allowed,
        }
    }

    /// Set-up may have brought programs that were missing.
    pub(super) fn look_again(
        &self,
        workshop: &Workshop,
        folders: &Folders,
        environment: &Environment,
    ) {
        *lock(&self.missing) = missing(workshop, &self.needs, &machine_of(folders, environment));
    }
}

fn missing(workshop: &Workshop, needs: &Needs, machine: &Machine) -> BTreeSet<String> {
    machine
        .requirements(workshop, needs, false)
        .into_iter()
        .filter(|requirement| requirement.verdict == Verdict::Missing)
        .map(|requirement| requirement.name)
        .collect()
}

/// The programs that the session's own would find, those aside that stand in for others.
fn machine_of(folders: &Folders, environment: &Environment) -> Machine {
    let path = environment.get("PATH").unwrap_or_default();
    Machine::new(path, &[folders.bin.as_std_path()])
}

impl Session {
    /// What is different on this computer from where the workshop was made for, each in a sentence.
    pub fn differences(&self) -> Vec<String> {
        let Surroundings {
            needs,
            allowed,
            has_docker,
            ..
        } = &self.surroundings;
        machine::differences(&self.workshop(), needs, *allowed, *has_docker)
    }

    /// Programs that the workshop needs, and how it stands with them. Asks those for their version that need a certain one,
    /// which takes some time.
    pub fn requirements(&self) -> Vec<Requirement> {
        let machine = machine_of(&self.folders, &self.basis().environment);
        machine.requirements(&self.workshop(), &self.surroundings.needs, true)
    }

    /// Why an action cannot be played here at all, in a sentence; `None` when it can be tried.
    pub fn unavailable(&self, action: &PageAction) -> Option<&'static str> {
        machine::unavailable(&self.surroundings.needs, self.surroundings.allowed, action)
    }

    /// What the card of an action says of what it needs and there is not.
    pub(crate) fn card_note(&self, action: &PageAction) -> Option<String> {
        let Surroundings {
            needs,
            allowed,
            missing,
            ..
        } = &self.surroundings;
        machine::card_note(needs, *allowed, action, |name| lock(missing).contains(name))
    }

    /// What the definition puts beside the session in containers, where that is allowed.
    pub(super) fn services<'w>(&self, workshop: &'w Workshop) -> Option<&'w serde_json::Value> {
        let services = workshop.compose.as_ref();
        services.filter(|_| self.surroundings.allowed.docker)
    }

    /// What of the owner's its programs may use.
    pub(crate) fn allowed(&self) -> Allowances {
        self.surroundings.allowed
    }

    /// What of the owner's the workshop could be allowed to use, and whether it is.
    pub(crate) fn may_ask_for(&self) -> (bool, bool) {
        let Surroundings {
            needs, has_docker, ..
        } = &self.surroundings;
        let docker = *has_docker && machine::uses_docker(&self.workshop(), needs);
        (docker, needs.cluster.is_some())
    }
}
