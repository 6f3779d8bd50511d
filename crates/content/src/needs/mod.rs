//! What a workshop needs of the machine: programs, the network, Docker, a cluster. Found by reading its commands; nothing
//! is run, so that all of it is a hint.

mod cluster;
mod everyday;
mod interactive;
mod network;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use camino::Utf8PathBuf;

use crate::action::{
    Action, DashboardAction, EditorTerminalVerb, PageAction, Target, TerminalAction,
};
use crate::render::RenderedPage;
use crate::shell::{self, Command, Script, Word, plain_commands, program_of};
use crate::workshop::Workshop;

pub use interactive::{is_exit, takes_over};
pub use network::NetworkUse;

/// A script of the workshop that runs without a click.
#[derive(Debug, Clone)]
pub struct ScriptText {
    /// Relative to the workshop's folder.
    pub path: Utf8PathBuf,
    /// Its text.
    pub text: String,
}

/// A place in the workshop.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Relative to the workshop's folder.
    pub file: String,
    /// From 1.
    pub line: usize,
}

/// A program that commands start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProgramUse {
    /// Its name.
    pub name: String,
    /// Where it is first started.
    pub place: Place,
    /// It stands in a text that can be nothing but shell commands.
    pub is_clear: bool,
}

/// What a workshop needs, as far as its commands tell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Needs {
    /// Programs that it starts and does not bring itself, by name; everyday Unix programs are left out.
    pub programs: Vec<ProgramUse>,
    /// What is fetched from elsewhere, each once.
    pub network: Vec<NetworkUse>,
    /// Where containers are first used.
    pub docker: Option<Place>,
    /// Where a Kubernetes cluster is first used that the workshop does not start itself.
    pub cluster: Option<Place>,
    /// Names of programs that the workshop brings, defines or installs.
    brought: BTreeSet<String>,
    /// It starts a cluster of its own.
    starts_cluster: bool,
}

/// What one action needs that a laptop may not have.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ActionNeeds {
    /// A Kubernetes cluster.
    pub cluster: bool,
    /// The web console of a cluster.
    pub console: bool,
    /// Docker or its like.
    pub docker: bool,
    /// Programs that it starts.
    pub programs: Vec<String>,
}

/// Programs that talk to containers of this machine.
pub const CONTAINERS: [&str; 4] = ["docker", "docker-compose", "nerdctl", "podman"];

impl Needs {
    /// Reads the commands of a workshop's rendered pages and of its scripts. `files` are the names of programs that it brings.
    pub fn of_workshop(
        workshop: &Workshop,
        pages: &[RenderedPage],
        scripts: &[ScriptText],
        files: BTreeSet<String>,
    ) -> Self {
        let mut reader = Reader::default();
        reader.brought.extend(files);
        for script in scripts {
            let place = |at: usize| Place {
                file: script.path.to_string(),
                line: line_of(&script.text, at),
            };
            reader.script(&shell::read(&script.text), &place, true);
        }
        for page in pages {
            for action in &page.actions {
                let source = workshop.sources.file(action.span.file);
                let place = Place {
                    file: source.path().to_string(),
                    line: workshop.sources.position(&action.span).line,
                };
                reader.action(action, &place);
            }
        }
        reader.finish()
    }

    /// What an action of the workshop needs.
    pub fn of_action(&self, action: &PageAction) -> ActionNeeds {
        let mut needs = ActionNeeds::default();
        if let Ok(Action::Dashboard(
            DashboardAction::Open { name } | DashboardAction::Reload { name, .. },
        )) = &action.action
        {
            needs.console = name.eq_ignore_ascii_case("console");
        }
        let Some((_, text)) = typed(action) else {
            return needs;
        };
        let script = shell::read(text);
        for words in script.commands.iter().flat_map(plain_commands) {
            let Some(name) = program_of(words).filter(|name| !self.brings(name, &script)) else {
                continue;
            };
            needs.cluster |= !self.starts_cluster && cluster::is_asked(name, words);
            needs.docker |= CONTAINERS.contains(&name);
            if script.is_clear && !everyday::is_everyday(name) {
                needs.programs.push(name.to_owned());
            }
        }
        needs
    }

    fn brings(&self, name: &str, script: &Script) -> bool {
        self.brought.contains(name) || script.defined.contains(name)
    }
}

/// The terminal that an action types into, and the text.
fn typed(action: &PageAction) -> Option<(String, &str)> {
    let of = |target: &Target| match target {
        Target::One(name) => name.clone(),
        Target::All => String::new(),
    };
    match action.action.as_ref().ok()? {
        Action::Terminal(TerminalAction::Execute {
            command, session, ..
        }) => Some((of(session), command)),
        Action::Terminal(TerminalAction::Input {
            text,
            session,
            newline: true,
        }) => Some((of(session), text)),
        Action::EditorTerminal(action) => match &action.verb {
            EditorTerminalVerb::Send { text, enter: true } => {
                Some((format!("editor:{}", action.session), text))
            }
            _ => None,
        },
        _ => None,
    }
}

#[derive(Debug, Default)]
struct Reader {
    programs: BTreeMap<String, ProgramUse>,
    network: BTreeMap<String, NetworkUse>,
    docker: Option<Place>,
    cluster: Option<Place>,
    brought: BTreeSet<String>,
    starts_cluster: bool,
    /// Terminals in which a program other than the shell reads what is typed.
    inside: BTreeSet<String>,
}

impl Reader {
    fn action(&mut self, action: &PageAction, place: &Place) {
        if let Ok(Action::Dashboard(
            DashboardAction::Create { url, .. } | DashboardAction::OpenUrl { url },
        )) = &action.action
        {
            self.uses_network(network::address(url), place);
        }
        let Some((terminal, text)) = typed(action) else {
            return;
        };
        if self.inside.contains(&terminal) {
            if interactive::is_exit(text) {
                self.inside.remove(&terminal);
            }
            return;
        }
        let script = shell::read(text);
        let is_execute = matches!(
            action.action,
            Ok(Action::Terminal(TerminalAction::Execute { .. }))
        );
        self.script(&script, &|_| place.clone(), is_execute);
        if interactive::stays(&script) {
            self.inside.insert(terminal);
        }
    }

    fn script(&mut self, script: &Script, place: &dyn Fn(usize) -> Place, are_commands: bool) {
        self.brought.extend(script.defined.iter().cloned());
        let name = |path: &String| path.rsplit('/').next().map(str::to_owned);
        self.brought.extend(script.written.iter().filter_map(name));
        for command in &script.commands {
            let place = place(command.at);
            self.command(command, &place, script.is_clear && are_commands);
        }
    }

    fn command(&mut self, command: &Command, place: &Place, is_clear: bool) {
        for words in plain_commands(command) {
            self.brought.extend(network::installed(words));
            self.brought.extend(environment(words));
            let Some(name) = program_of(words) else {
                continue;
            };
            if let Some(what) = network::fetched(name, words) {
                self.uses_network(Some(what), place);
            }
            self.starts_cluster |= cluster::is_started(name, words);
            if cluster::is_asked(name, words) {
                self.cluster.get_or_insert_with(|| place.clone());
            }
            if CONTAINERS.contains(&name) {
                self.docker.get_or_insert_with(|| place.clone());
            }
            if !everyday::is_everyday(name) {
                let entry = self.programs.entry(name.to_owned());
                let known = entry.or_insert_with(|| ProgramUse {
                    name: name.to_owned(),
                    place: place.clone(),
                    is_clear,
                });
                if is_clear && !known.is_clear {
                    known.is_clear = true;
                    known.place = place.clone();
                }
            }
        }
    }

    fn uses_network(&mut self, what: Option<String>, place: &Place) {
        if let Some(what) = what {
            let place = place.clone();
            let entry = self.network.entry(what.clone());
            entry.or_insert(NetworkUse { what, place });
        }
    }

    fn finish(self) -> Needs {
        let brings = |name: &str| self.brought.contains(name);
        let mut network: Vec<_> = self.network.into_values().collect();
        network.sort_by(|a, b| a.place.cmp(&b.place));
        Needs {
            network,
            docker: self.docker.filter(|_| !brings("docker")),
            cluster: self
                .cluster
                .filter(|_| !self.starts_cluster && !brings("kubectl")),
            programs: self
                .programs
                .into_values()
                .filter(|program| !self.brought.contains(&program.name))
                .collect(),
            brought: self.brought,
            starts_cluster: self.starts_cluster,
        }
    }
}

/// What a Python environment brings once it is made or entered.
fn environment(words: &[Word]) -> Vec<String> {
    let text = |at: usize| words.get(at).map_or("", |word| word.text.as_str());
    let enters = matches!(text(0), "source" | ".") && text(1).ends_with("/bin/activate");
    if enters {
        ["python", "pip", "pip3"].map(str::to_owned).into()
    } else {
        Vec::new()
    }
}

fn line_of(text: &str, at: usize) -> usize {
    text.get(..at)
        .map_or(1, |before| before.matches('\n').count() + 1)
}
