//! What can be said on the command line.

mod authoring;

use camino::Utf8PathBuf;
use clap::{Args, Parser, Subcommand, ValueEnum};

pub(crate) use self::authoring::{NewArguments, OpenArguments, PackArguments, Parts, Styles};

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
    /// Play a workshop as a diligent learner would, with real terminals, files and examiner tests.
    ///
    /// Exits with 0 when every action passed, 1 when something failed, 2 when a workshop could not be loaded or started.
    Test(TestArguments),
    /// Print a page's HTML, as the window shows it.
    Render(RenderArguments),
    /// Make a new workshop: a small one that plays, to begin with.
    ///
    /// Asks for what is not said, at a terminal. Exits with 0 when it was made, 1 when you called it off, 2 when it could not be made.
    New(NewArguments),
    /// Put a workshop, or a folder of several, into one file for a USB stick or a download.
    ///
    /// What a session would receive is packed, always to the same bytes. Exits with 0 when it was packed, 1 when `atelier check` finds
    /// an error or a file looks like a secret, 2 when it could not be packed.
    Pack(PackArguments),
    /// Open a workshop in the window.
    Open(OpenArguments),
    /// List the sessions on this computer: their workshop, age and size.
    List(ListArguments),
    /// Start a session over: the next start of its workshop begins anew, and the old files are kept until they are removed.
    ///
    /// Exits with 0 when it was done, 1 when the answer was no, 2 when there is no such session or a window has it open.
    Reset(ResetArguments),
    /// Print the completions of this command for a shell.
    ///
    /// For bash: `atelier completions bash > ~/.local/share/bash-completion/completions/atelier`.
    Completions(CompletionsArguments),
    /// Write the manual pages and completions as packages hold them.
    #[command(hide = true)]
    Manuals(ManualsArguments),
}

#[derive(Debug, Args)]
pub(crate) struct CompletionsArguments {
    /// Which shell.
    pub(crate) shell: clap_complete::Shell,
}

#[derive(Debug, Args)]
pub(crate) struct ManualsArguments {
    /// The folder that they are written to; made if missing.
    pub(crate) folder: Utf8PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct ListArguments {
    /// How to report.
    #[arg(long, value_enum, default_value_t = ListFormat::Human)]
    pub(crate) format: ListFormat,
}

#[derive(Debug, Args)]
pub(crate) struct ResetArguments {
    /// The session's name, as `atelier list` gives it.
    pub(crate) session: String,
    /// Delete the session and its files instead of keeping them.
    #[arg(long)]
    pub(crate) remove: bool,
    /// Do not ask.
    #[arg(long)]
    pub(crate) yes: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ListFormat {
    /// For people: one line a session.
    Human,
    /// For programs: one JSON document, a list.
    Json,
}

#[derive(Debug, Args)]
pub(crate) struct CheckArguments {
    /// Workshops: folders or archives (.workshop, .zip, .tar, .tar.gz).
    #[arg(required_unless_present = "explain", value_name = "PATH")]
    pub(crate) paths: Vec<Utf8PathBuf>,
    /// Say what a code of a report means and what to do, instead of checking.
    #[arg(long, value_name = "CODE", conflicts_with_all = ["paths", "machine", "format", "fix", "portable"])]
    pub(crate) explain: Option<String>,
    /// Mend what can be mended without a question, in the workshop's folder, and report what is left.
    ///
    /// Names that are one letter off a known name, values that YAML mangles, variables written as in classic pages, prompts in
    /// commands, addresses of ingresses without their port, files that are opened twice, and executable bits of checks.
    #[arg(long)]
    pub(crate) fix: bool,
    /// Also report what works only here, or only in a cluster.
    #[arg(long)]
    pub(crate) portable: bool,
    /// Also report what this machine lacks: programs, and what will need the network, Docker or a cluster.
    ///
    /// A program that the workshop's author requires (`workshop/requirements.yaml`) and that is not here, or too old, is an
    /// error. One that was only found in commands is a warning.
    #[arg(long)]
    pub(crate) machine: bool,
    /// How to report.
    #[arg(long, value_enum, default_value_t = CheckFormat::Human)]
    pub(crate) format: CheckFormat,
}

#[derive(Debug, Args)]
pub(crate) struct TestArguments {
    /// Workshops: folders or archives (.workshop, .zip, .tar, .tar.gz). Naming one trusts it: its commands run on this machine.
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<Utf8PathBuf>,
    /// How to report.
    #[arg(long, value_enum, default_value_t = TestFormat::Human)]
    pub(crate) format: TestFormat,
    /// Only the page of this name; may be given several times.
    #[arg(long = "page", value_name = "NAME")]
    pub(crate) pages: Vec<String>,
    /// The pathway to take through the pages; the workshop's default one otherwise.
    #[arg(long, value_name = "NAME")]
    pub(crate) pathway: Option<String>,
    /// Go on after a failure.
    #[arg(long)]
    pub(crate) keep_going: bool,
    /// Do not count an action as failed that was done, but probably not as meant (nothing matched, nothing was selected).
    #[arg(long)]
    pub(crate) allow_warnings: bool,
    /// The session's home folder: made if missing, files in it are kept, and it is left in place afterwards.
    #[arg(long, value_name = "DIR")]
    pub(crate) home: Option<Utf8PathBuf>,
    /// Keep the session's folder afterwards, and say where it is.
    #[arg(long)]
    pub(crate) keep: bool,
    /// What of yours the workshop may use: Docker on this machine, the cluster of your kubeconfig. Nothing otherwise.
    #[arg(long, value_enum, value_name = "WHAT", value_delimiter = ',')]
    pub(crate) allow: Vec<Allow>,
    /// How far the workshop's programs may reach: into the session's folder alone, or wherever you may.
    ///
    /// Isolated where this machine can do it, unless told otherwise.
    #[arg(long, value_enum, value_name = "LEVEL")]
    pub(crate) isolation: Option<IsolationLevel>,
    /// How long a command may take before it counts as hanging.
    #[arg(long, value_name = "SECONDS", default_value_t = 120.0, value_parser = seconds)]
    pub(crate) timeout: f64,
    /// Record the terminals in asciicast files (version 2), with a mark for each page and action: the first terminal in FILE,
    /// the others beside it (`run.cast`, `run-2.cast`). Takes one workshop.
    #[arg(long, value_name = "FILE")]
    pub(crate) record: Option<Utf8PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct RenderArguments {
    /// The workshop: its folder or archive.
    pub(crate) path: Utf8PathBuf,
    /// Only the page of this name (`dir/name`, as `atelier test` reports it); all pages otherwise.
    #[arg(long, value_name = "NAME")]
    pub(crate) page: Option<String>,
    /// The pathway to take through the pages; the workshop's default one otherwise.
    #[arg(long, value_name = "NAME")]
    pub(crate) pathway: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Allow {
    /// Docker, and programs like it.
    Docker,
    /// The Kubernetes cluster of the kubeconfig's current context.
    Cluster,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum IsolationLevel {
    /// A home of its own; otherwise programs may do what you may.
    Folder,
    /// Files are written in the session's folder alone, and your own cannot be read.
    Isolated,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CheckFormat {
    /// For people: the place, the line and the way out.
    Human,
    /// For programs: one JSON document.
    Json,
    /// For code scanning and editors: one SARIF 2.1.0 document.
    Sarif,
    /// For GitHub's workflows: the findings stand beside the lines of a change.
    Github,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum TestFormat {
    /// For people: one line an action, as it happens.
    Human,
    /// For programs: one JSON document (a list of them for several workshops).
    Json,
    /// For continuous integration: JUnit's XML, a suite a page.
    Junit,
}

fn seconds(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(seconds) if seconds > 0.0 && seconds <= 86_400.0 => Ok(seconds),
        _ => Err("give a number of seconds, more than 0 and at most 86400".to_owned()),
    }
}
