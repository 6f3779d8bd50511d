//! What well-known programs do with the files that they are given.

use atelier_content::needs;
use atelier_content::shell::{Command, Word, plain_commands};

/// Programs that leave files as they are.
const READERS: &[&str] = &[
    ":",
    "[",
    "[[",
    "alias",
    "awk",
    "basename",
    "break",
    "cat",
    "chmod",
    "clear",
    "cmp",
    "column",
    "command",
    "comm",
    "continue",
    "cut",
    "date",
    "declare",
    "df",
    "diff",
    "dirname",
    "du",
    "echo",
    "egrep",
    "env",
    "exit",
    "export",
    "false",
    "fgrep",
    "file",
    "find",
    "fold",
    "free",
    "gawk",
    "grep",
    "head",
    "history",
    "host",
    "hostname",
    "id",
    "jobs",
    "jq",
    "kill",
    "less",
    "let",
    "local",
    "ls",
    "lsof",
    "man",
    "md5sum",
    "more",
    "netstat",
    "nl",
    "nproc",
    "paste",
    "pgrep",
    "ping",
    "pkill",
    "printenv",
    "printf",
    "ps",
    "pwd",
    "read",
    "return",
    "rev",
    "sed",
    "seq",
    "set",
    "sha256sum",
    "shift",
    "shopt",
    "sleep",
    "sort",
    "ss",
    "stat",
    "tac",
    "tail",
    "test",
    "time",
    "top",
    "tr",
    "trap",
    "tree",
    "true",
    "type",
    "ulimit",
    "umask",
    "uname",
    "uniq",
    "unset",
    "uptime",
    "wait",
    "wc",
    "which",
    "whoami",
    "xxd",
    "yq",
];

/// Programs that make files, but hardly change those of the workshop.
const RUNNERS: &[&str] = &[
    ".", "ab", "bash", "c++", "cargo", "cc", "clang", "clang++", "curl", "deno", "docker", "flask",
    "g++", "gcc", "go", "gradle", "gunicorn", "http", "java", "javac", "kubectl", "lua", "mvn",
    "node", "npm", "npx", "pip", "pip3", "pytest", "python", "python3", "ruby", "rustc", "sh",
    "source", "uv", "uvicorn", "wget",
];

/// What package managers are told to do when they change the files of a project, or make one.
const REWRITES: &[&str] = &[
    "add", "create", "fix", "fmt", "get", "i", "init", "install", "mod", "new", "pkg", "remove",
];

/// Programs that fill the terminal until somebody leaves them.
const SCREENS: &[&str] = &["less", "man", "more", "nano", "top", "vi", "vim"];

/// Shells: started without a script they read what is typed, in a folder of their own.
const SHELLS: &[&str] = &["bash", "sh"];

/// What a command does to files besides what it is redirected to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Deed {
    /// Nothing.
    Reads,
    /// It may make files.
    Makes,
    /// It may make and change any.
    Changes,
}

/// The program that a command ends up starting, and its arguments; none when it only sets variables or redirects.
pub(super) fn program(command: &Command) -> Option<(&Word, &[Word])> {
    plain_commands(command).last()?.split_first()
}

/// What a program does to files; those that change folders or make and copy files by name are not among its answers.
pub(super) fn deed(program: &str, arguments: &[Word]) -> Deed {
    let any = |is: &dyn Fn(&str) -> bool| arguments.iter().any(|word| is(&word.text));
    match program {
        "curl" if !any(&is_output) => Deed::Reads,
        "sed" if any(&|word| word.starts_with("-i") || word.starts_with("--in")) => Deed::Changes,
        "awk" | "gawk" if any(&|word| word.contains('>') || word == "-i") => Deed::Changes,
        "find" if any(&|word| matches!(word, "-exec" | "-delete" | "-execdir" | "-ok")) => {
            Deed::Changes
        }
        "sort" if any(&|word| has_letter(word, 'o') || word.starts_with("--o")) => Deed::Changes,
        "yq" if any(&|word| has_letter(word, 'i') || word == "--inplace") => Deed::Changes,
        "cargo" | "go" | "npm" | "npx" | "uv" if any(&|word| REWRITES.contains(&word)) => {
            Deed::Changes
        }
        "git" => match arguments.first().map(|word| word.text.as_str()) {
            Some("diff" | "log" | "show" | "status") => Deed::Reads,
            Some("add" | "commit" | "config" | "init") => Deed::Makes,
            _ => Deed::Changes,
        },
        program if READERS.contains(&program) => Deed::Reads,
        program if RUNNERS.contains(&program) => Deed::Makes,
        _ => Deed::Changes,
    }
}

/// Whether what is typed next goes to this program.
pub(super) fn takes_over(command: &Command) -> bool {
    let Some((name, arguments)) = program(command) else {
        return false;
    };
    let alone = || {
        let mut words = arguments.iter().map(|word| word.text.as_str());
        words.all(|word| word.starts_with('-') && word != "-c")
    };
    let name = name.text.as_str();
    command.reads.is_empty()
        && (needs::takes_over(command)
            || SCREENS.contains(&name)
            || SHELLS.contains(&name) && alone())
}

/// Whether it is short options with this one among them.
fn has_letter(option: &str, letter: char) -> bool {
    let short = option.strip_prefix('-').unwrap_or_default();
    !short.starts_with('-') && !short.contains('=') && short.contains(letter)
}

fn is_output(option: &str) -> bool {
    let short = option.starts_with('-') && !option.starts_with("--");
    short && option.contains(['o', 'O'])
        || option.starts_with("--output")
        || option == "--remote-name"
}
