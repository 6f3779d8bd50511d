//! Cargo: how it is called, and what its tests said.

use std::env;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use crate::process;
use crate::tally::Tally;
use crate::tree::Tree;

/// Cargo's features that switch the window's test hooks and the window tests on.
pub(crate) const E2E_FEATURES: &str = "atelier-desktop/e2e,atelier-tests/e2e";

/// A call of Cargo at the root of the tree.
pub(crate) fn cargo(tree: &Tree, arguments: &[&str]) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments).current_dir(tree.root());
    process::without_package(&mut command);
    command
}

/// Builds one program of the workspace. The features of its dependencies are those of the whole workspace, so that
/// `play` and `test` share what they build.
///
/// It asks for examples too, of which there are none: only who asks for them gets the features that tests want of dependencies.
/// Without, the engine and much below it would be compiled once for the tests and once more for the programs.
pub(crate) fn build(tree: &Tree, program: &str) -> Command {
    cargo(
        tree,
        &["build", "--workspace", "--examples", "--bin", program],
    )
}

/// Where Cargo puts a program it built: beside this one.
pub(crate) fn program(name: &str) -> Result<PathBuf> {
    let this = env::current_exe().context("cannot find the folder of built programs")?;
    Ok(this.with_file_name(format!("{name}{}", env::consts::EXE_SUFFIX)))
}

/// Counts what `cargo test` printed; an error says what could not be understood.
///
/// A test program that announced itself but gave no summary was killed or has crashed: it counts as one failed.
pub(crate) fn count_tests(log: &str, success: bool) -> Result<Tally, String> {
    let mut tally = Tally::default();
    let (mut started, mut ended) = (0, 0);
    for line in log.lines() {
        let line = line.trim();
        if is_announcement(line) {
            started += 1;
        } else if let Some(rest) = line.strip_prefix("test result: ") {
            tally =
                tally + summary(rest).ok_or_else(|| format!("cannot read the summary {line:?}"))?;
            ended += 1;
        }
    }
    if success && ended == 0 {
        return Err("cargo succeeded, but no test program gave a summary".to_owned());
    }
    tally.failed += u64::try_from(i64::max(started - ended, 0)).unwrap_or_default();
    if !success && tally.failed == 0 {
        tally.failed = 1;
    }
    Ok(tally)
}

fn is_announcement(line: &str) -> bool {
    line.starts_with("Doc-tests ")
        || line.starts_with("Running ") && line.ends_with(')') && line.contains(" (")
}

/// Reads `ok. 3 passed; 0 failed; 1 ignored; 0 measured; 2 filtered out; finished in 0.01s`.
fn summary(text: &str) -> Option<Tally> {
    let (verdict, counts) = text.split_once(". ")?;
    if !["ok", "FAILED"].contains(&verdict) {
        return None;
    }
    let count = |name: &str| -> Option<u64> {
        let found = counts
            .split(';')
            .find_map(|part| part.trim().strip_suffix(name))?;
        found.trim().parse().ok()
    };
    let tally = Tally {
        passed: count("passed")?,
        failed: count("failed")?,
        skipped: count("ignored")?,
    };
    (verdict == "ok" || tally.failed > 0).then_some(tally)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO: &str = "\
   Compiling atelier-content v0.1.0 (/work/crates/content)
     Running unittests src/lib.rs (target/debug/deps/atelier_content-1)

running 2 tests
test a ... ok
test b ... ignored

test result: ok. 1 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s

   Doc-tests atelier_content

test result: FAILED. 2 passed; 1 failed; 0 ignored; 0 measured; 3 filtered out; finished in 0.21s
";

    #[test]
    fn sums_all_summaries() {
        let tally = Tally {
            passed: 3,
            failed: 1,
            skipped: 1,
        };
        assert_eq!(count_tests(TWO, false), Ok(tally));
    }

    #[test]
    fn a_failed_build_is_one_failure() {
        assert_eq!(
            count_tests("error: could not compile `x`", false),
            Ok(Tally::FAILED)
        );
    }

    #[test]
    fn a_program_without_a_summary_has_failed() {
        let crash =
            "     Running workshops/main.rs (target/debug/deps/workshops-1)\nrunning 9 tests\n";
        let tally = count_tests(&format!("{TWO}{crash}"), false);
        assert_eq!(
            tally,
            Ok(Tally {
                passed: 3,
                failed: 2,
                skipped: 1
            })
        );
    }

    #[test]
    fn silence_is_not_success() {
        assert!(count_tests("    Finished in 0.1s\n", true).is_err());
        assert!(count_tests("test result: ok, all 3 passed\n", true).is_err());
    }

    #[test]
    fn no_tests_at_all_is_a_summary_too() {
        let none = "test result: ok. 0 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s";
        assert_eq!(count_tests(none, true), Ok(Tally::default()));
    }
}
