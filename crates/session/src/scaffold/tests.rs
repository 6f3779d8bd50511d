//! Names, plans and folders.

use std::fs;

use proptest::prelude::*;

use super::*;

fn plan(style: Style, parts: &[Part]) -> Plan {
    Plan {
        name: "lab".to_owned(),
        title: "It's a \"lab\": #1".to_owned(),
        description: "With $(odd) {{ things }}.".to_owned(),
        style,
        parts: parts.iter().copied().collect(),
        github: true,
    }
}

#[test]
fn names_are_labels() {
    for name in ["a", "lab-1", "0", &"x".repeat(63)] {
        assert_eq!(check_name(name), Ok(()), "{name}");
    }
    for (name, suggestion) in [
        ("", "workshop"),
        ("My Lab", "my-lab"),
        ("-a-", "a"),
        ("Ada's first_steps!", "adas-first-steps"),
        ("Übung 1", "bung-1"),
        ("日本", "workshop"),
        (&"x".repeat(64), &"x".repeat(63)),
        ("..", "workshop"),
    ] {
        let wrong = check_name(name).unwrap_err();
        assert_eq!(wrong.suggestion, suggestion, "{name}");
    }
}

proptest! {
    #[test]
    fn what_is_suggested_is_a_name(text in ".{0,90}") {
        prop_assert_eq!(check_name(&suggest_name(&text)), Ok(()));
    }
}

#[test]
fn nothing_is_left_to_fill_in() {
    for style in [Style::Hugo, Style::Classic] {
        for file in plan(
            style,
            &[Part::Setup, Part::Editor, Part::Examiner, Part::Dashboard],
        )
        .files()
        {
            for word in [
                "@note",
                "@end",
                "@port@",
                "@title@",
                "@name@",
                "@rows@",
                "@session_name@",
            ] {
                assert!(!file.text.contains(word), "{word} in {}", file.path);
            }
            assert!(file.text.ends_with('\n'), "{}", file.path);
        }
    }
}

#[test]
fn any_title_survives_the_definition() {
    let dir = tempfile::tempdir().unwrap();
    let folder = camino::Utf8Path::from_path(dir.path()).unwrap().join("lab");
    write(&plan(Style::Hugo, &[]), &folder).unwrap();
    let workshop = atelier_content::load(&folder).unwrap().workshop;
    assert_eq!(
        (workshop.title.as_str(), workshop.description.as_str()),
        ("It's a \"lab\": #1", "With $(odd) {{ things }}.")
    );
}

#[test]
fn writes_nowhere_but_into_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let root = camino::Utf8Path::from_path(dir.path()).unwrap();
    let plan = plan(Style::Hugo, &[]);
    fs::create_dir(root.join("full")).unwrap();
    fs::write(root.join("full/notes.txt"), "mine").unwrap();
    let error = write(&plan, &root.join("full")).unwrap_err().to_string();
    assert!(error.contains("it holds notes.txt"), "{error}");
    assert_eq!(
        fs::read_to_string(root.join("full/notes.txt")).unwrap(),
        "mine"
    );
    let error = write(&plan, &root.join("full/notes.txt")).unwrap_err();
    assert!(matches!(error, NewError::File(_)));
    let mut lines = plan.clone();
    lines.title = "two\nlines".to_owned();
    let error = write(&lines, &root.join("lines")).unwrap_err();
    assert!(matches!(error, NewError::Line("title")));

    // An empty folder stays the one that it was.
    fs::create_dir(root.join("empty")).unwrap();
    let before = fs::metadata(root.join("empty")).unwrap();
    write(&plan, &root.join("empty")).unwrap();
    let after = fs::metadata(root.join("empty")).unwrap();
    use std::os::unix::fs::MetadataExt;
    assert_eq!(before.ino(), after.ino());
    write(&plan, &root.join("above/new")).unwrap();
    for folder in ["empty", "above/new"] {
        assert!(root.join(folder).join("resources/workshop.yaml").is_file());
    }
    // Nothing is left beside, or in it.
    for folder in ["", "above", "empty"] {
        let entries = root.join(folder).read_dir_utf8().unwrap().flatten();
        let left: Vec<_> = entries
            .filter(|entry| entry.file_name().starts_with(".atelier"))
            .collect();
        assert!(left.is_empty(), "{left:?}");
    }
    assert!(!root.join("lines").exists());
}
