//! What commands in terminals do to the picture of the home, and which files they name that are not there.

use std::collections::{BTreeMap, BTreeSet};

use atelier_content::Workshop;
use atelier_content::action::Target;
use atelier_content::needs::is_exit;
use atelier_content::shell::{self, Command, Word};
use camino::{Utf8Path, Utf8PathBuf};

use super::home::{self, Held, Home};
use super::lost::{Lost, Why};
use super::operands::files_read;
use super::programs::{Deed, deed, program, takes_over};
use crate::received::Received;

/// Where terminals start, if it is there and the definition does not say otherwise.
const EXERCISES: &str = "exercises";
/// How deep scripts that start scripts are followed.
const DEEPEST: usize = 4;

/// The shells of the session's terminals.
#[derive(Debug)]
pub(super) struct Terminals {
    /// Those that are not as they started.
    shells: BTreeMap<String, Shell>,
    /// Where they start, if it is there; none when it is not known.
    start: Option<Utf8PathBuf>,
    /// The scripts with which terminals start that go somewhere else, relative to the folder of the instructions.
    moving: BTreeSet<Utf8PathBuf>,
}

#[derive(Debug, Clone)]
struct Shell {
    /// Relative to the home; none when it is not known.
    folder: Option<Utf8PathBuf>,
    /// What is typed goes to another program.
    busy: bool,
}

impl Terminals {
    pub(super) fn new(workshop: &Workshop, received: &[Received]) -> Self {
        let mut named = workshop.environment.iter().rev();
        let named = named.find(|(name, value)| name == "EXERCISES_DIR" && !value.trim().is_empty());
        let scripts = home::own_texts(workshop, received, |path| {
            path == "profile" || path == "terminal.sh" || path.starts_with("terminal")
        });
        let moving = scripts.into_iter().filter(|(_, text)| moves(text));
        Self {
            shells: BTreeMap::new(),
            start: match named {
                Some((_, value)) => home::key(value),
                None => Some(Utf8PathBuf::from(EXERCISES)),
            },
            moving: moving.map(|(path, _)| path).collect(),
        }
    }

    /// Where the shell of a terminal starts; none when it is not known. A script may have made the exercises only later than
    /// this picture knows; then the home is no worse.
    fn start(&self, terminal: &str, home: &Home) -> Option<Utf8PathBuf> {
        let own = format!("terminal/{terminal}.sh");
        let mut scripts = ["profile", "terminal.sh", own.as_str()].into_iter();
        if scripts.any(|script| self.moving.contains(Utf8Path::new(script))) {
            return None;
        }
        let folder = self.start.as_deref()?;
        if home.has_folder(folder) {
            Some(folder.to_owned())
        } else {
            (folder == EXERCISES).then(Utf8PathBuf::new)
        }
    }

    /// Something runs of which only the text is known: a script, or a command in a terminal that could be any.
    pub(super) fn run_unseen(&mut self, text: &str, home: &mut Home) {
        let mut shell = Shell {
            folder: None,
            busy: false,
        };
        shell.run(text, home);
    }

    /// A command is typed. Gives what it names and cannot find.
    pub(super) fn run(&mut self, terminal: &str, text: &str, home: &mut Home) -> Vec<Lost> {
        let folder = self.start(terminal, home);
        let shell = self
            .shells
            .entry(terminal.to_owned())
            .or_insert_with(|| Shell {
                folder,
                busy: false,
            });
        shell.run(text, home)
    }

    /// Whether a shell reads what is typed there, as far as is known.
    pub(super) fn is_shell(&self, terminal: &str) -> bool {
        self.shells.get(terminal).is_none_or(|shell| !shell.busy)
    }

    pub(super) fn interrupt(&mut self, target: &Target) {
        for (name, shell) in &mut self.shells {
            if matches!(target, Target::All) || matches!(target, Target::One(one) if one == name) {
                shell.busy = false;
            }
        }
    }
}

/// Where in a text for a shell the first command starts that has a prompt in front.
pub(super) fn prompt(text: &str) -> Option<usize> {
    let starts = shell::read(text).commands.into_iter();
    let mut starts = starts
        .filter(|command| command.words.first().is_some_and(|word| word.text == "$"))
        .map(|command| command.at);
    starts.find(|at| {
        let (before, rest) = text.split_at(*at);
        rest.starts_with(super::PROMPT) && (before.is_empty() || before.ends_with('\n'))
    })
}

/// What a set-up script does, where all of it is known: its shell starts in the home. False when it is not.
pub(super) fn run_known_script(text: &str, home: &mut Home) -> bool {
    let script = shell::read(text);
    let is_known = |command: &Command| {
        program(command).is_none_or(|(name, arguments)| {
            script.defined.contains(&name.text)
                || matches!(&*name.text, "cd" | "mkdir" | "touch" | "cp" | "rm")
                || name.is_literal && deed(&name.text, arguments) != Deed::Changes
        })
    };
    if !script.is_clear || !script.commands.iter().all(is_known) {
        return false;
    }
    let mut shell = Shell {
        folder: Some(Utf8PathBuf::new()),
        busy: false,
    };
    shell.run_at(text, home, 1);
    true
}

/// Whether the values of a program's options are files whatever they are called: `make -f Makefile`.
fn names_any_file(program: &str) -> bool {
    matches!(program, "docker" | "gmake" | "make" | "podman")
}

/// Whether a script goes to another folder.
fn moves(text: &str) -> bool {
    shell::read(text).commands.iter().any(goes)
}

fn goes(command: &Command) -> bool {
    program(command).is_some_and(|(name, _)| matches!(&*name.text, "cd" | "pushd" | "popd"))
}

impl Shell {
    fn run(&mut self, text: &str, home: &mut Home) -> Vec<Lost> {
        self.run_at(text, home, 0)
    }

    fn run_at(&mut self, text: &str, home: &mut Home, depth: usize) -> Vec<Lost> {
        let script = shell::read(text);
        if self.busy || !script.is_clear {
            self.busy &= !is_exit(text);
            home.forget();
            self.folder = None;
            home.note(text);
            return Vec::new();
        }
        let mut lost = Vec::new();
        for command in &script.commands {
            let name = program(command).map(|(name, _)| name.text.as_str());
            if name.is_some_and(|name| script.defined.contains(name)) {
                continue;
            }
            let found = self.take(command, home, depth);
            if script.is_list && !command.may_fail {
                lost.extend(found);
            }
            home.note(&self.news(command, home));
        }
        // Which of its parts ran is not known.
        if !script.is_list && script.commands.iter().any(goes) {
            self.folder = None;
        }
        lost
    }

    /// The words of a command that may name what it makes. A file that is there is named to be used, and one that is only
    /// read is not made.
    fn news(&self, command: &Command, home: &Home) -> String {
        let read = match program(command) {
            Some((name, arguments)) if deed(&name.text, arguments) == Deed::Reads => Vec::new(),
            Some((name, arguments)) => files_read(&name.text, arguments),
            None => Vec::new(),
        };
        let only_reads = program(command)
            .is_some_and(|(name, arguments)| deed(&name.text, arguments) == Deed::Reads);
        let words = command
            .words
            .iter()
            .filter(|word| !only_reads && !read.contains(word))
            .chain(&command.writes);
        let news: Vec<_> = words
            .filter(|word| !self.resolve(word).is_some_and(|path| home.has(&path)))
            .map(|word| word.text.as_str())
            .collect();
        news.join(" ")
    }

    fn take(&mut self, command: &Command, home: &mut Home, depth: usize) -> Option<Lost> {
        let lost = self.missing(command, home);
        for word in &command.writes {
            self.write(word, home);
        }
        let (name, arguments) = program(command)?;
        let operands = || arguments.iter().filter(|word| !word.text.starts_with('-'));
        match &*name.text {
            "cd" => return self.change_folder(arguments, home),
            "pushd" | "popd" => self.folder = None,
            "mkdir" => {
                for folder in operands() {
                    match self.resolve(folder) {
                        Some(path) => home.make_folder(&path),
                        None => home.may_have_more(),
                    }
                }
            }
            "touch" | "tee" => {
                for file in operands() {
                    self.write(file, home);
                }
            }
            "chmod" => self.let_run(arguments, home),
            "cp" => self.copy(&operands().collect::<Vec<_>>(), home),
            "rm" => {
                for file in operands() {
                    match self.resolve(file).filter(|path| home.has(path)) {
                        Some(path) => home.remove(&path),
                        None => home.forget(),
                    }
                }
            }
            "uniq" | "xxd" => {
                // The second file is the one that is made; the values of options are numbers.
                let is_file = |word: &&Word| {
                    let text = word.text.as_str();
                    (text == "-" || !text.starts_with('-')) && text.parse::<u64>().is_err()
                };
                if let Some(made) = arguments.iter().filter(is_file).nth(1) {
                    self.write(made, home);
                }
            }
            "bash" | "sh" | "source" | "." => match files_read(&name.text, arguments).first() {
                Some(script) => {
                    self.run_file(script, home, depth);
                    if matches!(&*name.text, "source" | ".") && self.is_moved_by(script, home) {
                        self.folder = None;
                    }
                }
                None => home.may_have_more(),
            },
            program if program.contains('/') => self.run_file(name, home, depth),
            program => match deed(program, arguments) {
                Deed::Reads => {}
                Deed::Makes => home.may_have_more(),
                Deed::Changes => home.forget(),
            },
        }
        self.busy |= depth == 0 && takes_over(command);
        lost
    }

    /// A program that is named by its path: what it does is known of a script whose text is.
    fn run_file(&self, name: &Word, home: &mut Home, depth: usize) {
        let text = self.resolve(name).and_then(|path| home.text(&path));
        let Some((text, _)) = text.filter(|_| depth < DEEPEST) else {
            return home.forget();
        };
        let first = text.lines().next().unwrap_or_default();
        if first.starts_with("#!") && !first.trim_end().ends_with("sh") {
            return home.may_have_more();
        }
        let mut shell = Shell {
            folder: self.folder.clone(),
            busy: false,
        };
        shell.run_at(&text, home, depth + 1);
    }

    /// Whether a script that is read by the shell itself goes somewhere else.
    fn is_moved_by(&self, script: &Word, home: &Home) -> bool {
        let text = self.resolve(script).and_then(|path| home.text(&path));
        text.is_some_and(|(text, _)| moves(&text))
    }

    fn copy(&self, operands: &[&Word], home: &mut Home) {
        let Some((target, sources)) = operands.split_last() else {
            return;
        };
        let Some(target) = self.resolve(target) else {
            return home.forget();
        };
        let into = home.is_folder(&target);
        for source in sources {
            let source = self.resolve(source);
            let Some(name) = source.as_ref().and_then(|path| path.file_name()) else {
                return home.forget();
            };
            let name = name.to_owned();
            if source.as_deref().is_some_and(|path| !home.has(path)) {
                return home.forget();
            }
            let to = if into {
                target.join(name)
            } else {
                target.clone()
            };
            home.copy(source.as_deref(), &to);
        }
    }

    fn write(&self, word: &Word, home: &mut Home) {
        if word.text.starts_with("/dev/") {
            return;
        }
        match self.resolve(word) {
            Some(path) => home.put(&path, Held::Unknown),
            None => home.forget(),
        }
    }

    /// A file that a command is to read, or to start, and that is not there.
    fn missing(&self, command: &Command, home: &Home) -> Option<Lost> {
        let (name, arguments) = program(command)?;
        // `xargs` gives it more words.
        if command.words.first()?.text == "xargs" {
            return None;
        }
        let is_path = |word: &&Word| {
            let text = &word.text;
            text.contains('.') || text.contains('/') || names_any_file(&name.text)
        };
        let started = Some(name).filter(|name| name.text.contains('/'));
        if let Some(path) = started.and_then(|name| self.resolve(name))
            && let Some(brought) = home.not_executable(&path)
        {
            return Some(Lost {
                path: name.text.clone(),
                folder: self.folder.clone()?,
                why: Why::NotExecutable(brought),
            });
        }
        let read = files_read(&name.text, arguments);
        let read = started.into_iter().chain(read).filter(is_path);
        // Only a file can be read from.
        read.chain(&command.reads).find_map(|word| {
            let path = self.resolve(word)?;
            let absence = home.absence(&path)?;
            Some(Lost {
                path: word.text.clone(),
                folder: self.folder.clone()?,
                why: Why::NoFile(absence.meant),
            })
        })
    }

    /// What `chmod` is given may be run from here on: nobody changes the bits of a program to take that away.
    fn let_run(&self, arguments: &[Word], home: &mut Home) {
        let words: Vec<_> = arguments.iter().skip(1).collect();
        for word in &words {
            match self.resolve(word) {
                Some(path) => home.let_run(&path),
                None => home.let_all_run(),
            }
        }
        if words.is_empty() {
            home.let_all_run();
        }
    }

    fn change_folder(&mut self, arguments: &[Word], home: &Home) -> Option<Lost> {
        let Some(word) = arguments.first() else {
            self.folder = Some(Utf8PathBuf::new());
            return None;
        };
        let before = self.folder.clone();
        self.folder = self.resolve(word);
        let path = self.folder.clone()?;
        let absence = home.folder_absence(&path)?;
        self.folder = None;
        Some(Lost {
            path: word.text.clone(),
            folder: before?,
            why: Why::NoFolder(absence.meant),
        })
    }

    /// The path that a word means, relative to the home.
    fn resolve(&self, word: &Word) -> Option<Utf8PathBuf> {
        let text = &word.text;
        let from_home = ["~/", "$HOME/", "${HOME}/", "/home/eduk8s"]
            .iter()
            .any(|home| text.starts_with(home));
        if from_home || text == "~" || text == "$HOME" {
            return home::key(text);
        }
        let is_spelt_out = word.is_literal && !text.contains(['*', '?', '[', '{']);
        if !is_spelt_out || text.starts_with(['/', '~', '-']) || text.contains("://") {
            return None;
        }
        home::join(self.folder.as_deref()?, text)
    }
}
