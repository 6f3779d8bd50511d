//! Names and properties of actions that are mistyped.

use super::Change::{File, Text};
use super::{NEW, TOUR, WEB_APP, each};

#[test]
fn unknown_action() {
    each(
        "unknown-action",
        &[
            (
                WEB_APP,
                &[Text(
                    "workshop/content/02-routes.md",
                    "terminal:interrupt",
                    "terminal;interrupt",
                )],
            ),
            (
                WEB_APP,
                &[Text(
                    "workshop/content/03-page.md",
                    "dashboard:reload-dashboard",
                    "dashboard:relaod-dashboard",
                )],
            ),
            (
                WEB_APP,
                &[Text(
                    "workshop/content/02-routes.md",
                    "editor:select-matching-text",
                    "editor:select-matching-txt",
                )],
            ),
            (
                NEW,
                &[File(
                    "workshop/content/01-page.md",
                    "```exectue-1\nls\n```\n\n```excute-2\nls\n```\n",
                )],
            ),
            (
                NEW,
                &[File(
                    "workshop/content/01-page.md",
                    "```dashbord:open\nname: Terminal\n```\n",
                )],
            ),
            (
                TOUR,
                &[Text(
                    "workshop/content/06-watch.md",
                    "terminal:input",
                    "terminal:inptu",
                )],
            ),
            (
                TOUR,
                &[Text(
                    "workshop/content/05-crawlers.md",
                    "examiner:execute-test",
                    "examiner:execute-tests",
                )],
            ),
            (
                TOUR,
                &[Text(
                    "workshop/content/03-script.md",
                    "editor:create-directory",
                    "editor:make-directory",
                )],
            ),
            (
                WEB_APP,
                &[Text(
                    "workshop/content/01-start.md",
                    "terminal:execute",
                    "terminal-execute",
                )],
            ),
            (
                WEB_APP,
                &[Text(
                    "workshop/content/01-start.md",
                    "terminal:execute",
                    "Terminal:Execute",
                )],
            ),
            (
                WEB_APP,
                &[Text(
                    "workshop/content/01-start.md",
                    "terminal:execute",
                    "terminl:execute",
                )],
            ),
            (
                WEB_APP,
                &[Text(
                    "workshop/content/01-start.md",
                    "terminal:execute",
                    "terminal: execute",
                )],
            ),
            (
                NEW,
                &[File("workshop/content/01-page.md", "```exceute\nls\n```\n")],
            ),
            (
                NEW,
                &[File(
                    "workshop/content/01-page.md",
                    "```execute-4\nls\n```\n",
                )],
            ),
            (
                WEB_APP,
                &[Text(
                    "workshop/content/01-start.md",
                    "section:begin",
                    "setcion:begin",
                )],
            ),
            (
                WEB_APP,
                &[Text(
                    "workshop/content/01-start.md",
                    "section:end",
                    "section:ned",
                )],
            ),
            (
                TOUR,
                &[Text(
                    "workshop/content/06-watch.md",
                    "workshop:copy",
                    "worksop:copy",
                )],
            ),
        ],
    );
}

#[test]
fn unknown_property() {
    each(
        "unknown-property",
        &[
            (
                WEB_APP,
                &[Text(
                    "workshop/content/02-routes.md",
                    "cascade: true",
                    "casacde: true",
                )],
            ),
            (
                WEB_APP,
                &[Text(
                    "workshop/content/01-start.md",
                    "retries: 3",
                    "retires: 3",
                )],
            ),
            (
                TOUR,
                &[Text(
                    "workshop/content/06-watch.md",
                    "session: 2",
                    "sesssion: 2",
                )],
            ),
            (
                TOUR,
                &[Text(
                    "workshop/content/06-watch.md",
                    "text: \"9\"",
                    "txt: \"9\"",
                )],
            ),
            (
                WEB_APP,
                &[Text(
                    "workshop/content/02-routes.md",
                    "match: \"def not_found\"",
                    "macth: \"def not_found\"",
                )],
            ),
            (
                TOUR,
                &[Text(
                    "workshop/content/02-count.md",
                    "  output: '286",
                    "  outptu: '286",
                )],
            ),
            (
                TOUR,
                &[Text(
                    "workshop/content/05-crawlers.md",
                    "  expect: fail",
                    "  expects: fail",
                )],
            ),
            (
                WEB_APP,
                &[Text(
                    "workshop/content/06-test.md",
                    "clear: true",
                    "Clear: true",
                )],
            ),
            (
                TOUR,
                &[Text(
                    "workshop/content/06-watch.md",
                    "session: 2\ncommand: tail -n 1 -f access.log",
                    "terminal: 2\ncommand: tail -n 1 -f access.log",
                )],
            ),
            (
                TOUR,
                &[Text(
                    "workshop/content/05-crawlers.md",
                    "line: 8",
                    "line: 8\nafter: 3",
                )],
            ),
            (
                WEB_APP,
                &[Text(
                    "workshop/content/03-page.md",
                    "match: Welcome\nreplacement",
                    "match: Welcome\nline: 3\nreplacement",
                )],
            ),
            (
                WEB_APP,
                &[Text(
                    "workshop/content/01-start.md",
                    "name: App\n",
                    "name: App\nsession: 1\n",
                )],
            ),
            (
                WEB_APP,
                &[Text(
                    "workshop/content/01-start.md",
                    "command: python3 serve.py",
                    "text: python3 serve.py",
                )],
            ),
        ],
    );
}

#[test]
fn invalid_property() {
    each(
        "invalid-property",
        &[
            (
                TOUR,
                &[Text(
                    "workshop/content/06-watch.md",
                    "background: true",
                    "background: ture",
                )],
            ),
            (
                WEB_APP,
                &[Text(
                    "workshop/content/01-start.md",
                    "retries: 3",
                    "retries: three",
                )],
            ),
            (
                TOUR,
                &[Text(
                    "workshop/content/05-crawlers.md",
                    "line: 8",
                    "line: eight",
                )],
            ),
            (
                TOUR,
                &[Text(
                    "workshop/content/06-watch.md",
                    "args:\n  - 203.0.113.77",
                    "args: {a: 203.0.113.77}",
                )],
            ),
            (
                NEW,
                &[File(
                    "workshop/content/01-page.md",
                    "```terminal:execute\ncommand: {a: b}\n```\n",
                )],
            ),
        ],
    );
}
