//! Checks, terminals, tabs and servers that are not there.

use super::Change::{File, Mode, Text};
use super::{NEW, TOUR, WEB_APP, each};

#[test]
fn missing_test() {
    each(
        "missing-test",
        &[
            (
                TOUR,
                &[Text(
                    "workshop/content/05-crawlers.md",
                    "name: no-crawlers",
                    "name: no-crawler",
                )],
            ),
            (
                TOUR,
                &[Text(
                    "workshop/content/06-watch.md",
                    "name: turned-away",
                    "name: turned_away",
                )],
            ),
            (
                WEB_APP,
                &[Text(
                    "workshop/content/01-start.md",
                    "name: answers",
                    "name: verify-answers",
                )],
            ),
            (
                WEB_APP,
                &[Text(
                    "workshop/content/05-bug.md",
                    "name: escapes",
                    "name: Escapes",
                )],
            ),
        ],
    );
}

#[test]
fn test_not_executable() {
    each(
        "test-not-executable",
        &[
            (TOUR, &[Mode("workshop/examiner/tests/no-crawlers", 0o644)]),
            (TOUR, &[Mode("workshop/examiner/tests/turned-away", 0o600)]),
            (WEB_APP, &[Mode("workshop/examiner/tests/redirect", 0o644)]),
        ],
    );
}

#[test]
fn unknown_terminal() {
    each(
        "unknown-terminal",
        &[
            (
                TOUR,
                &[Text(
                    "resources/workshop.yaml",
                    "layout: split",
                    "layout: default",
                )],
            ),
            (
                WEB_APP,
                &[Text(
                    "resources/workshop.yaml",
                    "layout: split",
                    "layout: expanded",
                )],
            ),
            (
                WEB_APP,
                &[Text(
                    "workshop/content/07-end.md",
                    "session: 1",
                    "session: 3",
                )],
            ),
            (
                TOUR,
                &[Text(
                    "resources/workshop.yaml",
                    "        layout: split\n",
                    "",
                )],
            ),
        ],
    );
}

#[test]
fn disabled_application() {
    each(
        "disabled-application unknown-dashboard",
        &[
            (
                TOUR,
                &[Text(
                    "resources/workshop.yaml",
                    "editor:\n        enabled: true",
                    "editor:\n        enabled: false",
                )],
            ),
            (
                TOUR,
                &[Text(
                    "resources/workshop.yaml",
                    "terminal:\n        enabled: true",
                    "terminal:\n        enabled: false",
                )],
            ),
        ],
    );
}

#[test]
fn invalid_definition() {
    each(
        "invalid-definition",
        &[(
            TOUR,
            &[Text(
                "resources/workshop.yaml",
                "layout: split",
                "layout: splitt",
            )],
        )],
    );
}

#[test]
fn unknown_dashboard() {
    each(
        "unknown-dashboard",
        &[
            (
                WEB_APP,
                &[Text(
                    "workshop/content/01-start.md",
                    "name: App",
                    "name: Aap",
                )],
            ),
            (
                WEB_APP,
                &[Text(
                    "resources/workshop.yaml",
                    "- name: App",
                    "- name: Application",
                )],
            ),
            (
                TOUR,
                &[Text(
                    "workshop/content/06-watch.md",
                    "name: Terminal",
                    "name: Terminals",
                )],
            ),
            (
                TOUR,
                &[Text(
                    "workshop/content/01-slow-morning.md",
                    "name: Editor",
                    "name: Editro",
                )],
            ),
            (
                WEB_APP,
                &[Text(
                    "workshop/content/04-form.md",
                    "```dashboard:reload-dashboard\nname: App",
                    "```dashboard:reload-dashboard\nname: Ap",
                )],
            ),
        ],
    );
}

#[test]
fn ingress_port() {
    each(
        "ingress-port",
        &[
            (
                WEB_APP,
                &[Text("resources/workshop.yaml", "port: 8437", "port: 8347")],
            ),
            (
                WEB_APP,
                &[Text("exercises/serve.py", "PORT = 8437", "PORT = 8080")],
            ),
            (
                WEB_APP,
                &[Text("resources/workshop.yaml", "port: 8437", "port: 80")],
            ),
            (
                NEW,
                &[
                    File(
                        "workshop/content/01-page.md",
                        "```terminal:execute\ncommand: python3 -m http.server 8080\n```\n",
                    ),
                    File(
                        "resources/workshop.yaml",
                        "apiVersion: training.educates.dev/v1beta1\nkind: Workshop\nmetadata:\n  name: lab\nspec:\n  title: Lab\n  description: A workshop for one test.\n  session:\n    applications:\n      terminal: {enabled: true, layout: split}\n      editor: {enabled: true}\n      examiner: {enabled: true}\n    ingresses:\n    - {name: app, port: 8081}\n",
                    ),
                ],
            ),
            (
                NEW,
                &[
                    File(
                        "workshop/content/01-page.md",
                        "```terminal:execute\ncommand: python3 -m http.server\n```\n",
                    ),
                    File(
                        "resources/workshop.yaml",
                        "apiVersion: training.educates.dev/v1beta1\nkind: Workshop\nmetadata:\n  name: lab\nspec:\n  title: Lab\n  description: A workshop for one test.\n  session:\n    applications:\n      terminal: {enabled: true, layout: split}\n      editor: {enabled: true}\n      examiner: {enabled: true}\n    ingresses:\n    - {name: app, port: 8081}\n",
                    ),
                ],
            ),
            (
                NEW,
                &[
                    File(
                        "workshop/content/01-page.md",
                        "```terminal:execute\ncommand: node s.js\n```\n",
                    ),
                    File(
                        "resources/workshop.yaml",
                        "apiVersion: training.educates.dev/v1beta1\nkind: Workshop\nmetadata:\n  name: lab\nspec:\n  title: Lab\n  description: A workshop for one test.\n  session:\n    applications:\n      terminal: {enabled: true, layout: split}\n      editor: {enabled: true}\n      examiner: {enabled: true}\n    ingresses:\n    - {name: app, port: 8081}\n",
                    ),
                    File("exercises/s.js", "http.createServer(f).listen(3000)\n"),
                ],
            ),
            (
                NEW,
                &[
                    File(
                        "workshop/content/01-page.md",
                        "```terminal:execute\ncommand: flask run --port 5000\n```\n",
                    ),
                    File(
                        "resources/workshop.yaml",
                        "apiVersion: training.educates.dev/v1beta1\nkind: Workshop\nmetadata:\n  name: lab\nspec:\n  title: Lab\n  description: A workshop for one test.\n  session:\n    applications:\n      terminal: {enabled: true, layout: split}\n      editor: {enabled: true}\n      examiner: {enabled: true}\n    ingresses:\n    - {name: app, port: 8081}\n",
                    ),
                ],
            ),
            (
                NEW,
                &[
                    File(
                        "workshop/content/01-page.md",
                        "```editor:create-file\nfile: ~/m.go\ntext: |\n  http.ListenAndServe(\":8080\", nil)\n```\n\n```terminal:execute\ncommand: go run m.go\n```\n",
                    ),
                    File(
                        "resources/workshop.yaml",
                        "apiVersion: training.educates.dev/v1beta1\nkind: Workshop\nmetadata:\n  name: lab\nspec:\n  title: Lab\n  description: A workshop for one test.\n  session:\n    applications:\n      terminal: {enabled: true, layout: split}\n      editor: {enabled: true}\n      examiner: {enabled: true}\n    ingresses:\n    - {name: app, port: 8081}\n",
                    ),
                ],
            ),
        ],
    );
}

#[test]
fn missing_port_suffix() {
    each(
        "missing-port-suffix",
        &[
            (
                WEB_APP,
                &[Text(
                    "resources/workshop.yaml",
                    "lunch-$(session_name).$(ingress_domain)$(ingress_port_suffix)/",
                    "lunch-$(session_hostname)/",
                )],
            ),
            (
                WEB_APP,
                &[Text(
                    "resources/workshop.yaml",
                    "$(ingress_port_suffix)/",
                    "",
                )],
            ),
            (
                NEW,
                &[
                    File(
                        "workshop/content/01-page.md",
                        "```dashboard:open-url\nurl: http://app-{{< param session_name >}}.{{< param ingress_domain >}}/x\n```\n",
                    ),
                    File(
                        "resources/workshop.yaml",
                        "apiVersion: training.educates.dev/v1beta1\nkind: Workshop\nmetadata:\n  name: lab\nspec:\n  title: Lab\n  description: A workshop for one test.\n  session:\n    applications:\n      terminal: {enabled: true, layout: split}\n      editor: {enabled: true}\n      examiner: {enabled: true}\n    ingresses:\n    - {name: app, port: 8081}\n",
                    ),
                ],
            ),
            (
                NEW,
                &[
                    File(
                        "workshop/content/01-page.md",
                        "```dashboard:create-dashboard\nname: A\nurl: \"{{< param ingress_protocol >}}://app-{{< param session_name >}}.{{< param ingress_domain >}}\"\n```\n",
                    ),
                    File(
                        "resources/workshop.yaml",
                        "apiVersion: training.educates.dev/v1beta1\nkind: Workshop\nmetadata:\n  name: lab\nspec:\n  title: Lab\n  description: A workshop for one test.\n  session:\n    applications:\n      terminal: {enabled: true, layout: split}\n      editor: {enabled: true}\n      examiner: {enabled: true}\n    ingresses:\n    - {name: app, port: 8081}\n",
                    ),
                ],
            ),
            (
                NEW,
                &[
                    File(
                        "workshop/content/01-page.md",
                        "[x](http://app-{{< param session_name >}}.{{< param ingress_domain >}}/x)\n",
                    ),
                    File(
                        "resources/workshop.yaml",
                        "apiVersion: training.educates.dev/v1beta1\nkind: Workshop\nmetadata:\n  name: lab\nspec:\n  title: Lab\n  description: A workshop for one test.\n  session:\n    applications:\n      terminal: {enabled: true, layout: split}\n      editor: {enabled: true}\n      examiner: {enabled: true}\n    ingresses:\n    - {name: app, port: 8081}\n",
                    ),
                ],
            ),
            (
                NEW,
                &[
                    File(
                        "workshop/content/01-page.md",
                        "```terminal:execute\ncommand: curl http://app-{{< param session_name >}}.{{< param ingress_domain >}}/x\n```\n",
                    ),
                    File(
                        "resources/workshop.yaml",
                        "apiVersion: training.educates.dev/v1beta1\nkind: Workshop\nmetadata:\n  name: lab\nspec:\n  title: Lab\n  description: A workshop for one test.\n  session:\n    applications:\n      terminal: {enabled: true, layout: split}\n      editor: {enabled: true}\n      examiner: {enabled: true}\n    ingresses:\n    - {name: app, port: 8081}\n",
                    ),
                ],
            ),
            (
                NEW,
                &[
                    File(
                        "workshop/content/01-page.md",
                        "```terminal:execute\ncommand: curl $INGRESS_PROTOCOL://app-$SESSION_NAME.$INGRESS_DOMAIN/x\n```\n",
                    ),
                    File(
                        "resources/workshop.yaml",
                        "apiVersion: training.educates.dev/v1beta1\nkind: Workshop\nmetadata:\n  name: lab\nspec:\n  title: Lab\n  description: A workshop for one test.\n  session:\n    applications:\n      terminal: {enabled: true, layout: split}\n      editor: {enabled: true}\n      examiner: {enabled: true}\n    ingresses:\n    - {name: app, port: 8081}\n",
                    ),
                ],
            ),
        ],
    );
}
