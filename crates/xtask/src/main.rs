//! The commands of this repository: one to play a workshop, one to test everything, and those a developer needs.

mod bindings;
mod cargo;
mod display;
mod live;
mod manuals;
mod npm;
mod oracle;
mod package;
mod play;
mod process;
mod report;
mod setup;
mod slide_kits;
mod stage;
mod suite;
mod survey;
mod tally;
mod tree;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::report::Report;
use crate::tree::Tree;

/// Sets up, builds, plays and tests Atelier.
///
/// Needs git, Rust with a C linker, and Node 20.19 or newer. Everything else is installed when a command needs
/// it: on Debian and its kin as root or through sudo. What is installed or built already is not done again.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Opens a workshop in the window, ready to work through.
    ///
    /// Installs the system packages that are missing (it names them), builds, and opens the window on PATH. Without a
    /// display it says so and plays the same workshop headless, as `atelier test PATH` does, with live progress and
    /// its exit status. A PATH given here is trusted: what its pages ask for is run, and what is saved in its
    /// folder is shown at once.
    Play {
        /// A workshop: its folder or its bundle [default: the bundled tour, workshops/tour]
        path: Option<PathBuf>,
    },
    /// Runs every check and test there is; the last line counts them.
    ///
    /// After the same set-up as `play`: format, lint, unit and workshop tests (they notice when the generated
    /// protocol types are out of date), the UI's tests, the bundled workshops, and the window tests, which need no
    /// display. Everything runs even if something fails. The last line is `N passed, M failed, K skipped`; the exit
    /// status is 0 when nothing failed.
    Test,
    /// Runs the window tests only.
    ///
    /// Builds the window with its test hooks and drives it through WebDriver, on a virtual screen if there is no
    /// display.
    E2e {
        /// Runs only the tests whose name contains this
        filter: Option<String>,
    },
    /// Takes the pictures of the documentation anew: the tour in light and dark.
    Screenshots,
    /// Compares the editor actions with the recorded behaviour of the reference.
    ///
    /// Every case is planned in memory and played with `atelier test`. Prints a table by action and every disagreement; the
    /// exit status is 1 when there is one.
    Oracle {
        /// The file of cases [default: ../shared/oracle/cases.jsonl; skipped when it is not there]
        path: Option<PathBuf>,
    },
    /// Writes the TypeScript types of the protocol between engine and UI.
    ///
    /// Run it after changing `crates/session/src/protocol` and commit what it writes: `cargo xtask test` fails when
    /// the committed files differ.
    Bindings,
    /// Writes the manual pages of the `atelier` command, and its completions for shells, into target/manuals.
    ///
    /// They are made from the command's own definition: `man -l target/manuals/man/atelier-test.1`.
    Man,
    /// Lays what packages hold beside the window into target/package: the `atelier` command, its manual and completions.
    ///
    /// `tauri build` calls it before it writes a package.
    Package,
    /// Writes docs/actions.schema.json: the JSON Schema of the bodies of actions.
    ///
    /// Run it after changing an action, or its properties in docs/actions.md, and commit what it writes: a test fails when the
    /// committed file differs.
    Schema,
    /// Renders every workshop below some folders and lists what the engine has to say about them.
    ///
    /// A table of the workshops, then the diagnostics by code with a place each. Every workshop is looked at in a process
    /// of its own; the exit status is 0 unless one of them crashed.
    Corpus {
        /// A workshop, a repository with several, or a folder of such repositories
        #[arg(required = true)]
        folders: Vec<PathBuf>,
    },
    /// Measures the engine; prints figures and holds nothing to them.
    Bench {
        /// What to measure
        #[arg(value_enum)]
        what: Measured,
    },
    /// Packs the libraries for slides anew, from their npm packages.
    ///
    /// Needs the network, and is needed only when a library is added: what it writes is committed.
    SlideKits,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Measured {
    /// Pages beside plain Markdown, and a workshop of 300 pages with 20 actions each
    Render,
    /// From a saved page to the page as it is shown, in workshops of 8 and of 300 pages
    Preview,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let report = Report::to_stdout();
    run(arguments.command, &report).unwrap_or_else(|error| {
        report.error(&error);
        ExitCode::FAILURE
    })
}

fn run(command: Command, report: &Report) -> Result<ExitCode> {
    let tree = Tree::of_this_program()?;
    match command {
        Command::Play { path } => play::play(&tree, path, report),
        Command::Test => suite::test(&tree, report),
        Command::E2e { filter } => suite::window_tests(&tree, filter, report),
        Command::Screenshots => suite::screenshots(&tree, report),
        Command::Oracle { path } => oracle::compare(&tree, path, report),
        Command::Bindings => bindings::write(&tree, report),
        Command::Man => manuals::write(&tree, report),
        Command::Package => package::write(&tree, report),
        Command::Schema => bindings::write_schema(&tree, report),
        Command::Corpus { folders } => survey::corpus(&tree, &folders, report),
        Command::Bench {
            what: Measured::Render,
        } => survey::bench(&tree, report),
        Command::Bench {
            what: Measured::Preview,
        } => survey::bench_preview(&tree, report),
        Command::SlideKits => slide_kits::pack(&tree, report),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_well_formed() {
        Arguments::command().debug_assert();
    }
}
