//! `atelier check --fix`, `--portable`, and what programs are told of fixes.

use std::fs;

use atelier_tests::WorkshopTest;
use serde_json::Value;

const PAGE: &str = "workshop/content/01-page.md";
const FAULTS: &str = "# One\r\n\r\n[on](02-pgae)\r\n\r\n```terminal:exceute\r\ncommand: $ echo {{ session_name }}\r\nsesion: 1\r\n```\r\n\r\n```examiner:execute-test\r\nname: works\r\ntitle: It: works\r\n```\r\n";
const MENDED: &str = "# One\r\n\r\n[on](02-page)\r\n\r\n```terminal:execute\r\ncommand: echo {{< param session_name >}}\r\nsession: 1\r\n```\r\n\r\n```examiner:execute-test\r\nname: works\r\ntitle: 'It: works'\r\n```\r\n";

fn faulty() -> WorkshopTest {
    WorkshopTest::new(&[("workshop/content/02-page.md", "# Two\n")])
        .bytes(PAGE, FAULTS.as_bytes())
        .examiner("works", "true")
        .mode("workshop/examiner/tests/works", 0o644)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("text")
}

#[test]
fn what_needs_no_question_is_mended_and_told() {
    let test = faulty().arg("--fix");
    let output = test.run("check");
    let told = text(&output.stdout).replace(test.root().as_str(), "LAB");
    let page = fs::read_to_string(test.root().join(PAGE)).expect("a page");
    assert_eq!(page, MENDED, "{told}");
    assert_eq!(output.status.code(), Some(0), "{told}");
    assert!(
        told.contains(
            "fixed [unknown-action] workshop/content/01-page.md:5:1: write `terminal:execute`\n"
        ),
        "{told}"
    );
    assert!(told.contains("fixed [test-not-executable] "), "{told}");
    assert!(
        told.ends_with("LAB: 2 pages, 0 errors, 0 warnings\n"),
        "{told}"
    );
    // Nothing is left to do, and nothing is touched.
    let again = text(&test.run("check").stdout).replace(test.root().as_str(), "LAB");
    assert_eq!(again, "LAB: 2 pages, 0 errors, 0 warnings\n");
    assert_eq!(
        fs::read_to_string(test.root().join(PAGE)).expect("a page"),
        MENDED
    );
    WorkshopTest::at(test.root()).test().passes();
}

#[test]
fn without_it_nothing_is_changed_and_the_report_says_what_could_be() {
    let test = faulty();
    let told = text(&test.run("check").stdout);
    assert!(told.contains("; `--fix` mends "), "{told}");
    assert_eq!(
        fs::read_to_string(test.root().join(PAGE)).expect("a page"),
        FAULTS
    );
}

#[test]
fn a_definition_stands_for_its_workshop() {
    let test = faulty();
    let definition = test.root().join("resources/workshop.yaml");
    let output = WorkshopTest::at(definition).arg("--fix").run("check");
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let page = fs::read_to_string(test.root().join(PAGE)).expect("a page");
    assert_eq!(page, MENDED);
}

#[test]
fn archives_are_not_changed() {
    let test = WorkshopTest::new(&[]);
    let archive = test.beside("lab.zip");
    fs::write(&archive, "no archive").expect("a file");
    let output = WorkshopTest::at(archive).arg("--fix").run("check");
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn programs_are_told_the_bytes_of_a_fix() {
    let page = FAULTS.replace("name: works", "name: wroks");
    let findings = faulty().bytes(PAGE, page.as_bytes()).check().findings;
    let variable = findings
        .iter()
        .find(|found| found.code == "classic-variable");
    let fix = variable
        .and_then(|found| found.fix.as_ref())
        .expect("a fix");
    assert_eq!(fix["applicability"], "safe");
    let edit = &fix["edits"][0];
    let place = |of: &str| edit[of]["byte"].as_u64().expect("a number") as usize;
    assert_eq!(&page[place("start")..place("end")], "{{ session_name }}");
    assert_eq!(edit["text"], "{{< param session_name >}}");
    assert_eq!(edit["start"]["line"], 6);
    let program = findings.iter().find(|found| found.code == "missing-test");
    let program = program.and_then(|found| found.fix.as_ref()).expect("a fix");
    assert_eq!(program["applicability"], "suggested");
    assert_eq!(program["edits"][0]["text"], "works");
}

#[test]
fn sarif_has_fixes() {
    let page = FAULTS.replace("name: works", "name: wroks");
    let test = faulty().bytes(PAGE, page.as_bytes());
    let output = test.arg("--format").arg("sarif").run("check");
    let log: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let results = log["runs"][0]["results"].as_array().expect("results");
    let action = results
        .iter()
        .find(|found| found["ruleId"] == "unknown-action");
    let fix = &action.expect("the action")["fixes"][0];
    let replaced = &fix["artifactChanges"][0]["replacements"][0];
    assert_eq!(replaced["insertedContent"]["text"], "terminal:execute");
    assert_eq!(replaced["deletedRegion"]["startLine"], 5);
    assert_eq!(replaced["deletedRegion"]["startColumn"], 4);
    assert_eq!(replaced["deletedRegion"]["endColumn"], 20);
    // What is only suggested is not for programs that ask nobody.
    let program = results
        .iter()
        .find(|found| found["ruleId"] == "missing-test");
    assert!(program.expect("the check").get("fixes").is_none());
}

#[test]
fn what_works_only_here_is_told_when_asked() {
    let page = "```mermaid\ngraph TD; A-->B\n```\n";
    let test = WorkshopTest::page(page);
    assert_eq!(test.check().brief(), [""; 0]);
    let asked = WorkshopTest::page(page).arg("--portable").check();
    assert_eq!(asked.exit, Some(0));
    assert_eq!(
        asked.brief(),
        ["note only-in-atelier workshop/content/01-page.md:1:1"]
    );
}

#[test]
fn an_open_file_without_use_goes_with_its_blank_line() {
    let open = "```editor:open-file\nfile: ~/exercises/a.txt\n```\n";
    let edit = "```editor:append-lines-to-file\nfile: ~/exercises/a.txt\ntext: two\n```\n";
    let chained = edit.replace("text: two", "text: two\ncascade: true");
    let page = format!(
        "# One\n\n{edit}\n{open}\n{edit}\n- in a list\n\n{chained}\n{open}\nEnd.\n\n{edit}\n{open}"
    );
    let mended =
        format!("# One\n\n{edit}\n{edit}\n- in a list\n\n{chained}\n{open}\nEnd.\n\n{edit}");
    let test = WorkshopTest::new(&[("exercises/a.txt", "one\n")])
        .bytes(PAGE, page.as_bytes())
        .arg("--fix");
    for _ in 0..2 {
        let told = text(&test.run("check").stdout);
        let now = fs::read_to_string(test.root().join(PAGE)).expect("a page");
        assert_eq!(now, mended, "{told}");
        // What runs by itself is left to its author.
        assert!(told.contains("redundant-open"), "{told}");
    }
}

#[test]
fn the_port_of_an_ingress_is_written_where_the_ingress_is_declared() {
    let definition = |suffix: &str| {
        format!(
            "apiVersion: training.educates.dev/v1beta1\nkind: Workshop\nmetadata:\n  name: lab\nspec:\n  title: Lab\n  description: A lab.\n  session:\n    env:\n    - name: URL\n      value: http://app-$(session_name).$(ingress_domain){suffix}/\n    ingresses:\n    - {{name: app, port: 8080}}\n"
        )
    };
    let page = |suffix: &str| {
        format!(
            "```workshop:copy\ntext: http://app-{{{{< param session_name >}}}}.{{{{< param ingress_domain >}}}}{suffix}/\n```\n\n```workshop:copy\ntext: http://blog-{{{{< param session_name >}}}}.{{{{< param ingress_domain >}}}}/\n```\n"
        )
    };
    let test = WorkshopTest::new(&[("resources/workshop.yaml", &definition(""))])
        .bytes(PAGE, page("").as_bytes())
        .bytes(
            "workshop/profile",
            b"export URL=http://$SESSION_NAME-app.$INGRESS_DOMAIN/x\n",
        )
        .arg("--fix");
    for _ in 0..2 {
        let told = text(&test.run("check").stdout);
        let read = |path: &str| fs::read_to_string(test.root().join(path)).expect("a file");
        assert_eq!(
            read("resources/workshop.yaml"),
            definition("$(ingress_port_suffix)"),
            "{told}"
        );
        assert_eq!(
            read("workshop/profile"),
            "export URL=http://$SESSION_NAME-app.$INGRESS_DOMAIN$INGRESS_PORT_SUFFIX/x\n"
        );
        // What no ingress has may be anything.
        assert_eq!(
            read(PAGE),
            page("{{< param ingress_port_suffix >}}"),
            "{told}"
        );
    }
}
