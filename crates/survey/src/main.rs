//! What `cargo xtask corpus` and `cargo xtask bench` run: optimised, and apart from the command that people install.

mod bench;
mod corpus;
mod one;
mod preview;

use std::process::ExitCode;

use camino::Utf8PathBuf;
use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "atelier-survey", max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Renders every workshop below the folders and lists what was found.
    Corpus {
        /// Folders with workshops, at most five levels below them.
        #[arg(required = true)]
        folders: Vec<Utf8PathBuf>,
    },
    /// Looks at one workshop, in a process of its own: a crash in it stays in it.
    #[command(hide = true)]
    One { path: Utf8PathBuf },
    /// Measures how fast pages are rendered and a large workshop is loaded.
    Bench,
    /// Measures how long an author waits for a page that was saved.
    Preview,
}

fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Corpus { folders } => corpus::run(&folders),
        Command::One { path } => one::run(&path).map(|()| ExitCode::SUCCESS),
        Command::Preview => preview::run().map(|()| ExitCode::SUCCESS),
        Command::Bench => bench::run().map(|()| ExitCode::SUCCESS),
    };
    done.unwrap_or_else(|error| {
        complain(&error);
        ExitCode::from(2)
    })
}

#[allow(clippy::print_stderr, reason = "a program's last word")]
fn complain(error: &anyhow::Error) {
    eprintln!("error: {error:#}");
}

/// Writes a line to standard output.
pub(crate) fn line(text: &str) -> std::io::Result<()> {
    use std::io::Write;
    writeln!(std::io::stdout().lock(), "{text}")
}
