//! Names that are hidden, misspelt, or lack a part.

use super::{APP, PAGE, found, page};

#[test]
fn tabs_that_nobody_gets_to_see_are_told() {
    let definition = |layout: &str, dashboards: &str| {
        format!(
            "apiVersion: training.educates.dev/v1beta1\nkind: Workshop\nmetadata:\n  name: lab\nspec:\n  title: Lab\n  description: A lab.\n  session:\n    applications:\n      terminal: {{enabled: true, layout: {layout}}}\n      editor: {{enabled: true}}\n    dashboards:\n{dashboards}"
        )
    };
    let dashboards = "    - {name: App, url: 'http://localhost:8080/'}\n    - {name: Logs, url: 'terminal:logs'}\n";
    let covered = page(&[
        ("dashboard:open-dashboard", "name: App\ncascade: true"),
        ("terminal:execute", "command: ls\ncascade: true"),
        ("workshop:copy", "text: x"),
        ("dashboard:reload-dashboard", "name: App\ncascade: true"),
        ("editor:open-file", "file: ~/exercises/app/main.py"),
        ("dashboard:open-dashboard", "name: Logs\ncascade: true"),
        ("terminal:execute", "command: ls\nsession: logs"),
        (
            "dashboard:open-dashboard",
            "name: App\ncascade: true\npause: 5000",
        ),
        ("terminal:execute", "command: ls"),
        ("dashboard:open-dashboard", "name: App\ncascade: true"),
        ("terminal:clear", "cascade: true"),
        ("dashboard:open-dashboard", "name: App"),
        (
            "dashboard:reload-dashboard",
            "name: App\nfocus: false\ncascade: true",
        ),
        ("terminal:execute", "command: ls\ncascade: true"),
        ("dashboard:open-dashboard", "name: App"),
    ]);
    let split = definition("split", dashboards);
    let report = found(&[("resources/workshop.yaml", &split), (PAGE, &covered), APP]);
    insta::assert_snapshot!(report.join("\n"), @r"
    1 hidden-dashboard: the dashboard `App` is covered by `Terminal` as soon as it is shown [take `cascade` away, or show the dashboard last]
    15 hidden-dashboard: the dashboard `App` is covered by `Editor` as soon as it is shown [take `cascade` away, or show the dashboard last]
    ");
    // Below the tabs a terminal covers none of them.
    let lower = definition("lower", dashboards);
    let below = page(&[
        ("dashboard:open-dashboard", "name: App\ncascade: true"),
        ("terminal:execute", "command: ls"),
        ("dashboard:open-dashboard", "name: Terminal"),
    ]);
    let report = found(&[("resources/workshop.yaml", &lower), (PAGE, &below), APP]);
    insta::assert_snapshot!(report.join("\n"), @r"11 hidden-dashboard: the layout `lower` has no tab for the terminals [remove the action: the terminal stands below the tabs all the time]");
    let hidden = definition(
        "default",
        "    - {name: Terminal}\n    - {name: Console}\n    - {name: Editor, url: 'http://localhost:8080/'}\n    - {name: App}\n    - {name: Site, url: 'http://localhost/'}\n    - {name: site, url: 'http://localhost/a'}\n",
    );
    let open = page(&[("dashboard:open-dashboard", "name: App")]);
    let report = found(&[("resources/workshop.yaml", &hidden), (PAGE, &open), APP]);
    insta::assert_snapshot!(report.join("\n"), @r"
    15 hidden-dashboard: `Editor` is a part of the window, and its address is not used [give the dashboard another name]
    16 hidden-dashboard: the dashboard `App` has no address [give it a `url`]
    18 hidden-dashboard: there are two dashboards `site` [give each a name of its own; capitals and marks make no difference]
    2 unknown-dashboard: there is no dashboard `App` when this action runs [declare it below `spec.session.dashboards`, or create it in an earlier action]
    ");
}

#[test]
fn addresses_without_a_port_are_told_wherever_they_are_set() {
    let definition = "apiVersion: training.educates.dev/v1beta1\nkind: Workshop\nmetadata:\n  name: lab\nspec:\n  title: Lab\n  description: A lab.\n  session:\n    env:\n    # APP_URL: http://app-$(session_name).$(ingress_domain)/\n    - name: APP_URL\n      value: http://app-$(session_name).$(ingress_domain)/\n    - name: GOOD\n      value: http://app-$(session_name).$(ingress_domain)$(ingress_port_suffix)/\n    - name: OTHER\n      value: https://$(session_name)-other.$(ingress_domain)\n    ingresses:\n    - {name: app, port: 8080}\n    objects:\n    - {url: 'http://blog-$(session_namespace).$(ingress_domain)'}\n";
    let report = found(&[
        ("resources/workshop.yaml", definition),
        (PAGE, "Text.\n"),
        (
            "workshop/profile",
            "# http://app-$SESSION_NAME.$INGRESS_DOMAIN\nexport URL=\"http://app-$SESSION_NAME.$INGRESS_DOMAIN\"\n",
        ),
        (
            "workshop/setup.d/01.sh",
            "#!/bin/sh\necho URL=http://${SESSION_NAME}-app.${INGRESS_DOMAIN}/ >> env\n",
        ),
        (
            "workshop/setup.d/notes.txt",
            "http://a-$SESSION_NAME.$INGRESS_DOMAIN\n",
        ),
    ]);
    insta::assert_snapshot!(report.join("\n"), @r"
    12 missing-port-suffix: the address of an ingress is written without its port [write `$(ingress_port_suffix)` after the domain]
    16 missing-port-suffix: the address of an ingress is written without its port [write `$(ingress_port_suffix)` after the domain]
    2 missing-port-suffix: the address of an ingress is written without its port [write `$INGRESS_PORT_SUFFIX` after the domain]
    2 missing-port-suffix: the address of an ingress is written without its port [write `${INGRESS_PORT_SUFFIX}` after the domain]
    ");
}

#[test]
fn keys_that_are_misspelt_are_told() {
    let yaml = "spec:\n  replicas: 1\n  image1: a\n  name: x\n  env:\n    debug: no\n    level: 1\nother:\n  timeouts: 3\n  timeout: {a: 1}\n";
    let file = ("exercises/a.yaml", yaml);
    let actions = page(&[
        (
            "editor:set-yaml-value",
            "file: ~/exercises/a.yaml\npath: spec.replcas\nvalue: 2",
        ),
        (
            "editor:set-yaml-value",
            "file: ~/exercises/a.yaml\npath: spec.image2\nvalue: b",
        ),
        (
            "editor:set-yaml-value",
            "file: ~/exercises/a.yaml\npath: spec.timeout\nvalue: 2",
        ),
        (
            "editor:set-yaml-value",
            "file: ~/exercises/a.yaml\npath: spec.game\nvalue: 2",
        ),
        (
            "editor:merge-yaml-values",
            "file: ~/exercises/a.yaml\npath: spec.env\nvalue:\n  debg: yes\n  lvl: 3\n  level: 2",
        ),
        (
            "editor:set-yaml-value",
            "file: ~/exercises/a.yaml\npath: spec.envs\nvalue: 1",
        ),
    ]);
    let report = found(&[(PAGE, &actions), file]);
    insta::assert_snapshot!(report.join("\n"), @r"
    3 misspelt-key: `replcas` is a new key beside `replicas` [did you mean `replicas`?]
    29 misspelt-key: `debg` is a new key beside `debug` [did you mean `debug`?]
    ");
}

#[test]
fn files_are_named_as_commands_expect_them() {
    let actions = page(&[
        ("terminal:execute", "command: gcc -o hello mian.c -lm"),
        (
            "terminal:execute",
            "command: gcc -c main.c && gcc -o hello main.o",
        ),
        ("terminal:execute", "command: python3 ap.py"),
        ("terminal:execute", "command: node sever.js"),
        ("terminal:execute", "command: make -f Makefil"),
        ("terminal:execute", "command: cp confg.yaml config.bak"),
        (
            "terminal:execute",
            "command: docker build -t x -f Dockerfil .",
        ),
        ("terminal:execute", "command: kubectl apply -f confi.yaml"),
        ("terminal:execute", "command: source set.sh"),
        ("terminal:execute", "command: ./strat.sh"),
        ("terminal:execute", "command: wc -l < notes"),
    ]);
    let empty = [
        "Dockerfile",
        "Makefile",
        "app.py",
        "config.yaml",
        "main.c",
        "note",
        "server.js",
        "sets.sh",
        "start.sh",
    ];
    let paths = empty.map(|name| format!("exercises/{name}"));
    let mut files: Vec<(&str, &str)> = paths.iter().map(|path| (path.as_str(), "")).collect();
    files.push((PAGE, &actions));
    insta::assert_snapshot!(found(&files).join("\n"), @r"
    2 missing-path: there is no file `mian.c` in `~/exercises` when this command runs [did you mean `~/exercises/main.c`?]
    10 missing-path: there is no file `ap.py` in `~/exercises` when this command runs [did you mean `~/exercises/app.py`?]
    14 missing-path: there is no file `sever.js` in `~/exercises` when this command runs [did you mean `~/exercises/server.js`?]
    18 missing-path: there is no file `Makefil` in `~/exercises` when this command runs [did you mean `~/exercises/Makefile`?]
    22 missing-path: there is no file `confg.yaml` in `~/exercises` when this command runs [did you mean `~/exercises/config.yaml`?]
    26 missing-path: there is no file `Dockerfil` in `~/exercises` when this command runs [did you mean `~/exercises/Dockerfile`?]
    30 missing-path: there is no file `confi.yaml` in `~/exercises` when this command runs [did you mean `~/exercises/config.yaml`?]
    34 missing-path: there is no file `set.sh` in `~/exercises` when this command runs [did you mean `~/exercises/sets.sh`?]
    38 missing-path: there is no file `./strat.sh` in `~/exercises` when this command runs [did you mean `~/exercises/start.sh`?]
    42 missing-path: there is no file `notes` in `~/exercises` when this command runs [did you mean `~/exercises/note`?]
    ");
}

#[test]
fn what_may_not_be_run_is_told() {
    let actions = page(&[
        ("terminal:execute", "command: ./a.sh"),
        ("terminal:execute", "command: bash a.sh"),
        ("terminal:execute", "command: chmod +x b.sh && ./b.sh"),
        ("editor:create-file", "file: ~/exercises/c.sh\ntext: echo"),
        ("terminal:execute", "command: ./c.sh"),
        ("terminal:execute", "command: cp b.sh d.sh && ./d.sh"),
        ("terminal:execute", "command: printf x > e.sh; ./e.sh"),
        ("terminal:execute", "command: ./a.sh || true"),
        ("terminal:execute", "command: chmod +x *.sh"),
        ("terminal:execute", "command: ./c.sh"),
    ]);
    let files = [
        (PAGE, actions.as_str()),
        ("exercises/a.sh", "echo\n"),
        ("exercises/b.sh", "echo\n"),
    ];
    insta::assert_snapshot!(found(&files).join("\n"), @r"
    2 not-executable: `./a.sh` may not be run: it lacks the executable bit [chmod +x exercises/a.sh]
    19 not-executable: `./c.sh` may not be run: it lacks the executable bit [run `chmod +x ./c.sh` before]
    ");
}

#[test]
fn a_path_that_begins_at_the_home_is_looked_for_in_no_other_folder() {
    let actions = page(&[
        ("terminal:execute", "command: cat ~/data/x.txt"),
        ("terminal:execute", "command: cat other.py"),
    ]);
    insta::assert_snapshot!(found(&[(PAGE, &actions), APP]).join("\n"), @r"
    2 missing-path: there is no file `~/data/x.txt` when this command runs
    6 missing-path: there is no file `other.py` in `~/exercises` when this command runs
    ");
}
