//! What the trust sheet shows of a workshop.

use atelier_content::action::{Action, PageAction, TerminalAction};
use atelier_content::needs::NetworkUse;
use atelier_content::programs::ProgramSpec;
use atelier_content::{Loaded, RenderedPage, Variables, Workshop, render};
use camino::Utf8PathBuf;

use super::views::{diagnostic_views, pathway_views};
use crate::allowances::{Allowances, kubeconfig};
use crate::machine::{self, Machine, Requirement, Verdict};
use crate::protocol::{
    AllowanceView, ClusterView, InspectionView, NetworkView, PlannedProgram, RequirementStatus,
    RequirementView, ScriptView, SessionSummary,
};
use crate::setup;
use crate::trust::Trust;

/// How much of a script the sheet shows, in bytes.
const SHOWN: usize = 64 * 1024;

pub(super) fn view(
    loaded: &Loaded,
    variables: &Variables,
    trust: Trust,
    allowed: Allowances,
    files_at: &str,
    resume: Option<SessionSummary>,
) -> InspectionView {
    let workshop = &loaded.workshop;
    let about = &workshop.about;
    let pages = workshop.pages.iter();
    let pages: Vec<_> = pages
        .map(|page| render(workshop, page, variables))
        .collect();
    let needs = machine::needs(workshop, &pages);
    let owner = |name: &str| std::env::var(name).ok();
    let machine = Machine::new(
        &owner("PATH").unwrap_or_default(),
        &[workshop.root.as_std_path()],
    );
    let requirements = machine.requirements(workshop, &needs, true);
    let has_docker = machine.has_containers();
    let scripts: Vec<_> = setup::scripts(&workshop.root.join(&workshop.workshop_dir))
        .iter()
        .map(script_view)
        .chain(inline_scripts(workshop))
        .collect();
    let allowances = AllowanceView {
        docker: (has_docker && machine::uses_docker(workshop, &needs)).then_some(allowed.docker),
        cluster: kubeconfig(&owner)
            .filter(|_| needs.cluster.is_some())
            .map(|found| ClusterView {
                context: found.context,
                allowed: allowed.cluster,
            }),
    };
    let differences = machine::differences(workshop, &needs, allowed, has_docker);
    InspectionView {
        path: workshop.root.to_string(),
        title: workshop.title.clone(),
        description: workshop.description.clone(),
        authors: about.authors.clone(),
        vendor: about.vendor.clone(),
        url: about.url.clone(),
        difficulty: about.difficulty.clone(),
        duration: about.duration.clone(),
        pages: workshop.pages.len() as u32,
        pathways: pathway_views(workshop),
        pathway: workshop.pathway.clone(),
        commands: commands(&pages) as u32,
        requirements: requirements.into_iter().map(requirement_view).collect(),
        setup: scripts,
        programs: workshop.programs.iter().map(planned).collect(),
        network: needs.network.iter().map(network_view).collect(),
        differences: differences
            .into_iter()
            .filter(|sentence| {
                let (docker, cluster) = (&allowances.docker, &allowances.cluster);
                !machine::is_asked(sentence, docker.is_some(), cluster.is_some())
            })
            .collect(),
        allowances,
        files_at: files_at.to_owned(),
        trusted: trust.is_given(),
        changed: trust == Trust::Changed,
        resume,
        problems: diagnostic_views(workshop, &crate::check(loaded, variables)),
    }
}

fn planned(program: &ProgramSpec) -> PlannedProgram {
    PlannedProgram {
        name: program.name.clone(),
        command: program.command.replace('\n', " "),
        autostart: program.autostart,
    }
}

fn script_view(path: &Utf8PathBuf) -> ScriptView {
    let mut bytes = std::fs::read(path).unwrap_or_default();
    bytes.truncate(SHOWN);
    ScriptView {
        name: path.file_name().unwrap_or_default().to_owned(),
        text: String::from_utf8_lossy(&bytes).into_owned(),
    }
}

/// Set-up scripts that the definition holds itself.
fn inline_scripts(workshop: &Workshop) -> impl Iterator<Item = ScriptView> {
    let folder = workshop.workshop_dir.join("setup.d");
    let files = workshop.inline_files.iter();
    files
        .filter(move |(path, _)| path.parent() == Some(&folder) && path.extension() == Some("sh"))
        .map(|(path, text)| ScriptView {
            name: path.file_name().unwrap_or_default().to_owned(),
            text: text.chars().take(SHOWN).collect(),
        })
}

/// How many actions type a command.
fn commands(pages: &[RenderedPage]) -> usize {
    let actions = pages.iter().flat_map(|page| &page.actions);
    let typed = |action: &&PageAction| {
        matches!(
            action.action,
            Ok(Action::Terminal(TerminalAction::Execute { .. }))
        )
    };
    actions.filter(typed).count()
}

fn requirement_view(requirement: Requirement) -> RequirementView {
    RequirementView {
        status: match requirement.verdict {
            Verdict::Found => RequirementStatus::Found,
            Verdict::Missing => RequirementStatus::Missing,
            Verdict::TooOld => RequirementStatus::TooOld,
            Verdict::Unsure => RequirementStatus::Unsure,
        },
        problem: requirement.problem(),
        found: requirement.path.map(|path| path.display().to_string()),
        name: requirement.name,
        hint: requirement.hint,
        version: requirement.version,
        declared: requirement.declared,
    }
}

fn network_view(each: &NetworkUse) -> NetworkView {
    NetworkView {
        what: each.what.clone(),
        place: format!("{}:{}", each.place.file, each.place.line),
    }
}
