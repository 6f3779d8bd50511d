//! What a command needs before it can start: system packages, Node, parts of the Rust toolchain.

mod node;
mod packages;
mod privilege;
mod toolchain;

use anyhow::Result;

use crate::live::Live;
use crate::report::Report;
use crate::tree::Tree;

use packages::Need;

/// What the set-up is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Opening the window.
    Play,
    /// Everything that `cargo xtask test` runs.
    Test,
    /// The window tests only.
    WindowTests,
    /// The documentation's pictures.
    Screenshots,
}

/// Installs what is missing, or says what the owner has to do.
pub(crate) fn prepare(tree: &Tree, purpose: Purpose, report: &Report) -> Result<()> {
    let mut live = Live::new(report);
    packages::install(&needs(tree, purpose), report, &mut live)?;
    if tree.ui().is_some() {
        node::check()?;
    }
    if purpose == Purpose::Test {
        toolchain::install(report, &mut live)?;
    }
    Ok(())
}

fn needs(tree: &Tree, purpose: Purpose) -> Vec<Need> {
    let mut needs = Vec::new();
    if purpose == Purpose::Test && tree.has_terminal_tests() {
        needs.extend([Need::Isolate, Need::Programs]);
    }
    if tree.has_window() {
        needs.push(Need::Build);
        if purpose == Purpose::Play || tree.has_window_tests() {
            needs.push(Need::Show);
        }
        if purpose == Purpose::Play {
            needs.push(Need::Isolate);
        }
        if purpose != Purpose::Play && tree.has_window_tests() {
            needs.push(Need::Drive);
        }
        if purpose == Purpose::Screenshots {
            needs.push(Need::Picture);
        }
    }
    needs
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn only_what_the_tree_has_needs_packages() {
        let folder = tempfile::tempdir().expect("a folder");
        let tree = Tree::at(folder.path());
        assert_eq!(needs(&tree, Purpose::Test), []);

        fs::create_dir_all(folder.path().join("src-tauri")).expect("a folder");
        fs::write(folder.path().join("src-tauri/Cargo.toml"), "").expect("a file");
        assert_eq!(needs(&tree, Purpose::Test), [Need::Build]);
        assert_eq!(
            needs(&tree, Purpose::Play),
            [Need::Build, Need::Show, Need::Isolate]
        );

        fs::create_dir_all(folder.path().join("crates/session/tests")).expect("a folder");
        assert_eq!(
            needs(&tree, Purpose::Test),
            [Need::Isolate, Need::Programs, Need::Build]
        );
        fs::remove_dir(folder.path().join("crates/session/tests")).expect("a folder");

        fs::create_dir_all(folder.path().join("tests/e2e")).expect("a folder");
        assert_eq!(
            needs(&tree, Purpose::Test),
            [Need::Build, Need::Show, Need::Drive]
        );
        assert_eq!(
            needs(&tree, Purpose::Play),
            [Need::Build, Need::Show, Need::Isolate]
        );
    }
}
