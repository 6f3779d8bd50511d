//! What `atelier check --machine` says of this machine.

use atelier_content::needs::{Needs, Place};
use atelier_content::{Variables, Workshop, render};
use atelier_session::machine::{self, Machine, Requirement, Verdict};

use super::{Finding, colours};

/// What a workshop needs, and what of it this machine has.
pub(crate) struct MachineReport {
    workshop: String,
    title: String,
    requirements: Vec<Requirement>,
    needs: Needs,
    has_docker: bool,
    missing_features: Vec<String>,
}

impl MachineReport {
    /// Looks around. Programs with a minimum version are asked for theirs; nothing of the workshop runs.
    pub(crate) fn new(workshop: &Workshop, variables: &Variables) -> Self {
        let pages = workshop.pages.iter();
        let pages: Vec<_> = pages
            .map(|page| render(workshop, page, variables))
            .collect();
        let needs = machine::needs(workshop, &pages);
        let path = std::env::var("PATH").unwrap_or_default();
        let machine = Machine::new(&path, &[workshop.root.as_std_path()]);
        Self {
            workshop: workshop.root.to_string(),
            title: workshop.title.clone(),
            requirements: machine.requirements(workshop, &needs, true),
            has_docker: machine.has_containers(),
            missing_features: workshop.missing_features.clone(),
            needs,
        }
    }

    /// Whether something that the author requires is not here.
    pub(crate) fn has_errors(&self) -> bool {
        self.requirements.iter().any(Requirement::is_unmet)
    }

    /// For people.
    pub(crate) fn print(&self) -> anyhow::Result<()> {
        let mut text = format!("{}: what it needs of this machine\n", self.title);
        if self.requirements.is_empty() {
            text.push_str("  no program that is not on every machine\n");
        }
        for requirement in &self.requirements {
            text.push_str(&line_of(requirement));
        }
        let colour = |code, word| super::paint(colours(), code, word);
        if let Some(place) = &self.needs.docker {
            let word = if self.has_docker {
                "uses Docker, which it may use here when it is allowed to"
            } else {
                "uses Docker, which is not on this computer"
            };
            text.push_str(&format!(
                "  {} {word} ({})\n",
                colour("33", "docker "),
                shown(place)
            ));
        }
        if let Some(place) = &self.needs.cluster {
            let word = "talks to a Kubernetes cluster, which a session has only when it is allowed to use yours";
            text.push_str(&format!(
                "  {} {word} ({})\n",
                colour("33", "cluster"),
                shown(place)
            ));
        }
        for each in &self.needs.network {
            let word = colour("36", "network");
            text.push_str(&format!(
                "  {word} {} ({})\n",
                each.what,
                shown(&each.place)
            ));
        }
        for sentence in &self.missing_features {
            text.push_str(&format!("  {} {sentence}\n", colour("2", "not here")));
        }
        text.push('\n');
        Ok(super::print(&text)?)
    }

    /// For programs.
    pub(crate) fn findings(&self) -> Vec<Finding> {
        let finding =
            |code, severity, message: String, help: Option<String>, place: Option<&Place>| {
                Finding {
                    workshop: self.workshop.clone(),
                    code,
                    severity,
                    message,
                    help,
                    file: place.map(|place| place.file.clone()),
                    line: place.map(|place| place.line),
                    column: place.map(|_| 1),
                    fix: None,
                }
            };
        let mut all = Vec::new();
        for requirement in &self.requirements {
            let code = match requirement.verdict {
                Verdict::Missing => "missing-program",
                Verdict::TooOld => "old-program",
                Verdict::Found | Verdict::Unsure => continue,
            };
            let severity = if requirement.is_unmet() {
                "error"
            } else {
                "warning"
            };
            let message = requirement.problem().unwrap_or_default();
            let help = requirement.hint.clone();
            all.push(finding(
                code,
                severity,
                message,
                help,
                requirement.place.as_ref(),
            ));
        }
        let notes = [
            ("needs-docker", self.needs.docker.as_ref(), "it uses Docker"),
            (
                "needs-cluster",
                self.needs.cluster.as_ref(),
                "it talks to a Kubernetes cluster",
            ),
        ];
        for (code, place, message) in notes {
            if place.is_some() {
                all.push(finding(code, "note", message.to_owned(), None, place));
            }
        }
        for each in &self.needs.network {
            let message = format!("it needs the network: {}", each.what);
            all.push(finding(
                "needs-network",
                "note",
                message,
                None,
                Some(&each.place),
            ));
        }
        all
    }
}

fn line_of(requirement: &Requirement) -> String {
    let colour = |code, word| super::paint(colours(), code, word);
    let name = &requirement.name;
    let mut text = match requirement.verdict {
        Verdict::Found => {
            let version = requirement.version.as_deref().unwrap_or_default();
            let path = requirement
                .path
                .as_ref()
                .map(|path| path.display().to_string());
            let about = [version, path.as_deref().unwrap_or_default()].join(" ");
            format!(
                "  {} {name} {}",
                colour("32", "found  "),
                about.trim_start()
            )
        }
        Verdict::Unsure => format!(
            "  {} {name}: the workshop may bring it, or it is no program",
            colour("2", "unsure ")
        ),
        Verdict::Missing | Verdict::TooOld => {
            let word = if requirement.is_unmet() {
                colour("31", "MISSING")
            } else {
                colour("33", "missing")
            };
            format!("  {word} {}", requirement.problem().unwrap_or_default())
        }
    };
    if let Some(hint) = &requirement.hint {
        text.push_str(&format!(": {hint}"));
    }
    if let Some(place) = requirement
        .place
        .as_ref()
        .filter(|_| requirement.verdict != Verdict::Found)
    {
        text.push_str(&format!(" ({})", shown(place)));
    }
    text.push('\n');
    text
}

fn shown(place: &Place) -> String {
    format!("{}:{}", place.file, place.line)
}
