//! Commands that miss their files.

use super::Change::{File, Renamed, Text};
use super::{NEW, TOUR, WEB_APP, each};

#[test]
fn missing_path() {
    each(
        "missing-path",
        &[
            (
                TOUR,
                &[Text(
                    "workshop/content/05-crawlers.md",
                    "  - access.log",
                    "  - acces.log",
                )],
            ),
            (
                TOUR,
                &[Text(
                    "workshop/content/06-watch.md",
                    "command: bash shop.sh",
                    "command: cd bin && bash shop.sh",
                )],
            ),
            (
                TOUR,
                &[Text(
                    "workshop/content/06-watch.md",
                    "command: tail -n 1 -f access.log",
                    "command: cd ~; tail -n 1 -f access.log",
                )],
            ),
            (
                WEB_APP,
                &[Text(
                    "workshop/content/01-start.md",
                    "command: python3 serve.py",
                    "command: cd exercises && python3 serve.py",
                )],
            ),
            (
                WEB_APP,
                &[Text(
                    "workshop/content/04-form.md",
                    "command: tail -n 3 dishes.txt",
                    "command: tail -n 3 exercises/dishes.txt",
                )],
            ),
            (
                WEB_APP,
                &[Text(
                    "workshop/content/01-start.md",
                    "command: ls\n",
                    "command: cd ..\nsession: 1\n",
                )],
            ),
            (
                TOUR,
                &[Text(
                    "workshop/content/03-script.md",
                    "chmod +x bin/busiest\n  bin/busiest",
                    "cd bin\n  chmod +x bin/busiest",
                )],
            ),
            (
                TOUR,
                &[Text(
                    "workshop/content/02-count.md",
                    "command: head -n 5 access.log",
                    "command: cd ~ && head -n 5 access.log",
                )],
            ),
            (
                TOUR,
                &[Text(
                    "workshop/content/04-errors.md",
                    "command: bin/busiest; echo \"exit status $?\"\ntest:\n  output: 'exit status 0'",
                    "command: cd bin; bin/busiest; echo \"exit status $?\"\ntest:\n  output: 'exit status 0'",
                )],
            ),
            (TOUR, &[Renamed("exercises/shop.sh", "exercises/shopp.sh")]),
            (
                WEB_APP,
                &[Renamed("exercises/dishes.txt", "exercises/dish.txt")],
            ),
            (
                NEW,
                &[
                    File(
                        "workshop/content/01-page.md",
                        "```terminal:execute\ncommand: ./run.sh\n```\n",
                    ),
                    File("exercises/start.sh", "#!/bin/sh\n"),
                ],
            ),
            (
                NEW,
                &[
                    File(
                        "workshop/content/01-page.md",
                        "```terminal:execute\ncommand: node server.js\n```\n",
                    ),
                    File("exercises/serve.js", "1\n"),
                ],
            ),
            (
                NEW,
                &[
                    File(
                        "workshop/content/01-page.md",
                        "```terminal:execute\ncommand: kubectl apply -f deployment.yaml\n```\n",
                    ),
                    File("exercises/deploy.yaml", "a: 1\n"),
                ],
            ),
            (
                NEW,
                &[
                    File(
                        "workshop/content/01-page.md",
                        "```terminal:execute\ncommand: grep x dat.txt\n```\n",
                    ),
                    File("exercises/data.txt", "x\n"),
                ],
            ),
            (
                NEW,
                &[
                    File(
                        "workshop/content/01-page.md",
                        "```terminal:execute\ncommand: python3 -u app/main.py\n```\n",
                    ),
                    File("exercises/app/mian.py", "x\n"),
                ],
            ),
            (
                NEW,
                &[
                    File(
                        "workshop/content/01-page.md",
                        "```terminal:execute\ncommand: cat < data.txt\n```\n",
                    ),
                    File("exercises/dat.txt", "x\n"),
                ],
            ),
            (
                NEW,
                &[
                    File(
                        "workshop/content/01-page.md",
                        "```terminal:execute\ncommand: wc -l data.txt\n```\n",
                    ),
                    File("exercises/dat.txt", "x\n"),
                ],
            ),
            (
                NEW,
                &[
                    File(
                        "workshop/content/01-page.md",
                        "```terminal:execute\ncommand: cp data.txt b.txt\n```\n",
                    ),
                    File("exercises/dat.txt", "x\n"),
                ],
            ),
        ],
    );
}

#[test]
fn missing_path_or_missing_file() {
    each(
        "missing-path missing-file",
        &[(
            TOUR,
            &[Renamed("exercises/access.log", "exercises/acess.log")],
        )],
    );
}

#[test]
fn prompt_in_command() {
    each(
        "prompt-in-command",
        &[
            (
                TOUR,
                &[Text(
                    "workshop/content/06-watch.md",
                    "command: bash shop.sh",
                    "command: $ bash shop.sh",
                )],
            ),
            (
                TOUR,
                &[Text(
                    "workshop/content/01-slow-morning.md",
                    "  wc -l",
                    "  $ wc -l",
                )],
            ),
            (
                NEW,
                &[File(
                    "workshop/content/01-page.md",
                    "```execute\n$ ls\n```\n",
                )],
            ),
        ],
    );
}
