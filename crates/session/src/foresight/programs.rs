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
    ".", "ab", "bash", "cargo", "curl", "docker", "flask", "go", "gradle", "gunicorn", "http",
    "java", "javac", "kubectl", "mvn", "node", "npm", "npx", "pip", "pip3", "pytest", "python",
    "python3", "ruby", "sh", "source", "uv", "uvicorn", "wget",
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

/// Which operands of a program are files that it reads.
#[derive(Debug, Clone, Copy)]
enum Which {
    All,
    First,
    AllButLast,
    /// Only the value of an option.
    ValueOf(&'static [&'static str]),
}

/// How the command line of a program is read.
struct Shape {
    /// So many operands come first that are no files.
    leading: usize,
    /// Options that take the next word.
    valued: &'static [&'static str],
    /// With one of these letters, or one of these long options, nothing is told of its files.
    letters: &'static str,
    long: &'static [&'static str],
    which: Which,
}

const PLAIN: Shape = Shape {
    leading: 0,
    valued: &[],
    letters: "",
    long: &[],
    which: Which::All,
};

fn shape(program: &str, arguments: &[Word]) -> Option<Shape> {
    let first = || arguments.first().map(|word| word.text.as_str());
    Some(match program {
        "cat" | "tac" | "nl" | "less" | "more" | "wc" | "file" | "stat" | "diff" | "cmp"
        | "md5sum" | "sha256sum" | "javac" => PLAIN,
        "source" | "." => Shape {
            which: Which::First,
            ..PLAIN
        },
        "head" | "tail" => Shape {
            valued: &["-n", "-c", "--lines", "--bytes"],
            ..PLAIN
        },
        "sort" => Shape {
            valued: &["-k", "-t", "-o", "-S", "-T"],
            ..PLAIN
        },
        "uniq" => Shape {
            valued: &["-f", "-s", "-w"],
            which: Which::First,
            ..PLAIN
        },
        "cut" => Shape {
            valued: &["-d", "-f", "-c", "-b"],
            ..PLAIN
        },
        "grep" | "egrep" | "fgrep" => Shape {
            leading: 1,
            valued: &["-m", "-A", "-B", "-C"],
            letters: "rRef",
            long: &["--recursive", "--regexp", "--file"],
            ..PLAIN
        },
        "sed" => Shape {
            leading: 1,
            letters: "ef",
            long: &["--expression", "--file"],
            ..PLAIN
        },
        "awk" | "gawk" => Shape {
            leading: 1,
            valued: &["-F", "-v"],
            letters: "f",
            ..PLAIN
        },
        "jq" => Shape {
            leading: 1,
            letters: "nf",
            long: &[
                "--arg",
                "--argjson",
                "--args",
                "--null-input",
                "--slurpfile",
            ],
            ..PLAIN
        },
        "chmod" => Shape {
            leading: 1,
            long: &["--reference"],
            ..PLAIN
        },
        "bash" | "sh" | "zsh" => Shape {
            letters: "cs",
            which: Which::First,
            ..PLAIN
        },
        "python" | "python3" => Shape {
            valued: &["-W", "-X"],
            letters: "mc",
            which: Which::First,
            ..PLAIN
        },
        "node" | "ruby" | "perl" | "php" => Shape {
            letters: "ceprS",
            long: &["--eval", "--print", "--require", "--import"],
            which: Which::First,
            ..PLAIN
        },
        "cp" | "mv" => Shape {
            letters: "tT",
            long: &["--target-directory"],
            which: Which::AllButLast,
            ..PLAIN
        },
        "go" if first() == Some("run") => Shape {
            leading: 1,
            which: Which::First,
            ..PLAIN
        },
        "kubectl" | "oc" => Shape {
            which: Which::ValueOf(&["-f", "--filename"]),
            ..PLAIN
        },
        "docker" | "docker-compose" | "podman"
            if !arguments.iter().any(|word| word.text == "logs") =>
        {
            Shape {
                which: Which::ValueOf(&["-f", "--file"]),
                ..PLAIN
            }
        }
        _ => return None,
    })
}

/// The words of a command line that name files which the program reads, as far as that is certain.
pub(super) fn files_read<'w>(program: &str, arguments: &'w [Word]) -> Vec<&'w Word> {
    let Some(shape) = shape(program, arguments) else {
        return Vec::new();
    };
    let mut operands = Vec::new();
    let mut values = Vec::new();
    let mut words = arguments.iter();
    let mut options_end = false;
    while let Some(word) = words.next() {
        let text = word.text.as_str();
        if options_end || !text.starts_with('-') || text == "-" {
            operands.push(word);
        } else if text == "--" {
            options_end = true;
        } else if text.starts_with("--") {
            let name = text.split('=').next().unwrap_or(text);
            if shape.long.contains(&name) {
                return Vec::new();
            }
            if let Which::ValueOf(options) = shape.which
                && options.contains(&text)
            {
                values.extend(words.next());
            } else if shape.valued.contains(&text) {
                words.next();
            }
        } else if matches!(shape.which, Which::ValueOf(options) if options.contains(&text)) {
            values.extend(words.next());
        } else if shape.valued.contains(&text) {
            words.next();
        } else if text.contains(|letter: char| shape.letters.contains(letter)) {
            return Vec::new();
        }
    }
    let rest = operands.get(shape.leading..).unwrap_or_default();
    match shape.which {
        Which::All => rest.to_vec(),
        Which::First => rest.first().copied().into_iter().collect(),
        Which::AllButLast => rest[..rest.len().saturating_sub(1)].to_vec(),
        Which::ValueOf(_) => values,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operands_that_are_files_are_told() {
        let read = |line: &str| {
            let script = atelier_content::shell::read(line);
            let (program, arguments) = program(&script.commands[0]).unwrap();
            let files = files_read(&program.text, arguments);
            let files: Vec<_> = files.iter().map(|word| word.text.as_str()).collect();
            files.join(" ")
        };
        for (line, files) in [
            ("cat a.txt -n b.txt", "a.txt b.txt"),
            ("tail -n 3 -f a.log", "a.log"),
            ("head -5 a.log", "a.log"),
            ("grep -i -m 2 '^x y' a.log", "a.log"),
            ("grep -rn x src/a.py", ""),
            ("grep -e x a.log", ""),
            ("cut -d ' ' -f 1 a.log", "a.log"),
            ("awk -F '\"' '{ print $6 }' a.log", "a.log"),
            ("sed -n '1,3p' a.txt", "a.txt"),
            ("python3 -u app/main.py --port 3", "app/main.py"),
            ("python3 -m http.server 8000", ""),
            ("bash -c 'cat x.txt'", ""),
            ("node -e 'x.y'", ""),
            ("cp -r a.txt b/", "a.txt"),
            ("kubectl apply -n x -f d.yaml", "d.yaml"),
            ("sudo cat a.txt", "a.txt"),
            ("go run m.go", "m.go"),
            ("go build ./...", ""),
            ("echo a.txt", ""),
        ] {
            assert_eq!(read(line), files, "{line}");
        }
    }
}
