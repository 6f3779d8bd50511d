//! The player that is killed: it does one deed after the other, and says each before and after.

use std::env;
use std::fs;

use atelier_session::SessionError;
use atelier_session::protocol::{
    ActionInput, ActionStatus, Buffer, Effect, NextStep, Outcome, SetupPhase,
};
use atelier_tests::{NoDialogs, WindowSession, wait_for};
use camino::{Utf8Path, Utf8PathBuf};

use super::workshop::{
    APPEND, CHECK, COMMAND, COPIED, COPY, LEAVE, MANY, PAGES, REST, STAY, document, many,
    version_of,
};

/// Name the workshop and the store to the process that is killed, and with which deed it begins.
pub(super) const WORKSHOP: &str = "ATELIER_TEST_WORKSHOP";
pub(super) const STORE: &str = "ATELIER_TEST_STORE";
pub(super) const FIRST: &str = "ATELIER_TEST_FIRST";
/// What it says begins with this.
pub(super) const TOLD: &str = "told: ";

/// Not a test of its own: what the others start and kill.
#[test]
fn the_process_that_is_killed() {
    let (Ok(workshop), Ok(store)) = (env::var(WORKSHOP), env::var(STORE)) else {
        return;
    };
    let window = WindowSession::open_in(Utf8Path::new(&workshop), store.into());
    let view = window.session.view();
    let page = view.current_page.clone();
    println!("{TOLD}opened {} {} {page}", view.name, view.resumed);
    let mut player = Player { window, page };
    let halves = player.half_written();
    assert!(halves.is_empty(), "left by a killed player: {halves:?}");
    player.window.wait_for_setup(SetupPhase::Ended);
    let (least, most) = player.versions();
    println!("{TOLD}many {least} {most}");
    player.act(LEAVE);
    // In the foreground of a terminal of its own.
    player.window.start(STAY);
    if least != most {
        player.fill(most);
    }
    // What is put back is the files as they are now, unless an earlier process has been here.
    player.enter(PAGES[0]);
    player.settle();
    let first = env::var(FIRST).ok().and_then(|first| first.parse().ok());
    for deed in first.unwrap_or(0_usize).. {
        player.does(deed);
    }
}

struct Player {
    window: WindowSession,
    page: String,
}

impl Player {
    fn does(&mut self, deed: usize) {
        match deed % 8 {
            0 => self.append().expect("it is saved"),
            1 => self.save().expect("it is saved"),
            2 => {
                self.act(CHECK);
                self.act(COMMAND);
            }
            3 => self.copy(),
            4 => {
                let (_, most) = self.versions();
                self.fill(most + 1);
            }
            5 => self.restore(),
            6 => self.catch_up(),
            _ => {
                let other = usize::from(self.page == PAGES[0]);
                self.enter(PAGES[other]);
            }
        }
    }

    fn act(&self, action: &str) {
        let (status, result) = self.window.click(action);
        assert_eq!(status, ActionStatus::Done, "{action}: {result:?}");
        println!("{TOLD}done {action}");
    }

    fn enter(&mut self, page: &str) {
        println!("{TOLD}entering {page}");
        self.window.enter(page);
        println!("{TOLD}entered {page}");
        page.clone_into(&mut self.page);
    }

    /// The start of the page is in the journal.
    fn settle(&self) {
        let settled = self.window.session.restore_view(PAGES[0], None);
        self.window.wait(settled).expect("a start");
    }

    /// Does what a window does with the document of an editor action.
    fn append(&mut self) -> Result<(), SessionError> {
        let session = &self.window.session;
        let path = "~/exercises/log.txt";
        let now = session.read_document(path)?;
        let input = ActionInput {
            buffer: Some(Buffer {
                text: now.text.clone(),
                selection: [0, 0],
            }),
            ..ActionInput::default()
        };
        let result = self
            .window
            .wait(session.perform(APPEND, input, &NoDialogs))?;
        println!("{TOLD}done {APPEND}");
        let Outcome::Succeeded { effects, .. } = &result.outcome else {
            panic!("{result:?}");
        };
        let mut text = now.text;
        for effect in effects {
            if let Effect::ApplyEdit { edit, .. } = effect {
                for change in edit.changes.iter().rev() {
                    // It is all ASCII: positions are bytes.
                    text.replace_range(change.from as usize..change.to as usize, &change.insert);
                }
            }
        }
        session.save_document(path, &text, Some(&now.version))?;
        println!("{TOLD}appended {}", text.lines().count());
        Ok(())
    }

    fn save(&self) -> Result<(), SessionError> {
        let session = &self.window.session;
        let path = "~/exercises/document.txt";
        let now = session.read_document(path)?;
        let next = version_of(&now.text) + 1;
        session.save_document(path, &document(next), Some(&now.version))?;
        println!("{TOLD}saved {next}");
        Ok(())
    }

    /// A folder of many files, copied by an action. The copy of an earlier time goes out of its way in one step.
    fn copy(&self) {
        let home = self.window.session.home();
        let (copied, gone) = (
            home.join("exercises").join(COPIED),
            home.join(".cache/gone"),
        );
        if copied.exists() {
            if gone.exists() {
                fs::remove_dir_all(&gone).expect("it is nobody's");
            }
            fs::rename(copied, gone).expect("it is there");
        }
        self.act(COPY);
    }

    /// Gives many files a new version, one after the other.
    fn fill(&self, version: usize) {
        println!("{TOLD}filling {version}");
        for file in many() {
            let path = format!("~/exercises/{file}");
            let now = self.window.session.read_document(&path).expect("a file");
            let text = format!("{version}\n");
            self.window
                .session
                .save_document(&path, &text, Some(&now.version))
                .expect("it is saved");
        }
        println!("{TOLD}filled {version}");
    }

    fn restore(&mut self) {
        let (least, most) = self.versions();
        assert_eq!(least, most, "nobody else writes them");
        println!("{TOLD}restoring {most}");
        let restored = self.window.session.restore(PAGES[0], None, Vec::new());
        self.window.wait(restored).expect("it is restored");
        let (least, most) = self.versions();
        assert_eq!(least, most, "the start was kept while nobody wrote");
        println!("{TOLD}restored {most}");
    }

    /// Has the page of what is left done; a restore has taken its marks.
    fn catch_up(&mut self) {
        self.enter(REST);
        let (tried, end) = self.window.catch_up(REST);
        assert!(matches!(end, NextStep::Done { .. }), "{tried:?}: {end:?}");
        for action in tried {
            println!("{TOLD}done {action}");
        }
    }

    /// The lowest and the highest version of the many files.
    fn versions(&self) -> (usize, usize) {
        let folder = self.window.session.home().join("exercises");
        let version = |file: String| {
            let text = fs::read_to_string(folder.join(&file)).expect("a file");
            let number = text.trim_end().parse().ok();
            number.unwrap_or_else(|| panic!("{file} is half written: {text:?}"))
        };
        let versions: Vec<usize> = many().map(version).collect();
        let least = versions.iter().min().expect("many");
        let most = versions.iter().max().expect("many");
        (*least, *most)
    }

    /// What is being written has such a name; nobody writes yet.
    fn half_written(&self) -> Vec<Utf8PathBuf> {
        let home = self.window.session.home();
        let state = home.with_file_name("state");
        let folders = [
            home.to_owned(),
            home.join("exercises"),
            home.join("exercises").join(MANY),
            home.join(".local/share/workshop"),
            home.with_file_name("tmp"),
            home.with_file_name("bin"),
            home.with_file_name("shell"),
            state.clone(),
            state.join("snapshots/objects"),
            state.join("snapshots/trees"),
        ];
        let entries = folders.iter().flat_map(|folder| folder.read_dir_utf8());
        let entries = entries.flatten().flatten();
        let halves = entries.filter(|entry| entry.file_name().starts_with(".atelier-"));
        halves.map(|entry| entry.into_path()).collect()
    }
}

/// Not a test of its own either: opens a session, waits for its set-up and stays.
#[test]
fn the_process_that_is_killed_in_set_up() {
    let (Ok(workshop), Ok(store)) = (env::var(WORKSHOP), env::var(STORE)) else {
        return;
    };
    println!("{TOLD}starting");
    let window = WindowSession::open_in(Utf8Path::new(&workshop), store.into());
    println!("{TOLD}opened");
    window.wait_for_setup(SetupPhase::Ended);
    println!("{TOLD}set up");
    // Whoever started it kills it, or has failed.
    wait_for("the kill", || false);
}
