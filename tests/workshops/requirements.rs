//! What a workshop needs of the machine, and what of the owner's it may use.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use atelier_session::Allowances;
use atelier_session::trust::TrustStore;
use atelier_tests::{WindowSession, WorkshopTest};

/// A program of this machine, before all others on the PATH of the test.
fn with_program(test: WorkshopTest, name: &str, text: &str) -> WorkshopTest {
    let folder = test.beside("machine");
    fs::create_dir_all(&folder).expect("a folder");
    let path = folder.join(name);
    fs::write(&path, format!("#!/bin/sh\n{text}\n")).expect("a program");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("permissions");
    let others = std::env::var("PATH").expect("a PATH");
    test.env("PATH", format!("{folder}:{others}"))
}

/// A `docker` that writes down what it was asked.
fn with_docker(test: WorkshopTest) -> WorkshopTest {
    let log = test.beside("docker-calls");
    with_program(
        test,
        "docker",
        &format!("echo \"$@ at $DOCKER_HOST\" >> {log}; echo asked $1"),
    )
}

fn message(test: &WorkshopTest, index: usize) -> String {
    let played = test.test();
    let row = &played.report().requirements[index];
    format!(
        "{} {}",
        row.status,
        row.message.as_deref().unwrap_or_default()
    )
}

#[test]
fn a_program_that_the_author_requires_and_that_is_missing_fails_the_run() {
    let test = WorkshopTest::page("```execute\necho hello\n```").file(
        "workshop/requirements.yaml",
        "- {name: sh}\n- {name: no-such-tool, hint: Ask Ada for it.}\n",
    );
    let played = test.test().fails();
    assert_eq!(played.report().requirements[0].status, "passed");
    let row = &played.report().requirements[1];
    assert_eq!(row.status, "failed");
    assert_eq!(
        row.message.as_deref(),
        Some("`no-such-tool` is not on this computer: Ask Ada for it.")
    );
    played.rows_are(&["- skipped: not reached"]);
    let played = test.arg("--keep-going").test().fails();
    played.rows_are(&["click passed"]);
}

#[test]
fn a_version_that_is_too_old_fails_the_run() {
    let page = WorkshopTest::page("```execute\necho hello\n```").file(
        "workshop/requirements.yaml",
        "- {name: weaver, version: \"3.11\"}\n",
    );
    let old = with_program(page, "weaver", "echo weaver 3.9.7");
    assert_eq!(
        message(&old, 0),
        "failed `weaver` is 3.9.7 on this computer; 3.11 or newer is needed"
    );
    let new = with_program(old, "weaver", "echo weaver 3.11");
    let played = new.test().passes();
    assert_eq!(
        played.report().requirements[0].version.as_deref(),
        Some("3.11")
    );
    // What says nothing, or hangs, is here all the same.
    let mute = with_program(new, "weaver", "exit 1");
    mute.test().passes();
}

#[test]
fn a_program_that_only_commands_name_does_not_fail_the_run() {
    let test = WorkshopTest::page(
        "```execute\ntrue || skaffold version\n```\n\n```execute\ntrue || frobnicate\n```",
    );
    let played = test.test().passes();
    let rows: Vec<_> = played
        .report()
        .requirements
        .iter()
        .map(|row| (row.name.as_str(), row.status.as_str()))
        .collect();
    assert_eq!(rows, [("frobnicate", "skipped"), ("skaffold", "warned")]);
}

#[test]
fn what_needs_a_cluster_is_skipped_and_the_rest_is_played() {
    let test = WorkshopTest::page(
        "```execute\nkubectl get pods\n```\n\n```dashboard:open-dashboard\nname: Console\n```\n\n```execute\necho hello\n```",
    );
    test.test().passes().rows_are(&[
        "- skipped: It needs a Kubernetes cluster, and this session has none.",
        "- skipped: There is no Kubernetes web console on this computer.",
        "click passed",
    ]);
}

#[test]
fn a_cluster_is_used_when_it_was_allowed() {
    let test = WorkshopTest::page(
        "```terminal:execute\ncommand: kubectl get pods\ntest: {output: with .*/owners-kubeconfig}\n```",
    );
    let kubeconfig = test.beside("owners-kubeconfig");
    fs::write(&kubeconfig, "kind: Config\ncurrent-context: farm\n").expect("written");
    let test = with_program(test, "kubectl", "echo with $KUBECONFIG")
        .env("KUBECONFIG", kubeconfig.as_str());
    test.test()
        .passes()
        .rows_are(&["- skipped: It needs a Kubernetes cluster, and this session has none."]);
    test.arg("--allow")
        .arg("cluster")
        .test()
        .passes()
        .rows_are(&["click passed"]);
}

#[test]
fn docker_is_kept_from_a_workshop_that_was_not_allowed_it() {
    let test = with_docker(WorkshopTest::page(
        "```execute\ndocker ps\n```\n\n```execute\nenv | grep DOCKER_HOST\n```",
    ))
    .env("DOCKER_HOST", "unix:///owners/docker.sock")
    .arg("--keep-going");
    let played = test.test().fails().rows_are(&[
        "click failed: the command in terminal 1 ended with exit status 125",
        "click passed",
    ]);
    let said = played.row(0).output.clone().unwrap_or_default();
    assert!(said.contains("may not use Docker"), "{said}");
    assert!(said.contains("--allow docker"), "{said}");
    let host = played.row(1).output.clone().unwrap_or_default();
    assert!(
        host.contains("docker-is-not-allowed-in-this-session"),
        "{host}"
    );
    assert!(!test.beside("docker-calls").exists(), "nothing was asked");
}

#[test]
fn docker_is_used_when_it_was_allowed() {
    let test = with_docker(WorkshopTest::page("```execute\ndocker ps\n```"))
        .env("DOCKER_HOST", "unix:///owners/docker.sock")
        .arg("--isolation=folder")
        .arg("--allow")
        .arg("docker");
    test.test().passes();
    let calls = fs::read_to_string(test.beside("docker-calls")).expect("calls");
    assert_eq!(calls, "ps at unix:///owners/docker.sock\n");
}

#[test]
fn containers_beside_the_session_come_and_go_with_it() {
    let definition = "apiVersion: training.educates.dev/v1beta1\nkind: Workshop\nmetadata: {name: lab}\nspec:\n  title: Lab\n  description: D\n  session:\n    applications:\n      terminal: {enabled: true}\n      docker:\n        enabled: true\n        compose:\n          services:\n            db: {image: \"db-$(session_name)\", volumes: [{type: volume, source: workshop, target: /mnt}]}\n";
    let test = with_docker(WorkshopTest::page("```execute\necho hello\n```"))
        .file("resources/workshop.yaml", definition)
        // The stand-in for Docker writes beside the session.
        .arg("--isolation=folder");
    test.test().passes();
    assert!(!test.beside("docker-calls").exists(), "not allowed");
    let played = test.arg("--allow").arg("docker").arg("--keep");
    let report = played.test().passes();
    assert_eq!(report.setup().name, "containers");
    let calls = fs::read_to_string(played.beside("docker-calls")).expect("calls");
    let calls: Vec<_> = calls.lines().collect();
    let [up, down] = calls[..] else {
        panic!("{calls:?}")
    };
    assert!(
        up.starts_with("compose -f ") && up.contains(" up -d at"),
        "{up}"
    );
    assert!(down.contains(" down at"), "{down}");
    let file = up.split(' ').nth(2).expect("a file");
    let text = fs::read_to_string(file).expect("the generated file");
    let value: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let session = value["services"]["db"]["image"].as_str().expect("an image");
    assert!(session.starts_with("db-lab-"), "{session}");
    let mount = &value["services"]["db"]["volumes"][0];
    assert_eq!(mount["type"], "bind");
    assert!(
        mount["source"]
            .as_str()
            .is_some_and(|home| home.ends_with("/home")),
        "{mount}"
    );
}

#[test]
fn check_tells_what_this_machine_lacks() {
    let test =
        WorkshopTest::page("```execute\nskaffold version\ngit clone https://github.com/a/b\n```")
            .file("workshop/requirements.yaml", "- {name: no-such-tool}\n");
    assert_eq!(test.check().exit, Some(0), "only when it is asked");
    let checked = test.arg("--machine").check();
    assert_eq!(checked.exit, Some(1));
    let told: Vec<_> = checked
        .findings
        .iter()
        .map(|each| format!("{} {}", each.severity, each.code))
        .collect();
    assert_eq!(
        told,
        [
            "error missing-program",
            "warning missing-program",
            "note needs-network"
        ]
    );
    assert_eq!(
        checked.findings[1].file.as_deref(),
        Some("workshop/content/01-page.md")
    );
    assert_eq!(checked.findings[1].line, Some(1));
}

#[test]
fn a_mistake_in_the_requirements_is_reported_in_its_place() {
    let test = WorkshopTest::page("# A").file(
        "workshop/requirements.yaml",
        "- {name: sh}\n- {name: jq, version: newest}\n",
    );
    assert_eq!(
        test.check().brief(),
        ["warning invalid-requirements workshop/requirements.yaml:2:1"]
    );
}

#[test]
fn cards_say_what_is_not_here() {
    let test = WorkshopTest::page(
        "```execute\nkubectl get pods\n```\n\n```execute\nskaffold version\n```\n\n```execute\nls\n```",
    );
    let window = WindowSession::open(&test);
    let page = window.session.page("01-page").expect("a page");
    let notes: Vec<_> = page
        .actions
        .iter()
        .map(|card| card.note.as_deref())
        .collect();
    assert_eq!(
        notes,
        [
            Some("It needs a Kubernetes cluster, and this session has none."),
            Some("`skaffold` is not on this computer."),
            None
        ]
    );
    let view = window.session.view();
    assert_eq!(view.differences.len(), 1, "{:?}", view.differences);
    assert!(view.may_be_allowed);
    window.close();
}

#[test]
fn what_was_allowed_goes_with_the_content() {
    let test = WorkshopTest::page("# A");
    let store = || TrustStore::new(test.beside("atelier/trust.json"));
    let root = test.root();
    let docker = Allowances {
        docker: true,
        cluster: false,
    };
    let allowed = |content: &str| store().allowed(root, content).expect("readable");
    store().allow(root, "a", docker).expect("written");
    assert_eq!(
        allowed("a"),
        Allowances::default(),
        "what is not trusted may use nothing"
    );
    store().give(root, "a", false).expect("written");
    store().allow(root, "a", docker).expect("written");
    assert_eq!(allowed("a"), docker);
    assert_eq!(allowed("b"), Allowances::default(), "other content");
    store().give(root, "a", false).expect("written");
    assert_eq!(allowed("a"), docker, "trusted once more");
    store().give(root, "b", false).expect("written");
    assert_eq!(allowed("b"), Allowances::default(), "never carried over");
    store().give(root, "b", true).expect("written");
    store().allow(root, "b", docker).expect("written");
    assert_eq!(
        allowed("c"),
        docker,
        "an author's path, whatever its content"
    );
    store().give(root, "c", false).expect("written");
    assert_eq!(allowed("c"), Allowances::default(), "no author any more");
}
