//! Tabs, and the addresses they show.

use std::iter::repeat_with;

use atelier_tests::{WorkshopTest, answer, closed_port, serve};

/// A server that answers everything with 404, until the tests end; returns its port.
fn server() -> u16 {
    serve(repeat_with(|| answer("404 Not Found", b"")))
}

#[test]
fn built_in_areas_open_and_missing_tabs_do_not() {
    WorkshopTest::page(
        "
        ```dashboard:open-dashboard
        name: Terminal
        ```
        ```dashboard:open-dashboard
        name: editor
        ```
        ```dashboard:expose-dashboard
        name: App
        ```
        ",
    )
    .test()
    .fails()
    .rows_are(&[
        "click passed",
        "click passed",
        "click failed: there is no dashboard \"App\"; there is \"Terminal\", \"Editor\"",
    ]);
}

#[test]
fn the_tab_of_the_instructions_is_one_in_the_layout_that_has_it() {
    let page = "
        ```dashboard:open-dashboard
        name: Workshop
        ```
        ```dashboard:reload-dashboard
        name: workshop
        ```
        ```dashboard:delete-dashboard
        name: Workshop
        test: {expect: fail}
        ```
        ";
    let definition = |layout: &str| {
        format!(
            "apiVersion: training.educates.dev/v1beta1\nkind: Workshop\nmetadata: {{name: lab-tab}}\nspec:\n  title: Tab\n  session:\n    applications:\n      workshop: {{layout: {layout}}}\n      terminal: {{enabled: true}}\n    dashboards: [{{name: Terminal}}, {{name: Workshop}}]\n"
        )
    };
    let test = WorkshopTest::page(page).file("resources/workshop.yaml", &definition("tab"));
    assert_eq!(test.check().brief(), [""; 0]);
    test.test().passes();
    let test = WorkshopTest::page(page).file("resources/workshop.yaml", &definition("default"));
    let brief = test.check().brief().join("\n");
    assert!(brief.contains("hidden-dashboard"), "{brief}");
    assert!(brief.contains("unknown-dashboard"), "{brief}");
    test.test().fails();
}

#[test]
fn a_tab_is_made_shown_reloaded_and_deleted() {
    let port = server();
    WorkshopTest::page(&format!(
        "
        ```dashboard:create-dashboard
        name: App
        url: http://localhost:{port}/
        ```
        ```dashboard:create-dashboard
        name: app
        url: http://localhost:{port}/
        ```
        ```dashboard:reload-dashboard
        name: App
        url: http://127.0.0.1:{port}/x?y#z
        ```
        ```dashboard:reload-dashboard
        name: Made by a reload
        url: http://localhost:{port}
        focus: false
        ```
        ```dashboard:open-dashboard
        name: Made by a reload
        ```
        ```dashboard:delete-dashboard
        name: App
        ```
        ```dashboard:open-dashboard
        name: App
        ```
        ```dashboard:delete-dashboard
        name: App
        ```
        ```dashboard:delete-dashboard
        name: Terminal
        ```
        "
    ))
    .arg("--keep-going")
    .test()
    .fails()
    .rows_are(&[
        "click passed",
        "click failed: there is a dashboard \"app\" already",
        "click passed",
        "click passed",
        "click passed",
        "click passed",
        "click failed: there is no dashboard \"App\"; there is \"Terminal\", \"Editor\", \"Made by a reload\"",
        "click failed…",
        "click failed: \"Terminal\" is part of the window and cannot be deleted",
    ]);
}

#[test]
fn a_local_address_must_answer_and_a_remote_one_is_only_handed_over() {
    // Nobody listens on a port that was just given back.
    let free = closed_port();
    let run = WorkshopTest::page(&format!(
        "
        ```dashboard:open-url
        url: https://workshop.invalid/
        ```
        ```dashboard:create-dashboard
        name: Remote
        url: https://workshop.invalid/
        ```
        ```dashboard:open-url
        url: http://localhost:{}/any
        ```
        ```dashboard:open-url
        url: http://localhost:{free}/
        ```
        ",
        server()
    ))
    .test()
    .fails()
    .rows_are(&[
        "click passed",
        "click passed",
        "click passed",
        &format!("click failed: http://localhost:{free}/ did not answer within…"),
    ]);
    assert!(
        run.row(0).millis < 1000,
        "it is not fetched: {:?}",
        run.row(0)
    );
}

#[test]
fn a_server_that_is_just_starting_is_waited_for() {
    WorkshopTest::page(
        "
        ```terminal:execute
        command: sleep 1; python3 -m http.server --bind 127.0.0.1 27312
        test: {background: true}
        ```
        ```dashboard:create-dashboard
        name: App
        url: http://localhost:27312/
        ```
        ",
    )
    .test()
    .passes();
}

#[test]
fn an_ingress_leads_to_its_port() {
    let port = server();
    WorkshopTest::new(&[]).spec(&format!(
"
            session:
              ingresses:
              - {{name: app, port: {port}}}
              dashboards:
              - name: App
                url: http://app-$(session_name).$(ingress_domain)/
          "
))
    .and_page(
        "01-page",
        "```dashboard:open-dashboard\nname: App\n```\n\n```dashboard:open-url\nurl: http://app-{{< param session_name >}}.localhost/\n```",
    )
    .test()
    .passes()
    .rows_are(&["click passed", "click passed"]);
}

#[test]
fn what_is_no_address_fails() {
    for url in ["ftp://localhost/", "/slides/", "nonsense"] {
        let run = WorkshopTest::page(&format!("```dashboard:open-url\nurl: {url}\n```"))
            .test()
            .fails();
        assert!(run.row(0).message().contains(url), "{:?}", run.row(0));
    }
}
