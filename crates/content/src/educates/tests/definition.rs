//! The definition.

use camino::Utf8Path;

use super::{DEFINITION, folder, load, problems};
use crate::path_rewrite::PathRewrite;
use crate::workshop::{Applications, FileSelection, SlideKit, SlideLibrary, TerminalLayout};

#[test]
fn reads_a_whole_definition() {
    let loaded = load(&[
        ("workshop/content/a.md", "x"),
        (
            "resources/workshop.yaml",
            r#"
apiVersion: v1
kind: ConfigMap
---
#@ load("@ytt:data", "data")
apiVersion: training.educates.dev/v1beta1
kind: Workshop
metadata:
  name: "Lab Y"
spec:
  title: Y
  description: |
    Two
    lines
  vendor: V
  url: https://x
  authors: [A, B]
  tags: [t]
  difficulty: beginner
  duration: 30m
  version: 1.2
  publish:
    image: $(image_repository)/lab-y-files:$(workshop_version)
    files:
    - directory:
        path: .
      includePaths: [/workshop/**, /exercises/**, /README.md]
      excludePaths: [/exercises/target/**]
  workshop:
    image: jdk21-environment:*
    files:
    - image: {url: "$(image_repository)/lab-y-files:$(workshop_version)"}
      includePaths: [/workshop/**, /exercises/**]
      excludePaths: ["**/*.bak"]
    - image: {url: "ghcr.io/x/maven-cache:latest"}
      path: .m2
    packages:
    - name: odo
  request:
    parameters:
    - {name: REGION, value: eu}
    - {name: TOKEN, generate: expression, from: "[a-z]"}
  session:
    env:
    - {name: PATH, value: "/x/bin:$(PATH)"}
    - {name: N, value: 5}
    - {name: SECRET, valueFrom: {secretKeyRef: {name: s, key: k}}}
    applications:
      terminal: {enabled: true, layout: split/2}
      editor: {enabled: true}
      console: {enabled: true}
      docker: {enabled: true, compose: {services: {}}}
      registry: {enabled: false}
      examiner: {enabled: yes}
      files: {enabled: true, directory: /exercises}
      uploads: {enabled: true}
      slides: {enabled: true, impress.js: {version: 2.0.0}, reveal.js: {version: 3.X}}
    dashboards:
    - {name: App, url: "http://app-$(session_name).$(ingress_domain)/"}
    - {name: Extra, url: "terminal:x"}
    - {url: nameless}
    ingresses:
    - {name: app, port: 8080, path: /api, secure: false, changeOrigin: false,
       headers: [{name: X-A, value: $(session_name)}], pathRewrite: [{pattern: ^/api}, {pattern: (}]}
    - {name: tls, protocol: https, host: svc.ns.svc.cluster.local}
    - {name: bad, port: many}
    objects:
    - {kind: Deployment, metadata: {name: blog}}
"#,
        ),
    ]);
    let workshop = &loaded.workshop;
    insta::assert_snapshot!(problems(&loaded), @r#"
    warning[invalid-definition] resources/workshop.yaml:9:3: `Lab Y` cannot be the name of a workshop (the platform refuses it) = write small letters, digits and `-`
    warning[unquoted-scalar] resources/workshop.yaml:44:5: the value of `N` is not text (read as text here; a cluster refuses it) = put it in quotes
    warning[invalid-definition] resources/workshop.yaml:54:7: `spec.session.applications.examiner.enabled` must be `true` or `false`; it is ignored (this key)
    warning[invalid-definition] resources/workshop.yaml:62:5: the `pathRewrite` pattern `(` of the ingress `app` cannot be used: unclosed group (it is ignored)
    warning[invalid-definition] resources/workshop.yaml:62:5: the ingress `bad` has no usable `port` (it is ignored)
    "#);
    insta::assert_snapshot!(workshop.missing_features.join("\n"), @r#"
    There is no Kubernetes web console on this computer.
    These resources would be waiting in a cluster: Deployment blog.
    The workshop uses software packages that are not part of its folder: odo.
    These tabs show services inside a training cluster and stay empty here: tls.
    These values come from the training portal and are not set here: SECRET.
    The workshop adds files that are not part of its folder: ghcr.io/x/maven-cache:latest.
    "#);
    insta::assert_debug_snapshot!(workshop.about, @r#"
    About {
        authors: [
            "A",
            "B",
        ],
        vendor: Some(
            "V",
        ),
        url: Some(
            "https://x",
        ),
        tags: [
            "t",
        ],
        difficulty: Some(
            "beginner",
        ),
        duration: Some(
            "30m",
        ),
        version: Some(
            "1.2",
        ),
        image: Some(
            "jdk21-environment:*",
        ),
    }
    "#);
    assert_eq!(
        (workshop.name.as_str(), workshop.title.as_str()),
        ("lab-y", "Y")
    );
    assert_eq!(workshop.description, "Two\nlines");
    let applications = Applications {
        terminals: Some(TerminalLayout::SplitTwo),
        editor: true,
        examiner: false,
        files: Some("exercises".into()),
        uploads: Some("uploads".into()),
        instructions_tab: false,
        slides: true,
        slide_kit: Some(SlideKit {
            library: SlideLibrary::Reveal,
            version: "3.9.2",
        }),
        docker: true,
        unavailable: vec!["Console".to_owned()],
    };
    assert_eq!(workshop.applications, applications);
    let tabs: Vec<_> = workshop
        .dashboards
        .iter()
        .map(|tab| tab.name.as_str())
        .collect();
    assert_eq!(tabs, ["App", "Extra"]);
    let ports: Vec<_> = workshop
        .ingresses
        .iter()
        .map(|i| (i.name.as_str(), i.port, i.protocol.as_str()))
        .collect();
    assert_eq!(ports, [("app", 8080, "http"), ("tls", 443, "https")]);
    let app = &workshop.ingresses[0];
    assert_eq!(
        (app.path.as_str(), app.secure, app.change_origin),
        ("/api", false, false)
    );
    assert_eq!(
        app.headers,
        [("X-A".to_owned(), "$(session_name)".to_owned())]
    );
    assert_eq!(app.rewrites, [PathRewrite::new("^/api", "").unwrap()]);
    let tls = &workshop.ingresses[1];
    assert_eq!(
        (tls.path.as_str(), tls.secure, tls.change_origin),
        ("", true, true)
    );
    let environment: Vec<_> = workshop
        .environment
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    assert_eq!(environment, ["REGION=eu", "PATH=/x/bin:$(PATH)", "N=5"]);
    let list = |items: &[&str]| {
        items
            .iter()
            .map(|item| (*item).to_owned())
            .collect::<Vec<_>>()
    };
    let files = FileSelection {
        include: list(&["workshop/**", "exercises/**"]),
        exclude: list(&["exercises/target/**", "**/*.bak"]),
    };
    assert_eq!(workshop.files, files);
}

#[test]
fn definitions_come_in_many_versions_or_not_at_all() {
    for version in [
        "training.educates.dev/v1beta1",
        "training.eduk8s.io/v1alpha2",
        "training.eduk8s.io/v1alpha1",
        "learningcenter.tanzu.vmware.com/v1beta1",
    ] {
        let text = DEFINITION.replace("training.educates.dev/v1beta1", version);
        let loaded = load(&[
            ("resources/workshop.yaml", &text),
            ("workshop/content/a.md", "x"),
        ]);
        assert_eq!(
            (problems(&loaded).as_str(), loaded.workshop.title.as_str()),
            ("", "Y")
        );
        assert_eq!(loaded.workshop.applications, Applications::default());
    }
    let other = load(&[
        ("resources/lab.yaml", DEFINITION),
        ("workshop/content/a.md", "x"),
    ]);
    assert_eq!(other.workshop.name, "lab-y");
    let none = load(&[
        ("README.md", "Intro\n\n# Title of it\n"),
        (
            "workshop/content/a.md",
            "```editor:open-file\nfile: x\n```\n",
        ),
    ]);
    assert_eq!(
        (none.workshop.title.as_str(), none.workshop.name.as_str()),
        ("Title of it", "lab-x")
    );
    assert_eq!(
        none.workshop.applications.terminals,
        Some(TerminalLayout::Split)
    );
    assert!(none.workshop.applications.editor);
    for (text, expected) in [
        ("a: [", "error[invalid-definition]"),
        ("kind: Other", "defines no workshop"),
        (
            "kind: Workshop\napiVersion: other/v1",
            "defines no workshop",
        ),
        (
            &DEFINITION.replace("v1beta1", "v9"),
            "warning[unknown-version]",
        ),
        (
            &DEFINITION.replace("title: Y", "title: [Y]"),
            "warning[invalid-definition] resources/workshop.yaml:6:3",
        ),
        ("", "defines no workshop"),
    ] {
        let loaded = load(&[
            ("resources/workshop.yaml", text),
            ("workshop/content/a.md", "x"),
        ]);
        assert!(
            problems(&loaded).contains(expected),
            "{text:?}: {}",
            problems(&loaded)
        );
        assert_eq!(loaded.workshop.pages.len(), 1);
    }
    let empty = folder(&[("README.md", "x")]);
    assert!(crate::load(&empty.path).is_err());
    assert!(crate::load(Utf8Path::new("/no/such/folder")).is_err());
    let bare = load(&[("resources/workshop.yaml", DEFINITION)]);
    assert!(problems(&bare).contains("no-pages"));
}
