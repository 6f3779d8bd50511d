//! Actions of the editor that miss their file, or what they look for in it.

use super::Change::{File, Renamed, Text};
use super::{NEW, TOUR, WEB_APP, each};

#[test]
fn no_match() {
    each(
        "no-match",
        &[
            (
                TOUR,
                &[Text(
                    "workshop/content/05-crawlers.md",
                    "match: cut -d ' ' -f 1 \"$1\"",
                    "match: cut -d ' '  -f 1 \"$1\"",
                )],
            ),
            (
                TOUR,
                &[Text(
                    "workshop/content/05-crawlers.md",
                    "match: grep -v -i bot",
                    "match: grep -v  -i bot",
                )],
            ),
            (
                TOUR,
                &[Text(
                    "workshop/content/04-errors.md",
                    "match: \"# Usage:\"",
                    "match: \"#Usage:\"",
                )],
            ),
            (
                WEB_APP,
                &[Text(
                    "workshop/content/05-bug.md",
                    "match: from pathlib import Path",
                    "match: from pathlib  import Path",
                )],
            ),
            (
                WEB_APP,
                &[Text(
                    "workshop/content/05-bug.md",
                    "match: <li>{dish}</li>",
                    "match: <li> {dish}</li>",
                )],
            ),
            (
                WEB_APP,
                &[Text(
                    "workshop/content/02-routes.md",
                    "match: '(\"POST\", \"/dishes\")'",
                    "match: '(\"POST\",\"/dishes\")'",
                )],
            ),
            (
                WEB_APP,
                &[Text(
                    "workshop/content/03-page.md",
                    "match: Welcome",
                    "match: welcome",
                )],
            ),
            (
                TOUR,
                &[Text(
                    "workshop/content/03-script.md",
                    "file: ~/exercises/bin/busiest\ntext: access.log",
                    "file: ~/exercises/shop.sh\ntext: access.logs",
                )],
            ),
            (
                WEB_APP,
                &[Text(
                    "workshop/content/03-page.md",
                    "file: ~/exercises/page.html\nmatch: Welcome",
                    "file: ~/exercises/style.css\nmatch: Welcome",
                )],
            ),
            (
                TOUR,
                &[Text(
                    "workshop/content/05-crawlers.md",
                    "file: ~/exercises/bin/busiest\nmatch: cut",
                    "file: ~/exercises/blocked.conf\nmatch: cut",
                )],
            ),
            (
                WEB_APP,
                &[Text(
                    "workshop/content/05-bug.md",
                    "file: ~/exercises/lunch.py\nmatch: from pathlib",
                    "file: ~/exercises/page.html\nmatch: from pathlib",
                )],
            ),
        ],
    );
}

#[test]
fn missing_file() {
    each(
        "missing-file",
        &[
            (
                TOUR,
                &[Text(
                    "workshop/content/06-watch.md",
                    "~/exercises/blocked.conf",
                    "~/exercises/bloked.conf",
                )],
            ),
            (
                TOUR,
                &[Text(
                    "workshop/content/01-slow-morning.md",
                    "~/exercises/access.log",
                    "~/exercise/access.log",
                )],
            ),
            (
                TOUR,
                &[Text(
                    "workshop/content/05-crawlers.md",
                    "file: ~/exercises/bin/busiest\nline: 8",
                    "file: ~/exercises/bin/busyest\nline: 8",
                )],
            ),
            (
                WEB_APP,
                &[Text(
                    "workshop/content/03-page.md",
                    "~/exercises/page.html",
                    "~/page.html",
                )],
            ),
            (
                WEB_APP,
                &[Text(
                    "workshop/content/05-bug.md",
                    "file: ~/exercises/lunch.py\nmatch: <li>",
                    "file: ~/exercises/Lunch.py\nmatch: <li>",
                )],
            ),
            (
                TOUR,
                &[Renamed("exercises/blocked.conf", "exercises/block.conf")],
            ),
        ],
    );
}

#[test]
fn failing_edit() {
    each(
        "failing-edit deprecated-action",
        &[
            (
                NEW,
                &[
                    File(
                        "workshop/content/01-page.md",
                        "```editor:insert-value-into-yaml\nfile: ~/exercises/d.yaml\npath: spec.container\nvalue: {name: b}\n```\n",
                    ),
                    File(
                        "exercises/d.yaml",
                        "spec:\n  replicas: 1\n  containers:\n  - name: a\n",
                    ),
                ],
            ),
            (
                NEW,
                &[
                    File(
                        "workshop/content/01-page.md",
                        "```editor:merge-yaml-values\nfile: ~/exercises/d.yaml\npath: spec.contaners\nvalue: {a: 2}\n```\n",
                    ),
                    File(
                        "exercises/d.yaml",
                        "spec:\n  replicas: 1\n  containers:\n  - name: a\n",
                    ),
                ],
            ),
        ],
    );
}

#[test]
fn failing_edit_or_no_match() {
    each(
        "failing-edit no-match",
        &[
            (
                NEW,
                &[
                    File(
                        "workshop/content/01-page.md",
                        "```editor:delete-yaml-value\nfile: ~/exercises/d.yaml\npath: spec.replica\n```\n",
                    ),
                    File(
                        "exercises/d.yaml",
                        "spec:\n  replicas: 1\n  containers:\n  - name: a\n",
                    ),
                ],
            ),
            (
                NEW,
                &[
                    File(
                        "workshop/content/01-page.md",
                        "```editor:select-yaml-path\nfile: ~/exercises/d.yaml\npath: spec.contianers\n```\n",
                    ),
                    File(
                        "exercises/d.yaml",
                        "spec:\n  replicas: 1\n  containers:\n  - name: a\n",
                    ),
                ],
            ),
        ],
    );
}

#[test]
fn redundant_open() {
    each(
        "redundant-open",
        &[
            (
                WEB_APP,
                &[Text(
                    "workshop/content/03-page.md",
                    "And let people",
                    "```editor:open-file\nfile: ~/exercises/page.html\n```\n\nAnd let people",
                )],
            ),
            (
                TOUR,
                &[Text(
                    "workshop/content/04-errors.md",
                    "Below that line",
                    "```editor:open-file\nfile: ~/exercises/bin/busiest\n```\n\nBelow that line",
                )],
            ),
            (
                TOUR,
                &[Text(
                    "workshop/content/06-watch.md",
                    "{{< warning >}}",
                    "```editor:open-file\nfile: ~/exercises/blocked.conf\nline: 1\n```\n\n{{< warning >}}",
                )],
            ),
            (
                NEW,
                &[
                    File(
                        "workshop/content/01-page.md",
                        "```editor:open-file\nfile: ~/exercises/a.txt\n```\n\n```editor:open-file\nfile: ~/exercises/a.txt\n```\n",
                    ),
                    File("exercises/a.txt", "1\n"),
                ],
            ),
            (
                NEW,
                &[File(
                    "workshop/content/01-page.md",
                    "```editor:create-file\nfile: ~/a.txt\ntext: x\n```\n\n```editor:open-file\nfile: $HOME/a.txt\n```\n",
                )],
            ),
            (
                NEW,
                &[
                    File(
                        "workshop/content/01-page.md",
                        "```editor:copy-file\nsrc: ~/exercises/a.txt\ndest: ~/exercises/b.txt\n```\n\n```editor:open-file\nfile: ~/exercises/b.txt\n```\n",
                    ),
                    File("exercises/a.txt", "1\n"),
                ],
            ),
        ],
    );
}

#[test]
fn outside_session() {
    each(
        "outside-session",
        &[
            (
                TOUR,
                &[Text(
                    "workshop/content/06-watch.md",
                    "~/exercises/blocked.conf",
                    "~/../blocked.conf",
                )],
            ),
            (
                TOUR,
                &[Text(
                    "workshop/content/06-watch.md",
                    "~/exercises/blocked.conf",
                    "/etc/blocked.conf",
                )],
            ),
            (
                WEB_APP,
                &[Text(
                    "workshop/content/05-bug.md",
                    "file: ~/exercises/lunch.py\nmatch: <li>",
                    "file: ../lunch.py\nmatch: <li>",
                )],
            ),
        ],
    );
}

#[test]
fn unknown_command() {
    each(
        "unknown-command",
        &[(
            NEW,
            &[File(
                "workshop/content/01-page.md",
                "```editor:execute-command\ncommand: workbench.action.files.sav\n```\n",
            )],
        )],
    );
}
