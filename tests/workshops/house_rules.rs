//! What holds for the tree as a whole.

use std::collections::BTreeSet;
use std::fs;

use atelier_tests::WorkshopTest;
use camino::{Utf8Path, Utf8PathBuf};

use crate::schema;

fn root() -> &'static Utf8Path {
    Utf8Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// Every file below a folder of the tree, relative to the tree.
fn files(below: &str) -> Vec<Utf8PathBuf> {
    let not_ours = ["target", "node_modules", "dist", "gen", ".git"];
    let mut found = Vec::new();
    let mut folders = vec![Utf8PathBuf::from(below)];
    while let Some(folder) = folders.pop() {
        let entries = root().join(&folder).read_dir_utf8().expect("a folder");
        for entry in entries.flatten() {
            let path = folder.join(entry.file_name());
            if entry.path().is_dir() && !not_ours.contains(&entry.file_name()) {
                folders.push(path);
            } else if entry.path().is_file() {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn read(path: &Utf8Path) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
#[allow(clippy::print_stderr, reason = "a list for people")]
fn files_can_be_read_in_one_go() {
    let is_source = |path: &&Utf8PathBuf| {
        let written = matches!(
            path.extension(),
            Some("rs" | "ts" | "svelte" | "css" | "js" | "mjs" | "sh" | "html")
        );
        let generated = path.starts_with("ui/src/lib/protocol");
        written && !generated
    };
    let lengths: Vec<_> = files("")
        .iter()
        .filter(is_source)
        .map(|path| (read(path).lines().count(), path.clone()))
        .collect();
    for (length, path) in lengths.iter().filter(|(length, _)| *length > 400) {
        eprintln!("warning: {path} has {length} lines; think of taking it apart");
    }
    let too_long: Vec<_> = lengths.iter().filter(|(length, _)| *length > 600).collect();
    assert!(too_long.is_empty(), "more than 600 lines: {too_long:#?}");
}

/// What stands in the source as the first of several arguments, and looks like a code.
fn codes_in(source: &str) -> BTreeSet<String> {
    let inline = "#[cfg(test)]\nmod tests {";
    let production = source.split(inline).next().unwrap_or_default();
    let mut codes = BTreeSet::new();
    for (at, _) in production.match_indices('(') {
        let Some((literal, rest)) = production[at + 1..]
            .trim_start()
            .strip_prefix('"')
            .and_then(|from| from.split_once('"'))
        else {
            continue;
        };
        let kebab = literal.contains('-')
            && literal.split('-').all(|word| {
                let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
                word.starts_with(|c: char| c.is_ascii_lowercase()) && word.bytes().all(plain)
            });
        // Names of attributes and classes.
        let markup = ["data-", "aria-", "hl-"]
            .iter()
            .any(|prefix| literal.starts_with(prefix));
        if kebab && !markup && rest.trim_start().starts_with(',') {
            codes.insert(literal.to_owned());
        }
    }
    codes
}

#[test]
fn every_diagnostic_is_explained_and_no_other() {
    let page = Utf8Path::new("docs/diagnostics.md");
    if !root().join(page).exists() {
        return;
    }
    let explained: BTreeSet<String> = read(page)
        .lines()
        .filter_map(|line| line.strip_prefix("### "))
        .map(str::to_owned)
        .collect();
    let used: BTreeSet<String> = ["crates/content/src", "crates/session/src/foresight"]
        .into_iter()
        .flat_map(files)
        .filter(|path| path.extension() == Some("rs") && !path.as_str().contains("tests"))
        .flat_map(|path| codes_in(&read(&path)))
        // The catalogue of actions and the lists of programs have names of this form too.
        .filter(|code| !["copy-and-edit", "execute-all", "redis-cli"].contains(&&**code))
        .collect();
    assert!(used.len() > 40, "the search does not work: {used:?}");
    // What a machine lacks is told by the command alone, in the arms of a `match` and in a list.
    let machine = read(Utf8Path::new("crates/cli/src/report/machine.rs"));
    let of_machine = explained
        .iter()
        .filter(|code| machine.contains(&format!("\"{code}\"")));
    let used: BTreeSet<String> = used
        .union(&of_machine.cloned().collect())
        .cloned()
        .collect();
    let missing: Vec<_> = used.difference(&explained).collect();
    assert!(missing.is_empty(), "not in {page}: {missing:?}");
    let stale: Vec<_> = explained.difference(&used).collect();
    assert!(stale.is_empty(), "in {page}, but never reported: {stale:?}");
}

#[test]
fn guides_name_only_files_that_exist() {
    let folders: Vec<_> = root()
        .read_dir_utf8()
        .expect("a folder")
        .flatten()
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().to_owned())
        .collect();
    for guide in ["README.md", "ARCHITECTURE.md", "tests/README.md"].map(Utf8Path::new) {
        if !root().join(guide).exists() {
            continue;
        }
        let text = read(guide);
        let beside = guide.parent().unwrap_or(Utf8Path::new(""));
        let mut named: Vec<(Utf8PathBuf, &str)> =
            links(&text).map(|link| (beside.join(link), link)).collect();
        // Names in back-ticks that begin with a folder of the tree; anything else may be a workshop's.
        let quoted = text.split('`').skip(1).step_by(2);
        named.extend(
            quoted
                .filter(|name| !name.contains(|c: char| c.is_whitespace() || "*<>{}$".contains(c)))
                .filter(|name| {
                    name.split_once('/')
                        .is_some_and(|(first, _)| folders.iter().any(|folder| folder == first))
                })
                .map(|name| (Utf8PathBuf::from(name), name)),
        );
        let gone: Vec<_> = named
            .iter()
            .filter(|(path, _)| !root().join(path).exists())
            .map(|(_, name)| name)
            .collect();
        assert!(
            gone.is_empty(),
            "{guide} names what does not exist: {gone:?}"
        );
    }
}

/// Targets of Markdown links and images that are files.
fn links(text: &str) -> impl Iterator<Item = &str> {
    let targets = text
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split([')', ' ', '#']).next());
    targets.filter(|target| !target.is_empty() && !target.contains(':'))
}

#[test]
fn the_report_is_as_its_schema_says() {
    let text = read(Utf8Path::new("docs/test-report.schema.json"));
    let schema: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let everything = WorkshopTest::page(
        "
        ```terminal:execute
        command: 'false'
        ```
        ```editor:select-matching-text
        file: ~/exercises/a.txt
        text: nowhere
        ```
        ```examiner:execute-test
        name: fails
        ```
        ```workshop:copy
        text: hidden
        hidden: true
        ```
        ```editor:open-file
        file: [
        ```
        ",
    )
    .file("exercises/a.txt", "a")
    .file("workshop/setup.d/01.sh", "kill -9 $$")
    .examiner("fails", "false")
    .arg("--keep-going");
    let no_session = WorkshopTest::page("").link("exercises/link", "/etc/passwd");
    for run in [everything.test(), no_session.test()] {
        let report: serde_json::Value = serde_json::from_str(&run.stdout).expect(&run.stderr);
        assert_eq!(schema::problems(&schema, &report), [""; 0]);
    }
}

/// The names in double quotes of a text, between two of its marks.
fn quoted(path: &str, from: &str, to: &str) -> BTreeSet<String> {
    let text = read(Utf8Path::new(path));
    let part = text
        .split_once(from)
        .and_then(|(_, rest)| rest.split_once(to));
    let (part, _) = part.unwrap_or_else(|| panic!("{path} has no {from} … {to}"));
    let names = part.split('"').skip(1).step_by(2);
    names.map(str::to_owned).collect()
}

/// A command that is missing in one of these places compiles, passes every test with another backend, and is refused in the window.
#[test]
fn every_command_of_the_window_is_declared_allowed_handled_and_called() {
    let declared = quoted("src-tauri/build.rs", "COMMANDS: &[&str] = &[", "];");
    assert!(
        declared.len() > 40,
        "the search does not work: {declared:?}"
    );

    let allowed = quoted(
        "src-tauri/capabilities/main.json",
        "\"permissions\": [",
        "]",
    );
    let permissions: BTreeSet<_> = declared
        .iter()
        .map(|command| format!("allow-{}", command.replace('_', "-")))
        .collect();
    assert_eq!(permissions, allowed, "build.rs and capabilities/main.json");

    let handler = read(Utf8Path::new("src-tauri/src/commands/mod.rs"));
    let (_, list) = handler.split_once("generate_handler![").expect("a handler");
    let (list, _) = list.split_once(']').expect("its end");
    let handled: BTreeSet<_> = list
        .split(',')
        .filter_map(|entry| entry.trim().rsplit("::").next())
        .filter(|command| !command.is_empty())
        .map(str::to_owned)
        .collect();
    assert_eq!(declared, handled, "build.rs and commands/mod.rs");

    let backend = read(Utf8Path::new("ui/src/lib/backend/tauri.ts"));
    let literals: BTreeSet<_> = backend.split('"').skip(1).step_by(2).collect();
    let uncalled: Vec<_> = declared
        .iter()
        .filter(|command| !literals.contains(&***command))
        .collect();
    assert!(uncalled.is_empty(), "not called by tauri.ts: {uncalled:?}");
    let asked: BTreeSet<_> = backend
        .split("request<")
        .skip(1)
        .filter_map(|call| call.split_once(">(\"")?.1.split('"').next())
        .collect();
    let unknown: Vec<_> = asked
        .iter()
        .filter(|command| !declared.contains(**command))
        .collect();
    assert!(asked.len() > 40, "the search does not work: {asked:?}");
    assert!(unknown.is_empty(), "tauri.ts calls {unknown:?}");
}

#[test]
fn every_promise_of_security_is_held_by_a_test() {
    let text = read(Utf8Path::new("docs/security.md"));
    let quoted = text.split('`').skip(1).step_by(2);
    let named: Vec<_> = quoted.filter_map(|name| name.split_once("::")).collect();
    assert!(named.len() > 20, "{named:?}");
    for (file, name) in named {
        let source = read(Utf8Path::new(file));
        let (before, _) = source
            .split_once(&format!("fn {name}("))
            .unwrap_or_else(|| panic!("{file} has no test {name}"));
        // What stands before the word on its line is no attribute.
        let (before, _) = before.rsplit_once('\n').unwrap_or_default();
        let attributes = before.lines().rev();
        let of_it = attributes.take_while(|line| !line.trim().is_empty() && line.trim() != "}");
        let is_test = |line: &str| {
            let line = line.trim();
            ["#[test]", "#[tokio::test", "proptest"]
                .iter()
                .any(|attribute| line.starts_with(attribute))
        };
        assert!(of_it.into_iter().any(is_test), "{file}: {name} is no test");
    }
}

#[test]
fn the_window_takes_scripts_and_commands_from_itself_alone() {
    let json = |path: &str| -> serde_json::Value {
        serde_json::from_str(&read(Utf8Path::new(path))).expect("JSON")
    };
    let app = &json("src-tauri/tauri.conf.json")["app"];
    assert_eq!(app["withGlobalTauri"], false);
    let policy = &app["security"]["csp"];
    for (directive, sources) in [
        ("default-src", "'self'"),
        ("script-src", "'self'"),
        ("connect-src", "ipc: http://ipc.localhost"),
        ("object-src", "'none'"),
        ("base-uri", "'none'"),
        ("form-action", "'none'"),
    ] {
        assert_eq!(policy[directive], sources, "{directive}");
    }
    // Tabs show servers on this computer, and nothing from elsewhere.
    let frames = policy["frame-src"].as_str().expect("a text");
    for source in frames.split(' ') {
        let host = source.trim_start_matches("http://");
        let host = host.trim_end_matches(":*").trim_start_matches("*.");
        assert!(matches!(host, "localhost" | "127.0.0.1"), "{source}");
    }
    for file in files("src-tauri/capabilities") {
        let capability = json(file.as_str());
        assert_eq!(capability["local"], true, "{file}");
        assert!(capability.get("remote").is_none(), "{file}");
        assert!(capability.get("webviews").is_none(), "{file}");
    }
    let frame = read(Utf8Path::new("ui/src/components/work/WebFrame.svelte"));
    let sandbox = frame.split("sandbox=\"").nth(1).expect("a sandbox");
    let sandbox = sandbox.split('"').next().expect("its end");
    for word in sandbox.split_whitespace() {
        let plain = ["allow-scripts", "allow-forms", "allow-same-origin"];
        assert!(plain.contains(&word), "{word}");
    }
}
