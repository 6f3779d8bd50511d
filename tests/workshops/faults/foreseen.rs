//! Faults that show when a workshop's actions are walked in the order of their pages.

use super::Change::{File, Mode, Text};
use super::{NEW, TOUR, WEB_APP, each};

const YAML: &str = "spec:\n  replicas: 1\n  template:\n    image: shop\n    command: [serve]\n";

#[test]
fn missing_path_of_programs() {
    let commands: &[(&str, &str)] = &[
        ("main.c", "gcc -Wall -o app mian.c"),
        ("app.py", "python3 ap.py --port 8000"),
        ("server.js", "node sever.js"),
        ("Makefile", "make -f Makefil all"),
        ("Dockerfile.web", "docker build -t web -f Dockerfle.web ."),
        ("config.yaml", "cp confg.yaml other.yaml"),
        ("deploy.yaml", "kubectl apply -n web -f deplyo.yaml"),
        ("settings.sh", "source setings.sh"),
        ("script.sh", "./scirpt.sh"),
        ("names.txt", "sort -u < nmaes.txt"),
        ("Main.java", "javac -d out Man.java"),
        ("main.go", "go run man.go"),
    ];
    for (file, command) in commands {
        let file: &'static str = Box::leak(format!("exercises/{file}").into_boxed_str());
        let page = format!("```terminal:execute\ncommand: {command}\n```\n");
        let page: &'static str = Box::leak(page.into_boxed_str());
        each(
            "missing-path",
            &[(
                NEW,
                &[File(file, "x\n"), File("workshop/content/01-page.md", page)],
            )],
        );
    }
}

#[test]
fn not_executable() {
    each(
        "not-executable",
        &[
            (
                NEW,
                &[
                    File("exercises/run.sh", "#!/bin/sh\necho one\n"),
                    Mode("exercises/run.sh", 0o644),
                    File(
                        "workshop/content/01-page.md",
                        "```terminal:execute\ncommand: ./run.sh\n```\n",
                    ),
                ],
            ),
            (
                NEW,
                &[File(
                    "workshop/content/01-page.md",
                    "```editor:create-file\nfile: ~/run.sh\ntext: echo one\n```\n\n```terminal:execute\ncommand: ~/run.sh\n```\n",
                )],
            ),
            (
                TOUR,
                &[Text(
                    "workshop/content/03-script.md",
                    "chmod +x bin/busiest\n",
                    "ls -l bin/busiest\n",
                )],
            ),
        ],
    );
}

#[test]
fn misspelt_key() {
    let page = |body: &str| -> &'static str {
        let page = format!("```editor:{body}\n```\n");
        Box::leak(page.into_boxed_str())
    };
    for body in [
        "set-yaml-value\nfile: ~/exercises/a.yaml\npath: spec.replcas\nvalue: 2",
        "set-yaml-value\nfile: ~/exercises/a.yaml\npath: spec.tempate.image\nvalue: web",
        "set-yaml-value\nfile: ~/exercises/a.yaml\npath: spec.template.commnad[0]\nvalue: web",
        "merge-yaml-values\nfile: ~/exercises/a.yaml\npath: spec.template\nvalue: {imgae: web}",
    ] {
        each(
            "misspelt-key",
            &[(
                NEW,
                &[
                    File("exercises/a.yaml", YAML),
                    File("workshop/content/01-page.md", page(body)),
                ],
            )],
        );
    }
}

#[test]
fn hidden_dashboard() {
    each(
        "hidden-dashboard",
        &[
            (
                WEB_APP,
                &[Text(
                    "resources/workshop.yaml",
                    "      - name: App\n",
                    "      - name: Shop\n        url: http://localhost:8080/\n      - name: shop\n        url: http://localhost:8081/\n      - name: App\n",
                )],
            ),
            (
                WEB_APP,
                &[Text(
                    "resources/workshop.yaml",
                    "      - name: App\n",
                    "      - name: Shop\n      - name: App\n",
                )],
            ),
            (
                NEW,
                &[File(
                    "workshop/content/01-page.md",
                    "```dashboard:create-dashboard\nname: Docs\nurl: https://example.com/\ncascade: true\n```\n\n```terminal:execute\ncommand: ls\n```\n",
                )],
            ),
        ],
    );
}

#[test]
fn missing_port_suffix_of_variables() {
    each(
        "missing-port-suffix",
        &[
            (
                WEB_APP,
                &[File(
                    "workshop/profile",
                    "export APP=\"http://lunch-$SESSION_NAME.$INGRESS_DOMAIN\"\n",
                )],
            ),
            (
                WEB_APP,
                &[Text(
                    "resources/workshop.yaml",
                    "    dashboards:\n",
                    "    env:\n      - name: APP\n        value: http://lunch-$(session_name).$(ingress_domain)/\n    dashboards:\n",
                )],
            ),
        ],
    );
}

#[test]
fn other_pathways() {
    each(
        "missing-path",
        &[(
            NEW,
            &[
                File(
                    "workshop/config.yaml",
                    "pathways:\n  default: one\n  paths:\n    one: {title: One, steps: [01-make, 02-read]}\n    two: {title: Two, steps: [02-read]}\n",
                ),
                File(
                    "workshop/content/01-make.md",
                    "```terminal:execute\ncommand: echo one > made.txt\n```\n",
                ),
                File(
                    "workshop/content/02-read.md",
                    "```terminal:execute\ncommand: cat made.txt\n```\n",
                ),
            ],
        )],
    );
}
