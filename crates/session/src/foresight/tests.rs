mod names;

use std::fs;

use atelier_content::{Variables, load};
use camino::{Utf8Path, Utf8PathBuf};

const DEFINITION: &str = "apiVersion: training.educates.dev/v1beta1\nkind: Workshop\nmetadata:\n  name: lab\nspec:\n  title: Lab\n  description: A lab.\n  session:\n    applications:\n      terminal: {enabled: true, layout: split}\n      editor: {enabled: true}\n      examiner: {enabled: true}\n";

/// What is found in a workshop of these files, one line a finding.
fn found(files: &[(&str, &str)]) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let root = Utf8PathBuf::from_path_buf(folder.path().to_owned()).unwrap();
    write(&root.join("resources/workshop.yaml"), DEFINITION);
    for (path, text) in files {
        write(&root.join(path), text);
    }
    let loaded = load(&root).unwrap();
    let variables = Variables::for_preview(&loaded.workshop);
    let sources = &loaded.workshop.sources;
    super::check(&loaded, &variables)
        .into_iter()
        .map(|found| {
            let line = found.span().map_or(0, |span| sources.position(span).line);
            let help = found
                .help
                .map(|help| format!(" [{help}]"))
                .unwrap_or_default();
            format!("{line} {}: {}{help}", found.code, found.message)
        })
        .collect()
}

fn write(path: &Utf8Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// A page of these actions.
fn page(actions: &[(&str, &str)]) -> String {
    actions
        .iter()
        .map(|(kind, body)| format!("```{kind}\n{body}\n```\n"))
        .collect::<Vec<_>>()
        .join("\n")
}

const PAGE: &str = "workshop/content/01-page.md";
const APP: (&str, &str) = (
    "exercises/app/main.py",
    "def hello():\n    name = \"you\"\n    return name\n",
);

fn found_on(actions: &[(&str, &str)]) -> Vec<String> {
    found(&[(PAGE, &page(actions)), APP])
}

#[test]
fn a_workshop_that_works_has_no_findings() {
    let nothing: [&str; 0] = [];
    let good = found_on(&[
        ("editor:open-file", "file: ~/exercises/app/main.py"),
        (
            "editor:append-lines-after-match",
            "file: ~/exercises/app/main.py\nmatch: name = \"you\"\ntext: |2\n      name += \"!\"",
        ),
        ("editor:open-file", "file: ~/exercises/app/main.py\nline: 3"),
        (
            "editor:select-matching-text",
            "file: exercises/app/main.py\ntext: name += \"!\"",
        ),
        (
            "editor:replace-text-selection",
            "file: $HOME/exercises/app/main.py\ntext: pass",
        ),
        ("terminal:execute", "command: cd app && python3 main.py"),
        ("terminal:execute", "command: cat main.py\nsession: 1"),
        (
            "terminal:execute",
            "command: cat app/main.py | grep def > /dev/null\nsession: 2",
        ),
        ("editor:create-directory", "directory: ~/exercises/new"),
        (
            "editor:create-file",
            "file: ~/exercises/new/a.txt\ntext: one",
        ),
        (
            "editor:append-lines-after-match",
            "file: ~/exercises/new/a.txt\nmatch: one\ntext: two",
        ),
        (
            "editor:copy-file",
            "src: ~/exercises/new/a.txt\ndest: ~/b.txt",
        ),
        ("editor:select-matching-text", "file: ~/b.txt\ntext: two"),
        ("terminal:execute", "command: echo three > made.txt"),
        ("editor:open-file", "file: ~/exercises/app/made.txt"),
    ]);
    assert_eq!(good, nothing);
    // What a command may have made is there, and what it may have changed matches.
    let unknown = found_on(&[
        (
            "terminal:execute",
            "command: git clone https://example.org/x && cd x",
        ),
        ("editor:open-file", "file: ~/exercises/x/README.md"),
        ("terminal:execute", "command: python3 setup.py"),
        (
            "editor:select-matching-text",
            "file: ~/exercises/app/main.py\ntext: not there any more",
        ),
    ]);
    assert_eq!(unknown, nothing);
}

#[test]
fn files_that_the_definition_holds_are_known() {
    let definition = "apiVersion: training.educates.dev/v1beta1\nkind: Workshop\nmetadata:\n  name: lab\nspec:\n  title: Lab\n  description: A lab.\n  workshop:\n    files:\n    - inline:\n        paths:\n          exercises/a.txt: one\n          workshop/setup.d/01-b.sh: touch ~/exercises/b.txt\n          workshop/examiner/tests/works: '#!/bin/sh'\n    - image: {url: x/lab-files:1}\n  session:\n    applications:\n      terminal: {enabled: true}\n      editor: {enabled: true}\n      examiner: {enabled: true}\n";
    let page = page(&[
        ("editor:open-file", "file: ~/exercises/a.txt"),
        (
            "editor:select-matching-text",
            "file: ~/exercises/a.txt\ntext: two",
        ),
        ("editor:open-file", "file: ~/exercises/b.txt"),
        ("terminal:execute", "command: cat a.txt"),
        ("examiner:execute-test", "name: works"),
        ("examiner:execute-test", "name: work"),
    ]);
    let found = found(&[("resources/workshop.yaml", definition), (PAGE, &page)]);
    insta::assert_snapshot!(found.join("\n"), @r#"
    7 no-match: no line of ~/exercises/a.txt contains "two" [compare it with the file as it is when this action runs, space by space]
    23 missing-test: there is no check `work` [did you mean `works`?]
    "#);
}

#[test]
fn a_folder_that_is_fetched_has_files_of_its_own() {
    let found = found_on(&[
        (
            "terminal:execute",
            "command: git clone https://example.org/x y",
        ),
        ("editor:open-file", "file: ~/exercises/y/main.py"),
        ("terminal:execute", "command: cat y/src/main.py"),
        ("editor:open-file", "file: ~/exercises/app/mian.py"),
    ]);
    insta::assert_snapshot!(found.join("\n"), @"14 missing-file: there is no file `~/exercises/app/mian.py` when this action runs [did you mean `~/exercises/app/main.py`?]");
}

#[test]
fn what_git_makes_is_not_missing() {
    let nothing: [&str; 0] = [];
    let found = found_on(&[
        ("terminal:execute", "command: git init && git status"),
        ("editor:open-file", "file: ~/exercises/.git/config"),
        ("editor:open-file", "file: ~/exercises/COMMIT"),
    ]);
    assert_eq!(found, nothing);
}

#[test]
fn what_a_command_changes_or_makes_is_not_at_fault() {
    let nothing: [&str; 0] = [];
    let text = "file: ~/exercises/app/main.py\ntext: not there any more";
    for command in [
        "yq -i '.a = 1' a.yaml",
        "yq --inplace '.a = 1' a.yaml",
        "npm install express",
        "cargo add serde",
        "go mod tidy",
        "uv init",
        "sort --output=app/main.py app/main.py",
        "sort -uo app/main.py app/main.py",
        "uniq app/main.py app/main.py",
        "bash change.sh",
        "sh -e ./change.sh",
        "source change.sh",
        ". ./change.sh",
    ] {
        let page = page(&[
            ("terminal:execute", &format!("command: {command}")),
            ("editor:select-matching-text", text),
        ]);
        let script = ("exercises/change.sh", "sed -i s/a/b/ app/main.py\n");
        let yaml = ("exercises/a.yaml", "a: 0\n");
        assert_eq!(
            found(&[(PAGE, &page), APP, script, yaml]),
            nothing,
            "{command}"
        );
    }
    let made = found_on(&[
        ("terminal:execute", "command: xxd app/main.py > main.hex"),
        ("terminal:execute", "command: xxd -r main.hex copy.py"),
        ("terminal:execute", "command: uniq -w 3 copy.py other.py"),
        ("terminal:execute", "command: cat copy.py other.py"),
    ]);
    assert_eq!(made, nothing);
}

#[test]
fn scripts_that_a_shell_is_given_are_followed() {
    let page = page(&[
        ("terminal:execute", "command: bash make.sh"),
        ("terminal:execute", "command: cat made.txt"),
        ("terminal:execute", "command: cat mad.txt"),
        ("terminal:execute", "command: source go.sh"),
        ("terminal:execute", "command: python3 main.py"),
    ]);
    let found = found(&[
        (PAGE, &page),
        APP,
        ("exercises/make.sh", "echo one > made.txt\n"),
        ("exercises/go.sh", "cd app\n"),
    ]);
    insta::assert_snapshot!(found.join("\n"), @"10 missing-path: there is no file `mad.txt` in `~/exercises` when this command runs [did you mean `~/exercises/made.txt`?]");
}

#[test]
fn terminals_start_where_the_workshop_says() {
    let definition = |value: &str| {
        format!(
            "apiVersion: training.educates.dev/v1beta1\nkind: Workshop\nmetadata:\n  name: lab\nspec:\n  title: Lab\n  description: A lab.\n  session:\n    env:\n    - name: EXERCISES_DIR\n      value: {value}\n    applications:\n      terminal: {{enabled: true, layout: split}}\n      editor: {{enabled: true}}\n"
        )
    };
    let nothing: [&str; 0] = [];
    let actions = page(&[("terminal:execute", "command: python3 main.py")]);
    for (value, is_there) in [("exercises/app", true), ("~/exercises", false)] {
        let found = found(&[
            ("resources/workshop.yaml", &definition(value)),
            (PAGE, &actions),
            APP,
        ]);
        assert_eq!(found.is_empty(), is_there, "{value}: {found:?}");
    }
    for script in ["profile", "terminal.sh", "terminal/1.sh"] {
        let path = format!("workshop/{script}");
        let found = found(&[(PAGE, &actions), APP, (&path, "cd ~/exercises/app\n")]);
        assert_eq!(found, nothing, "{script}");
    }
    let pushed = found_on(&[
        ("terminal:execute", "command: pushd app"),
        ("terminal:execute", "command: python3 main.py"),
        ("terminal:execute", "command: popd"),
        ("terminal:execute", "command: cat app/main.py"),
    ]);
    assert_eq!(pushed, nothing);
}

#[test]
fn what_programs_keep_in_the_home_may_be_there() {
    let page = page(&[
        ("editor:open-file", "file: ~/.bashrc"),
        (
            "terminal:execute",
            "command: mkdir -p ~/.kube && cat ~/.kube/config",
        ),
        ("terminal:execute", "command: cd ~/.config\nsession: 2"),
        ("editor:open-file", "file: ~/.lab/note.txt"),
    ]);
    let found = found(&[(PAGE, &page), APP, (".lab/notes.txt", "one\n")]);
    insta::assert_snapshot!(found.join("\n"), @"15 missing-file: there is no file `~/.lab/note.txt` when this action runs [did you mean `~/.lab/notes.txt`?]");
}

#[test]
fn what_another_program_reads_is_no_command() {
    let inside = ("terminal:execute", "command: cat app/mian.py");
    for start in [
        "docker exec -it web bash",
        "kubectl exec -it web -- sh",
        "psql -U lab lab",
        "sqlite3 lab.db",
        "python3",
        "bash",
        "less app/main.py",
    ] {
        let start = format!("command: {start}");
        let leave = ("terminal:execute", "command: exit");
        let back = (
            "terminal:execute",
            "command: cd ~/exercises && cat app/mainn.py",
        );
        let found = found_on(&[("terminal:execute", &start), inside, leave, back]);
        let expected = "14 missing-path: there is no file `app/mainn.py` in `~/exercises` when this command runs [did you mean `~/exercises/app/main.py`?]";
        assert_eq!(found, [expected], "{start}");
    }
    let once = found_on(&[
        (
            "terminal:execute",
            "command: docker exec -it web bash -c ls",
        ),
        inside,
    ]);
    assert_eq!(once.len(), 1, "{once:?}");
}

#[test]
fn files_that_are_not_there_are_named_with_the_one_that_was_meant() {
    insta::assert_snapshot!(found_on(&[
        ("editor:open-file", "file: ~/exercises/app/mian.py"),
        ("editor:open-file", "file: ~/exercises/main.py"),
        ("editor:delete-file", "file: ~/exercises/other.py"),
        ("editor:create-file", "file: ~/exercises/none/a.py\ntext: a"),
    ]).join("\n"), @r"
    2 missing-file: there is no file `~/exercises/app/mian.py` when this action runs [did you mean `~/exercises/app/main.py`?]
    6 missing-file: there is no file `~/exercises/main.py` when this action runs [did you mean `~/exercises/app/main.py`?]
    10 missing-file: there is no file `~/exercises/other.py` when this action runs [put it where sessions receive it (`exercises/`, or what `includePaths` names), or make it in an earlier action]
    14 missing-folder: there is no folder `~/exercises/none` when this action runs [make it with `editor:create-directory` before]
    ");
}

#[test]
fn a_path_that_is_not_written_as_it_is_read_has_no_fix() {
    for (path, has_fix) in [
        ("~/exercises/app/mian.py", true),
        ("\"~/exercises/app/mi\\x61n.py\"", false),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let root = Utf8PathBuf::from_path_buf(folder.path().to_owned()).unwrap();
        let body = format!("file: {path}");
        write(&root.join("resources/workshop.yaml"), DEFINITION);
        write(
            &root.join(PAGE),
            &page(&[("editor:open-file", body.as_str())]),
        );
        write(&root.join(APP.0), APP.1);
        let loaded = load(&root).unwrap();
        let found = super::check(&loaded, &Variables::for_preview(&loaded.workshop));
        let missing = found.iter().find(|found| found.code == "missing-file");
        assert_eq!(missing.unwrap().fix.is_some(), has_fix, "{path}");
    }
}

#[test]
fn texts_that_the_file_does_not_hold_are_told() {
    insta::assert_snapshot!(found_on(&[
        ("editor:select-matching-text", "file: ~/exercises/app/main.py\ntext: name  = \"you\""),
        ("editor:append-lines-after-match", "file: ~/exercises/app/main.py\nmatch: return nome\ntext: x"),
        ("editor:create-file", "file: ~/exercises/a.yaml\ntext: |\n  a: 1"),
        ("editor:insert-value-into-yaml", "file: ~/exercises/a.yaml\npath: b.c\nvalue: 2"),
    ]).join("\n"), @r#"
    3 no-match: no line of ~/exercises/app/main.py contains "name  = \"you\"" [line 2 has `name = "you"`]
    8 no-match: no line of ~/exercises/app/main.py contains "return nome"; the new lines went in at line 5 [compare it with the file as it is when this action runs, space by space]
    18 deprecated-action: `editor:insert-value-into-yaml` is deprecated [write `editor:add-yaml-item` for a list, `editor:merge-yaml-values` for a mapping]
    19 failing-edit: ~/exercises/a.yaml has nothing at `b.c`
    "#);
}

#[test]
fn indentation_that_yaml_takes_is_told() {
    insta::assert_snapshot!(found_on(&[
        ("editor:append-lines-after-match", "file: ~/exercises/app/main.py\nmatch: name = \"you\"\ntext: |\n    name += \"!\""),
        ("editor:create-file", "file: ~/exercises/b.py\ntext: |\n  x = 1\n      y = 2\n      z = 3"),
    ]).join("\n"), @r"
    1 lost-indentation: the new lines are not as deep as the lines they stand between [say how deep the block stands in the YAML, `text: |2`, and indent its lines further]
    8 lost-indentation: a new line is not as deep as the next one, and opens nothing [say how deep the block stands in the YAML, `text: |2`, and indent its lines further]
    ");
}

#[test]
fn commands_in_the_wrong_folder_are_told() {
    insta::assert_snapshot!(found_on(&[
        ("terminal:execute", "command: python3 main.py"),
        ("terminal:execute", "command: cd appp\nsession: 2"),
        ("terminal:execute", "command: cd ~/exercises/app && cat mian.py"),
    ]).join("\n"), @r"
    2 missing-path: there is no file `main.py` in `~/exercises` when this command runs [did you mean `~/exercises/app/main.py`?]
    6 missing-path: there is no folder `appp` in `~/exercises` when this command runs [did you mean `~/exercises/app`?]
    11 missing-path: there is no file `mian.py` in `~/exercises/app` when this command runs [did you mean `~/exercises/app/main.py`?]
    ");
}

#[test]
fn an_open_file_that_is_open_is_told() {
    insta::assert_snapshot!(found_on(&[
        ("editor:append-lines-to-file", "file: ~/exercises/app/main.py\ntext: \"# end\""),
        ("editor:open-file", "file: ~/exercises/app/main.py"),
    ]).join("\n"), @r"
    6 redundant-open: `~/exercises/app/main.py` is open already: the action before has shown it [remove this action, or say with `line` what it is to show]
    ");
}

#[test]
fn checks_without_a_program_are_told() {
    let page = page(&[
        ("examiner:execute-test", "name: verify-there"),
        ("examiner:execute-test", "name: verify-ther"),
    ]);
    let found = found(&[
        (PAGE, &page),
        ("workshop/examiner/tests/verify-there", "#!/bin/sh\n"),
    ]);
    insta::assert_snapshot!(found.join("\n"), @r"
    1 test-not-executable: `workshop/examiner/tests/verify-there` may not be run: it lacks the executable bit [chmod +x workshop/examiner/tests/verify-there]
    6 missing-test: there is no check `verify-ther` [did you mean `verify-there`?]
    ");
}

#[test]
fn checks_of_other_pathways_are_told_too() {
    let page = page(&[("examiner:execute-test", "name: verify-ther")]);
    let found = found(&[
        ("workshop/content/a.md", "Nothing.\n"),
        ("workshop/content/b.md", &page),
        (
            "workshop/config.yaml",
            "pathways:\n  default: one\n  paths:\n    one: {title: One, steps: [a]}\n    two: {title: Two, steps: [b]}\n",
        ),
    ]);
    insta::assert_snapshot!(found.join("\n"), @"2 missing-test: there is no check `verify-ther` [put a program of this name into workshop/examiner/tests]");
}

#[test]
fn every_pathway_is_walked_and_a_fault_on_several_is_told_once() {
    let make = page(&[("terminal:execute", "command: echo one > made.txt")]);
    let read = page(&[
        ("terminal:execute", "command: cat made.txt"),
        ("terminal:execute", "command: cat mian.py"),
    ]);
    let other = page(&[
        ("terminal:execute", "command: cat app/{{< param script >}}"),
        ("editor:open-file", "file: ~/exercises/app/man.py"),
    ]);
    let found = found(&[
        ("workshop/content/a-other.md", &other),
        ("workshop/content/b-make.md", &make),
        ("workshop/content/c-read.md", &read),
        (
            "workshop/config.yaml",
            "params: [{name: all, value: x}]\npathways:\n  default: one\n  paths:\n    one: {title: One, steps: [b-make, c-read]}\n    two:\n      title: Two\n      steps: [c-read.md, a-other]\n      params: [{name: script, value: main.py}]\n",
        ),
        APP,
        ("exercises/main.py", "1\n"),
    ]);
    insta::assert_snapshot!(found.join("\n"), @r"
    2 missing-path: there is no file `made.txt` in `~/exercises` when this command runs (on the pathway `two`)
    6 missing-path: there is no file `mian.py` in `~/exercises` when this command runs [did you mean `~/exercises/main.py`?]
    6 missing-file: there is no file `~/exercises/app/man.py` when this action runs [did you mean `~/exercises/app/main.py`?]
    ");
}

#[test]
fn prompts_are_told_where_a_command_has_one() {
    insta::assert_snapshot!(found_on(&[
        ("terminal:execute", "command: |-\n  cat <<END\n  $ ls\n  END"),
        ("terminal:execute", "command: |-\n  echo '\n  $ ls\n  '"),
        ("terminal:execute", "command: |-\n  cat <<END\n  $ ls\n  END\n  $ ls"),
        ("terminal:execute", "command: $ echo 1"),
    ]).join("\n"), @r"
    20 prompt-in-command: a command starts with a prompt, `$ ` [write the command alone]
    24 prompt-in-command: a command starts with a prompt, `$ ` [write the command alone]
    ");
}

#[test]
fn tabs_and_addresses_that_are_not_there_are_told() {
    let actions = page(&[
        ("dashboard:open-dashboard", "name: Terminal"),
        ("dashboard:open-dashboard", "name: Ap"),
        (
            "dashboard:create-dashboard",
            "name: App\nurl: http://app-{{< param session_name >}}.{{< param ingress_domain >}}/",
        ),
        ("dashboard:open-dashboard", "name: Ap"),
        ("dashboard:delete-dashboard", "name: App"),
        ("dashboard:open-dashboard", "name: App"),
        (
            "dashboard:open-url",
            "url: http://ap-{{< param session_name >}}.{{< param ingress_domain >}}{{< param ingress_port_suffix >}}/x",
        ),
        ("terminal:execute", "command: |-\n  ls\n  $ ls"),
    ]);
    let definition = "apiVersion: training.educates.dev/v1beta1\nkind: Workshop\nmetadata:\n  name: lab\nspec:\n  title: Lab\n  description: A lab.\n  session:\n    ingresses:\n    - {name: app, port: 8080}\n    dashboards:\n    - name: One\n      url: \"$(ingress_protocol)://app-$(session_name).$(ingress_domain)/\"\n    - name: Two\n      url: \"$(ingress_protocol)://$(session_name)-apps.$(ingress_domain)$(ingress_port_suffix)/\"\n";
    let found = found(&[("resources/workshop.yaml", definition), (PAGE, &actions)]);
    insta::assert_snapshot!(found.join("\n"), @r"
    13 missing-port-suffix: the address of an ingress is written without its port [write `$(ingress_port_suffix)` after the domain]
    15 unknown-ingress: there is no ingress `apps` [did you mean `app`?]
    6 unknown-dashboard: there is no dashboard `Ap` when this action runs [declare it below `spec.session.dashboards`, or create it in an earlier action]
    11 missing-port-suffix: the address of an ingress is written without its port [write `{{< param ingress_port_suffix >}}` after the domain]
    15 unknown-dashboard: there is no dashboard `Ap` when this action runs [did you mean `App`?]
    23 unknown-dashboard: there is no dashboard `App` when this action runs [declare it below `spec.session.dashboards`, or create it in an earlier action]
    26 unknown-ingress: there is no ingress `ap` [did you mean `app`?]
    33 prompt-in-command: a command starts with a prompt, `$ ` [write the command alone]
    ");
}

#[test]
fn what_terminals_and_the_platform_bring_is_there() {
    let page = page(&[
        ("terminal:execute", "command: ./run.sh"),
        ("terminal:execute", "command: cat made.txt"),
        ("terminal:execute", "command: cat ~/exercises/ext/sub/a.txt"),
        ("terminal:execute", "command: cd ~/exercises/ext/sub"),
    ]);
    let definition = DEFINITION.replace(
        "  session:",
        "  workshop:\n    files:\n    - image: {url: x}\n    - path: exercises/ext\n      git: {url: 'https://x', ref: main}\n  session:",
    );
    let nothing: [&str; 0] = [];
    let found = found(&[
        ("resources/workshop.yaml", &definition),
        ("exercises/run.sh", "#!/bin/bash\n"),
        (
            "workshop/profile",
            "chmod +x ~/exercises/run.sh\ntouch ~/exercises/made.txt\n",
        ),
        (PAGE, &page),
    ]);
    assert_eq!(found, nothing);
}

#[test]
fn programs_of_set_up_are_run_by_whoever_names_them() {
    let program = ("workshop/setup.d/seed.py", "#!/usr/bin/env python3\n");
    let runs = |path: &str, text: &str| {
        let found = found(&[
            program,
            ("workshop/content/00-start.md", "Hi.\n"),
            (path, text),
        ]);
        !found.iter().any(|found| found.contains("unused-script"))
    };
    let service = "[program:a]\ncommand=/opt/workshop/setup.d/seed.py\n";
    assert!(runs("workshop/supervisor/a.conf", service));
    assert!(runs(
        "workshop/setup.d/a.sh",
        "python3 $(dirname $0)/seed.py\n"
    ));
    let action = page(&[(
        "terminal:execute",
        "command: python3 /opt/workshop/setup.d/seed.py",
    )]);
    assert!(runs(PAGE, &action));
    assert!(!runs(PAGE, "Plant the seed.\n"));
}
