//! Values that YAML reads as something else.

use super::Change::{File, Text};
use super::{NEW, TOUR, WEB_APP, each};

#[test]
fn rescued_yaml() {
    each(
        "rescued-yaml",
        &[
            (
                TOUR,
                &[Text(
                    "workshop/content/04-errors.md",
                    "command: bin/busiest; echo \"exit status $?\"\ntest:\n  output: 'exit status 0'",
                    "command: bin/busiest; echo \"exit status: $?\"",
                )],
            ),
            (
                WEB_APP,
                &[Text(
                    "workshop/content/05-bug.md",
                    "replacement: <li>{escape(dish)}</li>",
                    "replacement: a: <li>{escape(dish)}</li>",
                )],
            ),
            (
                NEW,
                &[File(
                    "workshop/content/01-page.md",
                    "```workshop:copy\ntext: @me\n```\n",
                )],
            ),
            (
                NEW,
                &[File(
                    "workshop/content/01-page.md",
                    "```workshop:copy\ntext: `ls`\n```\n",
                )],
            ),
            (
                NEW,
                &[File(
                    "workshop/content/01-page.md",
                    "```workshop:copy\ntext: %d items\n```\n",
                )],
            ),
            (
                NEW,
                &[File(
                    "workshop/content/01-page.md",
                    "```workshop:copy\ntext: *.py\n```\n",
                )],
            ),
            (
                NEW,
                &[File(
                    "workshop/content/01-page.md",
                    "```workshop:copy\ntext: !important\n```\n",
                )],
            ),
            (
                NEW,
                &[File(
                    "workshop/content/01-page.md",
                    "```terminal:execute\ncommand: [ -f x ] && echo y\n```\n",
                )],
            ),
            (
                NEW,
                &[File(
                    "workshop/content/01-page.md",
                    "```terminal:execute\ncommand: \"echo\" hi\n```\n",
                )],
            ),
            (
                TOUR,
                &[Text(
                    "workshop/content/06-watch.md",
                    "  deny 203.0.113.77;",
                    "deny 203.0.113.77;",
                )],
            ),
            (
                WEB_APP,
                &[Text(
                    "workshop/content/05-bug.md",
                    "  from html import escape",
                    "from html import escape",
                )],
            ),
        ],
    );
}

#[test]
fn invalid_yaml() {
    each(
        "invalid-yaml",
        &[
            (
                WEB_APP,
                &[Text(
                    "workshop/content/02-routes.md",
                    "command: curl -i http://localhost:8437/nowhere",
                    "command: curl -i -H 'Accept: text/plain' http://localhost:8437/nowhere",
                )],
            ),
            (
                TOUR,
                &[Text(
                    "workshop/content/06-watch.md",
                    "title: The suspect is turned away",
                    "title: Test: the suspect is turned away",
                )],
            ),
            (
                TOUR,
                &[Text(
                    "workshop/content/04-errors.md",
                    "echo \"exit status $?\"",
                    "echo \"exit status: $?\"",
                )],
            ),
        ],
    );
}

#[test]
fn unquoted_scalar() {
    each(
        "unquoted-scalar",
        &[
            (
                NEW,
                &[File(
                    "workshop/content/01-page.md",
                    "```editor:create-file\nfile: ~/a.txt\ntext: 0755\n```\n",
                )],
            ),
            (
                NEW,
                &[File(
                    "workshop/content/01-page.md",
                    "```editor:create-file\nfile: ~/a.txt\ntext: 1.10\n```\n",
                )],
            ),
            (
                NEW,
                &[File(
                    "workshop/content/01-page.md",
                    "```editor:create-file\nfile: ~/a.txt\ntext: true\n```\n",
                )],
            ),
            (
                NEW,
                &[File(
                    "workshop/content/01-page.md",
                    "```workshop:copy\ntext: 1.10\n```\n",
                )],
            ),
        ],
    );
}

#[test]
fn cut_off_value() {
    each(
        "cut-off-value",
        &[
            (
                NEW,
                &[File(
                    "workshop/content/01-page.md",
                    "```terminal:execute\ncommand: echo \"hi # not a comment\"\n```\n",
                )],
            ),
            (
                NEW,
                &[File(
                    "workshop/content/01-page.md",
                    "```workshop:copy\ntext: &a\n```\n",
                )],
            ),
            (
                NEW,
                &[File(
                    "workshop/content/01-page.md",
                    "```workshop:copy\ntext: #!/bin/sh\n```\n",
                )],
            ),
        ],
    );
}

#[test]
fn lost_lines() {
    each(
        "lost-lines",
        &[(
            NEW,
            &[
                File(
                    "workshop/content/01-page.md",
                    "```editor:append-lines-to-file\nfile: ~/exercises/a.txt\ntext: |+\n  one\n\n\n```\n",
                ),
                File("exercises/a.txt", "1\n"),
            ],
        )],
    );
}

#[test]
fn lost_indentation() {
    each(
        "lost-indentation",
        &[
            (
                WEB_APP,
                &[Text(
                    "workshop/content/02-routes.md",
                    "text: |2\n",
                    "text: |\n",
                )],
            ),
            (
                WEB_APP,
                &[Text(
                    "workshop/content/06-test.md",
                    "      def test_dishes_are_text(self):",
                    "  def test_dishes_are_text(self):",
                )],
            ),
            (
                WEB_APP,
                &[Text(
                    "workshop/content/06-test.md",
                    "          page = lunch.render",
                    "      page = lunch.render",
                )],
            ),
            (
                NEW,
                &[
                    File(
                        "workshop/content/01-page.md",
                        "```editor:append-lines-after-match\nfile: ~/exercises/a.py\nmatch: \"def f():\"\ntext: |\n    x = 1\n    y = 2\n```\n",
                    ),
                    File("exercises/a.py", "def f():\n    return 1\n"),
                ],
            ),
            (
                NEW,
                &[
                    File(
                        "workshop/content/01-page.md",
                        "```editor:append-lines-after-match\nfile: ~/exercises/a.yaml\nmatch: \"ports:\"\ntext: |\n    - 80\n```\n",
                    ),
                    File("exercises/a.yaml", "spec:\n    ports:\n    - 81\n"),
                ],
            ),
            (
                NEW,
                &[
                    File(
                        "workshop/content/01-page.md",
                        "```editor:append-lines-after-match\nfile: ~/exercises/a.yaml\nmatch: \"name: x\"\ntext: |\n    image: y\n```\n",
                    ),
                    File("exercises/a.yaml", "spec:\n    name: x\n    tag: z\n"),
                ],
            ),
            (
                NEW,
                &[
                    File(
                        "workshop/content/01-page.md",
                        "```editor:insert-lines-before-match\nfile: ~/exercises/a.js\nmatch: \"return 1\"\ntext: |\n    let x = 1;\n```\n",
                    ),
                    File(
                        "exercises/a.js",
                        "function f() {\n    let y = 2;\n    return 1;\n}\n",
                    ),
                ],
            ),
            (
                NEW,
                &[
                    File(
                        "workshop/content/01-page.md",
                        "```editor:replace-matching-text\nfile: ~/exercises/a.py\nmatch: \"    return 1\"\nreplacement: |\n    return 2\n```\n",
                    ),
                    File("exercises/a.py", "def f():\n    return 1\n"),
                ],
            ),
        ],
    );
}

#[test]
fn unsupported_form() {
    each(
        "unsupported-form",
        &[
            (
                WEB_APP,
                &[Text("workshop/content/04-form.md", "enum: [", "enums: [")],
            ),
            (
                WEB_APP,
                &[Text(
                    "workshop/content/04-form.md",
                    "      required: true",
                    "      requird: true",
                )],
            ),
            (
                WEB_APP,
                &[Text(
                    "workshop/content/04-form.md",
                    "type: string",
                    "type: strng",
                )],
            ),
            (
                WEB_APP,
                &[Text(
                    "workshop/content/04-form.md",
                    "\"200\": 200 OK",
                    "\"201\": 200 OK",
                )],
            ),
        ],
    );
}
