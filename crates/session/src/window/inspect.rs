//! What the trust sheet shows of a workshop.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;

use atelier_content::action::{Action, TerminalAction};
use atelier_content::needs::NetworkUse;
use atelier_content::programs::{self, ProgramSpec};
use atelier_content::{Loaded, RenderedPage, Variables, Workshop, render};
use camino::Utf8Path;

use super::library::Judged;
use super::views::{diagnostic_views, pathway_views};
use crate::allowances::kubeconfig;
use crate::isolation::{self, Isolation};
use crate::machine::{self, Machine, Requirement, Verdict};
use crate::protocol::{
    AllowanceView, ClusterView, InspectionView, IsolationView, NetworkView, PlannedProgram,
    RequirementStatus, RequirementView, ScriptView, SessionSummary,
};
use crate::trust::{OF_SHELLS, run_by_themselves, visible};

/// How much of a script the sheet shows, in bytes.
const SHOWN: usize = 64 * 1024;
/// How much of a file is read, in bytes; no file of programs is larger.
const READ: u64 = 1024 * 1024;

pub(super) fn view(
    loaded: &Loaded,
    variables: &Variables,
    judged: Judged,
    files_at: &str,
    resume: Option<SessionSummary>,
) -> InspectionView {
    let Judged { allowed, trust, .. } = judged;
    let workshop = &loaded.workshop;
    let about = &workshop.about;
    let pages = workshop.pages.iter();
    let pages: Vec<_> = pages
        .map(|page| render(workshop, page, variables))
        .collect();
    let commands = commands(&pages);
    let needs = machine::needs(workshop, &pages);
    let owner = |name: &str| std::env::var(name).ok();
    let machine = Machine::new(
        &owner("PATH").unwrap_or_default(),
        &[workshop.root.as_std_path()],
    );
    let requirements = machine.requirements(workshop, &needs, true);
    let has_docker = machine.has_containers();
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
        commands: commands.len() as u32,
        unasked: commands.iter().filter(|by_itself| **by_itself).count() as u32,
        requirements: requirements.into_iter().map(requirement_view).collect(),
        setup: scripts(workshop),
        programs: described(workshop).iter().map(planned).collect(),
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
        size: judged.seen.size,
        isolation: isolation(
            judged.isolation,
            judged.earlier.filter(|_| resume.is_some()),
        ),
        content: judged.seen.print,
        changes: judged.changes,
        resume,
        problems: diagnostic_views(workshop, &crate::check(loaded, variables)),
    }
}

/// The levels to choose from; a session that goes on keeps its own.
fn isolation(chosen: Option<Isolation>, kept: Option<Isolation>) -> IsolationView {
    let support = isolation::support();
    let held_to = chosen.or(kept);
    IsolationView {
        level: match support.is_possible() {
            true => held_to.unwrap_or_else(Isolation::by_default),
            false => Isolation::Folder,
        },
        possible: support.is_possible(),
        lost: held_to == Some(Isolation::Isolated) && !support.is_possible(),
        reason: support.reason().map(str::to_owned),
    }
}

fn planned(program: &ProgramSpec) -> PlannedProgram {
    PlannedProgram {
        name: visible(&program.name),
        command: visible(&program.command.replace('\n', " ")),
        autostart: program.autostart,
    }
}

/// The programs that the session's files will describe.
fn described(workshop: &Workshop) -> Vec<ProgramSpec> {
    let folder = workshop.workshop_dir.join(programs::folder());
    let files = files_in(workshop, &folder, |name| name.ends_with(".conf"));
    let files = files
        .into_iter()
        .map(|(name, found)| (name, String::from_utf8_lossy(&found.bytes).into_owned()));
    let files: Vec<_> = files.collect();
    let files = files.iter();
    programs::supervisor_programs(files.map(|(name, text)| (Utf8Path::new(name), text.as_str())))
}

/// What a session runs by itself: the set-up, what terminals start with, and the containers beside it.
fn scripts(workshop: &Workshop) -> Vec<ScriptView> {
    let folder = &workshop.workshop_dir;
    let is_script = |name: &str| name.ends_with(".sh");
    let mut scripts: Vec<ScriptView> = Vec::new();
    let mut add = |below: &str, files: BTreeMap<String, Found>| {
        scripts.extend(files.into_iter().map(|(name, found)| ScriptView {
            name: visible(&format!("{below}{name}")),
            text: found.shown(),
        }));
    };
    add("", files_in(workshop, &folder.join("setup.d"), is_script));
    // `sh.local` comes after all others.
    let profiles = folder.join("profile.d");
    add("profile.d/", files_in(workshop, &profiles, is_script));
    let local = files_in(workshop, &profiles, |name| name == "sh.local");
    add("profile.d/", local);
    let of_terminals = |name: &str| matches!(name, "profile" | "terminal.sh");
    // By their paths: a script of `setup.d` may be called `terminal.sh` too.
    add("workshop/", files_in(workshop, folder, of_terminals));
    let terminals = files_in(workshop, &folder.join("terminal"), is_script);
    add("workshop/terminal/", terminals);
    // Where the folder is all instructions, nothing of it goes to the home.
    if !folder.as_str().is_empty() {
        let of_shells = |name: &str| OF_SHELLS.contains(&name);
        add("~/", files_in(workshop, Utf8Path::new(""), of_shells));
    }
    if let Some(services) = &workshop.compose {
        let text = serde_json::to_string_pretty(services).unwrap_or_default();
        add(
            "",
            BTreeMap::from([("docker compose".to_owned(), text.into())]),
        );
    }
    scripts
}

/// The files right in this folder of the workshop's that a session will have, by name: those that the definition holds itself
/// take the place of others.
fn files_in(
    workshop: &Workshop,
    folder: &Utf8Path,
    is_wanted: impl Fn(&str) -> bool,
) -> BTreeMap<String, Found> {
    let mut files = BTreeMap::new();
    if let Ok(entries) = workshop.root.join(folder).read_dir_utf8() {
        for entry in entries.flatten() {
            if is_wanted(entry.file_name()) && entry.path().is_file() {
                files.insert(entry.file_name().to_owned(), read(entry.path()));
            }
        }
    }
    for (path, text) in &workshop.inline_files {
        let name = path.file_name().unwrap_or_default();
        if path.parent() == Some(folder) && is_wanted(name) {
            files.insert(name.to_owned(), text.clone().into());
        }
    }
    files
}

/// The beginning of a file. One that cannot be read is shown empty: no session starts before it can be copied.
fn read(path: &Utf8Path) -> Found {
    let (mut bytes, mut size) = (Vec::new(), 0);
    if let Ok(file) = File::open(path) {
        size = file.metadata().map_or(0, |about| about.len());
        let _ = file.take(READ).read_to_end(&mut bytes);
    }
    Found { bytes, size }
}

/// A file, or the beginning of a large one.
struct Found {
    bytes: Vec<u8>,
    /// Of all of it, in bytes.
    size: u64,
}

impl From<String> for Found {
    fn from(text: String) -> Self {
        Self {
            size: text.len() as u64,
            bytes: text.into_bytes(),
        }
    }
}

impl Found {
    /// As the sheet shows it: nothing hides in it, and where it is cut it says so.
    fn shown(&self) -> String {
        let end = self.bytes.len().min(SHOWN);
        let end = match std::str::from_utf8(&self.bytes[..end]) {
            // Not through the middle of a character.
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            _ => end,
        };
        let mut text = visible(&String::from_utf8_lossy(&self.bytes[..end]));
        let hidden = self.size.saturating_sub(end as u64);
        if hidden > 0 {
            if !text.ends_with('\n') {
                text.push('\n');
            }
            let bytes = if hidden == 1 { "byte is" } else { "bytes are" };
            text.push_str(&format!("… {hidden} more {bytes} not shown"));
        }
        text
    }
}

/// Of each action that types a command, whether it does so without a click of its own.
fn commands(pages: &[RenderedPage]) -> Vec<bool> {
    let actions = pages.iter().flat_map(|page| {
        let by_themselves = run_by_themselves(&page.actions);
        page.actions.iter().zip(by_themselves)
    });
    let typed = actions.filter(|(action, _)| {
        matches!(
            action.action,
            Ok(Action::Terminal(TerminalAction::Execute { .. }))
        )
    });
    typed.map(|(_, by_itself)| by_itself).collect()
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
