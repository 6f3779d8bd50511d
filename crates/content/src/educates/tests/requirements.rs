use super::{load, problems};

#[test]
fn reads_what_an_author_requires() {
    let loaded = load(&[
        ("workshop/content/01-a.md", "# A"),
        (
            "workshop/requirements.yaml",
            "- jq\n- name: python3\n  version: \"3.11\"\n  hint: Ask Ada.\n- {name: node, version: 20}\n",
        ),
    ]);
    assert_eq!(problems(&loaded), "");
    let said: Vec<_> = loaded
        .workshop
        .requirements
        .iter()
        .map(|each| {
            (
                each.name.as_str(),
                each.minimum.as_deref(),
                each.hint.as_deref(),
            )
        })
        .collect();
    assert_eq!(
        said,
        [
            ("jq", None, None),
            ("python3", Some("3.11"), Some("Ask Ada.")),
            ("node", Some("20"), None)
        ]
    );
}

#[test]
fn points_at_mistakes_in_them() {
    let loaded = load(&[
        ("workshop/content/01-a.md", "# A"),
        (
            "workshop/requirements.yaml",
            "# what it takes\n- name: python3\n  version: 3.10\n- name: ../x\n- {version: \"1\"}\n- {name: jq, min: 1}\n- jq\n- {name: go, version: new}\n",
        ),
    ]);
    insta::assert_snapshot!(problems(&loaded), @r#"
    warning[invalid-requirements] workshop/requirements.yaml:2:1: the version of `python3` must stand in quotes: without them it is the number 3.1, which may be another version (any version will do)
    warning[invalid-requirements] workshop/requirements.yaml:4:1: `../x` is no name of a program: letters, digits, `.`, `_`, `+` and `-` only (it is ignored)
    warning[invalid-requirements] workshop/requirements.yaml:5:1: a requirement names no program (it is ignored)
    warning[invalid-requirements] workshop/requirements.yaml:6:1: `min` says nothing about `jq`; a requirement has `name`, `version` and `hint` (it is ignored)
    warning[invalid-requirements] workshop/requirements.yaml:7:1: `jq` is named twice (this one is ignored)
    warning[invalid-requirements] workshop/requirements.yaml:8:1: the version of `go` must be numbers and dots, such as "3.11" (any version will do)
    "#);
    assert_eq!(loaded.workshop.requirements.len(), 3);
    let other = load(&[
        ("workshop/content/01-a.md", "# A"),
        ("workshop/requirements.yaml", "jq: yes\n"),
    ]);
    insta::assert_snapshot!(problems(&other), @"warning[invalid-requirements] workshop/requirements.yaml:1:1: workshop/requirements.yaml is not a list of programs (here)");
}
