//! Every workshop below some folders: a table, then what was found by code.

use std::collections::BTreeMap;
use std::io::Read;
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use atelier_content::{LoadError, load, workshops_below};
use camino::{Utf8Path, Utf8PathBuf};

use crate::line;
use crate::one::{Finding, Seen};

/// No workshop may take longer.
const LIMIT: Duration = Duration::from_secs(60);

/// What came of one workshop.
enum Outcome {
    Seen(Seen),
    /// It could not be loaded, and the engine said why.
    Refused(String),
    /// The process died, or did not end.
    Crashed(String),
}

pub(crate) fn run(folders: &[Utf8PathBuf]) -> anyhow::Result<ExitCode> {
    let mut workshops = Vec::new();
    for folder in folders {
        for path in below(folder)? {
            if !workshops.contains(&path) {
                workshops.push(path);
            }
        }
    }
    if workshops.is_empty() {
        bail!("there is no workshop below these folders");
    }
    let common = common_folder(&workshops);
    line(&row(
        "workshop",
        ["style", "pages", "actions", "ms"],
        "diagnostics",
    ))?;
    let mut totals = Totals::default();
    for path in &workshops {
        let name = path.strip_prefix(&common).unwrap_or(path);
        let outcome = look_at(path)?;
        line(&describe(name, &outcome))?;
        totals.add(name, outcome);
    }
    totals.print()
}

/// The workshops of a folder: itself, those below it, and those of the repositories that lie in it.
fn below(folder: &Utf8Path) -> anyhow::Result<Vec<Utf8PathBuf>> {
    let folder = folder
        .canonicalize_utf8()
        .with_context(|| folder.to_string())?;
    let mut found = of_repository(&folder);
    let mut inside: Vec<_> = folder
        .read_dir_utf8()
        .with_context(|| folder.to_string())?
        .flatten()
        .map(|entry| entry.into_path())
        .filter(|path| path.is_dir())
        .collect();
    inside.sort();
    // A folder of checked-out repositories: each has its own depth.
    if !found.contains(&folder) {
        found.clear();
        for repository in inside {
            found.extend(of_repository(&repository));
        }
    }
    Ok(found)
}

fn of_repository(folder: &Utf8Path) -> Vec<Utf8PathBuf> {
    match load(folder) {
        Ok(loaded) => vec![loaded.workshop.root],
        Err(LoadError::Several { .. }) => workshops_below(folder).workshops,
        Err(_) => Vec::new(),
    }
}

/// In a process of its own, so that whatever happens to it happens to it alone.
fn look_at(path: &Utf8Path) -> anyhow::Result<Outcome> {
    let program = std::env::current_exe().context("the program does not know where it is")?;
    let mut child = Command::new(program)
        .args(["one", path.as_str()])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .context("the program cannot be started again")?;
    let readers = [
        child
            .stdout
            .take()
            .map(|out| Box::new(out) as Box<dyn Read + Send>),
        child
            .stderr
            .take()
            .map(|err| Box::new(err) as Box<dyn Read + Send>),
    ]
    .map(|pipe| {
        std::thread::spawn(move || {
            let mut bytes = Vec::new();
            if let Some(mut pipe) = pipe {
                // What a dying process has written so far is all there is.
                let _ = pipe.read_to_end(&mut bytes);
            }
            String::from_utf8_lossy(&bytes).into_owned()
        })
    });
    let start = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break Some(status);
        }
        if start.elapsed() > LIMIT {
            child.kill()?;
            child.wait()?;
            break None;
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    let [out, complaint] = readers.map(|reader| reader.join().unwrap_or_default());
    let first = complaint.lines().find(|line| !line.trim().is_empty());
    let first = first.unwrap_or_default().trim().to_owned();
    Ok(match status {
        None => Outcome::Crashed(format!("did not end within {} s", LIMIT.as_secs())),
        Some(status) if status.success() => match serde_json::from_str(&out) {
            Ok(seen) => Outcome::Seen(seen),
            Err(error) => Outcome::Crashed(format!("said nothing that can be read: {error}")),
        },
        Some(status) if status.code() == Some(2) => Outcome::Refused(first),
        Some(status) => Outcome::Crashed(format!("{status}: {first}")),
    })
}

fn describe(name: &Utf8Path, outcome: &Outcome) -> String {
    let name = if name.as_str().is_empty() {
        "."
    } else {
        name.as_str()
    };
    match outcome {
        Outcome::Seen(seen) => {
            let mut codes: BTreeMap<&str, usize> = BTreeMap::new();
            for found in &seen.findings {
                *codes.entry(&found.code).or_default() += 1;
            }
            let codes: Vec<_> = codes
                .into_iter()
                .map(|(code, count)| format!("{code} {count}"))
                .collect();
            row(
                name,
                [
                    &seen.style,
                    &seen.pages.to_string(),
                    &seen.actions.to_string(),
                    &format!("{:.1}", seen.millis),
                ],
                &codes.join(", "),
            )
        }
        Outcome::Refused(why) => row(name, ["-"; 4], why),
        Outcome::Crashed(why) => row(name, ["CRASH", "-", "-", "-"], why),
    }
}

fn row(name: &str, [style, pages, actions, millis]: [&str; 4], found: &str) -> String {
    let text = format!("{name:<44} {style:<12} {pages:>5} {actions:>7} {millis:>7}  {found}");
    text.trim_end().to_owned()
}

/// The deepest folder that holds all of them.
fn common_folder(paths: &[Utf8PathBuf]) -> Utf8PathBuf {
    let mut common = match paths.first().and_then(|first| first.parent()) {
        Some(parent) => parent.to_owned(),
        None => return Utf8PathBuf::new(),
    };
    while !paths.iter().all(|path| path.starts_with(&common)) {
        if !common.pop() {
            break;
        }
    }
    common
}

#[derive(Default)]
struct Totals {
    workshops: usize,
    pages: usize,
    actions: usize,
    unread: usize,
    millis: f64,
    refused: usize,
    crashed: usize,
    /// By code: how many errors and warnings, in how many workshops, and the first one of them.
    codes: BTreeMap<String, (usize, usize, usize, String)>,
}

impl Totals {
    fn add(&mut self, name: &Utf8Path, outcome: Outcome) {
        self.workshops += 1;
        let seen = match outcome {
            Outcome::Seen(seen) => seen,
            Outcome::Refused(_) => {
                self.refused += 1;
                return;
            }
            Outcome::Crashed(_) => {
                self.crashed += 1;
                return;
            }
        };
        self.pages += seen.pages;
        self.actions += seen.actions;
        self.unread += seen.unread;
        self.millis += seen.millis;
        let mut here: Vec<&str> = Vec::new();
        for found in &seen.findings {
            let Finding {
                code,
                is_error,
                message,
                place,
            } = found;
            let entry = self
                .codes
                .entry(code.clone())
                .or_insert_with(|| (0, 0, 0, format!("{name}/{place}: {message}")));
            if *is_error {
                entry.0 += 1;
            } else {
                entry.1 += 1;
            }
            if !here.contains(&code.as_str()) {
                entry.2 += 1;
                here.push(code);
            }
        }
    }

    fn print(&self) -> anyhow::Result<ExitCode> {
        line("")?;
        line(&format!(
            "{:<24} {:>6} {:>8} {:>9}  example",
            "code", "errors", "warnings", "workshops"
        ))?;
        for (code, (errors, warnings, workshops, example)) in &self.codes {
            line(&format!(
                "{code:<24} {errors:>6} {warnings:>8} {workshops:>9}  {example}"
            ))?;
        }
        line("")?;
        line(&format!(
            "{} workshops, {} pages, {} actions ({} unread) in {:.0} ms; {} not loaded, {} crashed",
            self.workshops,
            self.pages,
            self.actions,
            self.unread,
            self.millis,
            self.refused,
            self.crashed
        ))?;
        Ok(if self.crashed == 0 {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        })
    }
}
