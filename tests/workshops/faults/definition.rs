//! Keys, titles, lists of pages and programs beside the pages.

use super::Change::{File, Text};
use super::{NEW, TOUR, WEB_APP, each};

#[test]
fn invalid_address() {
    each(
        "invalid-address",
        &[
            (
                NEW,
                &[File(
                    "workshop/content/01-page.md",
                    "```dashboard:create-dashboard\nname: Docs\nurl: terminl:d\n```\n",
                )],
            ),
            (
                NEW,
                &[File(
                    "workshop/content/01-page.md",
                    "```dashboard:create-dashboard\nname: X\nurl: localhost:8080\n```\n",
                )],
            ),
            (
                NEW,
                &[File(
                    "workshop/content/01-page.md",
                    "```dashboard:open-url\nurl: example.com\n```\n",
                )],
            ),
            (
                NEW,
                &[File(
                    "workshop/content/01-page.md",
                    "```dashboard:open-url\nurl: htp://example.com\n```\n",
                )],
            ),
        ],
    );
}

#[test]
fn invalid_config() {
    each(
        "invalid-config",
        &[
            (
                TOUR,
                &[File(
                    "workshop/config.yaml",
                    "pathways:\n  default: workshop\n  paths:\n    workshop:\n      title: T\n      steps:\n      - 01-slow-morning\n      - 02-count\n      - 02-count\n      - 03-script\n      - 04-errors\n      - 05-crawlers\n      - 06-watch\n",
                )],
            ),
            (
                TOUR,
                &[File(
                    "workshop/config.yaml",
                    "pathways:\n  default: workshop\n  paths:\n    workshop:\n      title: T\n      steps:\n      - 01-slow-morning\n      - 02-count\n      - 03-script\n      - 04-errors\n      - 05-crawlers\n      - 06-watch\nmodules:\n- name: 01-slow-mornin\n  title: X\n",
                )],
            ),
            (
                TOUR,
                &[File(
                    "workshop/config.yaml",
                    "pathways:\n  default: workshop\n  paths:\n    workshop:\n      title: T\n      steps:\n      - 01-slow-morning\n      - 02-count\n      - 03-script\n      - 04-errors\n      - 05-crawlers\n      - 06-watch\n  modules:\n    01-slow-mornin:\n      title: X\n",
                )],
            ),
        ],
    );
}

#[test]
fn invalid_definition() {
    each(
        "invalid-definition",
        &[
            (
                TOUR,
                &[Text(
                    "resources/workshop.yaml",
                    "- /README.md",
                    "- /READNE.md",
                )],
            ),
            (
                TOUR,
                &[Text(
                    "resources/workshop.yaml",
                    "    image: \"$(image_repository)/tour-files:$(workshop_version)\"\n",
                    "    image: \"$(image_repository)/tour-files:$(workshop_version)\"\n    files:\n    - directory:\n        path: .\n      includePaths:\n      - /workshp/**\n      - /exercises/**\n",
                )],
            ),
            (
                WEB_APP,
                &[Text(
                    "resources/workshop.yaml",
                    "  name: web-app",
                    "  name: Web App",
                )],
            ),
            (
                WEB_APP,
                &[Text(
                    "resources/workshop.yaml",
                    "  name: web-app",
                    "  name: web_app",
                )],
            ),
            (
                WEB_APP,
                &[Text(
                    "resources/workshop.yaml",
                    "duration: 20m",
                    "duration: 20 minutes",
                )],
            ),
            (
                WEB_APP,
                &[Text(
                    "resources/workshop.yaml",
                    "duration: 20m",
                    "duration: twenty",
                )],
            ),
            (
                WEB_APP,
                &[Text(
                    "resources/workshop.yaml",
                    "difficulty: beginner",
                    "difficulty: beginer",
                )],
            ),
        ],
    );
}

#[test]
fn missing_shebang() {
    each(
        "missing-shebang",
        &[
            (
                TOUR,
                &[Text(
                    "workshop/examiner/tests/turned-away",
                    "#!/usr/bin/env bash\n",
                    "",
                )],
            ),
            (
                TOUR,
                &[Text(
                    "workshop/examiner/tests/turned-away",
                    "#!/usr/bin/env bash\n",
                    "\n#!/usr/bin/env bash\n",
                )],
            ),
            (
                TOUR,
                &[Text(
                    "workshop/examiner/tests/turned-away",
                    "#!/usr/bin/env bash\n",
                    "# !/usr/bin/env bash\n",
                )],
            ),
        ],
    );
}

#[test]
fn missing_title() {
    each(
        "missing-title",
        &[
            (
                TOUR,
                &[Text(
                    "workshop/content/01-slow-morning.md",
                    "title: A slow morning\n",
                    "",
                )],
            ),
            (
                TOUR,
                &[Text(
                    "workshop/content/01-slow-morning.md",
                    "---\ntitle: A slow morning\n---\n",
                    "",
                )],
            ),
            (
                TOUR,
                &[Text(
                    "workshop/content/01-slow-morning.md",
                    "title: A slow morning",
                    "titel: A slow morning",
                )],
            ),
            (
                TOUR,
                &[Text(
                    "workshop/content/01-slow-morning.md",
                    "title: A slow morning",
                    "title:",
                )],
            ),
        ],
    );
}

#[test]
fn shortcode_in_title() {
    each(
        "shortcode-in-title",
        &[
            (
                TOUR,
                &[Text(
                    "workshop/content/01-slow-morning.md",
                    "title: A slow morning",
                    "title: A slow {{< param sesion_name >}}",
                )],
            ),
            (
                TOUR,
                &[Text(
                    "workshop/content/01-slow-morning.md",
                    "title: A slow morning",
                    "title: A slow {{ session_name }}",
                )],
            ),
            (
                TOUR,
                &[Text(
                    "workshop/content/01-slow-morning.md",
                    "title: A slow morning",
                    "title: A slow $(session_name)",
                )],
            ),
        ],
    );
}

#[test]
fn stray_page() {
    each(
        "stray-page",
        &[(
            TOUR,
            &[File(
                "workshop/config.yaml",
                "pathways:\n  default: workshop\n  paths:\n    workshop:\n      title: T\n      steps:\n      - 01-slow-morning\n      - 02-count\n      - 03-script\n      - 04-errors\n      - 05-crawlers\n",
            )],
        )],
    );
}

#[test]
fn unknown_key() {
    each(
        "unknown-key",
        &[
            (
                TOUR,
                &[Text(
                    "workshop/content/01-slow-morning.md",
                    "title: A slow morning",
                    "title: A slow morning\nwieght: 3",
                )],
            ),
            (
                TOUR,
                &[
                    File(
                        "workshop/config.yaml",
                        "params:\n- name: shop\n  vlaue: x\n",
                    ),
                    Text(
                        "workshop/content/01-slow-morning.md",
                        "{{< param workshop_title >}}",
                        "{{< param shop >}}",
                    ),
                ],
            ),
            (
                TOUR,
                &[Text(
                    "resources/workshop.yaml",
                    "    applications:\n      terminal",
                    "    env:\n    - name: A\n      vlaue: b\n    applications:\n      terminal",
                )],
            ),
            (
                TOUR,
                &[Text(
                    "resources/workshop.yaml",
                    "    applications:\n      terminal",
                    "    env:\n    - nam: A\n      value: b\n    applications:\n      terminal",
                )],
            ),
            (
                WEB_APP,
                &[Text(
                    "resources/workshop.yaml",
                    "port: 8437",
                    "port: 8437\n        pathh: /",
                )],
            ),
            (
                TOUR,
                &[File(
                    "workshop/config.yaml",
                    "pathways:\n  default: workshop\n  paths:\n    workshop:\n      title: T\n      steps:\n      - 01-slow-morning\n      - 02-count\n      - 03-script\n      - 04-errors\n      - 05-crawlers\n      - 06-watch\n  modules:\n    01-slow-morning:\n      titel: X\n",
                )],
            ),
            (
                TOUR,
                &[File(
                    "workshop/config.yaml",
                    "pathway:\n  default: workshop\n",
                )],
            ),
            (
                TOUR,
                &[File(
                    "workshop/config.yaml",
                    "pathways:\n  default: workshop\n  paths:\n    workshop:\n      step: [01-slow-morning]\n",
                )],
            ),
            (
                TOUR,
                &[File(
                    "workshop/config.yaml",
                    "pathways:\n  default: workshop\n  paths:\n    workshop:\n      pages: [01-slow-morning]\n",
                )],
            ),
            (
                WEB_APP,
                &[Text("resources/workshop.yaml", "metadata:", "metadta:")],
            ),
            (
                WEB_APP,
                &[Text(
                    "resources/workshop.yaml",
                    "  name: web-app",
                    "  nmae: web-app",
                )],
            ),
            (
                WEB_APP,
                &[Text(
                    "resources/workshop.yaml",
                    "  title: What",
                    "  titel: What",
                )],
            ),
        ],
    );
    // A dashboard without its address is none.
    each(
        "unknown-key hidden-dashboard unknown-dashboard",
        &[(
            WEB_APP,
            &[Text(
                "resources/workshop.yaml",
                "        url: $(ingress",
                "        ulr: $(ingress",
            )],
        )],
    );
}
