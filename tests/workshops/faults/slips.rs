//! Slips of the hand that only a second look finds: letters turned, marks of another language, names that are nearly right.

use super::Change::{File, Renamed, Text};
use super::{NEW, TOUR, WEB_APP, each};

const DEFINITION: &str = "resources/workshop.yaml";
const PAGE: &str = "workshop/content/01-page.md";

#[test]
fn programs_and_variables_of_commands() {
    each(
        "missing-program",
        &[
            (
                WEB_APP,
                &[Text(
                    "workshop/content/02-routes.md",
                    "command: curl -i",
                    "command: crul -i",
                )],
            ),
            (
                TOUR,
                &[Text(
                    "workshop/content/02-count.md",
                    "access.log | cut",
                    "access.log | ctu",
                )],
            ),
        ],
    );
    each(
        "undefined-variable",
        &[(
            NEW,
            &[File(
                PAGE,
                "```terminal:execute\ncommand: for count in 1 2; do echo $coutn; done\n```\n\n```terminal:execute\ncommand: cd $HOEM\n```\n",
            )],
        )],
    );
    each(
        "classic-variable",
        &[
            (
                NEW,
                &[File(
                    PAGE,
                    "```terminal:execute\ncommand: echo $(session_name)\n```\n",
                )],
            ),
            (
                NEW,
                &[File(
                    PAGE,
                    "```dashboard:open-url\nurl: https://example.com/$(session_name)\n```\n",
                )],
            ),
            (
                NEW,
                &[File(
                    PAGE,
                    "```terminal:execute\ncommand: echo {{param session_name}}\n```\n",
                )],
            ),
        ],
    );
    each(
        "prompt-in-command",
        &[(
            WEB_APP,
            &[Text(
                "workshop/content/06-test.md",
                "command: python3 -m unittest\ntest:\n  expect: fail",
                "command: $ python3 -m unittest\ntest:\n  expect: fail",
            )],
        )],
    );
}

#[test]
fn files_whose_ending_or_folder_is_misspelt() {
    each(
        "missing-file missing-folder",
        &[
            (
                WEB_APP,
                &[Text(
                    "workshop/content/03-page.md",
                    "file: ~/exercises/page.html\nmatch: <form",
                    "file: ~/exercises/page.thml\nmatch: <form",
                )],
            ),
            (
                WEB_APP,
                &[Text(
                    "workshop/content/02-routes.md",
                    "file: ~/exercises/lunch.py\ntext: \"ROUTES",
                    "file: ~/exercises/lunch.PY\ntext: \"ROUTES",
                )],
            ),
            (
                TOUR,
                &[Text(
                    "workshop/content/06-watch.md",
                    "~/exercises/blocked.conf",
                    "~/exercise/blocked.conf",
                )],
            ),
            (
                TOUR,
                &[Text(
                    "workshop/content/06-watch.md",
                    "~/exercises/blocked.conf",
                    "~/exercises/blocked.CONF",
                )],
            ),
        ],
    );
}

#[test]
fn addresses_and_ports_of_a_definition() {
    each(
        "invalid-address",
        &[
            (WEB_APP, &[Text(DEFINITION, "$(ingress_protocol)://", "")]),
            (WEB_APP, &[Text(DEFINITION, "://lunch", "//lunch")]),
            (
                WEB_APP,
                &[Text(
                    DEFINITION,
                    "lunch-$(session_name)",
                    "lunch.$(session_name)",
                )],
            ),
            (
                WEB_APP,
                &[Text(DEFINITION, "$(session_name).$", "$(session_name)$")],
            ),
        ],
    );
    each(
        "unquoted-scalar",
        &[(
            WEB_APP,
            &[Text(
                DEFINITION,
                "    ingresses:",
                "    env:\n      - name: PORT\n        value: 8437\n    ingresses:",
            )],
        )],
    );
    each(
        "unknown-expansion",
        &[(
            WEB_APP,
            &[Text(
                DEFINITION,
                "$(ingress_port_suffix)",
                ":$(ingress_port)",
            )],
        )],
    );
    each(
        "invalid-definition",
        &[
            (WEB_APP, &[Text(DEFINITION, "port: 8437", "port: \"8437\"")]),
            (
                WEB_APP,
                &[Text(
                    DEFINITION,
                    "        port: 8437\n",
                    "        port: 8437\n      - name: lunch\n        port: 8438\n",
                )],
            ),
        ],
    );
}

/// These have no place in a file that is read.
#[test]
fn files_that_are_not_read() {
    const COUNT: &str = "workshop/content/02-count.md";
    let tour = || {
        let workshops = concat!(env!("CARGO_MANIFEST_DIR"), "/../workshops");
        super::WorkshopTest::copy_of(format!("{workshops}/tour"))
    };
    for (code, change) in [
        (
            "unsupported-page",
            Renamed(COUNT, "workshop/content/02-count.txt"),
        ),
        (
            "unsupported-page",
            Renamed(COUNT, "workshop/content/02-count"),
        ),
        (
            "ignored-config",
            File("workshop/config.yml", "params: []\n"),
        ),
        ("unused-script", Renamed("workshop/setup.d", "setup.d")),
    ] {
        super::is_found(code, &super::seeded(tour(), &change));
    }
}

#[test]
fn blocks_that_nearly_are_actions() {
    each(
        "unknown-action",
        &[(NEW, &[File(PAGE, "```shell:execute\ncommand: ls\n```\n")])],
    );
    each(
        "invalid-action",
        &[(NEW, &[File(PAGE, "```execute\ncommand: ls\n```\n")])],
    );
    each(
        "stray-action",
        &[(
            NEW,
            &[File(PAGE, "```\nterminal:execute\ncommand: ls\n```\n")],
        )],
    );
    each(
        "broken-link",
        &[(NEW, &[File(PAGE, "A picture: ![of it] (none.png)\n")])],
    );
}

#[test]
fn paths_of_another_language_in_yaml() {
    const YAML: &str =
        "hosts:\n- {name: a, ip: 10.0.0.1}\n- {name: b, ip: 10.0.0.2}\nserver: {port: 80}\n";
    let paths = [
        "hosts[2].ip",
        "hosts[0].pi",
        "/server/port",
        "$.server.port",
    ];
    for path in paths {
        let page = format!(
            "```editor:set-yaml-value\nfile: ~/exercises/conf.yaml\npath: {path}\nvalue: 9\n```\n"
        );
        let page: &'static str = Box::leak(page.into_boxed_str());
        each(
            "misspelt-key",
            &[(NEW, &[File("exercises/conf.yaml", YAML), File(PAGE, page)])],
        );
    }
}

/// What looks like one of these and is none.
#[test]
fn none_of_them_are_no_false_alarms() {
    let pages = [
        "```terminal:execute\ncommand: act --list; kubectx; egrep x access.log; javap X\n```\n",
        "```terminal:execute\ncommand: |-\n  form=a; from=$form\n  echo $from $(date)\n```\n",
        "```\nterminal:execute\nterminal:input\n```\n",
        "```text\nterminal:execute\ncommand: ls\n```\n",
        "```file:main.py\ncommand: x\n```\n",
        "```execute\necho command: ls\n```\n",
        "Say `[a] (b.png)`, or see ! [that] (of last year).\n",
    ];
    let test = super::WorkshopTest::new(&[]).bytes(PAGE, pages.join("\n").as_bytes());
    assert_eq!(test.check().brief(), [""; 0]);
}

/// A session may give the variable a value.
#[test]
fn an_address_in_a_variable_is_no_error() {
    let page = "```dashboard:create-dashboard\nname: Shop\nurl: {{< param shop_url >}}\n```\n\n```dashboard:open-dashboard\nname: Shop\n```\n";
    let test = super::WorkshopTest::new(&[])
        .bytes(PAGE, page.as_bytes())
        .bytes(
            "workshop/config.yaml",
            b"params:\n- name: shop_url\n  value: \"\"\n  aliases: [SHOP_URL]\n",
        );
    assert_eq!(test.check().brief(), [""; 0]);
}
