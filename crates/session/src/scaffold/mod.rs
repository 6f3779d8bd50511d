//! New workshops: a small one that plays, to begin with (`atelier new`).
//!
//! What is made is a workshop of the Educates format with a page for every part that is asked for. It has no findings, and it
//! can be tested before a word of it is changed.

mod definition;
mod name;
mod pages;
#[cfg(test)]
mod tests;
mod write;

use std::collections::BTreeSet;

use camino::Utf8PathBuf;

pub use self::name::{WrongName, check_name, suggest_name};
pub use self::write::{NewError, check_target, write};

/// What a new workshop is to be.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Its machine name, see [`check_name`].
    pub name: String,
    /// Its title: one line.
    pub title: String,
    /// What it is about: one line.
    pub description: String,
    /// How its pages are written.
    pub style: Style,
    /// What it shows besides terminals.
    pub parts: BTreeSet<Part>,
    /// Whether GitHub is to check and test it.
    pub github: bool,
}

/// How pages are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Headers and shortcodes, as Hugo has them: the present form.
    Hugo,
    /// Lists of modules and Liquid: the older form.
    Classic,
}

/// What a workshop may show besides terminals, in the order of its pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// A script that prepares the session.
    Setup,
    /// The editor.
    Editor,
    /// Checks of the learner's work.
    Examiner,
    /// A tab with a server of the learner's.
    Dashboard,
}

/// A file of a new workshop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// Below the workshop's folder.
    pub path: Utf8PathBuf,
    /// Its text.
    pub text: String,
    /// Whether it is a program.
    pub executable: bool,
}

/// The port of the server in the tab: fixed, since the definition names it, and nobody's by custom.
const PORT: u16 = 8461;

impl Plan {
    /// The files of the workshop.
    pub fn files(&self) -> Vec<Made> {
        let mut files = vec![
            text("README.md", self.readme()),
            text(".gitignore", include_str!("template/gitignore")),
            text("resources/workshop.yaml", definition::text(self)),
            program("exercises/greet", include_str!("template/greet")),
        ];
        files.extend(pages::files(self));
        for part in &self.parts {
            match part {
                Part::Setup => files.push(program(
                    "workshop/setup.d/01-visitors.sh",
                    include_str!("template/visitors.sh"),
                )),
                Part::Editor => {}
                Part::Examiner => files.push(program(
                    "workshop/examiner/tests/farewell",
                    include_str!("template/farewell"),
                )),
                Part::Dashboard => files.extend([
                    text(
                        "exercises/site/index.html",
                        include_str!("template/index.html"),
                    ),
                    text(
                        "workshop/requirements.yaml",
                        include_str!("template/requirements.yaml"),
                    ),
                ]),
            }
        }
        if self.github {
            files.push(text(
                ".github/workflows/check-workshop.yaml",
                include_str!("template/github.yaml"),
            ));
        }
        files
    }

    fn has(&self, part: Part) -> bool {
        self.parts.contains(&part)
    }

    fn readme(&self) -> String {
        let mut rows = String::new();
        for part in &self.parts {
            rows.push_str(match part {
                Part::Setup => "| `workshop/setup.d/` | what prepares a session |\n",
                Part::Editor => "",
                Part::Examiner => {
                    "| `workshop/examiner/tests/` | the programs that check the learner's work |\n"
                }
                Part::Dashboard => {
                    "| `workshop/requirements.yaml` | what the learner's machine must have |\n"
                }
            });
        }
        include_str!("template/README.md")
            .replace("@rows@", &rows)
            .replace("@name@", &self.name)
            .replace("@title@", &self.title)
            .replace("@description@", &self.description)
    }
}

fn text(path: impl Into<Utf8PathBuf>, text: impl Into<String>) -> Made {
    Made {
        path: path.into(),
        text: text.into(),
        executable: false,
    }
}

fn program(path: &str, source: &str) -> Made {
    Made {
        executable: true,
        ..text(path, source)
    }
}
