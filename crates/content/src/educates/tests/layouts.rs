//! Folders as they are found: repositories, collections, parts of workshops, loose pages.

use super::{DEFINITION, Folder, folder, keys, problems};
use crate::{LoadError, Loaded, load, workshops_below};

const ACTION: &str = "# One\n\n```terminal:execute\ncommand: ls\n```\n";

/// The folders of a collection, relative to it.
fn below(folder: &Folder) -> Vec<String> {
    let found = workshops_below(&folder.path).workshops;
    found
        .iter()
        .map(|path| path.strip_prefix(&folder.path).unwrap().to_string())
        .collect()
}

fn at(folder: &Folder, path: &str) -> Result<Loaded, LoadError> {
    load(&folder.path.join(path))
}

#[test]
fn a_repository_with_several_workshops_names_them() {
    let portal = "kind: Service\n---\napiVersion: training.educates.dev/v1beta1\nkind: TrainingPortal\nspec:\n  portal: {title: All labs}\n  workshops:\n  - name: lab-z\n  - name: lab-2\n";
    let files = [
        ("README.md", "# Labs"),
        ("resources/trainingportal.yaml", portal),
        ("workshops/lab-10/workshop/content/a.md", "x"),
        ("workshops/lab-2/resources/workshop.yaml", DEFINITION),
        ("workshops/lab-1/workshop/content/sub/a.adoc", "x"),
        ("workshops/lab-z/resources/lab.yml", DEFINITION),
        ("backup/lab-0/resources/workshop.yaml", DEFINITION),
        ("node_modules/lab/resources/workshop.yaml", DEFINITION),
        (".git/lab/resources/workshop.yaml", DEFINITION),
        ("1/2/3/4/5/resources/workshop.yaml", DEFINITION),
        ("docs/resources/workshop.yaml", "kind: Workshop\n"),
    ];
    let repository = folder(&files);
    assert_eq!(
        below(&repository),
        [
            "workshops/lab-z",
            "workshops/lab-2",
            "workshops/lab-1",
            "workshops/lab-10",
            "backup/lab-0"
        ]
    );
    assert_eq!(
        workshops_below(&repository.path).title.as_deref(),
        Some("All labs")
    );
    let message = load(&repository.path).unwrap_err().to_string();
    let message = message.replace(repository.path.as_str(), "ROOT");
    insta::assert_snapshot!(message, @"
    ROOT holds 5 workshops; name one of them:
      ROOT/workshops/lab-z
      ROOT/workshops/lab-2
      ROOT/workshops/lab-1
      ROOT/workshops/lab-10
      ROOT/backup/lab-0
    ");
}

#[test]
fn a_single_workshop_further_down_is_meant() {
    let archive = folder(&[
        ("lab-main/resources/workshop.yaml", DEFINITION),
        ("lab-main/workshop/content/01.md", ACTION),
    ]);
    let loaded = at(&archive, "").unwrap();
    assert_eq!(loaded.workshop.root, archive.path.join("lab-main"));
    assert_eq!(loaded.workshop.title, "Y");
}

#[test]
fn the_catalogue_of_an_archive_lies_below_its_top_folder() {
    let portal = "apiVersion: training.educates.dev/v1beta1\nkind: TrainingPortal\nspec:\n  portal: {title: Labs}\n  workshops: [{name: b}, {name: a}]\n";
    let archive = folder(&[
        ("labs-main/resources/portal.yaml", portal),
        ("labs-main/workshops/a/workshop/content/01.md", "x"),
        ("labs-main/workshops/b/workshop/content/01.md", "x"),
    ]);
    assert_eq!(
        below(&archive),
        ["labs-main/workshops/b", "labs-main/workshops/a"]
    );
    assert_eq!(
        workshops_below(&archive.path).title.as_deref(),
        Some("Labs")
    );
}

#[test]
fn a_part_of_a_workshop_stands_for_the_whole() {
    let lab = folder(&[
        ("resources/workshop.yaml", DEFINITION),
        ("workshop/content/01.md", ACTION),
        ("exercises/a.txt", "a"),
    ]);
    for part in [
        "workshop",
        "workshop/content",
        "resources",
        "resources/workshop.yaml",
    ] {
        let loaded = at(&lab, part).unwrap();
        assert_eq!(
            loaded.workshop.root,
            lab.path.canonicalize_utf8().unwrap(),
            "{part}"
        );
        assert_eq!(loaded.workshop.name, "lab-y", "{part}");
    }
    for part in ["exercises", "exercises/a.txt"] {
        assert!(at(&lab, part).is_err(), "{part}");
    }
}

#[test]
fn the_inside_of_a_workshop_folder_plays_by_itself() {
    let inside = folder(&[
        (
            "config.yaml",
            "pathways:\n  default: p\n  paths:\n    p: {steps: [b, a]}\n",
        ),
        ("content/a.md", ACTION),
        ("content/b.md", "![i](/i.png)"),
        ("static/i.png", ""),
        ("setup.d/01.sh", "true"),
    ]);
    let loaded = at(&inside, "").unwrap();
    assert_eq!(keys(&loaded), ["b", "a"]);
    assert_eq!(loaded.workshop.workshop_dir, "");
    assert_eq!(loaded.workshop.title, "lab-x");
    let page = &loaded.workshop.pages[0];
    let variables = crate::Variables::for_preview(&loaded.workshop);
    let html = crate::render(&loaded.workshop, page, &variables).html;
    assert!(html.contains("data-file=\"static/i.png\""), "{html}");
}

#[test]
fn loose_pages_are_a_workshop_when_they_have_actions() {
    let pages = folder(&[
        ("README.md", "# All about it\n"),
        ("01-start.md", ACTION),
        ("more/02-next.md", "[back](../01-start.md)\n"),
        ("exercises/notes.md", "no page"),
        ("node_modules/x/a.md", "no page"),
    ]);
    let loaded = at(&pages, "").unwrap();
    assert_eq!(keys(&loaded), ["01-start", "more/02-next"]);
    assert_eq!(loaded.workshop.title, "All about it");
    assert_eq!(problems(&loaded), "");

    let notes = folder(&[
        ("a.md", "# Notes\n\n```bash\nls\n```\n"),
        ("content/b.md", "text"),
    ]);
    let error = at(&notes, "").unwrap_err();
    assert!(matches!(error, LoadError::NotAWorkshop(_)), "{error}");
}
