//! What players that were killed have shown, held against what they have left.

use std::collections::BTreeMap;
use std::fs;

use camino::Utf8Path;

use super::player::TOLD;
use super::workshop::{APPENDED, COMMAND, COPIED, FILES, many, version_of};

/// What the processes that were killed have shown until now.
#[derive(Default)]
pub(super) struct Shown {
    pub(super) session: Option<String>,
    pub(super) actions: BTreeMap<String, usize>,
    pub(super) saved: usize,
    appended: usize,
    /// The page, and the one that was about to be shown.
    page: (Option<String>, Option<String>),
    /// Of the many files.
    version: usize,
    doing: Doing,
    /// The journal, and the listener's port, as the last one has left them.
    journal: Vec<u8>,
    port: Option<String>,
}

/// What was said to begin, and not to have ended.
#[derive(Default, Clone, Copy, PartialEq)]
enum Doing {
    #[default]
    Nothing,
    Filling(usize),
    Restoring,
}

impl Shown {
    pub(super) fn take(&mut self, line: &str, folder: Option<&Utf8Path>) {
        let Some(told) = line.split_once(TOLD).map(|(_, told)| told) else {
            return;
        };
        let words: Vec<&str> = told.trim_end().split(' ').collect();
        let number = |text: &str| text.parse::<usize>().expect("a number");
        match *words.as_slice() {
            ["opened", name, resumed, page] => self.is_resumed(name, resumed, page),
            ["many", least, most] => {
                let versions = (number(least), number(most));
                self.many_are(versions, folder.expect("a session"));
                // Who was killed while it wrote them has left both; the next one may come no further.
                let (least, most) = versions;
                self.version = least;
                self.doing = match least == most {
                    true => Doing::Nothing,
                    false => Doing::Filling(most),
                };
            }
            ["done", action] => *self.actions.entry(action.to_owned()).or_default() += 1,
            ["saved", version] => self.saved = number(version),
            ["appended", lines] => self.appended = number(lines),
            ["filling", version] => self.doing = Doing::Filling(number(version)),
            ["restoring", version] => {
                assert_eq!(number(version), self.version);
                self.doing = Doing::Restoring;
                // They go back with the rest, to a start that is not looked into here.
                (self.saved, self.appended) = (0, 0);
            }
            ["filled" | "restored", version] => {
                self.version = number(version);
                self.doing = Doing::Nothing;
            }
            ["entering", page] => self.page.1 = Some(page.to_owned()),
            ["entered", page] => self.page = (Some(page.to_owned()), None),
            _ => panic!("{line}"),
        }
    }

    fn is_resumed(&mut self, name: &str, resumed: &str, page: &str) {
        if let Some(session) = &self.session {
            assert_eq!((session.as_str(), "true"), (name, resumed), "it is resumed");
        }
        let (at, next) = &self.page;
        if at.is_some() {
            let page = Some(page.to_owned());
            // A restore of the first page leads back to it.
            let is_back = self.doing == Doing::Restoring;
            let is_right = page == *at || page == *next || is_back;
            assert!(is_right, "{page:?}: {at:?}, {next:?}");
        }
        self.session = Some(name.to_owned());
        self.page = (Some(page.to_owned()), None);
    }

    /// A restore that was interrupted is finished, or never began; then what gave way is kept, all of it.
    fn many_are(&self, (least, most): (usize, usize), folder: &Utf8Path) {
        match self.doing {
            Doing::Nothing => assert_eq!((least, most), (self.version, self.version)),
            Doing::Filling(version) => assert!(
                least >= self.version.min(version) && most <= self.version.max(version),
                "{least} to {most}: {} to {version}",
                self.version
            ),
            Doing::Restoring => {
                assert_eq!(least, most, "a restore is finished");
                let gave_way = |version: &Utf8Path| {
                    let read = |file: String| {
                        fs::read_to_string(version.join("files/exercises").join(file))
                    };
                    let expected = format!("{}\n", self.version);
                    many().all(|file| read(file).is_ok_and(|text| text == expected))
                };
                let backups = folder.join("state/backups");
                let mut kept = backups.read_dir_utf8().into_iter().flatten().flatten();
                assert!(
                    most == self.version || kept.any(|version| gave_way(version.path())),
                    "version {} of the many files is lost",
                    self.version
                );
            }
        }
    }

    /// Holds the session's folder against it.
    pub(super) fn is_kept_in(&mut self, folder: &Utf8Path) {
        let bytes = fs::read(folder.join("state/journal.jsonl")).expect("a journal");
        assert!(
            bytes.starts_with(&self.journal),
            "lines that were there are gone"
        );
        let journal = String::from_utf8(bytes.clone()).expect("text");
        let (whole, torn) = journal.rsplit_once('\n').expect("lines");
        assert_eq!(torn, "", "the last line is torn");
        let lines = whole.lines().map(|line| {
            let read: Result<serde_json::Value, _> = serde_json::from_str(line);
            read.unwrap_or_else(|error| panic!("{error}: {line}"))
        });
        let mut kept: BTreeMap<String, usize> = BTreeMap::new();
        let mut events = 0;
        for line in lines {
            match line["kind"].as_str() {
                Some("action") if line["update"]["status"] == "done" => {
                    let action = line["action"].as_str().expect("an action");
                    *kept.entry(action.to_owned()).or_default() += 1;
                }
                Some("event") => events += 1,
                _ => {}
            }
        }
        let of =
            |kept: &BTreeMap<String, usize>, action: &str| kept.get(action).copied().unwrap_or(0);
        for (action, shown) in &self.actions {
            let kept = of(&kept, action);
            assert!(kept >= *shown, "{action}: {shown} shown, {kept} kept");
        }
        assert!(events >= of(&self.actions, COMMAND));
        self.journal = bytes;
        // Nobody had it when the next one started.
        let port = fs::read_to_string(folder.join("state/ingress-port")).ok();
        if self.port.is_some() {
            assert_eq!(port, self.port, "the session's port was not free");
        }
        self.port = port;
        self.files_are_whole(folder);
    }

    fn files_are_whole(&self, folder: &Utf8Path) {
        let exercises = folder.join("home/exercises");
        let read = |name: &str| fs::read_to_string(exercises.join(name));
        // While it is being put back a file may be away; the next opening finishes that, and then this is asked again.
        let is_there = |name: &str| self.doing != Doing::Restoring || read(name).is_ok();
        if is_there("document.txt") {
            let saved = version_of(&read("document.txt").expect("a document"));
            assert!(saved >= self.saved, "{} shown, {saved} kept", self.saved);
        }
        if is_there("log.txt") {
            let log = read("log.txt").expect("a log");
            assert!(log.is_empty() || log.ends_with('\n'), "half a line");
            assert!(log.lines().all(|line| line == APPENDED), "{log}");
            assert!(log.lines().count() >= self.appended);
        }
        // Copied as a whole, or not at all.
        let copied = exercises.join(COPIED);
        if self.doing != Doing::Restoring && copied.exists() {
            assert_eq!(copied.read_dir_utf8().expect("a folder").count(), FILES);
        }
    }
}
