//! `atelier new`

use std::collections::BTreeSet;
use std::fmt;
use std::io::{self, IsTerminal};

use anyhow::{Context, anyhow, bail};
use atelier_session::scaffold::{Part, Plan, Style, check_name, check_target, suggest_name, write};
use camino::{Utf8Path, Utf8PathBuf};
use inquire::validator::Validation;
use inquire::{Confirm, InquireError, MultiSelect, Select, Text};

use crate::Exit;
use crate::args::{NewArguments, Parts, Styles};
use crate::report;

/// What is in a workshop unless its author says otherwise.
const USUAL: [Part; 2] = [Part::Editor, Part::Examiner];

pub(crate) fn run(arguments: &NewArguments) -> anyhow::Result<Exit> {
    let folder = &arguments.dir;
    if folder.as_str().is_empty() {
        bail!("the path is empty; name a folder that is not there yet");
    }
    // Nobody likes to answer questions for nothing.
    check_target(folder)?;
    let asks = !arguments.yes && io::stdin().is_terminal() && io::stdout().is_terminal();
    let plan = if asks {
        match asked(arguments) {
            Ok(plan) => plan,
            Err(error) if is_called_off(&error) => {
                report::print("Nothing was written.\n")?;
                return Ok(Exit::Findings);
            }
            Err(error) => return Err(error),
        }
    } else {
        said(arguments)?
    };
    write(&plan, folder)?;
    report::print(&summary(&plan, folder))?;
    Ok(Exit::Success)
}

/// The plan without a question.
fn said(arguments: &NewArguments) -> anyhow::Result<Plan> {
    let name = name(arguments)?;
    check_name(&name).map_err(|wrong| {
        let suggestion = wrong.suggestion.clone();
        anyhow!(wrong).context(format!(
            "there is no name for the workshop; say `--name {suggestion}`"
        ))
    })?;
    let title = arguments.title.clone();
    Ok(Plan {
        title: title.unwrap_or_else(|| title_of(&name)),
        description: arguments.description.clone().unwrap_or_else(description),
        style: arguments.style.map_or(Style::Hugo, Into::into),
        parts: arguments
            .with
            .as_deref()
            .map_or_else(|| USUAL.into(), parts),
        github: arguments.github,
        name,
    })
}

/// The plan, with questions for what was not said.
fn asked(arguments: &NewArguments) -> anyhow::Result<Plan> {
    let mut complete = true;
    let mut name = name(arguments)?;
    if let Err(wrong) = check_name(&name) {
        complete = false;
        report::print(&format!("{wrong}.\n"))?;
        name = Text::new("Name for machines:")
            .with_initial_value(&wrong.suggestion)
            .with_validator(|text: &str| {
                Ok(match check_name(text) {
                    Ok(()) => Validation::Valid,
                    Err(wrong) => Validation::Invalid(wrong.to_string().into()),
                })
            })
            .prompt()?;
    }
    let title = match &arguments.title {
        Some(title) => title.clone(),
        None => {
            complete = false;
            Text::new("Title:")
                .with_default(&title_of(&name))
                .prompt()?
        }
    };
    let description = match &arguments.description {
        Some(text) => text.clone(),
        None => {
            complete = false;
            Text::new("What is it about?")
                .with_default(&description())
                .prompt()?
        }
    };
    let style = match arguments.style {
        Some(style) => style.into(),
        None => {
            complete = false;
            let known = vec![Choice::HUGO, Choice::CLASSIC];
            Select::new("How are its pages written?", known)
                .prompt()?
                .value
        }
    };
    let parts = match &arguments.with {
        Some(with) => parts(with),
        None => {
            complete = false;
            let known = Choice::parts();
            let usual: Vec<_> = known
                .iter()
                .enumerate()
                .filter(|(_, choice)| USUAL.contains(&choice.value))
                .map(|(at, _)| at)
                .collect();
            let chosen = MultiSelect::new("What does it show besides terminals?", known)
                .with_default(&usual)
                .prompt()?;
            chosen.into_iter().map(|choice| choice.value).collect()
        }
    };
    // Whoever has said everything else has said this too.
    let github = arguments.github
        || !complete
            && Confirm::new("Add a workflow by which GitHub checks and tests it?")
                .with_default(false)
                .prompt()?;
    Ok(Plan {
        name,
        title,
        description,
        style,
        parts,
        github,
    })
}

/// What was said, else the folder's name.
fn name(arguments: &NewArguments) -> anyhow::Result<String> {
    if let Some(name) = &arguments.name {
        return Ok(name.clone());
    }
    let full = camino::absolute_utf8(&arguments.dir)?;
    // `.` and `..` are no names.
    let full: Utf8PathBuf = full.canonicalize_utf8().unwrap_or(full);
    let name = full
        .file_name()
        .with_context(|| format!("{} has no name; say `--name`", arguments.dir))?;
    Ok(name.to_owned())
}

/// `lab-first-steps` → `Lab first steps`.
fn title_of(name: &str) -> String {
    let mut title = suggest_name(name).replace('-', " ");
    if let Some(first) = title.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    title
}

fn description() -> String {
    "A workshop to begin with: commands, files and checks.".to_owned()
}

fn parts(with: &[Parts]) -> BTreeSet<Part> {
    let mut parts = BTreeSet::new();
    for part in with {
        match part {
            Parts::Editor => parts.extend([Part::Editor]),
            Parts::Examiner => parts.extend([Part::Examiner]),
            Parts::Dashboard => parts.extend([Part::Dashboard]),
            Parts::Setup => parts.extend([Part::Setup]),
            Parts::All => parts.extend(Choice::parts().into_iter().map(|choice| choice.value)),
            Parts::None => {}
        }
    }
    parts
}

impl From<Styles> for Style {
    fn from(style: Styles) -> Self {
        match style {
            Styles::Hugo => Self::Hugo,
            Styles::Classic => Self::Classic,
        }
    }
}

/// An answer in words.
struct Choice<T> {
    value: T,
    words: &'static str,
}

impl<T> fmt::Display for Choice<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.words)
    }
}

impl Choice<Style> {
    const HUGO: Self = Self {
        value: Style::Hugo,
        words: "Hugo: headers and shortcodes, the present form",
    };
    const CLASSIC: Self = Self {
        value: Style::Classic,
        words: "Classic: lists of modules and Liquid, the older form",
    };
}

impl Choice<Part> {
    fn parts() -> Vec<Self> {
        [
            (Part::Editor, "The editor"),
            (Part::Examiner, "Checks of the learner's work"),
            (
                Part::Dashboard,
                "A tab with a server of the learner's (needs python3)",
            ),
            (Part::Setup, "A script that prepares the session"),
        ]
        .map(|(value, words)| Self { value, words })
        .into()
    }
}

fn is_called_off(error: &anyhow::Error) -> bool {
    matches!(
        error.downcast_ref(),
        Some(InquireError::OperationCanceled | InquireError::OperationInterrupted)
    )
}

fn summary(plan: &Plan, folder: &Utf8Path) -> String {
    let pages = plan.parts.len() + 2;
    let typed = shell_words::quote(folder.as_str());
    let mut text = format!(
        "{folder} holds the workshop {} now, with {pages} pages. Next:\n\n",
        plan.name
    );
    for (verb, does) in [
        ("check", "says what is wrong with it: nothing yet"),
        ("test", "plays it from the first click to the last"),
        ("open", "opens it in the window"),
        ("pack", "puts it into one file"),
    ] {
        let command = format!("atelier {verb} {typed}");
        let width = typed.chars().count() + "atelier check ".len();
        text.push_str(&format!("  {command:width$}    {does}\n"));
    }
    text
}
