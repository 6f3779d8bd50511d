//! What is different on this computer from where the workshop was made for, in sentences (`session.md` section 15).

use atelier_content::Workshop;
use atelier_content::action::PageAction;
use atelier_content::needs::{CONTAINERS, Needs};

use crate::allowances::Allowances;

const NO_CLUSTER: &str = "Some steps talk to a Kubernetes cluster, and this session has none: you can read along, but their commands will fail.";
const CLUSTER: &str =
    "Steps that talk to a Kubernetes cluster change the cluster of your own kubeconfig.";
const NO_DOCKER: &str = "Some steps use Docker, and there is no Docker on this computer: you can read along, but their commands will fail.";
const DOCKER_REFUSED: &str = "Some steps use Docker, which this workshop may not use on this computer: their commands will fail.";
const DOCKER: &str = "Steps that use Docker use the Docker of this computer. What they start and download there stays when the session ends, unless the workshop removes it.";

const NO_CONTAINERS: &str =
    "Containers that the workshop wants beside the session are not started.";

/// All that is different, each in a sentence. `has_docker` says whether a program for containers is here.
pub fn differences(
    workshop: &Workshop,
    needs: &Needs,
    allowed: Allowances,
    has_docker: bool,
) -> Vec<String> {
    let mut all = Vec::new();
    if needs.cluster.is_some() {
        all.push(if allowed.cluster { CLUSTER } else { NO_CLUSTER });
    }
    if uses_docker(workshop, needs) {
        all.push(match (has_docker, allowed.docker) {
            (false, _) => NO_DOCKER,
            (true, false) => DOCKER_REFUSED,
            (true, true) => DOCKER,
        });
    }
    if workshop.compose.is_some() && !(allowed.docker && has_docker) {
        all.push(NO_CONTAINERS);
    }
    let sentences = all.into_iter().map(str::to_owned);
    sentences
        .chain(workshop.missing_features.iter().cloned())
        .collect()
}

/// Whether a sentence is about what the learner is asked to allow on the same sheet.
pub(crate) fn is_asked(sentence: &str, docker: bool, cluster: bool) -> bool {
    (docker && [DOCKER, DOCKER_REFUSED, NO_CONTAINERS].contains(&sentence))
        || (cluster && [CLUSTER, NO_CLUSTER].contains(&sentence))
}

/// Whether the workshop uses containers of this machine.
pub(crate) fn uses_docker(workshop: &Workshop, needs: &Needs) -> bool {
    workshop.applications.docker || workshop.compose.is_some() || needs.docker.is_some()
}

/// Why an action cannot be played here at all, in a sentence; `None` when it can be tried.
pub fn unavailable(
    needs: &Needs,
    allowed: Allowances,
    action: &PageAction,
) -> Option<&'static str> {
    let needs = needs.of_action(action);
    if needs.console {
        Some("There is no Kubernetes web console on this computer.")
    } else if needs.cluster && !allowed.cluster {
        Some("It needs a Kubernetes cluster, and this session has none.")
    } else {
        None
    }
}

/// What a card says of what its action needs and has not, in a sentence. `is_missing` tells which programs are not here.
pub fn card_note(
    needs: &Needs,
    allowed: Allowances,
    action: &PageAction,
    is_missing: impl Fn(&str) -> bool,
) -> Option<String> {
    if let Some(reason) = unavailable(needs, allowed, action) {
        return Some(reason.to_owned());
    }
    let needs = needs.of_action(action);
    let missing: Vec<String> = needs
        .programs
        .iter()
        .filter(|name| is_missing(name))
        .map(|name| format!("`{name}`"))
        .collect();
    if !missing.is_empty() {
        let verb = if missing.len() == 1 { "is" } else { "are" };
        return Some(format!(
            "{} {verb} not on this computer.",
            missing.join(" and ")
        ));
    }
    let asks = needs.docker
        && needs
            .programs
            .iter()
            .any(|name| CONTAINERS.contains(&name.as_str()));
    (asks && !allowed.docker)
        .then(|| "It uses Docker, which this workshop may not use on this computer.".to_owned())
}
