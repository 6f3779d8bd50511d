//! `atelier list` and `atelier reset`

use std::io::{self, BufRead, IsTerminal, Write};

use anyhow::{Context, bail};
use atelier_session::protocol::StoredSessionView;
use atelier_session::window::Library;
use atelier_session::{Store, human};
use serde::Serialize;

use crate::Exit;
use crate::args::{ListArguments, ListFormat, ResetArguments};
use crate::report;

/// A session as the list tells of it. The names are a public contract (`docs/authoring.md`).
#[derive(Serialize)]
struct Row<'a> {
    name: &'a str,
    title: &'a str,
    workshop: &'a str,
    missing: bool,
    set_aside: bool,
    open: bool,
    checks_passed: u32,
    checks_total: u32,
    finished: bool,
    /// Milliseconds since 1970.
    last_used: u64,
    /// Bytes.
    size: u64,
    /// For people alone: the names above are the contract.
    #[serde(skip)]
    containers: bool,
}

pub(crate) fn list(arguments: &ListArguments) -> anyhow::Result<Exit> {
    let library = library()?;
    let view = library.sessions();
    let rows: Vec<_> = view
        .sessions
        .iter()
        .map(|session| row(session, library.session_size(&session.name)))
        .collect();
    match arguments.format {
        ListFormat::Json => report::print_json(&rows)?,
        ListFormat::Human => report::print(&table(&rows))?,
    }
    Ok(Exit::Success)
}

pub(crate) fn reset(arguments: &ResetArguments) -> anyhow::Result<Exit> {
    let library = library()?;
    let name = arguments.session.as_str();
    let session = library.known(name)?;
    let size = human(library.session_size(name));
    let workshop = &session.header.workshop;
    let place = session.root.join("home");
    let question = if arguments.remove {
        format!(
            "Delete the session {name} ({size}) with the files in {place}? This cannot be undone."
        )
    } else {
        format!(
            "Start over? The next start of {workshop} begins anew; the session {name} ({size}) keeps its files."
        )
    };
    if !arguments.yes && !agreed(&question)? {
        report::print("Nothing was changed.\n")?;
        return Ok(Exit::Findings);
    }
    if arguments.remove {
        let containers = session.told_of_containers();
        library.store().remove(name)?;
        report::print(&format!("Removed {name}.\n"))?;
        if let Some(told) = containers {
            report::print(&format!("{told}\n"))?;
        }
    } else {
        library.store().set_aside(name)?;
        report::print(&format!(
            "The next start of {workshop} begins anew. The old files are in {place}; `atelier reset --remove {name}` deletes them.\n"
        ))?;
    }
    Ok(Exit::Success)
}

fn library() -> anyhow::Result<Library> {
    let store = Store::of_owner().context("there is no place for sessions")?;
    store.clear_removed();
    store.clear_unfinished();
    Ok(Library::new(store, None))
}

/// Asks at the terminal; only a `y` agrees.
fn agreed(question: &str) -> anyhow::Result<bool> {
    if !io::stdin().is_terminal() {
        bail!("nobody can be asked here; say --yes to go ahead");
    }
    report::print(&format!("{question} [y/N] "))?;
    io::stdout().flush()?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}

fn row(session: &StoredSessionView, size: u64) -> Row<'_> {
    Row {
        name: &session.name,
        title: &session.title,
        workshop: &session.workshop,
        missing: session.missing,
        set_aside: session.set_aside,
        open: session.open,
        checks_passed: session.checks.passed,
        checks_total: session.checks.total,
        finished: session.finished,
        last_used: session.last_used,
        size,
        containers: !session.containers.is_empty(),
    }
}

fn table(rows: &[Row<'_>]) -> String {
    if rows.is_empty() {
        return "There are no sessions.\n".to_owned();
    }
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let now = now.map_or(0, |since| since.as_millis() as u64);
    let width = rows.iter().map(|row| row.name.len()).max().unwrap_or(0);
    let mut text = String::new();
    for row in rows {
        let checks = match row.checks_total {
            0 => String::new(),
            total => format!("{} of {total} checks", row.checks_passed),
        };
        let notes = [
            (row.finished, "finished"),
            (row.set_aside, "earlier session"),
            (row.open, "open"),
            (row.missing, "its workshop is gone"),
            (row.containers, "its containers may still run"),
        ];
        let notes = notes.iter().filter(|(holds, _)| *holds);
        let facts: Vec<_> = [
            row.title.to_owned(),
            age(now.saturating_sub(row.last_used)),
            human(row.size),
            checks,
        ]
        .into_iter()
        .chain(notes.map(|(_, note)| (*note).to_owned()))
        .filter(|fact| !fact.is_empty())
        .collect();
        text += &format!("{:width$}  {}\n", row.name, facts.join(", "));
    }
    let total = rows.iter().map(|row| row.size).sum();
    text + &format!("{} in all\n", human(total))
}

fn age(millis: u64) -> String {
    let (number, unit) = match millis / 60_000 {
        0 => return "just now".to_owned(),
        minutes @ 1..60 => (minutes, "minute"),
        minutes @ 60..1440 => (minutes / 60, "hour"),
        minutes => (minutes / 1440, "day"),
    };
    format!("{number} {unit}{} ago", if number == 1 { "" } else { "s" })
}
