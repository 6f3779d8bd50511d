//! What the trust sheet shows of a workshop.

use std::collections::BTreeSet;

use atelier_content::action::{Action, TerminalAction};
use atelier_content::{Loaded, Variables, Workshop, render};
use camino::Utf8PathBuf;

use super::views::{diagnostic_views, pathway_views};
use crate::protocol::{InspectionView, RequirementView, ScriptView, SessionSummary};
use crate::setup;
use crate::trust::Trust;

/// How much of a script the sheet shows, in bytes.
const SHOWN: usize = 64 * 1024;

/// Programs whose absence a learner should know of before the start. Everyday Unix tools are not among them.
const PROGRAMS: &[&str] = &[
    "cargo",
    "code",
    "conda",
    "curl",
    "docker",
    "dotnet",
    "envsubst",
    "gcc",
    "git",
    "go",
    "gradle",
    "helm",
    "http",
    "java",
    "javac",
    "jq",
    "k9s",
    "kind",
    "kubectl",
    "kustomize",
    "make",
    "minikube",
    "mvn",
    "nano",
    "ncat",
    "node",
    "npm",
    "npx",
    "pip",
    "pip3",
    "podman",
    "psql",
    "python",
    "python3",
    "ruby",
    "rustc",
    "skaffold",
    "sqlite3",
    "ssh",
    "terraform",
    "tmux",
    "tree",
    "uv",
    "vim",
    "wget",
    "yarn",
    "yq",
    "ytt",
];

pub(super) fn view(
    loaded: &Loaded,
    variables: &Variables,
    trust: Trust,
    files_at: &str,
    resume: Option<SessionSummary>,
) -> InspectionView {
    let workshop = &loaded.workshop;
    let about = &workshop.about;
    let commands = commands(workshop, variables);
    let scripts: Vec<_> = setup::scripts(&workshop.root.join(&workshop.workshop_dir))
        .iter()
        .map(script_view)
        .collect();
    let texts = commands
        .iter()
        .map(String::as_str)
        .chain(scripts.iter().map(|script| script.text.as_str()));
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
        requirements: requirements(texts),
        setup: scripts,
        missing_features: workshop.missing_features.clone(),
        files_at: files_at.to_owned(),
        trusted: trust.is_given(),
        changed: trust == Trust::Changed,
        resume,
        problems: diagnostic_views(workshop, &crate::check(loaded, variables)),
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

fn commands(workshop: &Workshop, variables: &Variables) -> Vec<String> {
    let pages = workshop
        .pages
        .iter()
        .map(|page| render(workshop, page, variables));
    let actions = pages.flat_map(|page| page.actions);
    let commands = actions.filter_map(|action| match action.action {
        Ok(Action::Terminal(TerminalAction::Execute { command, .. })) => Some(command),
        _ => None,
    });
    commands.collect()
}

/// Programs that stand where a command can start: at the start of a line, or after `|`, `;`, `&`, `(` or `sudo`.
fn requirements<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<RequirementView> {
    let mut used = BTreeSet::new();
    for text in texts {
        for part in text.split(['\n', '|', ';', '&', '(', '`']) {
            let mut words = part
                .split_whitespace()
                .skip_while(|word| *word == "sudo" || word.contains('='));
            if let Some(program) = words
                .next()
                .and_then(|word| PROGRAMS.iter().find(|program| **program == word))
            {
                used.insert(*program);
            }
        }
    }
    used.into_iter()
        .map(|name| RequirementView {
            name: name.to_owned(),
            found: find(name),
        })
        .collect()
}

fn find(program: &str) -> Option<String> {
    let path = std::env::var_os("PATH")?;
    let found = std::env::split_paths(&path)
        .map(|folder| folder.join(program))
        .find(|path| path.is_file())?;
    Some(found.to_string_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_commands_start_with() {
        let texts = [
            "cd x && sudo docker run git\nFOO=1 kubectl get pods | jq .",
            "echo make; make all # python3",
        ];
        let names: Vec<_> = requirements(texts.into_iter())
            .into_iter()
            .map(|requirement| requirement.name)
            .collect();
        assert_eq!(names, ["docker", "jq", "kubectl", "make"]);
    }
}
