use std::os::unix::fs::PermissionsExt;

use atelier_content::{Variables, load};
use proptest::prelude::*;

use super::*;

fn workshop(page: &[u8]) -> (tempfile::TempDir, Utf8PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let root = Utf8PathBuf::from_path_buf(folder.path().canonicalize().unwrap()).unwrap();
    for (path, text) in [
        (
            "resources/workshop.yaml",
            &b"apiVersion: training.educates.dev/v1beta1\nkind: Workshop\nmetadata:\n  name: lab\nspec:\n  title: Lab\n  session:\n    applications:\n      editor: {enabled: true}\n      examiner: {enabled: true}\n"[..],
        ),
        ("workshop/content/01-page.md", page),
        ("workshop/examiner/tests/works", b"#!/bin/sh\n"),
        ("exercises/a.txt", b"a\n"),
    ] {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    (folder, root)
}

/// Checks and mends once; says how many findings there were, how many were mended, and how many errors there are then.
fn once(root: &Utf8Path) -> (usize, usize, usize) {
    let loaded = load(root).unwrap();
    let found = crate::check(&loaded, &Variables::for_preview(&loaded.workshop));
    let mended = mend(&loaded.workshop, &found).unwrap();
    let loaded = load(root).unwrap();
    let after = crate::check(&loaded, &Variables::for_preview(&loaded.workshop));
    let errors = after
        .iter()
        .filter(|found| found.severity == atelier_content::Severity::Error)
        .count();
    (found.len(), mended.findings.len(), errors)
}

fn page(root: &Utf8Path) -> Vec<u8> {
    fs::read(root.join("workshop/content/01-page.md")).unwrap()
}

/// The page as it is when nothing is left to mend.
fn mended(text: &str) -> String {
    let (_folder, root) = workshop(text.as_bytes());
    while once(&root).1 > 0 {}
    String::from_utf8(page(&root)).unwrap()
}

#[test]
fn a_file_keeps_its_line_ends_its_mark_and_its_mode() {
    let (_folder, root) = workshop(
        "\u{feff}é {{< param sesion_name >}}\r\n\r\n```terminal:execute\r\ncomand: $ ls\r\n```\r\n"
            .as_bytes(),
    );
    let path = root.join("workshop/content/01-page.md");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    assert_eq!(once(&root).1, 2);
    assert_eq!(once(&root), (1, 1, 0));
    assert_eq!(once(&root), (0, 0, 0));
    let expected =
        "\u{feff}é {{< param session_name >}}\r\n\r\n```terminal:execute\r\ncommand: ls\r\n```\r\n";
    assert_eq!(String::from_utf8(page(&root)).unwrap(), expected);
    assert_eq!(
        fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o640
    );
}

#[test]
fn programs_get_their_bit_and_values_their_quotes() {
    let (_folder, root) = workshop(
        b"```examiner:execute-test\nname: works\ntitle: It: works\n```\n\n```workshop:copy\ntext: @me\n```\n\n```editor:create-file\nfile: ~/a\ntext: 1.10\n```\n",
    );
    while once(&root).1 > 0 {}
    assert_eq!(once(&root), (0, 0, 0));
    let text = String::from_utf8(page(&root)).unwrap();
    for quoted in ["title: 'It: works'", "text: '@me'", "text: '1.10'"] {
        assert!(text.contains(quoted), "{text}");
    }
    let test = fs::metadata(root.join("workshop/examiner/tests/works")).unwrap();
    assert_eq!(test.permissions().mode() & 0o111, 0o111);
}

#[test]
fn lists_get_no_quotes() {
    let list = "```examiner:execute-test\nname: works\nargs: [8080]\n```\n";
    assert_eq!(mended(list), list);
}

#[test]
fn comments_stay_behind_the_quotes() {
    let select = "```editor:select-matching-text\nfile: ~/exercises/a.txt\ntext: ";
    assert_eq!(
        mended(&format!("{select}8080 # the port\n```\n")),
        format!("{select}'8080' # the port\n```\n")
    );
    let either = "```terminal:execute\ncommand: echo a: b # c\n```\n";
    assert_eq!(mended(either), either);
}

#[test]
fn names_that_may_be_their_own_are_left() {
    for page in [
        "```examiner:execute-test\nname: wroks\n```\n",
        "```terminal:execute\ncommand: ls\nsesoin: 2\n```\n",
        "{{< param sesoin_name >}}\n",
        "```editor:open-file\nfile: ~/exercises/a.txt\ntext: a\n```\n",
    ] {
        assert_eq!(mended(page), page);
    }
}

#[test]
fn prompts_in_texts_are_left() {
    let text = "```terminal:execute\ncommand: |-\n  cat <<END\n  $ ls\n  END\n";
    let page = format!("{text}```\n");
    assert_eq!(mended(&page), page);
    assert_eq!(
        mended(&format!("{text}  $ ls\n```\n")),
        format!("{text}  ls\n```\n")
    );
}

#[test]
fn templates_in_code_are_left() {
    let (_folder, root) = workshop(b"");
    fs::write(
        root.join("workshop/config.yaml"),
        "params:\n- {name: web_app, value: shop}\n",
    )
    .unwrap();
    let path = root.join("workshop/content/01-page.md");
    let body = "{{ web_app }} %web_app% ${{ session_name }}";
    let page = |text: &str, name: &str| {
        format!("{text}\n\n```editor:create-file\nfile: ~/a.j2\ntext: |\n  {body} {name}\n```\n")
    };
    fs::write(&path, page("{{ web_app }} %web_app%", "{{ session_name }}")).unwrap();
    while once(&root).1 > 0 {}
    let right = "{{< param web_app >}}";
    let expected = page(&format!("{right} {right}"), "{{< param session_name >}}");
    assert_eq!(fs::read_to_string(&path).unwrap(), expected);
}

#[test]
fn a_file_that_changed_meanwhile_or_is_a_link_is_left_alone() {
    let (_folder, root) = workshop(b"{{< param sesion_name >}}\n");
    let loaded = load(&root).unwrap();
    let found = crate::check(&loaded, &Variables::for_preview(&loaded.workshop));
    let path = root.join("workshop/content/01-page.md");
    fs::write(&path, "other\n").unwrap();
    let changed = mend(&loaded.workshop, &found);
    assert!(matches!(changed, Err(MendError::Changed(_))), "{changed:?}");
    assert_eq!(page(&root), b"other\n");
    let elsewhere = root.join("README.md");
    fs::rename(&path, &elsewhere).unwrap();
    fs::write(&elsewhere, "{{< param sesion_name >}}\n").unwrap();
    std::os::unix::fs::symlink("../../README.md", &path).unwrap();
    let linked = mend(&loaded.workshop, &found).unwrap();
    assert_eq!(linked, Mended::default());
    assert_eq!(
        fs::read_to_string(&elsewhere).unwrap(),
        "{{< param sesion_name >}}\n"
    );
}

#[test]
fn a_link_keeps_no_other_file_from_being_mended() {
    let (_folder, root) = workshop(b"{{< param sesion_name >}}\n");
    fs::write(root.join("README.md"), "{{< param sesion_name >}}\n").unwrap();
    let link = root.join("workshop/content/02-link.md");
    std::os::unix::fs::symlink("../../README.md", link).unwrap();
    assert_eq!(once(&root).1, 1);
    assert_eq!(once(&root).1, 0);
    assert_eq!(page(&root), b"{{< param session_name >}}\n");
}

/// Lines as authors write them, right and wrong.
fn line() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "```terminal:execute",
        "```termnal:execute",
        "```editor:open-file",
        "```examiner:execute-test",
        "```workshop:copy",
        "```section:begin",
        "```section:edn",
        "~~~editor:create-file",
        "~~~",
        "```",
        "```",
        "command: $ ls",
        "comand: echo a: b",
        "command: echo \"a # b\"",
        "text: @me",
        "text: #!/bin/sh",
        "text: 0755",
        "text: 0755 # rights",
        "match: 8080 # the port",
        "args: [8080]",
        "args: [8080] # the port",
        "text: a: b # c",
        "path: ~/exercises/a.txt",
        "command: |-",
        "  cat <<END",
        "  $ ls",
        "  END",
        "  {{ session_id }} ${{ session_id }} {{ sesion_id }} {{copy}}",
        "txt: yes",
        "file: ~/exercises/a.txt",
        "flie: ~/exercises/b.txt",
        "name: wroks",
        "title: It: works",
        "- `item`",
        "> quoted",
        "  indented: x",
        "",
        "{{< param sesion_name >}} and {{ session_name }}",
        "[on](01-pgae) `code`{{copy}} %session_name%",
        "{{< note >}}",
        "{{< /note >}}",
        "text: |",
        "  {{< param \"workshop_nmae\" >}}",
    ])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn mending_ends_and_never_breaks_a_page(lines in prop::collection::vec(line(), 1..14), returns: bool) {
        let end = if returns { "\r\n" } else { "\n" };
        let text: String = lines.iter().flat_map(|line| [line, end]).collect();
        let (_folder, root) = workshop(text.as_bytes());
        let loaded = load(&root).unwrap();
        let before = crate::check(&loaded, &Variables::for_preview(&loaded.workshop));
        // An action that lacks something may be told of by the name that was meant.
        let broken = |found: &[Diagnostic]| {
            let codes = [
                "cut-off-value",
                "invalid-front-matter",
                "invalid-property",
                "invalid-yaml",
                "missing-property",
                "unclosed-shortcode",
                "unknown-property",
                "unknown-shortcode",
            ];
            let is_error = |found: &&Diagnostic| found.severity == atelier_content::Severity::Error;
            let found = found.iter().filter(is_error);
            found.filter(|found| codes.contains(&found.code)).count()
        };
        let mut rounds = 0;
        while once(&root).1 > 0 {
            rounds += 1;
            prop_assert!(rounds < 8, "{text}\n=>\n{}", String::from_utf8_lossy(&page(&root)));
        }
        let loaded = load(&root).unwrap();
        let after = crate::check(&loaded, &Variables::for_preview(&loaded.workshop));
        prop_assert!(
            broken(&after) <= broken(&before),
            "{text}\n=>\n{}\n{after:#?}",
            String::from_utf8_lossy(&page(&root))
        );
        let text = page(&root);
        let ends = text.iter().filter(|byte| **byte == b'\n').count();
        let pairs = text.windows(2).filter(|pair| pair == b"\r\n").count();
        prop_assert_eq!(pairs, if returns { ends } else { 0 });
    }
}
