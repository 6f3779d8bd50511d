//! The arguments of `new`, `pack` and `open`.

use camino::Utf8PathBuf;
use clap::{Args, ValueEnum};

#[derive(Debug, Args)]
pub(crate) struct NewArguments {
    /// The folder: one that is not there yet, or is empty.
    pub(crate) dir: Utf8PathBuf,
    /// The workshop's name for machines: lower-case letters, digits and dashes; the folder's otherwise.
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// What it is called.
    #[arg(long, value_name = "TEXT")]
    pub(crate) title: Option<String>,
    /// What it is about, in one sentence.
    #[arg(long, value_name = "TEXT")]
    pub(crate) description: Option<String>,
    /// How its pages are written.
    #[arg(long, value_enum)]
    pub(crate) style: Option<Styles>,
    /// What it shows besides terminals, each on a page of its own. Without it, editor and examiner.
    #[arg(long, value_enum, value_name = "WHAT", value_delimiter = ',')]
    pub(crate) with: Option<Vec<Parts>>,
    /// Add a workflow by which GitHub checks and tests it.
    #[arg(long)]
    pub(crate) github: bool,
    /// Ask nothing.
    #[arg(long)]
    pub(crate) yes: bool,
}

#[derive(Debug, Args)]
pub(crate) struct PackArguments {
    /// The workshop's folder, or one with several workshops.
    pub(crate) path: Utf8PathBuf,
    /// Where to; a folder, or a file whose name ends with .workshop, .zip or .tar.gz. NAME.workshop here otherwise.
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<Utf8PathBuf>,
    /// Pack a workshop that has errors all the same.
    #[arg(long)]
    pub(crate) force: bool,
    /// Pack files that look like secrets: .env, private keys, passwords of tools.
    #[arg(long)]
    pub(crate) include_secrets: bool,
    /// Pack what `educates publish-workshop` would push to a registry, as a container image in NAME-files.tar.
    #[arg(long)]
    pub(crate) educates: bool,
}

#[derive(Debug, Args)]
pub(crate) struct OpenArguments {
    /// The workshop: its folder or archive.
    pub(crate) path: Utf8PathBuf,
    /// Start over instead of taking it up where it was left.
    #[arg(long)]
    pub(crate) fresh: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Styles {
    /// Headers and shortcodes: the present form.
    Hugo,
    /// Lists of modules and Liquid: the older form.
    Classic,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Parts {
    /// The editor.
    Editor,
    /// Checks of the learner's work.
    Examiner,
    /// A tab with a server of the learner's; needs python3.
    Dashboard,
    /// A script that prepares the session.
    Setup,
    /// All of them.
    All,
    /// None of them.
    None,
}
