//! What can be said on the command line.

use camino::Utf8PathBuf;
use clap::{Args, Parser, Subcommand, ValueEnum};

/// Checks, tests and renders hands-on workshops, offline and without a window.
#[derive(Debug, Parser)]
#[command(name = "atelier", version, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Report what an author should fix, without running anything.
    ///
    /// Exits with 0 when there is no error (warnings are allowed), 1 when there is one, 2 when a workshop could not be loaded.
    Check(CheckArguments),
    /// Print a page's HTML, as the window shows it.
    Render(RenderArguments),
}

#[derive(Debug, Args)]
pub(crate) struct CheckArguments {
    /// Workshop folders.
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<Utf8PathBuf>,
    /// How to report.
    #[arg(long, value_enum, default_value_t = CheckFormat::Human)]
    pub(crate) format: CheckFormat,
}

#[derive(Debug, Args)]
pub(crate) struct RenderArguments {
    /// The workshop's folder.
    pub(crate) path: Utf8PathBuf,
    /// Only the page of this name (`dir/name`, as `atelier test` reports it); all pages otherwise.
    #[arg(long, value_name = "NAME")]
    pub(crate) page: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CheckFormat {
    /// For people: the place, the line and the way out.
    Human,
    /// For programs: one JSON document.
    Json,
}
