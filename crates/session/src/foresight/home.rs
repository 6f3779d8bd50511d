//! A picture of the learner's home: which files are there, and what is in them, as far as that can be known.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::ops::Range;

use atelier_content::diagnostic::Fix;
use atelier_content::{Diagnostic, Span, Workshop};
use camino::{Utf8Component, Utf8Path, Utf8PathBuf};

use super::{examiner, similar};
use crate::received::{Kind, Received};

/// Larger files are not looked into.
const MAX_TEXT: u64 = 1024 * 1024;

/// By these words a script is known that may change files which it does not name.
const WORK_ON_FOLDERS: [&str; 12] = [
    "exercises",
    "cp ",
    "find ",
    "git ",
    "make",
    "mv ",
    "patch",
    "rsync",
    "sed ",
    "tar ",
    "unzip",
    "*",
];

/// The home, with paths relative to it.
#[derive(Debug, Default)]
pub(super) struct Home {
    files: BTreeMap<Utf8PathBuf, Held>,
    folders: BTreeSet<Utf8PathBuf>,
    /// The folders that the workshop brings.
    brought: BTreeSet<Utf8PathBuf>,
    /// What else may be there.
    doubt: Doubt,
    /// What may be run by now; none when that may be anything.
    runnable: Option<BTreeSet<Utf8PathBuf>>,
    /// The workshop's folder.
    root: Utf8PathBuf,
    /// What ran so far: a file that it names is not missing for certain.
    ran: String,
}

/// How much more than is known may be in the home, because of what ran.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Doubt {
    /// Nothing: all of its files are known.
    #[default]
    None,
    /// Any file, beside those that are known.
    Files,
    /// Whole folders, too, whose files are named as those of the workshop.
    Folders,
}

/// What a file holds.
#[derive(Debug, Clone)]
pub(super) enum Held {
    /// What this file of the workshop holds.
    AsGiven(Utf8PathBuf),
    /// This text, with this much of it selected, in bytes.
    Text(String, Range<usize>),
    /// Something.
    Unknown,
}

/// A file or folder that cannot be there.
#[derive(Debug)]
pub(super) struct Absence {
    /// The one that was probably meant, relative to the home.
    pub(super) meant: Option<Utf8PathBuf>,
}

impl Absence {
    /// The finding for a path as it is written at `place`, in an action that stands at `block`.
    pub(super) fn diagnostic(&self, written: &str, place: Span, block: &Span) -> Diagnostic {
        let message = format!("there is no file `{written}` when this action runs");
        let diagnostic =
            Diagnostic::warning("missing-file", message).at(place.clone(), "it will fail");
        match &self.meant {
            Some(meant) => {
                let path = format!("~/{meant}");
                let diagnostic = diagnostic.help(format!("did you mean `{path}`?"));
                // Where the path is not found, the whole block is shown in its place.
                if place == *block {
                    diagnostic
                } else {
                    diagnostic.fix(Fix::replace(place, path).suggested())
                }
            }
            None => diagnostic
                .help("put it where sessions receive it (`exercises/`, or what `includePaths` names), or make it in an earlier action"),
        }
    }
}

impl Home {
    /// The home as the session gives it to its learner.
    pub(super) fn new(workshop: &Workshop, received: &[Received]) -> Self {
        let mut home = Self {
            runnable: Some(BTreeSet::new()),
            root: workshop.root.clone(),
            ..Self::default()
        };
        home.folders.insert(Utf8PathBuf::new());
        for entry in received {
            if entry.path.starts_with(&workshop.workshop_dir) {
                continue;
            }
            match &entry.kind {
                Kind::EmptyFolder => home.make_folder(&entry.path),
                Kind::File => {
                    home.put(&entry.path, Held::AsGiven(workshop.root.join(&entry.path)));
                }
                // A link may stand for a folder with anything in it.
                Kind::Link(_) => {
                    home.put(&entry.path, Held::Unknown);
                    home.folders.insert(entry.path.clone());
                }
            }
        }
        for (path, text) in &workshop.inline_files {
            if !path.starts_with(&workshop.workshop_dir) {
                home.put(path, Held::Text(text.clone(), 0..0));
                // Whether those of the definition may be run is not the author's to say.
                home.let_run(path);
            }
        }
        home.brought.clone_from(&home.folders);
        home
    }

    pub(super) fn put(&mut self, path: &Utf8Path, held: Held) {
        if let Some(folder) = path.parent() {
            self.make_folder(folder);
        }
        self.files.insert(path.to_owned(), held);
    }

    pub(super) fn make_unknown(&mut self, path: &Utf8Path) {
        self.put(path, Held::Unknown);
    }

    pub(super) fn make_folder(&mut self, path: &Utf8Path) {
        for folder in path.ancestors() {
            self.folders.insert(folder.to_owned());
        }
    }

    pub(super) fn copy(&mut self, from: Option<&Utf8Path>, to: &Utf8Path) {
        let held = from.and_then(|from| self.files.get(from)).cloned();
        if from.is_some_and(|from| self.not_executable(from).is_none()) {
            self.let_run(to);
        }
        self.put(to, held.unwrap_or(Held::Unknown));
    }

    pub(super) fn remove(&mut self, path: &Utf8Path) {
        self.files.remove(path);
    }

    /// A file, or all below a folder, may be run from here on.
    pub(super) fn let_run(&mut self, path: &Utf8Path) {
        if let Some(runnable) = &mut self.runnable {
            runnable.insert(path.to_owned());
        }
    }

    /// Any file may be run from here on.
    pub(super) fn let_all_run(&mut self) {
        self.runnable = None;
    }

    /// Where in the workshop's folder a file lies, if it is brought, that certainly lacks the executable bit; `None` when it
    /// may be run, or that cannot be known.
    pub(super) fn not_executable(&self, path: &Utf8Path) -> Option<Option<Utf8PathBuf>> {
        let runnable = self.runnable.as_ref()?;
        if path.ancestors().any(|part| runnable.contains(part)) {
            return None;
        }
        match self.files.get(path)? {
            Held::AsGiven(file) if !examiner::is_executable(file) => {
                let own = file.strip_prefix(&self.root).ok();
                Some(own.map(Utf8Path::to_owned))
            }
            // What an action of the editor has made: what it has changed keeps its bits.
            Held::Text(..) if !self.root.join(path).exists() => Some(None),
            _ => None,
        }
    }

    /// What ran may have made any file and changed every one.
    pub(super) fn forget(&mut self) {
        self.let_all_run();
        self.doubt = Doubt::Folders;
        self.forget_texts(|_| true);
    }

    /// What ran may have made any file.
    pub(super) fn may_have_more(&mut self) {
        self.doubt = self.doubt.max(Doubt::Files);
    }

    /// A script ran: it may have made any file, and changed those that it names, or all where it works on folders.
    pub(super) fn run_script(&mut self, script: &str) {
        if super::commands::run_known_script(script, self) {
            return;
        }
        self.doubt = Doubt::Folders;
        self.let_all_run();
        let anywhere = WORK_ON_FOLDERS.iter().any(|word| script.contains(word));
        self.forget_texts(|path| {
            anywhere || path.file_name().is_none_or(|name| script.contains(name))
        });
        self.note(script);
    }

    pub(super) fn forget_texts(&mut self, changed: impl Fn(&Utf8Path) -> bool) {
        for (path, held) in &mut self.files {
            if changed(path) {
                *held = Held::Unknown;
            }
        }
    }

    /// A command ran.
    pub(super) fn note(&mut self, command: &str) {
        self.ran.push_str(command);
        self.ran.push('\n');
    }

    /// The text of a file and its selection; none when the file is not there, or cannot be known.
    pub(super) fn text(&self, path: &Utf8Path) -> Option<(String, Range<usize>)> {
        match self.files.get(path)? {
            Held::AsGiven(file) => Some((read(file)?, 0..0)),
            Held::Text(text, selection) => Some((text.clone(), selection.clone())),
            Held::Unknown => None,
        }
    }

    pub(super) fn has(&self, path: &Utf8Path) -> bool {
        self.files.contains_key(path)
    }

    /// Whether it is a folder for certain.
    pub(super) fn is_folder(&self, path: &Utf8Path) -> bool {
        self.folders.contains(path)
    }

    pub(super) fn has_folder(&self, path: &Utf8Path) -> bool {
        // What lies below a link is not known.
        self.folders.contains(path)
            || path
                .ancestors()
                .any(|part| matches!(self.files.get(part), Some(Held::Unknown)))
    }

    /// Whether it lies where shells and programs keep what they make: `.bashrc`, `.config/…`.
    fn is_kept_by_programs(&self, path: &Utf8Path) -> bool {
        path.components().next().is_some_and(|first| {
            first.as_str().starts_with('.') && !self.brought.contains(Utf8Path::new(first.as_str()))
        })
    }

    /// Why a file cannot be there; none when it is, or may be.
    pub(super) fn absence(&self, path: &Utf8Path) -> Option<Absence> {
        if self.has(path) || self.has_folder(path) || self.is_kept_by_programs(path) {
            return None;
        }
        let named = path.file_name().is_none_or(|name| self.has_run(name));
        if named || self.is_below_unknown(path) {
            return None;
        }
        let meant = self.close_to(path);
        (meant.is_some() || self.doubt == Doubt::None).then_some(Absence { meant })
    }

    /// Whether a command named something that ends so: `-omain` makes `main`, but `exercises` is no `exercise`.
    fn has_run(&self, name: &str) -> bool {
        self.ran.match_indices(name).any(|(at, _)| {
            let next = self.ran[at + name.len()..].chars().next();
            next.is_none_or(|c| !c.is_alphanumeric() && c != '_')
        })
    }

    fn is_below_unknown(&self, path: &Utf8Path) -> bool {
        let mut parts = path.ancestors();
        parts.any(|part| matches!(self.files.get(part), Some(Held::Unknown)))
    }

    /// The one file that was meant by a name under which an action would begin a new one.
    pub(super) fn mistaken_for(&self, path: &Utf8Path) -> Option<Utf8PathBuf> {
        let name = path.file_name()?;
        if self.has(path) || self.has_run(name) {
            return None;
        }
        let beside = self.close_to(path)?;
        // `page2.html` after `page1.html` is a name of its own.
        let without = |path: &Utf8Path| path.as_str().replace(|c: char| c.is_ascii_digit(), "");
        let is_next = beside.file_name() != path.file_name() && without(&beside) == without(path);
        (!is_next && beside.parent() == path.parent()).then_some(beside)
    }

    /// The only known file that holds a text, other than `path`.
    pub(super) fn holder_of(&self, text: &str, path: &Utf8Path) -> Option<Utf8PathBuf> {
        let mut holders = self.files.keys().filter(|known| {
            known.as_path() != path
                && self
                    .text(known)
                    .is_some_and(|(held, _)| held.contains(text))
        });
        let first = holders.next()?;
        holders.next().is_none().then(|| first.clone())
    }

    /// Why a folder cannot be there; none when it is, or may be.
    pub(super) fn folder_absence(&self, path: &Utf8Path) -> Option<Absence> {
        let name = path.file_name()?;
        if self.has_folder(path) || self.is_kept_by_programs(path) || self.has_run(name) {
            return None;
        }
        if self.is_below_unknown(path) {
            return None;
        }
        let meant = self
            .folders
            .iter()
            .find(|known| {
                name.len() > 2 && strsim::damerau_levenshtein(known.as_str(), path.as_str()) == 1
            })
            .cloned();
        (meant.is_some() || self.doubt == Doubt::None).then_some(Absence { meant })
    }

    /// The one file that was probably meant: of the same name elsewhere, or of a similar one in the same place. A folder of
    /// which nothing is known has a `README.md` of its own.
    fn close_to(&self, path: &Utf8Path) -> Option<Utf8PathBuf> {
        let known = || self.files.keys().map(Utf8PathBuf::as_path);
        let elsewhere = self.doubt < Doubt::Folders;
        if elsewhere && let Some(only) = similar::only_of_name(known(), path) {
            return Some(only.to_owned());
        }
        // `main.o` beside `main.c` may have been made of it.
        let may_be_made = self.doubt > Doubt::None;
        let is_meant = |known: &&Utf8Path| {
            (elsewhere || known.parent() == path.parent())
                && !(may_be_made && similar::differ_in_kind(known, path))
        };
        similar::closest(known(), path, is_meant).map(Utf8Path::to_owned)
    }
}

/// The set-up scripts that run before the first page.
pub(super) fn scripts(workshop: &Workshop, received: &[Received]) -> Vec<String> {
    let folders = ["setup.d", "profile.d", "supervisor"];
    own_texts(workshop, received, |path| {
        folders.iter().any(|folder| path.starts_with(folder))
    })
    .into_iter()
    .map(|(_, text)| text)
    .collect()
}

/// The texts of the files below the folder of the instructions that are asked for, by their paths in there; those that the
/// definition holds itself come last.
pub(super) fn own_texts(
    workshop: &Workshop,
    received: &[Received],
    is_asked_for: impl Fn(&Utf8Path) -> bool,
) -> Vec<(Utf8PathBuf, String)> {
    let below = |path: &Utf8Path| {
        let path = path.strip_prefix(&workshop.workshop_dir).ok()?;
        is_asked_for(path).then(|| path.to_owned())
    };
    let given = received.iter().filter_map(|entry| {
        let path = below(&entry.path)?;
        Some((path, read(&workshop.root.join(&entry.path))?))
    });
    let inline = workshop.inline_files.iter();
    let inline = inline.filter_map(|(path, text)| Some((below(path)?, text.clone())));
    given.chain(inline).collect()
}

pub(super) fn read(file: &Utf8Path) -> Option<String> {
    if fs::metadata(file).ok()?.len() > MAX_TEXT {
        return None;
    }
    let text = String::from_utf8(fs::read(file).ok()?).ok()?;
    Some(text.trim_start_matches('\u{feff}').replace("\r\n", "\n"))
}

/// A path as an action writes it, relative to the home; none for one that lies elsewhere or is not spelt out.
pub(super) fn key(written: &str) -> Option<Utf8PathBuf> {
    let below = ["~/", "$HOME/", "${HOME}/", "/home/eduk8s/"]
        .into_iter()
        .find_map(|home| written.strip_prefix(home));
    let path = match below {
        Some(below) => below.trim_start_matches('/'),
        None if matches!(written, "~" | "$HOME" | "/home/eduk8s") => "",
        None if written.starts_with(['/', '~']) => return None,
        None => written,
    };
    if path.contains(['$', '*', '?', '`', '{']) {
        return None;
    }
    join(Utf8Path::new(""), path)
}

/// The path that `relative` means in the folder `base` of the home; none when it leads out of the home.
pub(super) fn join(base: &Utf8Path, relative: &str) -> Option<Utf8PathBuf> {
    let mut out = base.to_owned();
    for component in Utf8Path::new(relative).components() {
        match component {
            Utf8Component::CurDir => {}
            Utf8Component::Normal(name) => out.push(name),
            Utf8Component::ParentDir if out.pop() => {}
            _ => return None,
        }
    }
    Some(out)
}
