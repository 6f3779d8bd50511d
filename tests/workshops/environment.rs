//! What the programs of a session see, and what they do not: variables, folders, programs that stand in for others.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;

use atelier_tests::WorkshopTest;
use camino::{Utf8Path, Utf8PathBuf};

/// What `env -0` has left in a file.
fn environment(path: &Utf8Path) -> BTreeMap<String, String> {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let entries = text.split('\0').filter_map(|entry| entry.split_once('='));
    entries
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

pub(crate) fn definition(spec: &str) -> String {
    format!(
        "apiVersion: training.educates.dev/v1beta1\nkind: Workshop\nmetadata:\n  name: lab\nspec:\n  title: Lab\n  description: x\n{}",
        atelier_tests::dedent(spec)
            .lines()
            .map(|line| format!("  {line}\n"))
            .collect::<String>()
    )
}

const EVERYTHING: &str = "
version: 1.2
request:
  parameters:
  - {name: REGION, value: eu}
  - {name: TOKEN, generate: expression, from: 'tok-[a-z0-9]{12}'}
  - {name: ASKED}
session:
  env:
  - {name: FIRST, value: 'one $(session_name)'}
  - {name: SECOND, value: '$(FIRST)/$(workshop_version)/$(THIRD)'}
  - {name: THIRD, value: '/home/eduk8s/x:/opt/workshop/y'}
  - {name: AUTH, value: '$(base64(user:$(REGION)))'}
  - {name: PATH, value: '/extra/bin:$(PATH)'}
  - {name: EXERCISES_DIR, value: lab}
  - {name: FROM, valueFrom: {secretKeyRef: {name: s, key: k}}}
  applications:
    terminal: {enabled: true, layout: split}
    editor: {enabled: true}
    examiner: {enabled: true}
    files: {enabled: true}
    uploads: {enabled: true}
    slides: {enabled: true}
    console: {enabled: true}
";

#[test]
fn scripts_terminals_and_tests_see_the_documented_variables_and_no_secrets() {
    let test = WorkshopTest::page(
        "
        ```terminal:execute
        command: pwd && env -0 > ~/terminal.env
        session: 2
        test: {output: /lab$}
        ```
        ```examiner:execute-test
        name: sees
        ```
        ",
    )
    .file("resources/workshop.yaml", &definition(EVERYTHING))
    .file(
        "workshop/setup.d/01.sh",
        "env -0 > ~/setup.env; mkdir lab; echo REGISTRY_HOST=here >> $WORKSHOP_ENV",
    )
    .examiner("sees", "pwd > ~/where; env -0 > ~/test.env")
    .env("AWS_SECRET_ACCESS_KEY", "hidden-1")
    .env("SSH_AUTH_SOCK", "/hidden-2")
    .env("GITHUB_TOKEN", "hidden-3")
    .env("KUBECONFIG", "/hidden-4")
    .env("LC_TIME", "C.UTF-8")
    .env("https_proxy", "http://proxy.invalid:1")
    .env("no_proxy", "localhost")
    .arg("--isolation=folder")
    .arg("--home")
    .arg("home");
    test.test().passes();
    let home = test.beside("home");
    let [setup, terminal, examiner] =
        ["setup.env", "terminal.env", "test.env"].map(|file| environment(&home.join(file)));
    assert_eq!(
        fs::read_to_string(home.join("where")).expect("where tests run"),
        format!("{home}\n")
    );

    let session = terminal["SESSION_NAME"].clone();
    let port = terminal["INGRESS_PORT"].clone();
    let root = Utf8PathBuf::from(&terminal["WORKSHOP_DIR"]);
    let root = root.parent().expect("the session's folder");
    assert!(port.parse::<u16>().is_ok_and(|port| port > 1023), "{port}");
    let arch = match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    };
    let at_home = |below: &str| format!("{home}{below}");
    let table = [
        ("HOME", at_home("")),
        ("PLATFORM_ARCH", arch.to_owned()),
        ("WORKSHOP_NAME", "lab".to_owned()),
        ("WORKSHOP_VERSION", "1.2".to_owned()),
        ("TRAINING_PORTAL", "workshop".to_owned()),
        ("ENVIRONMENT_NAME", "workshop".to_owned()),
        ("WORKSHOP_NAMESPACE", "workshop".to_owned()),
        ("SESSION_NAMESPACE", session.clone()),
        ("SESSION_ID", "s001".to_owned()),
        ("SESSION_HOSTNAME", format!("{session}.localhost")),
        ("SESSION_URL", format!("http://{session}.localhost:{port}")),
        ("INGRESS_PROTOCOL", "http".to_owned()),
        ("INGRESS_DOMAIN", "localhost".to_owned()),
        ("INGRESS_PORT_SUFFIX", format!(":{port}")),
        ("INGRESS_CLASS", String::new()),
        ("STORAGE_CLASS", String::new()),
        ("POLICY_ENGINE", "none".to_owned()),
        ("POLICY_NAME", String::new()),
        ("CLUSTER_DOMAIN", "cluster.local".to_owned()),
        ("IMAGE_REPOSITORY", String::new()),
        ("OCI_IMAGE_CACHE", String::new()),
        ("ASSETS_REPOSITORY", String::new()),
        ("TERM", "xterm-256color".to_owned()),
        ("FILES_DIR", at_home("")),
        ("UPLOADS_DIR", at_home("/uploads")),
        ("SLIDES_DIR", root.join("workshop/slides").to_string()),
        ("EXERCISES_DIR", "lab".to_owned()),
        ("TMPDIR", root.join("tmp").to_string()),
        ("ENABLE_WORKSHOP", "true".to_owned()),
        ("ENABLE_TERMINAL", "true".to_owned()),
        ("ENABLE_EDITOR", "true".to_owned()),
        ("ENABLE_EXAMINER", "true".to_owned()),
        ("ENABLE_FILES", "true".to_owned()),
        ("ENABLE_UPLOADS", "true".to_owned()),
        ("ENABLE_SLIDES", "true".to_owned()),
        ("ENABLE_DOCKER", "false".to_owned()),
        ("ENABLE_CONSOLE", "false".to_owned()),
        ("ENABLE_GIT", "false".to_owned()),
        ("ENABLE_REGISTRY", "false".to_owned()),
        ("ENABLE_SSHD", "false".to_owned()),
        ("ENABLE_VCLUSTER", "false".to_owned()),
        ("ENABLE_WEBDAV", "false".to_owned()),
        ("REGION", "eu".to_owned()),
        ("FIRST", format!("one {session}")),
        ("SECOND", format!("one {session}/1.2/$(THIRD)")),
        ("THIRD", format!("{home}/x:{root}/workshop/y")),
        ("AUTH", "dXNlcjpldQ==".to_owned()),
        ("LC_TIME", "C.UTF-8".to_owned()),
        ("https_proxy", "http://proxy.invalid:1".to_owned()),
        ("no_proxy", "localhost".to_owned()),
    ];
    let unset = [
        "ASKED",
        "FROM",
        "KUBERNETES_API_URL",
        "DEFAULT_NAMESPACE",
        "KUBECTL_VERSION",
        "GIT_HOST",
        "GIT_PASSWORD",
        "WEBDAV_PASSWORD",
        "RESTART_URL",
        "ENABLE_COUNTDOWN",
        "WORKSHOP_PORT",
        "CONSOLE_URL",
        "PATHWAY_NAME",
        "ATELIER_HOME",
    ];
    for (of, found) in [
        ("set-up", &setup),
        ("terminal", &terminal),
        ("test", &examiner),
    ] {
        for (name, value) in &table {
            assert_eq!(found.get(*name), Some(value), "{name} of the {of}");
        }
        for name in unset {
            assert_eq!(found.get(name), None, "{name} of the {of}");
        }
        let hidden: Vec<_> = found
            .iter()
            .filter(|(_, value)| value.contains("hidden-"))
            .collect();
        assert!(hidden.is_empty(), "{of}: {hidden:?}");
        let path = format!("/extra/bin:{root}/bin:{home}/.local/bin:{home}/bin:");
        assert!(found["PATH"].starts_with(&path), "{of}: {}", found["PATH"]);
        let token = found["TOKEN"].strip_prefix("tok-").expect("the expression");
        assert!(
            token.len() == 12
                && token
                    .chars()
                    .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit()),
            "{token}"
        );
        assert_eq!(found["TOKEN"], terminal["TOKEN"]);
        assert!(found["SERVICES_PASSWORD"].len() >= 12, "{of}");
        assert!(found["CONFIG_PASSWORD"].len() >= 12, "{of}");
    }
    // What set-up makes is known to what comes after it.
    for name in ["TERMINAL_HOME", "EDITOR_HOME"] {
        assert_eq!(setup[name], at_home(""));
        assert_eq!(terminal[name], at_home("/lab"));
        assert_eq!(examiner[name], at_home("/lab"));
    }
    assert_eq!(setup.get("REGISTRY_HOST"), None);
    assert_eq!(examiner["REGISTRY_HOST"], "here");
    assert_eq!(terminal["TERMINAL_SESSION_ID"], "2");
    assert_eq!(examiner.get("TERMINAL_SESSION_ID"), None);
    assert!(terminal["SHELL"].ends_with("/bash"));
}

#[test]
fn pages_see_what_set_up_has_left() {
    WorkshopTest::page(
        "
        ```terminal:execute
        command: echo \"{{< param registry_host >}} {{< param COLOUR >}} {{< param session_namespace >}}\"
        test: {output: '^here blue lab-'}
        ```
        ",
    )
    .file("workshop/config.yaml", "params:\n- {name: COLOUR, value: red}\n")
    .file(
        "workshop/setup.d/01.sh",
        "echo REGISTRY_HOST=here >> $WORKSHOP_ENV; echo COLOUR=blue >> $WORKSHOP_ENV",
    )
    .test()
    .passes();
}

#[test]
fn the_state_is_written_where_scripts_look_for_it() {
    let test = WorkshopTest::page(
        "
        ```terminal:execute
        command: workshop-definition
        test: {output: '\"name\": \"lab\"'}
        ```
        ",
    )
    .file("resources/workshop.yaml", &definition(EVERYTHING))
    .arg("--home")
    .arg("home");
    test.test().passes();
    let read = |name: &str| -> serde_json::Value {
        let path = test.beside("home/.local/share/workshop").join(name);
        let mode = fs::metadata(&path)
            .expect("it is there")
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600, "{path}");
        serde_json::from_slice(&fs::read(path).expect("a file")).expect("JSON")
    };
    assert_eq!(read("workshop-definition.json")["spec"]["version"], 1.2);
    assert_eq!(read("workshop-environment.json")["REGION"], "eu");
    assert_eq!(read("workshop-variables.json")["workshop_name"], "lab");
}

#[test]
fn programs_that_are_not_here_say_what_to_do() {
    let run = WorkshopTest::page(
        "
        ```terminal:execute
        command: update-workshop && rebuild-workshop && rebuild-content && restart-workshop
        test: {output: 'Run the set-up again'}
        ```
        ```terminal:execute
        command: \"! code-server --install-extension x && ! download-workshop && ! merge-workshop\"
        test: {output: 'takes no extensions'}
        ```
        ",
    )
    .test();
    run.passes();
}

#[test]
fn scripts_name_folders_as_they_do_elsewhere_also_where_the_session_has_a_space() {
    let test = WorkshopTest::page(
        "
        ```terminal:execute
        command: cat /home/eduk8s/made \"/opt/workshop/files/data\" '/opt/eduk8s/workshop/files/data'
        test: {output: ^made by set-up$}
        ```
        ```terminal:execute
        command: greet && cat ~/exercises/a.txt
        test: {output: ^/home/eduk8s stays$}
        ```
        ```examiner:execute-test
        name: sees
        args: [/home/eduk8s/made]
        ```
        ```editor:append-lines-to-file
        file: /home/eduk8s/exercises/a.txt
        text: and /opt/workshop too
        ```
        ```examiner:execute-test
        name: kept
        ```
        ",
    )
    .file("exercises/a.txt", "/home/eduk8s stays\n")
    .file("workshop/files/data", "data of /opt/workshop\n")
    .file(
        "workshop/setup.d/01.sh",
        "echo 'made by set-up' > /home/eduk8s/made; [ -f /opt/workshop/files/data ]",
    )
    .file(
        "workshop/profile",
        "greet() { cat /opt/workshop/files/data; }",
    )
    .examiner(
        "sees",
        r#"[ -f "$1" ] && grep -q set-up /home/eduk8s/made && grep -q '^data of /opt.workshop' /opt/workshop/files/data"#,
    )
    .examiner(
        "kept",
        r#"[ "$(tail -n 1 ~/exercises/a.txt)" = "and /opt/"workshop" too" ]"#,
    );
    test.test().passes();
    test.arg("--home").arg("my home").test().passes();
}

#[test]
fn a_terminal_of_the_workshops_own_takes_what_actions_type() {
    let listens = r#"#!/bin/bash
echo "$FROM_PROFILE $TERMINAL_SESSION_ID ready"
while read -r line; do echo "got $line"; echo "$line" >> ~/got-$TERMINAL_SESSION_ID; done
"#;
    WorkshopTest::page(
        "
        ```terminal:execute
        command: |-
          one
          two
        ```
        ```terminal:input
        text: three
        ```
        ```terminal:execute
        command: first
        session: 2
        ```
        ```terminal:execute
        command: echo prompt-$TERMINAL_SESSION_ID-$FROM_PROFILE
        session: plain
        test: {output: ^prompt-plain-learner$}
        ```
        ```dashboard:create-dashboard
        name: own
        url: terminal:own
        ```
        ```terminal:execute
        command: hello
        session: own
        ```
        ```examiner:execute-test
        name: heard
        retries: 20
        delay: 1
        ```
        ```terminal:interrupt
        ```
        ",
    )
    .file(
        "resources/workshop.yaml",
        &definition(
            "
            session:
              applications:
                terminal: {enabled: true, layout: split}
                examiner: {enabled: true}
              dashboards:
              - {name: Plain, url: terminal:plain}
            ",
        ),
    )
    .file("workshop/profile", "export FROM_PROFILE=workshop")
    .program("workshop/terminal/1.sh", listens)
    // Its execute bit is lost.
    .file("workshop/terminal/2.sh", listens)
    // Neither a program nor one that says what runs it.
    .file("workshop/terminal/plain.sh", "exit 1")
    .file(
        "workshop/setup.d/01.sh",
        "
        mkdir -p ~/workshop/terminal
        echo 'FROM_PROFILE=learner' > ~/workshop/profile
        printf '#!/bin/sh\\nwhile read line; do echo $line >> own-own; done\\n' > ~/workshop/terminal/own.sh
        chmod +x ~/workshop/terminal/own.sh
        ",
    )
    .examiner(
        "heard",
        r#"
        [ "$(cat ~/got-1)" = "$(printf 'one\ntwo\nthree')" ] && [ "$(cat ~/got-2)" = first ] && [ "$(cat ~/own-own)" = hello ]
        "#,
    )
    .test()
    .passes();
}

#[test]
fn cards_show_and_copy_what_a_click_does() {
    let test = WorkshopTest::page(
        "
        ```terminal:execute
        command: ls /opt/workshop/files
        ```
        ```workshop:copy
        text: cat /home/eduk8s/a
        ```
        ```editor:append-lines-to-file
        file: ~/a
        text: in /home/eduk8s
        ```
        ",
    );
    let mut window = atelier_tests::WindowSession::open(&test);
    window.enter("01-page");
    let page = window.session.page("01-page").expect("a page");
    let bodies = page.actions.into_iter().map(|action| action.body);
    let bodies: Vec<_> = bodies.map(Option::unwrap_or_default).collect();
    let means = atelier_session::isolation::support().mechanism();
    if means.is_some_and(|means| means.has_real_places()) {
        assert_eq!(
            bodies[..2],
            ["ls /opt/workshop/files", "cat /home/eduk8s/a"],
            "nothing has to be replaced"
        );
    } else {
        assert!(
            bodies[0].starts_with("ls /") && bodies[0].ends_with("/workshop/files"),
            "{bodies:?}"
        );
        assert!(!bodies[0].contains("/opt/workshop"), "{bodies:?}");
        assert!(
            bodies[1].ends_with("/home/a") && !bodies[1].contains("eduk8s"),
            "{bodies:?}"
        );
    }
    assert!(bodies[2].contains("in /home/eduk8s"), "{bodies:?}");
    window.close();
}

#[test]
fn what_was_generated_stays_when_a_session_is_taken_up_again() {
    let test = WorkshopTest::page(
        "
        ```terminal:execute
        command: echo $TOKEN >> ~/tokens
        ```
        ",
    )
    .file("resources/workshop.yaml", &definition(EVERYTHING));
    for _ in 0..2 {
        let mut window = atelier_tests::WindowSession::open(&test);
        window.enter("01-page");
        window.click("01-page/0");
        window.close();
    }
    let sessions = test.beside("atelier/sessions");
    let session = sessions.read_dir_utf8().expect("sessions").flatten().next();
    let tokens = session.expect("one").path().join("home/tokens");
    let tokens = fs::read_to_string(tokens).expect("the tokens");
    let lines: Vec<_> = tokens.lines().collect();
    assert!(lines.len() == 2 && lines[0] == lines[1], "{lines:?}");
    assert!(lines[0].starts_with("tok-"), "{lines:?}");
}
