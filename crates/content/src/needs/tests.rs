use std::collections::BTreeSet;

use super::{Needs, ScriptText};
use crate::educates::tests::load;
use crate::variables::Variables;

fn needs(page: &str, script: &str) -> Needs {
    let loaded = load(&[("workshop/content/01-a.md", page)]);
    let scripts = [ScriptText {
        path: "workshop/setup.d/01.sh".into(),
        text: script.to_owned(),
    }];
    let variables = Variables::for_preview(&loaded.workshop);
    let pages = [crate::render(
        &loaded.workshop,
        &loaded.workshop.pages[0],
        &variables,
    )];
    Needs::of_workshop(&loaded.workshop, &pages, &scripts, BTreeSet::new())
}

fn names(needs: &Needs) -> Vec<&str> {
    needs
        .programs
        .iter()
        .map(|program| program.name.as_str())
        .collect()
}

fn page(commands: &[&str]) -> String {
    let fence = |command: &&str| format!("```execute\n{command}\n```\n\n");
    commands.iter().map(fence).collect()
}

#[test]
fn finds_what_pages_and_scripts_start() {
    let found = needs(
        &page(&["cd x && sudo docker ps | jq .", "./run.sh; make all"]),
        "set -e\nuv sync\n",
    );
    assert_eq!(names(&found), ["docker", "jq", "make", "uv"]);
    let place = &found.programs[3].place;
    assert_eq!(
        (place.file.as_str(), place.line),
        ("workshop/setup.d/01.sh", 2)
    );
    assert_eq!(found.docker.as_ref().map(|place| place.line), Some(1));
}

#[test]
fn leaves_out_what_the_workshop_brings() {
    let found = needs(
        &page(&[
            "greet x",
            "hey",
            "flask run",
            "source venv/bin/activate",
            "python app.py",
            "tool",
            "k6 run x",
        ]),
        "greet() { echo; }\nalias hey=echo\npip3 install flask==3\necho '#!/bin/sh' > bin/tool\ncurl -Lo /tmp/k6 https://k6.io/k6\n",
    );
    // What made the environment is needed; its `pip3` need not be, once the environment is entered.
    assert_eq!(names(&found), ["curl"]);
}

#[test]
fn does_not_take_what_other_programs_read_for_commands() {
    let found = needs(
        &page(&[
            "psql -h localhost",
            "SELECT now();",
            "\\q",
            "docker exec -it db bash",
            "apk add x",
            "exit",
            "tree",
        ]),
        "",
    );
    assert_eq!(names(&found), ["docker", "psql", "tree"]);
    let unclear = needs(&page(&["print(\"hello\")", "if [ x; then foo"]), "");
    assert!(unclear.programs.iter().all(|program| !program.is_clear));
}

#[test]
fn tells_clusters_apart() {
    let asks = |command: &str| needs(&page(&[command]), "").cluster.is_some();
    for command in [
        "kubectl get pods",
        "kubectl -n x apply -f y",
        "k get all",
        "helm upgrade a b",
        "k9s info",
        "watch kubectl get pods",
    ] {
        assert!(asks(command), "{command}");
    }
    for command in [
        "kubectl version --client",
        "kubectl kustomize .",
        "helm template x",
        "docker ps",
        "echo kubectl get pods",
        "kubectl --kubeconfig=x get pods",
    ] {
        assert!(!asks(command), "{command}");
    }
    assert_eq!(
        needs(&page(&["kubectl get pods"]), "kind create cluster").cluster,
        None
    );
    assert_eq!(
        needs(&page(&["kubectl get pods"]), "kubectl() { :; }").cluster,
        None
    );
}

#[test]
fn tells_what_needs_the_network() {
    let whats = |command: &str| {
        let found = needs(&page(&[command]), "").network;
        found
            .into_iter()
            .map(|each| each.what)
            .collect::<Vec<_>>()
            .join(" | ")
    };
    let cases: &[(&str, &str)] = &[
        ("curl -s http://localhost:8080/x", ""),
        ("curl http://127.0.0.1", ""),
        ("curl $URL http://app-$SESSION_NAME.localhost", ""),
        (
            "curl -sSL https://get.x.io/install.sh | bash",
            "curl https://get.x.io/install.sh",
        ),
        (
            "git clone https://github.com/a/b.git",
            "git clone https://github.com/a/b.git",
        ),
        (
            "git clone git@github.com:a/b",
            "git clone git@github.com:a/b",
        ),
        ("git pull", ""),
        (
            "pip install -r requirements.txt",
            "pip install -r requirements.txt",
        ),
        ("pip install --no-index x", ""),
        ("npm run build", ""),
        ("npm ci", "npm ci"),
        ("sudo apt-get install -y jq", "apt-get install -y jq"),
        ("docker pull nginx:latest", "docker pull nginx:latest"),
        ("docker ps", ""),
        (
            "docker compose up -d",
            "docker compose (images that are not here yet)",
        ),
    ];
    for (command, expected) in cases {
        assert_eq!(whats(command), *expected, "{command}");
    }
}

#[test]
fn says_what_one_action_needs() {
    let text = page(&["kubectl get pods", "docker ps | jq .", "ls"])
        + "```dashboard:open-dashboard\nname: Console\n```\n";
    let loaded = load(&[("workshop/content/01-a.md", &text)]);
    let variables = Variables::for_preview(&loaded.workshop);
    let pages = [crate::render(
        &loaded.workshop,
        &loaded.workshop.pages[0],
        &variables,
    )];
    let needs = Needs::of_workshop(&loaded.workshop, &pages, &[], BTreeSet::new());
    let rendered = &pages[0];
    let of: Vec<_> = rendered
        .actions
        .iter()
        .map(|action| needs.of_action(action))
        .collect();
    assert!(of[0].cluster && !of[0].docker);
    assert!(of[1].docker && of[1].programs == ["docker", "jq"]);
    assert_eq!(of[2], super::ActionNeeds::default());
    assert!(of[3].console);
}
