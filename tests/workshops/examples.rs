//! The examples of the documentation and of the skill: each is checked as an author's own would be.
//!
//! An example that is meant to be wrong stands below `<!-- wrong: CODE -->`, and `check` must say that. Blocks below
//! `<!-- file: PATH -->` are the files of one workshop, which must pass `check` and `test` as a whole.

use std::collections::BTreeMap;

use atelier_tests::WorkshopTest;
use camino::{Utf8Path, Utf8PathBuf};

use crate::fences::{Fence, fences};

fn root() -> &'static Utf8Path {
    Utf8Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// The pages with examples: the documentation for authors, and the skill.
fn pages() -> Vec<(Utf8PathBuf, String)> {
    let skill = root().join("skills/workshop-authoring");
    let mut paths = vec![skill.join("SKILL.md")];
    for folder in [root().join("docs"), skill.join("references")] {
        let entries = folder.read_dir_utf8().expect("a folder");
        let entries = entries.flatten().map(|entry| entry.into_path());
        paths.extend(entries.filter(|path| path.extension() == Some("md")));
    }
    paths.sort();
    let read = |path: &Utf8PathBuf| std::fs::read_to_string(path).expect("a page");
    paths
        .iter()
        .map(|path| (path.clone(), read(path)))
        .collect()
}

/// Blocks that are no examples of a workshop's files: commands, what programs print, code to look at.
const NO_EXAMPLES: [&str; 5] = ["shell", "text", "math", "js", ""];

#[test]
fn no_block_is_passed_over() {
    for (path, text) in pages() {
        let found = fences(&text);
        for fence in &found {
            let info = fence.info.split_whitespace().next().unwrap_or_default();
            let is_file = fence
                .comment
                .as_deref()
                .is_some_and(|said| said.starts_with("file:"));
            let is_checked = is_file
                || page(fence).is_some()
                || matches!(info, "asciidoc" | "html" | "ini" | "yaml")
                || NO_EXAMPLES.contains(&info);
            assert!(is_checked, "{path}:{} nothing checks `{info}`", fence.line);
            let comment = fence.comment.as_deref().unwrap_or("file:");
            assert!(
                comment.starts_with("file:") || comment.starts_with("wrong:"),
                "{path}:{} what is {comment}?",
                fence.line
            );
        }
        // A comment counts for the block below it alone, and a block without an end would swallow the others.
        let outside = |line: &&str| line.starts_with("<!--");
        let comments = text.lines().filter(outside).count();
        let inside: usize = found
            .iter()
            .map(|fence| fence.body.lines().filter(outside).count())
            .sum();
        let taken = found.iter().filter(|fence| fence.comment.is_some()).count();
        assert_eq!(
            comments - inside,
            taken,
            "{path}: a comment without a block"
        );
        let lines = found
            .iter()
            .map(|fence| fence.line + fence.body.lines().count());
        let all = text.lines().count();
        assert!(lines.max().unwrap_or(0) < all, "{path}: a block has no end");
    }
}

const DEFINITION: &str = "apiVersion: training.educates.dev/v1beta1
kind: Workshop
metadata:
  name: lab-example
spec:
  title: An example
  description: Holds one example of the documentation.
";

const APPLICATIONS: &str = "    applications:
      terminal: {enabled: true, layout: split/2}
      editor: {enabled: true}
      examiner: {enabled: true}
      slides: {enabled: true}
      files: {enabled: true, directory: exercises}
      uploads: {enabled: true, directory: uploads}
";

/// A workshop in which examples of pages can stand.
fn surroundings(session: &str) -> WorkshopTest {
    let definition = format!("{DEFINITION}  session:\n{APPLICATIONS}{session}");
    let test = WorkshopTest::new(&[])
        .bytes("resources/workshop.yaml", definition.as_bytes())
        .bytes(
            "exercises/notes.txt",
            b"first line\nsecond line\nthird line\n",
        )
        .bytes("exercises/old.txt", b"old\n")
        .bytes("exercises/src/app.py", b"print('hello')\n")
        .bytes("exercises/deployment.yaml", DEPLOYMENT.as_bytes())
        .bytes("exercises/photo.png", b"no picture")
        .program("exercises/greet", "#!/bin/bash\necho Hello, $1\n")
        .bytes("workshop/slides/index.html", b"<h1>Slides</h1>")
        .bytes("workshop/content/02-next.md", b"# Next\n");
    ["file-exists", "deployed", "greets", "committed"]
        .into_iter()
        .fold(test, |test, name| test.examiner(name, "true"))
}

const DEPLOYMENT: &str = "metadata:
  name: web
spec:
  replicas: 1
  template:
    spec:
      containers:
      - name: web
        image: nginx
";

/// The text of a page with the example, if it is one of a page.
fn page(fence: &Fence) -> Option<String> {
    match fence.info.split_whitespace().next().unwrap_or_default() {
        "markdown" => Some(fence.body.clone()),
        "" if fence.marks > 3 => Some(fence.body.clone()),
        name if name.contains(':') || name.starts_with("execute") || name.starts_with("copy") => {
            Some(format!("```{}\n{}```\n", fence.info, fence.body))
        }
        _ => None,
    }
}

/// The workshop around an example that is no page; none for what is no part of a workshop.
fn workshop(fence: &Fence) -> Option<WorkshopTest> {
    let body = fence.body.as_bytes();
    let page = |text: &str| surroundings("").and_page("01-page", text);
    match fence.info.split_whitespace().next().unwrap_or_default() {
        "asciidoc" => Some(
            surroundings("")
                .bytes(
                    "workshop/workshop.yaml",
                    b"modules:\n  activate: [01-page, 02-next]\n",
                )
                .bytes("workshop/content/01-page.adoc", body),
        ),
        "html" => Some(
            page("{{< example >}}a{{< /example >}}\n")
                .bytes("workshop/layouts/shortcodes/example.html", body),
        ),
        "ini" => Some(page("# Page\n").bytes("workshop/supervisor/example.conf", body)),
        "yaml" => Some(of_yaml(&fence.body)),
        _ => None,
    }
}

/// Definitions, configurations and lists of requirements, by what they hold.
fn of_yaml(text: &str) -> WorkshopTest {
    let value: serde_yaml::Value =
        serde_yaml::from_str(text).unwrap_or_else(|error| panic!("{error}:\n{text}"));
    let page = |test: WorkshopTest| test.and_page("01-page", "# Page\n");
    let has = |key: &str| value.get(key).is_some();
    if value.is_sequence() {
        return page(surroundings("")).bytes("workshop/requirements.yaml", text.as_bytes());
    }
    if has("kind") {
        return page(surroundings("")).bytes("resources/workshop.yaml", text.as_bytes());
    }
    if has("spec") {
        let start = DEFINITION.split("spec:").next().unwrap_or_default();
        let rest = text
            .split_once("spec:\n")
            .map(|(_, rest)| rest)
            .unwrap_or_default();
        let whole = format!("{start}spec:\n  title: An example\n{rest}");
        return page(surroundings("")).bytes("resources/workshop.yaml", whole.as_bytes());
    }
    if has("session") {
        let session: String = text.lines().map(|line| format!("  {line}\n")).collect();
        let whole = format!("{DEFINITION}{session}");
        return page(surroundings("")).bytes("resources/workshop.yaml", whole.as_bytes());
    }
    assert!(has("params") || has("pathways"), "what is this?\n{text}");
    let pages = ["01-start", "02-look-around", "03-build"];
    let test = pages.into_iter().fold(surroundings(""), |test, name| {
        test.and_page(name, "# Page\n")
    });
    let gone = test.root().join("workshop/content/02-next.md");
    std::fs::remove_file(gone).expect("it was there");
    test.bytes("workshop/config.yaml", text.as_bytes())
}

#[test]
fn every_example_is_right_or_wrong_as_it_says() {
    let mut checked = 0;
    let mut problems = Vec::new();
    for (path, text) in pages() {
        // Those that are right are pages of one workshop, in their order: one may go on where another ended.
        let mut right = surroundings("");
        for fence in fences(&text) {
            let comment = fence.comment.as_deref().unwrap_or_default();
            if comment.starts_with("file:") {
                continue;
            }
            let wrong = comment.strip_prefix("wrong:").map(str::trim);
            let alone = match (page(&fence), wrong) {
                (Some(page), None) => {
                    right = right.and_page(&format!("line-{:05}", fence.line), &page);
                    checked += 1;
                    continue;
                }
                (Some(page), Some(_)) => Some(surroundings("").and_page("01-page", &page)),
                (None, _) => workshop(&fence),
            };
            let Some(alone) = alone else {
                continue;
            };
            checked += 1;
            let found = alone.check().findings;
            let codes: Vec<_> = found.iter().map(|found| &*found.code).collect();
            if codes != wrong.into_iter().collect::<Vec<_>>() {
                problems.push(format!("{path}:{} {wrong:?} {found:#?}", fence.line));
            }
        }
        let found = right.check().findings;
        if !found.is_empty() {
            problems.push(format!("{path} {found:#?}"));
        }
    }
    assert!(checked > 60, "the search does not work: {checked}");
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn examples_of_actions_do_what_they_say() {
    let of_actions = pages()
        .into_iter()
        .filter(|(path, _)| path.file_name() == Some("actions.md"));
    for (path, text) in of_actions {
        let right = fences(&text)
            .iter()
            .filter(|fence| fence.comment.is_none())
            .filter_map(|fence| Some((fence.line, page(fence)?)))
            .fold(surroundings(""), |test, (line, page)| {
                test.and_page(&format!("line-{line:05}"), &page)
            });
        let played = right.arg("--keep-going").test();
        let failed: Vec<_> = played
            .rows()
            .filter(|row| row.status != "passed")
            .map(|row| format!("{} {}", row.source.file, row.brief()))
            .collect();
        assert!(failed.is_empty(), "{path}: {failed:#?}");
    }
}

#[test]
fn whole_workshops_of_the_documentation_pass() {
    let mut played = 0;
    for (path, text) in pages() {
        let mut files = BTreeMap::new();
        for fence in fences(&text) {
            if let Some(name) = fence
                .comment
                .as_deref()
                .and_then(|said| said.strip_prefix("file:"))
            {
                let again = files.insert(name.trim().to_owned(), fence.body);
                assert!(again.is_none(), "{path}: {name} twice");
            }
        }
        if files.is_empty() {
            continue;
        }
        let test = files
            .iter()
            .fold(WorkshopTest::new(&[]), |test, (name, body)| {
                let test = test.bytes(name, body.as_bytes());
                if body.starts_with("#!") {
                    test.mode(name, 0o755)
                } else {
                    test
                }
            });
        let found = test.check();
        assert!(found.findings.is_empty(), "{path}: {:#?}", found.findings);
        test.test().passes();
        played += 1;
    }
    assert!(played > 0, "no page has a whole workshop");
}

#[test]
fn the_skill_names_every_action_and_key() {
    let skill = root().join("skills/workshop-authoring");
    let read = |name: &str| std::fs::read_to_string(skill.join(name)).expect("a file of the skill");
    let schema = atelier_content::action::schema();
    let keys = |pointer: &str| -> Vec<String> {
        let object = schema.pointer(pointer).and_then(|value| value.as_object());
        object.expect("an object").keys().cloned().collect()
    };
    let quoted = |text: &str, name: &str| {
        text.contains(&format!("`{name}`")) || text.contains(&format!("`{name}:"))
    };
    let actions = read("references/actions.md");
    for action in keys("/properties") {
        assert!(quoted(&actions, &action), "{action}");
        // Each with its own properties, those of a family once for all of it.
        for property in schema["$defs"][&*action]["properties"]
            .as_object()
            .into_iter()
            .flatten()
        {
            assert!(quoted(&actions, property.0), "{action} {}", property.0);
        }
    }
    let testing = read("references/testing.md");
    for key in keys("/$defs/every-action/properties/test/properties") {
        assert!(quoted(&testing, &key), "{key}");
    }
    let main = read("SKILL.md");
    let header = main
        .strip_prefix("---\n")
        .and_then(|rest| rest.split_once("\n---\n"));
    let header: serde_yaml::Value =
        serde_yaml::from_str(header.expect("a header").0).expect("YAML");
    assert_eq!(header["name"], "workshop-authoring");
    let description = header["description"].as_str().expect("text");
    assert!((100..1024).contains(&description.len()));
    for entry in skill
        .join("references")
        .read_dir_utf8()
        .expect("a folder")
        .flatten()
    {
        assert!(
            main.contains(&format!("(references/{})", entry.file_name())),
            "{}",
            entry.file_name()
        );
    }
}

#[test]
fn links_of_the_documentation_lead_somewhere() {
    let anchors = |text: &str| -> Vec<String> {
        let headings = text.lines().filter_map(|line| {
            line.trim_start_matches('#')
                .strip_prefix(' ')
                .filter(|_| line.starts_with('#'))
        });
        headings
            .map(|heading| {
                let kept = heading
                    .chars()
                    .filter(|c| c.is_alphanumeric() || " -_".contains(*c));
                kept.collect::<String>().to_lowercase().replace(' ', "-")
            })
            .collect()
    };
    let mut gone = Vec::new();
    for (path, text) in pages() {
        let fenced: Vec<_> = fences(&text).into_iter().map(|fence| fence.body).collect();
        for target in text
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split(')').next())
        {
            // Links in examples are those of a workshop.
            let is_example = fenced
                .iter()
                .any(|body| body.contains(&format!("]({target})")));
            let shown = text.contains(&format!("]({target})`"));
            if target.contains(':') || target.contains(' ') || is_example || shown {
                continue;
            }
            let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
            let to = match file {
                "" => path.clone(),
                file => path.with_file_name("").join(file),
            };
            let text = std::fs::read_to_string(&to).unwrap_or_default();
            if !to.exists()
                || !(anchor.is_empty() || anchors(&text).iter().any(|own| own == anchor))
            {
                gone.push(format!("{path}: {target}"));
            }
        }
    }
    assert!(gone.is_empty(), "{gone:#?}");
}
