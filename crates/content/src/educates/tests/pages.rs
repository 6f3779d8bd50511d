//! Pages: which, in what order, with what titles; variables; odd files.

use std::fmt::Write as _;

use super::{DEFINITION, folder, keys, load, problems};
use crate::Loaded;
use crate::variables::{self, Variables};

/// `key | title | heading`, one page a line.
fn pages(loaded: &Loaded) -> String {
    let mut out = String::new();
    for page in &loaded.workshop.pages {
        let heading = page.heading.as_deref().unwrap_or("-");
        writeln!(out, "{} | {} | {heading}", page.id, page.title).unwrap();
    }
    out
}

#[test]
fn orders_pages_by_key() {
    let expected = [
        "_x",
        "01.2-dots",
        "1-a",
        "10-b",
        "2-c",
        "a b",
        "a_b",
        "A-c",
        "a/b",
        "a1",
        "ab",
        "b/c",
        "Z",
    ];
    let paths: Vec<_> = expected
        .iter()
        .map(|key| format!("workshop/content/{key}.md"))
        .collect();
    let files: Vec<_> = paths.iter().map(|path| (path.as_str(), "x")).collect();
    assert_eq!(keys(&load(&files)), expected);
}

#[test]
fn orders_pages_by_weight() {
    let loaded = load(&[
        ("workshop/content/a.md", "---\ntitle: Zed\nweight: 2\n---\n"),
        (
            "workshop/content/b.md",
            "---\ntitle: Alpha\nweight: 1\n---\n",
        ),
        ("workshop/content/c.md", "---\ntitle: NoWeight C\n---\n"),
        ("workshop/content/d.md", "---\ntitle: Bravo\n---\n"),
        (
            "workshop/content/e.md",
            "+++\ntitle = 'Same'\nweight = 2\n+++\n",
        ),
        ("workshop/content/00x.md", "---\ndate: 2024-05-05\n---\n"),
    ]);
    assert_eq!(keys(&loaded), ["b", "e", "a", "00x", "d", "c"]);
}

#[test]
fn knows_which_files_are_pages() {
    let loaded = load(&[
        ("workshop/content/_index.md", "no"),
        ("workshop/content/01.md", "a"),
        ("workshop/content/02-x/index.md", "b"),
        ("workshop/content/02-x/notes.md", "resource"),
        ("workshop/content/02-x/a.png", ""),
        ("workshop/content/03/04/05.md", "c"),
        ("workshop/content/draft.md", "---\ndraft: true\n---\n"),
        ("workshop/content/06.markdown", "d"),
        ("workshop/content/07.html", "d"),
        ("workshop/content/slides/README.md", "d"),
        ("workshop/content/.hidden.md", "d"),
        ("workshop/content-backup/01.md", "d"),
        ("workshop/content/01/index.md", "twice"),
    ]);
    assert_eq!(
        keys(&loaded),
        ["01", "02-x", "03/04/05", "06", "slides/README"]
    );
    insta::assert_snapshot!(problems(&loaded), @r#"
    warning[page-in-bundle]: workshop/content/02-x/notes.md is not a page: workshop/content/02-x/index.md makes the folder one page = rename index.md, or move the file out of the folder
    warning[unsupported-page]: workshop/content/07.html is not shown as a page = write pages in Markdown; put files for download in workshop/static
    warning[duplicate-page]: there are two pages `01`; workshop/content/01.md is not shown
    warning[stray-page] workshop/content/slides/README.md:1:1: `slides/README` is a page of the workshop (found in the content folder) = move the file out of workshop/content if the learner is not to read it
    "#);
}

#[test]
fn follows_a_pathway() {
    let files = [
        ("resources/workshop.yaml", DEFINITION),
        (
            "workshop/config.yaml",
            "pathways:\n  default: short\n  paths:\n    short:\n      title: Short\n      description: Less\n      steps:\n      - b\n      - gone\n      - a\n      params:\n      - name: P\n        value: 2\n    long:\n      steps: [a, b, c]\n  modules:\n    b:\n      title: Module B\nmodules:\n- name: a\n  title: Listed A\n- name: b\n  title: Listed B\nparams:\n- name: P\n  value: 1\n- name: Session_Name\n  value: 1\n",
        ),
        ("workshop/content/a.md", "text"),
        ("workshop/content/b.md", "---\ntitle: Own B\n---\n"),
        ("workshop/content/c.md", "# Heading C\n"),
    ];
    let loaded = load(&files);
    insta::assert_snapshot!(pages(&loaded), @r#"
    b | Module B | Module B
    gone | gone | -
    a | Listed A | Listed A
    "#);
    insta::assert_snapshot!(problems(&loaded), @r#"
    warning[shadowed-variable] workshop/config.yaml:27:9: `Session_Name` is a built-in variable and keeps its own value (in `params`) = give the variable another name
    error[missing-page] workshop/config.yaml:9:9: there is no page `gone` (this step)
    "#);
    let workshop = &loaded.workshop;
    assert_eq!(workshop.unlisted[0].id.0, "c");
    assert_eq!(
        (workshop.title.as_str(), workshop.contents_title.as_str()),
        ("Y", "Short")
    );
    assert_eq!(
        (workshop.pathway.as_str(), workshop.pathways.len()),
        ("short", 2)
    );
    let preview = Variables::for_preview(workshop);
    let values = [
        "workshop_title",
        "workshop_description",
        "pathway_name",
        "P",
    ]
    .map(|name| preview.get(name).unwrap());
    assert_eq!(values, ["Short", "Less", "short", "2"]);
    let long = crate::load_pathway(&folder(&files).path, Some("long")).unwrap();
    assert_eq!(keys(&long), ["a", "b", "c"]);
    let unknown = crate::load_pathway(&folder(&files).path, Some("shrt")).unwrap();
    assert_eq!(unknown.workshop.pages.len(), 3);
    assert!(problems(&unknown).contains("did you mean `short`?"));
}

#[test]
fn titles_come_from_where_they_are() {
    let loaded = load(&[
        (
            "workshop/config.yaml",
            "params:\npathways:\nmodules:\n- {name: d, title: Listed}\n",
        ),
        (
            "workshop/content/a.md",
            "+++\ntitle = \"TOML *x*\"\n+++\ntext",
        ),
        ("workshop/content/b.md", "# From heading\n"),
        (
            "workshop/content/c.md",
            "---\ntitle: Front\n---\n\n# Own heading\n",
        ),
        ("workshop/content/d.md", "text"),
        ("workshop/content/x/05-some-page.md", "text\n\n# Late\n"),
        ("workshop/content/x/06-other_page.md", "text"),
    ]);
    insta::assert_snapshot!(pages(&loaded), @r#"
    a | TOML *x* | TOML *x*
    b | From heading | -
    c | Front | -
    d | Listed | Listed
    x/05-some-page | Late | -
    x/06-other_page | Other Page | -
    "#);
    assert_eq!(
        problems(&loaded),
        "warning[missing-title] workshop/content/x/06-other_page.md:1:1: the page `x/06-other_page` has no title (no heading stands above it) = begin the file with three lines: `---`, `title: …` and `---`\n"
    );
    assert_eq!(loaded.workshop.title, "lab-x");
}

#[test]
fn a_broken_header_leaves_the_body() {
    let loaded = load(&[(
        "workshop/content/a.md",
        "---\ntitle: a\nb: [\n---\n# Body\n",
    )]);
    insta::assert_snapshot!(problems(&loaded), @"error[invalid-front-matter] workshop/content/a.md:4:1: the page's header cannot be read (did not find expected node content)");
    let page = &loaded.workshop.pages[0];
    assert!(page.problem.is_some());
    assert_eq!(
        (page.title.as_str(), page.heading.as_deref()),
        ("Body", None)
    );
}

#[test]
fn loads_a_classic_workshop() {
    let loaded = load(&[
        (
            "workshop/modules.yaml",
            "modules:\n  a:\n    name: First\n    exit_sign: Go\n  b:\n  x/step_2:\n    name: Never\nconfig:\n  vars:\n  - name: V\n    value: 0\n    aliases: OTHER\n  - {name: W, value: w}\n",
        ),
        (
            "workshop/workshop.yaml",
            "name: Site\nmodules:\n  activate: [b, a, exercises/01-kubernetesAPI, gone]\nvars:\n  W: ww\n  N: n\n",
        ),
        (
            "workshop/content/a.md",
            "---\ntitle: x\n---\nA {{ ENV_HOME }}",
        ),
        ("workshop/content/b.adoc", "= B"),
        ("workshop/content/exercises/01-kubernetesAPI.md", "c"),
        ("workshop/content/other.md", "c"),
    ]);
    insta::assert_snapshot!(pages(&loaded), @r#"
    b | B | B
    a | First | First
    exercises/01-kubernetesAPI | 01 Kubernetes Api | 01 Kubernetes Api
    gone | Gone | Gone
    "#);
    insta::assert_snapshot!(problems(&loaded), @"error[missing-page] workshop/workshop.yaml:3:48: there is no page `gone` (this step)");
    let workshop = &loaded.workshop;
    assert_eq!(workshop.contents_title, "Site");
    assert_eq!(workshop.pages[1].next_label.as_deref(), Some("Go"));
    let environment = |name: &str| (name == "OTHER" || name == "HOME").then(|| format!("<{name}>"));
    let found = variables::resolve(workshop, Variables::default(), &environment);
    let values = ["V", "W", "N", "ENV_HOME"].map(|name| found.get(name).unwrap());
    assert_eq!(values, ["<OTHER>", "ww", "n", "<HOME>"]);
}

#[test]
fn variables_follow_aliases_names_and_builtins() {
    let loaded = load(&[
        (
            "workshop/config.yaml",
            "params:\n- {name: A, value: a, aliases: [X, Y]}\n- {name: B, value: 5}\n- {name: C, value: 0}\n- {name: D, value: false}\n- {name: E}\n- {value: x}\n",
        ),
        ("workshop/content/a.md", "x"),
    ]);
    let found = |environment: &dyn Fn(&str) -> Option<String>| {
        let builtins = Variables::from_iter([("session_name", "s1")]);
        let all = variables::resolve(&loaded.workshop, builtins, environment);
        [
            "A",
            "B",
            "C",
            "D",
            "E",
            "session_name",
            "training_portal",
            "registry_host",
        ]
        .map(|name| all.get(name).unwrap().to_owned())
    };
    assert_eq!(
        found(&|_| None),
        ["a", "5", "", "", "", "s1", "workshop", ""]
    );
    let y = |name: &str| matches!(name, "Y" | "A" | "B").then(|| format!("<{name}>"));
    assert_eq!(found(&y)[..2], ["<Y>", "<B>"]);
    let own = |name: &str| (name == "A").then(|| "own".to_owned());
    assert_eq!(found(&own)[0], "own");
}

#[test]
#[allow(clippy::disallowed_methods, reason = "tests make their own folders")]
fn stays_inside_the_folder_and_survives_odd_files() {
    let made = folder(&[("workshop/content/a.md", "x"), ("outside.txt", "x")]);
    let outside = made.path.parent().unwrap().join("secret.md");
    std::fs::write(&outside, "secret").unwrap();
    let content = made.path.join("workshop/content");
    std::os::unix::fs::symlink(&outside, content.join("leak.md")).unwrap();
    std::os::unix::fs::symlink(made.path.parent().unwrap(), content.join("up")).unwrap();
    std::os::unix::fs::symlink(&content, content.join("loop")).unwrap();
    std::os::unix::fs::symlink(content.join("a.md"), content.join("b.md")).unwrap();
    std::fs::write(content.join("c.md"), b"caf\xe9 \xff\r\n").unwrap();
    std::fs::write(content.join("d.md"), vec![b'x'; 5 * 1024 * 1024 + 1]).unwrap();
    let loaded = crate::load(&made.path).unwrap();
    assert_eq!(keys(&loaded), ["a", "b", "c", "d"]);
    assert!(loaded.workshop.pages[3].problem.is_some());
    insta::assert_snapshot!(problems(&loaded), @r#"
    error[outside-folder]: workshop/content/leak.md is a link out of the workshop's folder and is not read = copy what it points to into the workshop
    error[outside-folder]: workshop/content/up is a link out of the workshop's folder and is not read = copy what it points to into the workshop
    warning[invalid-utf8] workshop/content/c.md:1:4: workshop/content/c.md is not UTF-8 (not a character) = save the file as UTF-8
    error[file-too-large]: workshop/content/d.md is larger than 5 MB and is not read
    "#);
}
