//! What commands in terminals do to the picture of the home, and which files they name that are not there.

use std::collections::BTreeMap;

use atelier_content::action::Target;
use atelier_content::{Diagnostic, Span};
use camino::{Utf8Path, Utf8PathBuf};

use super::home::{self, Held, Home};
use super::shell_words::{Simple, Word, split};

/// Programs that leave files as they are.
const READERS: &[&str] = &[
    "[", "alias", "basename", "cat", "clear", "curl", "cut", "date", "df", "diff", "dirname", "du",
    "echo", "env", "exit", "export", "false", "file", "find", "free", "grep", "head", "history",
    "host", "hostname", "http", "id", "jobs", "jq", "kill", "less", "ls", "man", "more", "netstat",
    "pgrep", "ping", "pkill", "printenv", "printf", "ps", "pwd", "set", "sleep", "sort", "ss",
    "stat", "tac", "tail", "test", "top", "tr", "tree", "true", "type", "uname", "uniq", "unset",
    "uptime", "wait", "wc", "which", "whoami", "xxd", "yq",
];

/// Programs that make files, but hardly change those of the workshop.
const RUNNERS: &[&str] = &[
    ".", "ab", "bash", "cargo", "chmod", "docker", "flask", "go", "gradle", "gunicorn", "java",
    "javac", "kubectl", "mvn", "node", "npm", "npx", "pip", "pip3", "pytest", "python", "python3",
    "ruby", "sh", "source", "uv", "uvicorn",
];

/// Programs whose first argument is a file that they read.
const READ_THEIR_FIRST: &[&str] = &[
    ".", "bash", "cat", "head", "less", "more", "node", "python", "python3", "ruby", "sh",
    "source", "tail",
];

/// Programs that read what is typed afterwards when they are started alone.
const CONVERSATIONS: &[&str] = &[
    "bash",
    "cat",
    "less",
    "man",
    "more",
    "mysql",
    "nano",
    "node",
    "psql",
    "python",
    "python3",
    "redis-cli",
    "sh",
    "sqlite3",
    "ssh",
    "top",
    "vi",
    "vim",
];

/// The shells of the session's terminals.
#[derive(Debug, Default)]
pub(super) struct Terminals {
    /// Those that are not as they started.
    shells: BTreeMap<String, Shell>,
}

#[derive(Debug, Clone)]
struct Shell {
    /// Relative to the home; none when it is not known.
    folder: Option<Utf8PathBuf>,
    /// What is typed goes to another program.
    busy: bool,
}

/// A file or folder that a command names and that is not there.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Lost {
    /// As the command writes it.
    pub(super) path: String,
    /// The folder of the shell, relative to the home.
    folder: Utf8PathBuf,
    is_folder: bool,
    /// What was probably meant, relative to the home.
    meant: Option<Utf8PathBuf>,
}

impl Lost {
    pub(super) fn diagnostic(&self, place: Span) -> Diagnostic {
        let what = if self.is_folder { "folder" } else { "file" };
        let message = format!(
            "there is no {what} `{}` in `{}` when this command runs",
            self.path,
            in_home(&self.folder)
        );
        let diagnostic =
            Diagnostic::warning("missing-path", message).at(place, "the command will fail");
        match &self.meant {
            Some(path) => diagnostic.help(format!("did you mean `{}`?", in_home(path))),
            None => diagnostic,
        }
    }
}

fn in_home(path: &Utf8Path) -> String {
    if path.as_str().is_empty() {
        "~".to_owned()
    } else {
        format!("~/{path}")
    }
}

impl Terminals {
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
        let shell = self
            .shells
            .entry(terminal.to_owned())
            .or_insert_with(|| Shell {
                folder: Some(start(home)),
                busy: false,
            });
        shell.run(text, home)
    }

    pub(super) fn interrupt(&mut self, target: &Target) {
        for (name, shell) in &mut self.shells {
            if matches!(target, Target::All) || matches!(target, Target::One(one) if one == name) {
                shell.busy = false;
            }
        }
    }
}

/// Where a shell starts. A script may have made the exercises only later than this picture knows; then the home is no worse.
fn start(home: &Home) -> Utf8PathBuf {
    let exercises = Utf8PathBuf::from("exercises");
    if home.has_folder(&exercises) {
        exercises
    } else {
        Utf8PathBuf::new()
    }
}

impl Shell {
    fn run(&mut self, text: &str, home: &mut Home) -> Vec<Lost> {
        let mut lost = Vec::new();
        match split(text).filter(|_| !self.busy) {
            Some(commands) => {
                for command in &commands {
                    // A file that is there is named to be used; any other name may be one that the command makes.
                    let words = command.words.iter().chain(&command.writes);
                    let news: Vec<_> = words
                        .filter(|word| !self.resolve(word).is_some_and(|path| home.has(&path)))
                        .map(|word| word.text.as_str())
                        .collect();
                    let news = news.join(" ");
                    lost.extend(self.take(command, home));
                    home.note(&news);
                }
            }
            None => {
                home.forget();
                self.folder = None;
                home.note(text);
            }
        }
        lost
    }

    fn take(&mut self, command: &Simple, home: &mut Home) -> Option<Lost> {
        let lost = self.first_argument(command, home);
        for word in &command.writes {
            self.write(word, home);
        }
        let (program, arguments) = command.program()?;
        match program {
            "cd" => return self.change_folder(arguments, home),
            "mkdir" => {
                for folder in arguments.iter().filter(|word| !word.text.starts_with('-')) {
                    match self.resolve(folder) {
                        Some(path) => home.make_folder(&path),
                        None => home.may_have_more(),
                    }
                }
            }
            "touch" => {
                for file in arguments {
                    self.write(file, home);
                }
            }
            // Its output goes into files.
            "curl" if arguments.iter().any(|word| is_output(&word.text)) => home.may_have_more(),
            program if READERS.contains(&program) => {}
            program if RUNNERS.contains(&program) => home.may_have_more(),
            _ => home.forget(),
        }
        self.busy |= CONVERSATIONS.contains(&program)
            && arguments
                .iter()
                .all(|word| word.text.starts_with('-') && word.text != "-c")
            || matches!(
                program,
                "nano" | "vi" | "vim" | "ssh" | "less" | "man" | "more" | "top"
            );
        lost
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

    /// A file that a program is to read and that is not there.
    fn first_argument(&self, command: &Simple, home: &Home) -> Option<Lost> {
        let (program, arguments) = command.program()?;
        let word = arguments.first()?;
        let is_path = word.text.contains('.') || word.text.contains('/');
        if !READ_THEIR_FIRST.contains(&program) || word.text.starts_with('-') || !is_path {
            return None;
        }
        let path = self.resolve(word)?;
        let absence = home.absence(&path)?;
        Some(Lost {
            path: word.text.clone(),
            folder: self.folder.clone()?,
            is_folder: false,
            meant: absence.meant,
        })
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
            is_folder: true,
            meant: absence.meant,
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
        if !word.plain || text.starts_with(['/', '~', '-']) || text.contains("://") {
            return None;
        }
        home::join(self.folder.as_deref()?, text)
    }
}

fn is_output(option: &str) -> bool {
    let short = option.starts_with('-') && !option.starts_with("--");
    short && option.contains(['o', 'O'])
        || option.starts_with("--output")
        || option == "--remote-name"
}
