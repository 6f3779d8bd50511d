//! Where a test's app keeps everything: a data folder, a home and a browser of its own.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use camino::{Utf8Path, Utf8PathBuf};
use tempfile::TempDir;

use super::Window;
use super::processes::Process;

/// A learner's machine, as far as the app can see it. Whatever runs in it at the end is killed and fails the test.
pub struct Place {
    folder: TempDir,
}

impl Default for Place {
    fn default() -> Self {
        Self::new()
    }
}

impl Place {
    /// An untouched one.
    pub fn new() -> Self {
        let folder = TempDir::with_prefix("atelier-e2e-").expect("a folder for temporary files");
        for part in ["data", "home", "bin"] {
            fs::create_dir(folder.path().join(part)).expect("a folder");
        }
        let place = Self { folder };
        // What the app hands to a browser is written down instead.
        let browser = place.path().join("bin/xdg-open");
        let script = format!(
            "#!/bin/sh\nprintf '%s\\n' \"$1\" >> '{}/opened'\n",
            place.path()
        );
        fs::write(&browser, script).expect("a file");
        fs::set_permissions(&browser, fs::Permissions::from_mode(0o755)).expect("a mode");
        place
    }

    /// Starts the app and waits for its first screen.
    #[track_caller]
    pub fn start(&self, arguments: &[&str]) -> Window<'_> {
        Window::open(self, arguments)
    }

    /// The folders of the sessions that there are.
    pub fn sessions(&self) -> Vec<Utf8PathBuf> {
        let Ok(entries) = self.path().join("data/sessions").read_dir_utf8() else {
            return Vec::new();
        };
        entries.flatten().map(|entry| entry.into_path()).collect()
    }

    /// The folder of the only session.
    ///
    /// # Panics
    /// When there is none, or another one.
    #[track_caller]
    pub fn session(&self) -> Utf8PathBuf {
        let sessions = self.sessions();
        assert_eq!(sessions.len(), 1, "one session, not {sessions:?}");
        sessions.into_iter().next().unwrap_or_default()
    }

    /// A file of the only session, by its path below the exercises.
    ///
    /// # Panics
    /// When it cannot be read.
    #[track_caller]
    pub fn exercise(&self, path: &str) -> String {
        let path = self.session().join("home/exercises").join(path);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path} cannot be read: {error}"))
    }

    /// Waits until a file of the only session has this text.
    ///
    /// # Panics
    /// When it does not come.
    #[track_caller]
    pub fn wait_for_exercise(&self, path: &str, text: &str) {
        let file = self.session().join("home/exercises").join(path);
        crate::wait_for(&format!("{text:?} in {file}"), || {
            fs::read_to_string(&file).is_ok_and(|found| found == text)
        });
    }

    /// What was handed to the browser.
    pub fn opened_in_browser(&self) -> Vec<String> {
        let list = fs::read_to_string(self.path().join("opened")).unwrap_or_default();
        list.lines().map(str::to_owned).collect()
    }

    /// Copies a fixture here, so that a test may change it.
    ///
    /// # Panics
    /// When it cannot be copied.
    pub fn copy_of(&self, fixture: &Utf8Path) -> Utf8PathBuf {
        let copy = self.path().join("workshops");
        fs::create_dir_all(&copy).expect("a folder");
        let copied = Command::new("cp")
            .arg("-a")
            .arg(fixture)
            .arg(&copy)
            .status();
        assert!(
            copied.is_ok_and(|status| status.success()),
            "{fixture} cannot be copied"
        );
        copy.join(fixture.file_name().unwrap_or_default())
    }

    /// Everything that runs here: drivers, the app, its web view, the programs of its sessions.
    pub fn processes(&self) -> Vec<Process> {
        Process::with_folder_in_environment(self.path().as_str())
    }

    /// The programs of its sessions.
    pub fn programs(&self) -> Vec<Process> {
        Process::with_folder_in_environment(self.path().join("data/sessions").as_str())
    }

    /// The id of the process that programs of its sessions know by this one: those of an isolated session have ids of their own.
    pub fn process_known_as(&self, id: u32) -> Option<u32> {
        let programs = self.programs();
        let spaces: Vec<_> = programs
            .iter()
            .filter_map(|each| space(each.id()))
            .collect();
        let entries = std::fs::read_dir("/proc").ok()?;
        let mut ids = entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
        ids.find(|outer| {
            known_as(*outer) == Some(id) && space(*outer).is_some_and(|own| spaces.contains(&own))
        })
    }

    /// The folder of all this.
    pub fn path(&self) -> &Utf8Path {
        Utf8Path::from_path(self.folder.path())
            .expect("a folder for temporary files with a name in UTF-8")
    }

    pub(super) fn environment(&self) -> Vec<(String, String)> {
        let path = std::env::var("PATH").unwrap_or_default();
        let set = |name: &str, value: String| (name.to_owned(), value);
        vec![
            set("ATELIER_HOME", self.path().join("data").into_string()),
            set("HOME", self.path().join("home").into_string()),
            set("PATH", format!("{}/bin:{path}", self.path())),
            // Without a desktop's message bus, GTK would start one for good.
            set("DBUS_SESSION_BUS_ADDRESS", "disabled:".to_owned()),
            set("NO_AT_BRIDGE", "1".to_owned()),
            set("TAURI_AUTOMATION", "true".to_owned()),
            set("TAURI_WEBVIEW_AUTOMATION", "true".to_owned()),
        ]
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let left = self.processes();
        for process in &left {
            process.kill();
        }
        if !std::thread::panicking() {
            assert!(left.is_empty(), "the app has left behind: {left:?}");
        }
    }
}

/// A workshop of the tests.
pub fn fixture(name: &str) -> Utf8PathBuf {
    Utf8Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures")
        .join(name)
}

/// A workshop that comes with Atelier.
pub fn bundled(name: &str) -> Utf8PathBuf {
    Utf8Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../workshops")
        .join(name)
}

/// Where screenshots of failures go.
pub(super) fn results() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/e2e")
}

/// Which ids a process sees.
fn space(id: u32) -> Option<std::path::PathBuf> {
    std::fs::read_link(format!("/proc/{id}/ns/pid")).ok()
}

/// The id that a process has among those that it sees.
fn known_as(id: u32) -> Option<u32> {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let ids = status
        .lines()
        .find_map(|line| line.strip_prefix("NSpid:"))?;
    ids.split_whitespace().last()?.parse().ok()
}
