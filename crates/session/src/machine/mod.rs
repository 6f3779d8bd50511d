//! What a workshop needs, held against this machine: which programs are here, in which version, and how to get the others.
//!
//! Nothing of a workshop runs for it. Programs of the owner's PATH are asked for their version where a minimum is known.

mod differences;
mod packages;
mod scripts;
pub(crate) mod version;

use std::path::{Path, PathBuf};

use atelier_content::needs::{CONTAINERS, Needs, Place};
use atelier_content::{RenderedPage, Workshop};

pub use differences::{card_note, differences, unavailable};
pub(crate) use differences::{is_asked, uses_docker};
pub use scripts::{brought, scripts};

/// Where a machine's programs are looked for.
#[derive(Debug, Clone, Default)]
pub struct Machine {
    folders: Vec<PathBuf>,
}

/// How it stands with a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is here, and new enough as far as that can be told.
    Found,
    /// It is not here.
    Missing,
    /// It is here in a version that will not do.
    TooOld,
    /// It is not here, and it is not certain that it is a program or that the workshop does not bring it.
    Unsure,
}

/// A program that a workshop needs, and how it stands with it.
#[derive(Debug, Clone)]
pub struct Requirement {
    /// Its name.
    pub name: String,
    /// How it stands.
    pub verdict: Verdict,
    /// Where it was found.
    pub path: Option<PathBuf>,
    /// The version that was found, where it was asked for and said.
    pub version: Option<String>,
    /// The lowest version that will do.
    pub minimum: Option<String>,
    /// Its author requires it; otherwise it was found in commands.
    pub declared: bool,
    /// How to get it, when it is not as it should be.
    pub hint: Option<String>,
    /// Where the workshop first uses it.
    pub place: Option<Place>,
}

impl Requirement {
    /// Whether the author's word is not kept.
    pub fn is_unmet(&self) -> bool {
        self.declared && matches!(self.verdict, Verdict::Missing | Verdict::TooOld)
    }

    /// What is wrong, in a sentence; `None` when nothing is known to be.
    pub fn problem(&self) -> Option<String> {
        let name = &self.name;
        match self.verdict {
            Verdict::Found | Verdict::Unsure => None,
            Verdict::Missing => Some(match &self.minimum {
                Some(minimum) => format!("`{name}` ({minimum} or newer) is not on this computer"),
                None => format!("`{name}` is not on this computer"),
            }),
            Verdict::TooOld => Some(format!(
                "`{name}` is {} on this computer; {} or newer is needed",
                self.version.as_deref().unwrap_or("too old"),
                self.minimum.as_deref().unwrap_or("a newer one")
            )),
        }
    }
}

impl Machine {
    /// Programs of the folders of a PATH. Folders below those in `except` are left out: what lies in them is the session's own.
    /// So are relative ones, which would mean another folder each time.
    pub fn new(path: &str, except: &[&Path]) -> Self {
        let folders = std::env::split_paths(path)
            .filter(|folder| folder.is_absolute())
            .filter(|folder| !except.iter().any(|own| folder.starts_with(own)));
        Self {
            folders: folders.collect(),
        }
    }

    /// Where a program is.
    pub fn find(&self, program: &str) -> Option<PathBuf> {
        let mut paths = self.folders.iter().map(|folder| folder.join(program));
        paths.find(|path| is_program(path))
    }

    /// Whether one of the programs for containers is here.
    pub fn has_containers(&self) -> bool {
        CONTAINERS.iter().any(|name| self.find(name).is_some())
    }

    /// The requirements of a workshop, the author's own first. With `ask`, versions are asked for where a minimum is known, by
    /// starting the programs as the owner.
    pub fn requirements(&self, workshop: &Workshop, needs: &Needs, ask: bool) -> Vec<Requirement> {
        let mut all = self.looked_for(workshop, needs);
        if ask {
            version::ask(&mut all);
        }
        with_hints(all)
    }

    /// The requirements of a workshop as they are found, without versions and hints.
    pub(crate) fn looked_for(&self, workshop: &Workshop, needs: &Needs) -> Vec<Requirement> {
        let place_of = |name: &str| {
            let mut used = needs.programs.iter();
            used.find(|program| program.name == name)
                .map(|program| program.place.clone())
        };
        let mut all: Vec<Requirement> = Vec::new();
        for declared in &workshop.requirements {
            all.push(Requirement {
                minimum: declared.minimum.clone(),
                hint: declared.hint.clone(),
                declared: true,
                ..self.look_for(&declared.name, true, place_of(&declared.name))
            });
        }
        for program in &needs.programs {
            if all.iter().any(|known| known.name == program.name) {
                continue;
            }
            let place = Some(program.place.clone());
            let is_known = program.is_clear && packages::is_known(&program.name);
            // What is typed into who knows what is no program unless it has the name of one.
            if !program.is_clear && !packages::is_known(&program.name) {
                continue;
            }
            let mut requirement = self.look_for(&program.name, is_known, place);
            requirement.minimum =
                packages::of_image(workshop.about.image.as_deref(), &program.name);
            all.push(requirement);
        }
        all
    }

    fn look_for(&self, name: &str, is_certain: bool, place: Option<Place>) -> Requirement {
        let path = self.find(name);
        Requirement {
            name: name.to_owned(),
            verdict: match (&path, is_certain) {
                (Some(_), _) => Verdict::Found,
                (None, true) => Verdict::Missing,
                (None, false) => Verdict::Unsure,
            },
            path,
            version: None,
            minimum: None,
            declared: false,
            hint: None,
            place,
        }
    }
}

/// Says how to get what is not as it should be.
pub(crate) fn with_hints(mut all: Vec<Requirement>) -> Vec<Requirement> {
    for requirement in &mut all {
        match requirement.verdict {
            Verdict::Found => requirement.hint = None,
            Verdict::Unsure => {}
            Verdict::Missing | Verdict::TooOld => {
                let known = || packages::hint(&requirement.name);
                requirement.hint = requirement.hint.take().or_else(known);
            }
        }
    }
    all
}

/// What a workshop of these rendered pages needs. Its scripts are read, and nothing is run.
pub fn needs(workshop: &Workshop, pages: &[RenderedPage]) -> Needs {
    let scripts = scripts(workshop);
    Needs::of_workshop(workshop, pages, &scripts, brought(workshop))
}

#[cfg(unix)]
fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path)
        .is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(path: &Path) -> bool {
    path.is_file()
}
