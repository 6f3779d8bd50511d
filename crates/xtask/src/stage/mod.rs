//! The stages of `cargo xtask test`: which there are is decided by what the tree has.

mod code;
mod ui;
mod window;
mod workshop;

use std::path::PathBuf;

use anyhow::Result;

use crate::live::Live;
use crate::process::Finished;
use crate::report::Report;
use crate::tally::Tally;
use crate::tree::Tree;

/// One step of a test run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Installs the UI's packages and builds it; what embeds the UI cannot be checked without.
    UiBuild,
    /// The format of the Rust code.
    RustFormat,
    /// The format of the UI's code.
    UiFormat,
    /// Lints of the Rust code.
    RustLint,
    /// Lints of the UI's code.
    UiLint,
    /// Types of the UI's code.
    UiTypes,
    /// Unit, documentation and workshop tests, and the comparison of the protocol's types where there are some.
    RustTests { protocol: bool },
    /// The UI's own tests.
    UiTests,
    /// One bundled workshop: checked, then played.
    Workshop(PathBuf),
    /// The window, driven through WebDriver; with a filter, only some of its tests.
    Window(Option<String>),
    /// How long an author waits for a page, in the window.
    PreviewSpeed,
    /// The documentation's pictures.
    Screenshots,
}

/// What stages share.
pub(crate) struct Bench<'a> {
    /// What is tested.
    pub(crate) tree: &'a Tree,
    /// Where progress is shown.
    pub(crate) report: &'a Report,
    /// Why there is no usable UI, if so.
    pub(crate) ui_trouble: Option<String>,
}

impl<'a> Bench<'a> {
    fn live(&self) -> Live<'a> {
        Live::new(self.report)
    }
}

/// What came of a stage.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Outcome {
    /// What it counts for.
    pub(crate) tally: Tally,
    /// Everything there is to read about a failure.
    pub(crate) log: String,
    /// A remark for the line of the result.
    pub(crate) note: Option<String>,
}

impl Outcome {
    /// The outcome of a program that passes or fails as a whole.
    fn of(finished: Finished) -> Self {
        Self {
            tally: Tally::of(finished.status.success()),
            log: finished.log,
            note: None,
        }
    }

    /// Something that could not be tried because of something else.
    fn impossible(why: &str) -> Self {
        Self {
            tally: Tally::FAILED,
            log: String::new(),
            note: Some(format!("not run: {why}")),
        }
    }

    /// Something that is left out here.
    fn skipped(why: &str) -> Self {
        Self {
            tally: Tally::SKIPPED,
            log: String::new(),
            note: Some(format!("left out: {why}")),
        }
    }
}

impl Stage {
    /// The stages for a tree, in their order.
    pub(crate) fn all(tree: &Tree) -> Result<Vec<Self>> {
        let ui = tree.ui().is_some();
        let mut stages = Vec::new();
        let mut add = |stage, there| {
            if there {
                stages.push(stage);
            }
        };
        add(Self::UiBuild, ui);
        add(Self::RustFormat, true);
        add(Self::UiFormat, ui);
        add(Self::RustLint, true);
        add(Self::UiLint, ui);
        add(Self::UiTypes, ui);
        let protocol = tree.has_protocol();
        add(Self::RustTests { protocol }, true);
        add(Self::UiTests, ui);
        for workshop in tree.workshops()? {
            add(Self::Workshop(workshop), true);
        }
        add(Self::Window(None), tree.has_window_tests());
        Ok(stages)
    }

    /// What a reader calls it.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::UiBuild => "UI build".to_owned(),
            Self::RustFormat => "Rust format".to_owned(),
            Self::UiFormat => "UI format".to_owned(),
            Self::RustLint => "Rust lint".to_owned(),
            Self::UiLint => "UI lint".to_owned(),
            Self::UiTypes => "UI types".to_owned(),
            Self::RustTests { protocol: true } => "Rust tests and protocol drift".to_owned(),
            Self::RustTests { protocol: false } => "Rust tests".to_owned(),
            Self::UiTests => "UI tests".to_owned(),
            Self::Workshop(path) => format!("Workshop {}", workshop::name(path)),
            Self::Window(_) => "Window tests".to_owned(),
            Self::PreviewSpeed => "A saved page in the window".to_owned(),
            Self::Screenshots => "Screenshots".to_owned(),
        }
    }

    /// Runs it. An error is a failure of the stage.
    pub(crate) fn run(&self, bench: &mut Bench<'_>) -> Result<Outcome> {
        match self {
            Self::UiBuild => ui::build(bench),
            Self::RustFormat => code::format(bench),
            Self::UiFormat => ui::script(bench, "format:check"),
            Self::RustLint => code::lint(bench),
            Self::UiLint => ui::script(bench, "lint"),
            Self::UiTypes => ui::script(bench, "check"),
            Self::RustTests { .. } => code::tests(bench),
            Self::UiTests => ui::tests(bench),
            Self::Workshop(path) => workshop::run(bench, path),
            Self::Window(filter) => window::run(bench, filter.as_deref()),
            Self::PreviewSpeed => window::preview_speed(bench),
            Self::Screenshots => window::screenshots(bench),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn only_what_the_tree_has_is_tested() {
        let folder = tempfile::tempdir().expect("a folder");
        let tree = Tree::at(folder.path());
        let make = |path: &str| {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
            fs::write(path, "").expect("a file");
        };
        let names = || -> Vec<String> {
            Stage::all(&tree)
                .expect("a readable tree")
                .iter()
                .map(Stage::name)
                .collect()
        };
        assert_eq!(names(), ["Rust format", "Rust lint", "Rust tests"]);

        make("ui/package.json");
        make("src-tauri/Cargo.toml");
        make("workshops/tour/README.md");
        make("workshops/README.md");
        make("tests/e2e/main.rs");
        make("crates/session/src/protocol/mod.rs");
        assert_eq!(
            names(),
            [
                "UI build",
                "Rust format",
                "UI format",
                "Rust lint",
                "UI lint",
                "UI types",
                "Rust tests and protocol drift",
                "UI tests",
                "Workshop tour",
                "Window tests"
            ]
        );
    }
}
