//! The UI's npm package: installed and built when it has changed since.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{fs, io};

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::live::Live;
use crate::tally::Tally;

/// Tells the UI's build whether to let window tests look into it.
const FOR_TESTS: &str = "VITE_E2E";
/// Says which sources `dist` was built from.
const PRODUCT: &str = ".atelier-build";

/// The folder `ui/`.
pub(crate) struct Ui {
    folder: PathBuf,
}

impl Ui {
    /// The package in a folder.
    pub(crate) fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// A call of one of the package's scripts.
    pub(crate) fn script(&self, name: &str, arguments: &[&str]) -> Command {
        let mut command = self.npm(&["run", "--silent", name]);
        if !arguments.is_empty() {
            command.arg("--").args(arguments);
        }
        command
    }

    /// A file that goes away with the installed packages.
    pub(crate) fn scratch(&self, name: &str) -> PathBuf {
        self.folder.join("node_modules").join(name)
    }

    /// Makes the packages and the built UI what the sources ask for; says what it does before it does it.
    pub(crate) fn prepare(&self, live: &mut Live<'_>, say: &mut dyn FnMut(&str)) -> Result<()> {
        if !self.is_installed()? {
            say("Installing the UI's packages (npm ci)");
            live.must(
                &mut self.npm(&["ci", "--no-audit", "--no-fund"]),
                "npm ci failed",
            )?;
        }
        // npm ci empties the folder: the copy of the lock file says what is in there.
        let stamp = self.scratch(".atelier-package-lock.json");
        fs::copy(self.lock(), &stamp)
            .with_context(|| format!("cannot write {}", stamp.display()))?;

        let product = self.folder.join("dist");
        if self.is_built(&product, PRODUCT)? {
            return Ok(());
        }
        say("Building the UI (npm run build)");
        // What a shell happens to have set must not put the tests' hook into what people get.
        let mut build = self.script("build", &[]);
        live.must(build.env_remove(FOR_TESTS), "the UI does not build")?;
        self.stamp(PRODUCT)
    }

    /// Builds the UI that window tests look into, in a folder of its own, so that what people get never has their hook
    /// and neither build has to make way for the other.
    pub(crate) fn build_for_tests(
        &self,
        folder: &Path,
        live: &mut Live<'_>,
        say: &mut dyn FnMut(&str),
    ) -> Result<()> {
        const STAMP: &str = ".atelier-build-for-tests";
        if self.is_built(folder, STAMP)? {
            return Ok(());
        }
        say("Building the UI for the window tests (npm run build)");
        let target = folder.to_string_lossy();
        let mut build = self.script("build", &["--outDir", &target, "--emptyOutDir"]);
        live.must(build.env(FOR_TESTS, "1"), "the UI does not build")?;
        self.stamp(STAMP)
    }

    fn npm(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("npm");
        command.args(arguments).current_dir(&self.folder);
        command
    }

    fn lock(&self) -> PathBuf {
        self.folder.join("package-lock.json")
    }

    /// Whether the installed packages are those of the lock file: by our copy of it, or, where a developer called npm
    /// by hand, by npm's own being younger.
    fn is_installed(&self) -> Result<bool> {
        let lock = self.lock();
        let wanted = fs::read(&lock).with_context(|| format!("cannot read {}", lock.display()))?;
        let installed = self.scratch(".package-lock.json");
        let Ok(installed) = installed.metadata() else {
            return Ok(false);
        };
        match fs::read(self.scratch(".atelier-package-lock.json")) {
            Ok(copy) => Ok(copy == wanted),
            Err(_) => Ok(installed.modified()? > lock.metadata()?.modified()?),
        }
    }

    fn is_built(&self, folder: &Path, stamp: &str) -> Result<bool> {
        let built = fs::read_to_string(self.scratch(stamp));
        let sources = self.fingerprint()?;
        Ok(folder.join("index.html").is_file() && built.is_ok_and(|built| built == sources))
    }

    /// Notes what has been built, for the next time.
    fn stamp(&self, name: &str) -> Result<()> {
        let stamp = self.scratch(name);
        fs::write(&stamp, self.fingerprint()?)
            .with_context(|| format!("cannot write {}", stamp.display()))
    }

    /// A number that changes with any source file of the UI.
    fn fingerprint(&self) -> Result<String> {
        let mut files = BTreeMap::new();
        collect(&self.folder, &mut files)
            .with_context(|| format!("cannot read {}", self.folder.display()))?;
        let mut hasher = DefaultHasher::new();
        for (path, text) in files {
            path.strip_prefix(&self.folder)
                .unwrap_or(&path)
                .hash(&mut hasher);
            text.hash(&mut hasher);
        }
        Ok(format!("{:016x}", hasher.finish()))
    }
}

fn collect(folder: &Path, files: &mut BTreeMap<PathBuf, Vec<u8>>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        let generated = ["node_modules", "dist", "coverage"]
            .iter()
            .any(|name| entry.file_name() == *name);
        if kind.is_dir() && !generated {
            collect(&entry.path(), files)?;
        } else if kind.is_file() {
            files.insert(entry.path(), fs::read(entry.path())?);
        }
    }
    Ok(())
}

/// Counts what vitest wrote as JSON. A test file that could not be loaded counts as one failed.
pub(crate) fn count_tests(json: &str) -> Result<Tally, serde_json::Error> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Report {
        success: bool,
        num_passed_tests: u64,
        num_failed_tests: u64,
        num_pending_tests: u64,
        #[serde(default)]
        num_todo_tests: u64,
        test_results: Vec<File>,
    }
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct File {
        status: String,
        assertion_results: Vec<Test>,
    }
    #[derive(Deserialize)]
    struct Test {
        status: String,
    }

    let report: Report = serde_json::from_str(json)?;
    let is_broken = |file: &&File| {
        file.status == "failed"
            && !file
                .assertion_results
                .iter()
                .any(|test| test.status == "failed")
    };
    let broken: Tally = report
        .test_results
        .iter()
        .filter(is_broken)
        .map(|_| Tally::FAILED)
        .sum();
    let mut tally = broken
        + Tally {
            passed: report.num_passed_tests,
            failed: report.num_failed_tests,
            skipped: report.num_pending_tests + report.num_todo_tests,
        };
    if !report.success && tally.failed == 0 {
        tally.failed = 1;
    }
    Ok(tally)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::thread::sleep;
    use std::time::Duration;

    #[test]
    fn counts_tests_and_files_that_do_not_load() {
        let json = r#"{
            "numTotalTests": 4, "numPassedTests": 1, "numFailedTests": 1, "numPendingTests": 1, "numTodoTests": 1,
            "success": false, "testResults": [
                {"status": "failed", "assertionResults": [{"status": "passed"}, {"status": "failed"}]},
                {"status": "failed", "assertionResults": [], "message": "Cannot find module './nosuch.js'"}
            ]}"#;
        let tally = count_tests(json).expect("it is a report");
        assert_eq!(
            tally,
            Tally {
                passed: 1,
                failed: 2,
                skipped: 2
            }
        );
    }

    #[test]
    fn something_else_is_not_a_report() {
        assert!(count_tests("").is_err());
        assert!(count_tests(r#"{"success": true}"#).is_err());
    }

    fn package() -> (tempfile::TempDir, Ui) {
        let folder = tempfile::tempdir().expect("a folder");
        let ui = Ui::new(folder.path().to_owned());
        for part in ["src", "node_modules", "dist"] {
            fs::create_dir(folder.path().join(part)).expect("a folder");
        }
        fs::write(ui.lock(), "{}").expect("a file");
        (folder, ui)
    }

    #[test]
    fn packages_are_installed_again_when_the_lock_file_changes() {
        let (_folder, ui) = package();
        assert!(
            !ui.is_installed().expect("readable"),
            "nothing is installed yet"
        );

        sleep(Duration::from_millis(20));
        fs::write(ui.scratch(".package-lock.json"), "{}").expect("a file");
        assert!(
            ui.is_installed().expect("readable"),
            "somebody called npm by hand"
        );

        fs::copy(ui.lock(), ui.scratch(".atelier-package-lock.json")).expect("a file");
        fs::write(ui.lock(), r#"{"changed": true}"#).expect("a file");
        assert!(
            !ui.is_installed().expect("readable"),
            "the lock file has changed"
        );
    }

    #[test]
    fn the_ui_is_built_again_when_a_source_changes() {
        let (folder, ui) = package();
        fs::write(folder.path().join("src/main.ts"), "1").expect("a file");
        let dist = folder.path().join("dist");
        let is_built = || ui.is_built(&dist, PRODUCT).expect("readable");
        ui.stamp(PRODUCT).expect("a stamp");
        assert!(!is_built(), "there is nothing in dist");

        fs::write(dist.join("index.html"), "").expect("a file");
        assert!(is_built(), "what was built is no source");

        fs::write(folder.path().join("src/main.ts"), "2").expect("a file");
        assert!(!is_built());
    }
}
