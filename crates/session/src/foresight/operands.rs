//! Which words of a command line name files that its program reads.

use atelier_content::shell::Word;

/// Which operands of a program are files that it reads.
#[derive(Debug, Clone, Copy)]
enum Which {
    All,
    First,
    AllButLast,
    /// All with one of these endings.
    Ending(&'static [&'static str]),
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

/// What `kubectl` does with the files that `-f` names.
const MANIFESTS: &[&str] = &[
    "apply", "create", "delete", "describe", "diff", "edit", "expose", "get", "label", "patch",
    "replace", "scale", "wait",
];

/// Whether Compose is told its files before what it is to do, behind which `-f` means something else.
fn starts_with_file(arguments: &[Word]) -> bool {
    let mut words = arguments.iter().map(|word| word.text.as_str());
    words
        .next()
        .is_some_and(|word| matches!(word, "-f" | "--file"))
        && !words.any(|word| matches!(word, "-f" | "exec" | "logs" | "rm" | "run"))
}

fn shape(program: &str, arguments: &[Word]) -> Option<Shape> {
    let first = || arguments.first().map(|word| word.text.as_str());
    Some(match program {
        "cat" | "tac" | "nl" | "less" | "more" | "wc" | "file" | "stat" | "diff" | "cmp"
        | "md5sum" | "sha256sum" => PLAIN,
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
        "deno" | "go" | "uv" if first() == Some("run") => Shape {
            leading: 1,
            valued: &["--with", "--python", "-p"],
            letters: "m",
            which: Which::First,
            ..PLAIN
        },
        "go" if matches!(first(), Some("build" | "test" | "vet")) => Shape {
            leading: 1,
            valued: &["-o", "-run", "-C"],
            which: Which::Ending(&[".go"]),
            ..PLAIN
        },
        "lua" | "Rscript" | "julia" | "tsx" | "ts-node" | "nodemon" => Shape {
            letters: "elp",
            which: Which::First,
            ..PLAIN
        },
        // What they are given besides is often made by them.
        "cc" | "gcc" | "c++" | "g++" | "clang" | "clang++" => Shape {
            valued: &[
                "-o", "-I", "-L", "-l", "-D", "-U", "-x", "-MF", "-MT", "-include", "-isystem",
            ],
            which: Which::Ending(&[".c", ".cc", ".cpp", ".cxx", ".h", ".s"]),
            ..PLAIN
        },
        "rustc" => Shape {
            valued: &[
                "-o",
                "-C",
                "-L",
                "--crate-name",
                "--crate-type",
                "--edition",
            ],
            which: Which::Ending(&[".rs"]),
            ..PLAIN
        },
        "javac" => Shape {
            valued: &["-d", "-s", "-cp", "-classpath", "--class-path", "--release"],
            which: Which::Ending(&[".java"]),
            ..PLAIN
        },
        "java" => Shape {
            valued: &["-cp", "-classpath", "--class-path", "--source"],
            which: Which::Ending(&[".java"]),
            long: &["-jar"],
            ..PLAIN
        },
        "make" | "gmake" => Shape {
            letters: "C",
            long: &["--directory"],
            which: Which::ValueOf(&["-f", "--file", "--makefile"]),
            ..PLAIN
        },
        "mvn" => Shape {
            which: Which::ValueOf(&["-f", "--file"]),
            ..PLAIN
        },
        "psql" => Shape {
            which: Which::ValueOf(&["-f", "--file"]),
            ..PLAIN
        },
        "ansible-playbook" => Shape {
            valued: &[
                "-i",
                "-e",
                "-l",
                "-t",
                "-u",
                "--inventory",
                "--extra-vars",
                "--tags",
            ],
            which: Which::Ending(&[".yml", ".yaml"]),
            ..PLAIN
        },
        "helm" if matches!(first(), Some("install" | "lint" | "template" | "upgrade")) => Shape {
            which: Which::ValueOf(&["-f", "--values"]),
            ..PLAIN
        },
        // Of others, `-f` follows a log, or belongs to what runs in a container.
        "kubectl" | "oc" if first().is_some_and(|verb| MANIFESTS.contains(&verb)) => Shape {
            which: Which::ValueOf(&["-f", "--filename"]),
            ..PLAIN
        },
        "docker" | "podman" if first() == Some("build") => Shape {
            which: Which::ValueOf(&["-f", "--file"]),
            ..PLAIN
        },
        "docker" | "podman" if first() == Some("compose") && starts_with_file(&arguments[1..]) => {
            Shape {
                which: Which::ValueOf(&["-f", "--file"]),
                ..PLAIN
            }
        }
        "docker-compose" if starts_with_file(arguments) => Shape {
            which: Which::ValueOf(&["-f", "--file"]),
            ..PLAIN
        },
        _ => return None,
    })
}

/// The words of a command line that name files which the program reads, as far as that is certain.
/// An option and its value may be one word: those are left out.
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
        } else if shape.long.contains(&text) {
            return Vec::new();
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
        Which::Ending(endings) => {
            let is_one = |word: &&Word| endings.iter().any(|ending| word.text.ends_with(ending));
            rest.iter().copied().filter(is_one).collect()
        }
        Which::First => rest.first().copied().into_iter().collect(),
        Which::AllButLast => rest[..rest.len().saturating_sub(1)].to_vec(),
        Which::ValueOf(_) => values,
    }
}

#[cfg(test)]
mod tests {
    use super::super::programs::program;
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
            ("go build -o app main.go", "main.go"),
            ("gcc -Wall -o a.out mian.c util.o -lm", "mian.c"),
            ("javac -d target/classes src/Man.java", "src/Man.java"),
            ("java -cp out com.example.Main", ""),
            ("java -jar app.jar x.java", ""),
            ("make -f Makefil all", "Makefil"),
            ("make -C sub -f Makefil", ""),
            ("mvn -f sub/pom.xml package", "sub/pom.xml"),
            ("docker build -t x -f Dockerfil .", "Dockerfil"),
            ("docker compose -f a.yaml up -d", "a.yaml"),
            ("docker compose -f a.yaml logs -f web.1", ""),
            ("docker exec web tail -f a.log", ""),
            ("docker rm -f web.1", ""),
            ("kubectl logs -f deploy/web", ""),
            ("kubectl exec web -- tail -f a.log", ""),
            ("helm upgrade x ./chart -f v.yaml", "v.yaml"),
            ("uv run --with x a.py", "a.py"),
            ("uv run -m a.b", ""),
            ("echo a.txt", ""),
        ] {
            assert_eq!(read(line), files, "{line}");
        }
    }
}
