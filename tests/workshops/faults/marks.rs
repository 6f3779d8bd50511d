//! Blocks that lose their marks or their name, variables in another spelling, lines that are not there.

use super::Change::{File, Text};
use super::{NEW, TOUR, WEB_APP, each};

#[test]
fn classic_variable() {
    each(
        "classic-variable",
        &[
            (
                TOUR,
                &[Text(
                    "workshop/content/01-slow-morning.md",
                    "{{< param workshop_title >}}",
                    "{{ < param workshop_title > }}",
                )],
            ),
            (
                TOUR,
                &[Text(
                    "workshop/content/01-slow-morning.md",
                    "{{< param workshop_title >}}",
                    "{< param workshop_title >}",
                )],
            ),
            (
                TOUR,
                &[Text(
                    "workshop/content/01-slow-morning.md",
                    "{{< param workshop_title >}}",
                    "{{ param workshop_title }}",
                )],
            ),
            (
                TOUR,
                &[Text(
                    "workshop/content/01-slow-morning.md",
                    "{{< param workshop_title >}}",
                    "{{ .Param \"workshop_title\" }}",
                )],
            ),
            (
                TOUR,
                &[Text(
                    "workshop/content/01-slow-morning.md",
                    "{{< param workshop_title >}}",
                    "{{ workshop_title | upcase }}",
                )],
            ),
            (
                TOUR,
                &[Text(
                    "workshop/content/01-slow-morning.md",
                    "{{< param workshop_title >}}",
                    "{{ workshop_title | default: \"x\" }}",
                )],
            ),
            (
                TOUR,
                &[Text(
                    "workshop/content/01-slow-morning.md",
                    "{{< param workshop_title >}}",
                    "{{workshop_title|upcase}}",
                )],
            ),
            (
                TOUR,
                &[Text(
                    "workshop/content/01-slow-morning.md",
                    "{{< param workshop_title >}}",
                    "{{ \"workshop_title\" }}",
                )],
            ),
            (
                TOUR,
                &[Text(
                    "workshop/content/01-slow-morning.md",
                    "{{< param workshop_title >}}",
                    "{{- workshop_title -}}",
                )],
            ),
            (
                TOUR,
                &[Text(
                    "workshop/content/01-slow-morning.md",
                    "{{< param workshop_title >}}",
                    "%workshop_titel%",
                )],
            ),
            (
                TOUR,
                &[Text(
                    "workshop/content/01-slow-morning.md",
                    "{{< param workshop_title >}}",
                    "%Workshop_Title%",
                )],
            ),
            (
                TOUR,
                &[Text(
                    "workshop/content/01-slow-morning.md",
                    "{{< param workshop_title >}}",
                    "${workshop_title}",
                )],
            ),
            (
                TOUR,
                &[Text(
                    "workshop/content/01-slow-morning.md",
                    "{{< param workshop_title >}}",
                    "$(workshop_title)",
                )],
            ),
            (
                TOUR,
                &[Text(
                    "workshop/content/01-slow-morning.md",
                    "{{< param workshop_title >}}",
                    "{{ $workshop_title }}",
                )],
            ),
        ],
    );
}

#[test]
fn folded_lines() {
    each(
        "folded-lines",
        &[(
            WEB_APP,
            &[Text(
                "workshop/content/02-routes.md",
                "command: |-\n  curl",
                "command: >-\n  curl",
            )],
        )],
    );
}

#[test]
fn invalid_property() {
    each(
        "invalid-property",
        &[
            (
                WEB_APP,
                &[Text(
                    "workshop/content/04-form.md",
                    "clear: true",
                    "clear: yes please",
                )],
            ),
            (
                WEB_APP,
                &[Text(
                    "workshop/content/04-form.md",
                    "clear: true",
                    "clear: ture",
                )],
            ),
            (
                WEB_APP,
                &[Text(
                    "workshop/content/05-bug.md",
                    "cascade: true",
                    "cascade: ture",
                )],
            ),
            (
                WEB_APP,
                &[Text(
                    "workshop/content/05-bug.md",
                    "cascade: true",
                    "cascade: yess",
                )],
            ),
        ],
    );
}

#[test]
fn no_such_line() {
    each(
        "no-such-line",
        &[
            (
                TOUR,
                &[Text(
                    "workshop/content/05-crawlers.md",
                    "line: 8",
                    "line: 800",
                )],
            ),
            (
                TOUR,
                &[Text(
                    "workshop/content/01-slow-morning.md",
                    "line: 912",
                    "line: 9120",
                )],
            ),
            (
                TOUR,
                &[Text(
                    "workshop/content/04-errors.md",
                    "line: 2",
                    "line: 200",
                )],
            ),
            (
                NEW,
                &[
                    File(
                        "workshop/content/01-page.md",
                        "```editor:select-lines-in-range\nfile: ~/exercises/a.txt\nstart: 2\nstop: 1\n```\n",
                    ),
                    File("exercises/a.txt", "one\ntwo\n"),
                ],
            ),
        ],
    );
}

#[test]
fn stray_action() {
    each(
        "stray-action",
        &[(
            WEB_APP,
            &[Text(
                "workshop/content/07-end.md",
                "```terminal:interrupt\nsession: 1\n```",
                "    ```terminal:interrupt\n    session: 1\n    ```",
            )],
        )],
    );
}

#[test]
fn unclosed_fence() {
    each(
        "unclosed-fence",
        &[(
            WEB_APP,
            &[Text(
                "workshop/content/07-end.md",
                "serve_forever()\n```",
                "serve_forever()\n",
            )],
        )],
    );
}

#[test]
fn unknown_action() {
    each(
        "unknown-action",
        &[
            (
                WEB_APP,
                &[Text(
                    "workshop/content/06-test.md",
                    "editor:create-file",
                    "create-file",
                )],
            ),
            (
                WEB_APP,
                &[Text(
                    "workshop/content/07-end.md",
                    "terminal:interrupt",
                    "interrupt",
                )],
            ),
            (
                WEB_APP,
                &[Text(
                    "workshop/content/01-start.md",
                    "dashboard:open-dashboard",
                    "open-dashboard",
                )],
            ),
            (
                WEB_APP,
                &[Text(
                    "workshop/content/01-start.md",
                    "```examiner:execute-test",
                    "```examiner",
                )],
            ),
            (
                TOUR,
                &[Text(
                    "workshop/content/05-crawlers.md",
                    "```terminal:clear",
                    "``` terminal :clear",
                )],
            ),
            (
                TOUR,
                &[Text(
                    "workshop/content/05-crawlers.md",
                    "```terminal:clear",
                    "```:clear",
                )],
            ),
            (
                TOUR,
                &[Text(
                    "workshop/content/02-count.md",
                    "```terminal:execute",
                    "```terminal",
                )],
            ),
            (
                TOUR,
                &[Text(
                    "workshop/content/02-count.md",
                    "```terminal:execute\ncommand: head",
                    "```yaml terminal:execute\ncommand: head",
                )],
            ),
        ],
    );
}
