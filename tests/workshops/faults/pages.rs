//! Links, images, variables, sections and what belongs to another kind of page.

use super::Change::{File, Renamed, Text};
use super::{NEW, TOUR, WEB_APP, each};

#[test]
fn broken_link() {
    each(
        "broken-link",
        &[
            (
                TOUR,
                &[Text(
                    "workshop/content/02-count.md",
                    "A pipeline is",
                    "See [the next] (03-script). A pipeline is",
                )],
            ),
            (
                TOUR,
                &[Text(
                    "workshop/content/02-count.md",
                    "A pipeline is",
                    "See [the next][script]. A pipeline is",
                )],
            ),
            (
                TOUR,
                &[Text(
                    "workshop/content/02-count.md",
                    "A pipeline is",
                    "See [the next](03-script. A pipeline is",
                )],
            ),
            (
                TOUR,
                &[Text(
                    "workshop/content/02-count.md",
                    "A pipeline is",
                    "See ![a picture](none.png \"A picture). A pipeline is",
                )],
            ),
            (
                TOUR,
                &[Text(
                    "workshop/content/02-count.md",
                    "A pipeline is",
                    "See [the next](03 script). A pipeline is",
                )],
            ),
            (
                TOUR,
                &[Text(
                    "workshop/content/02-count.md",
                    "A pipeline is",
                    "See [the next](03-scripts). A pipeline is",
                )],
            ),
            (
                TOUR,
                &[Text(
                    "workshop/content/02-count.md",
                    "A pipeline is",
                    "See [the next](../03-script-x/). A pipeline is",
                )],
            ),
            (
                TOUR,
                &[
                    Text(
                        "workshop/content/02-count.md",
                        "A pipeline is",
                        "See [the next](03-script.md). A pipeline is",
                    ),
                    Renamed(
                        "workshop/content/03-script.md",
                        "workshop/content/03-keep.md",
                    ),
                ],
            ),
            (
                WEB_APP,
                &[Text(
                    "workshop/content/02-routes.md",
                    "A browser hides",
                    "See [this]({{< baseurl >}}/01-strat/). A browser hides",
                )],
            ),
            (
                WEB_APP,
                &[Text(
                    "workshop/content/02-routes.md",
                    "A browser hides",
                    "See [this]({{< ref \"01-strat\" >}}). A browser hides",
                )],
            ),
            (
                WEB_APP,
                &[Text(
                    "workshop/content/02-routes.md",
                    "A browser hides",
                    "See [this](01-start#nope). A browser hides",
                )],
            ),
        ],
    );
}

#[test]
fn missing_image() {
    each(
        "missing-image",
        &[
            (
                TOUR,
                &[Text(
                    "workshop/content/02-count.md",
                    "A pipeline is",
                    "![x](images/pipe.png)\n\nA pipeline is",
                )],
            ),
            (
                WEB_APP,
                &[Text(
                    "workshop/content/02-routes.md",
                    "A browser hides",
                    "{{< figure src=\"shot.png\" >}}\n\nA browser hides",
                )],
            ),
            (
                WEB_APP,
                &[
                    Text(
                        "workshop/content/02-routes.md",
                        "A browser hides",
                        "![x](Shot.png)\n\nA browser hides",
                    ),
                    File("workshop/static/shot.png", "x"),
                ],
            ),
        ],
    );
}

#[test]
fn undefined_variable() {
    each(
        "undefined-variable",
        &[
            (
                TOUR,
                &[Text(
                    "workshop/content/01-slow-morning.md",
                    "workshop_title",
                    "workshop_tilte",
                )],
            ),
            (
                WEB_APP,
                &[Text(
                    "workshop/content/01-start.md",
                    "command: ls",
                    "command: ls {{< param \"sesion_name\" >}}",
                )],
            ),
        ],
    );
}

#[test]
fn unknown_expansion() {
    each(
        "unknown-expansion",
        &[
            (
                TOUR,
                &[Text(
                    "resources/workshop.yaml",
                    "  session:\n",
                    "  session:\n    env:\n    - name: WHO\n      value: ${session_name}\n",
                )],
            ),
            (
                TOUR,
                &[Text(
                    "resources/workshop.yaml",
                    "  session:\n",
                    "  session:\n    env:\n    - name: WHO\n      value: $(session_name\n",
                )],
            ),
            (
                WEB_APP,
                &[Text(
                    "resources/workshop.yaml",
                    "$(session_name)",
                    "$(sesion_name)",
                )],
            ),
        ],
    );
}

#[test]
fn unbalanced_section() {
    each(
        "unbalanced-section",
        &[
            (
                TOUR,
                &[Text(
                    "workshop/content/05-crawlers.md",
                    "```section:end\nname: hint\n```\n",
                    "",
                )],
            ),
            (
                TOUR,
                &[Text(
                    "workshop/content/05-crawlers.md",
                    "```section:begin\nname: hint\ntitle: Hint\n```\n",
                    "",
                )],
            ),
            (
                WEB_APP,
                &[Text(
                    "workshop/content/05-bug.md",
                    "```section:end\nname: where\n```\n",
                    "",
                )],
            ),
        ],
    );
}

#[test]
fn ambiguous_section() {
    each(
        "ambiguous-section",
        &[
            (
                WEB_APP,
                &[Text(
                    "workshop/content/05-bug.md",
                    "```section:end\nname: where\n```\n",
                    "```section:end\nname: were\n```\n",
                )],
            ),
            (
                NEW,
                &[File(
                    "workshop/content/01-page.md",
                    "```section:begin\n```\n\n```section:begin\n```\n\n```section:end\n```\n\n```section:end\n```\n",
                )],
            ),
        ],
    );
}

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
                    "{{ workshop_title }}",
                )],
            ),
            (
                WEB_APP,
                &[Text(
                    "workshop/content/02-routes.md",
                    "A browser hides",
                    "{{session_name}} A browser hides",
                )],
            ),
            (
                WEB_APP,
                &[Text(
                    "workshop/content/02-routes.md",
                    "command: curl -i http://localhost:8437/nowhere",
                    "command: curl -i http://localhost:8437/{{ session_name }}",
                )],
            ),
            (
                WEB_APP,
                &[Text(
                    "workshop/content/02-routes.md",
                    "A browser hides",
                    "%session_name% A browser hides",
                )],
            ),
            (
                WEB_APP,
                &[Text(
                    "workshop/content/02-routes.md",
                    "A browser hides",
                    "{{ nosuch }} A browser hides",
                )],
            ),
            (
                WEB_APP,
                &[Text(
                    "workshop/content/02-routes.md",
                    "`curl -i` shows",
                    "`curl -i`{{ copy }} shows",
                )],
            ),
            (
                WEB_APP,
                &[Text(
                    "workshop/content/02-routes.md",
                    "`curl -i` shows",
                    "`curl -i`{{copy}} shows",
                )],
            ),
        ],
    );
}

#[test]
fn classic_tag() {
    each(
        "classic-tag",
        &[(
            WEB_APP,
            &[Text(
                "workshop/content/02-routes.md",
                "A browser hides",
                "{% if true %} A browser hides {% endif %}",
            )],
        )],
    );
}

#[test]
fn shortcode_in_classic() {
    each(
        "shortcode-in-classic",
        &[
            (
                NEW,
                &[
                    File(
                        "workshop/content/01-page.md",
                        "Hello {{< param session_name >}}\n",
                    ),
                    File(
                        "workshop/modules.yaml",
                        "modules:\n  01-page:\n    name: One\n",
                    ),
                    File(
                        "workshop/workshop.yaml",
                        "name: L\nmodules:\n  activate:\n  - 01-page\n",
                    ),
                ],
            ),
            (
                NEW,
                &[
                    File(
                        "workshop/content/01-page.md",
                        "{{< note >}}\nHello\n{{< /note >}}\n",
                    ),
                    File(
                        "workshop/modules.yaml",
                        "modules:\n  01-page:\n    name: One\n",
                    ),
                    File(
                        "workshop/workshop.yaml",
                        "name: L\nmodules:\n  activate:\n  - 01-page\n",
                    ),
                ],
            ),
        ],
    );
}
