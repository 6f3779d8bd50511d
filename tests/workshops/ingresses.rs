//! Servers behind names, the session's own host, and the variables that tell where they are.

use std::net::TcpListener;

use atelier_tests::{Engine, WindowSession, WorkshopTest, listener};

/// A workshop with an ingress, slides and downloads. Every port is one that no other test uses.
fn lab(port: u16, page: &str) -> WorkshopTest {
    WorkshopTest::new(&[]).spec(&format!(
"
            session:
              applications:
                terminal: {{enabled: true, layout: split}}
                slides: {{enabled: true, reveal.js: {{version: 3.X}}}}
                files: {{enabled: true, directory: exercises}}
              env:
              - {{name: APP_URL, value: http://app-$(session_name).$(ingress_domain)$(ingress_port_suffix)}}
              ingresses:
              - {{name: app, port: {port}}}
              dashboards:
              - {{name: App, url: 'http://app-$(session_name).$(ingress_domain)/'}}
              - {{name: Notes, url: /files/notes.txt}}
          "
))
    .file("workshop/slides/index.html", "<script src=js/reveal.js></script>")
    .file("exercises/notes.txt", "to be read")
    .and_page("01-page", page)
}

#[test]
fn a_program_is_reached_by_its_name() {
    lab(
        27_321,
        "
        ```terminal:execute
        command: python3 -m http.server --bind 127.0.0.1 27321
        session: 2
        ```
        ```dashboard:open-dashboard
        name: App
        ```
        ```terminal:execute
        command: curl -fsS \"$APP_URL/notes.txt\"
        test: {output: to be read}
        ```
        ```terminal:execute
        command: curl -fsS http://{{< param session_name >}}-app.{{< param ingress_domain >}}{{< param ingress_port_suffix >}}/
        test: {output: notes.txt}
        ```
        ```terminal:execute
        command: test \"$SESSION_URL\" = \"{{< param session_url >}}\" -a \"$SESSION_URL\" = \"$INGRESS_PROTOCOL://$SESSION_HOSTNAME:$INGRESS_PORT\" -a \"$INGRESS_PORT_SUFFIX\" = \":$INGRESS_PORT\"
        ```
        ```dashboard:open-url
        url: http://app-{{< param session_name >}}.localhost/notes.txt
        ```
        ",
    )
    .test()
    .passes();
}

#[test]
fn a_tab_without_a_server_fails_and_says_which_port() {
    lab(27_322, "```dashboard:open-dashboard\nname: App\n```")
        .test()
        .fails()
        .row(0)
        .message()
        .find("nothing listens on port 27322")
        .expect("the port is named");
}

#[test]
fn the_session_serves_slides_and_files() {
    lab(
        27_323,
        "
        ```dashboard:open-dashboard
        name: Slides
        ```
        ```dashboard:open-dashboard
        name: Notes
        ```
        ```terminal:execute
        command: curl -fsS $SESSION_URL/slides/js/reveal.js | grep -o 'Hakim El Hattab' | uniq
        test: {output: Hakim}
        ```
        ```terminal:execute
        command: curl -fsS --path-as-is $SESSION_URL/files/../../state/identity.json
        test: {expect: fail}
        ```
        ```dashboard:create-dashboard
        name: Gone
        url: /files/gone.txt
        ```
        ",
    )
    .arg("--keep-going")
    .test()
    .fails()
    .rows_are(&[
        "click passed",
        "click passed",
        "click passed",
        "click passed…",
        "click failed…",
    ])
    .row(4)
    .message()
    .find("shows nothing: Not found")
    .expect("a page that is not there does not pass");
}

const TABS: &str = "
    ```dashboard:create-dashboard
    name: Mine
    url: /files/notes.txt
    ```
    ```dashboard:delete-dashboard
    name: Notes
    ```
";

#[test]
fn port_and_tabs_come_back_with_the_session() {
    let test = lab(27_324, TABS).file(
        "workshop/setup.d/01.sh",
        "echo LATER=$APP_URL/x >> $WORKSHOP_ENV",
    );
    let root = test.beside("session");
    let facts = |engine: &Engine| {
        let session = &engine.session;
        let tabs = session.dashboard_views();
        let tabs: Vec<_> = tabs.into_iter().map(|tab| tab.id).collect();
        let url = session.variables().get("session_url").map(str::to_owned);
        let later = session.environment().get("LATER").map(str::to_owned);
        (tabs, url.expect("an address"), later.expect("it was set"))
    };

    let engine = Engine::open(&test, root.clone()).expect("a session");
    assert_eq!(facts(&engine).0, ["slides", "app", "notes"]);
    engine.play();
    let (tabs, url, later) = facts(&engine);
    assert_eq!(tabs, ["slides", "app", "mine"]);
    engine.close();

    let again = Engine::open(&test, root.clone()).expect("the session again");
    assert_eq!(facts(&again), (tabs.clone(), url.clone(), later.clone()));
    assert!(again.session.notices().is_empty());
    again.close();

    // Somebody has the port by now.
    let port = url.rsplit(':').next().expect("a port");
    let taken = TcpListener::bind(format!("127.0.0.1:{port}")).expect("it is free");
    let moved = Engine::open(&test, root).expect("the session elsewhere");
    let (tabs_now, url_now, later_now) = facts(&moved);
    assert_eq!(tabs_now, tabs);
    assert_ne!(url_now, url);
    let port_now = url_now.rsplit(':').next().expect("a port");
    assert_eq!(later_now, later.replace(port, port_now));
    assert!(
        moved.session.notices()[0].contains(port_now),
        "{:?}",
        moved.session.notices()
    );
    moved.close();
    drop(taken);
}

#[test]
fn a_port_that_a_program_of_the_workshop_needs_is_told_when_it_is_taken() {
    let (_listener, port) = listener();
    let test = lab(port, "text");
    let engine = Engine::open(&test, test.beside("session")).expect("a session");
    let notices = engine.session.notices().to_vec();
    assert!(notices[0].contains(&format!("port {port}")), "{notices:?}");
    engine.close();
}

#[test]
fn the_addresses_are_those_of_the_tabs_and_of_servers_without_one() {
    let (_listener, up) = listener();
    let down = 27_329;
    let spec = format!(
        "
        session:
          applications:
            terminal: {{enabled: true}}
          ingresses:
          - {{name: app, port: {down}}}
          - {{name: api, port: {up}, path: /v1}}
          - {{name: api, port: {down}, path: /v2}}
          - {{name: web, port: 443, host: example.com}}
          dashboards:
          - {{name: App, url: 'http://$(session_name)-app.$(ingress_domain)/start'}}
          - {{name: Api, url: 'http://api-$(session_name).$(ingress_domain)/v2/x'}}
        "
    );
    let test = WorkshopTest::new(&[]).spec(&spec);
    let window = WindowSession::open(&test.and_page("01-page", "Nothing."));
    let name = window.session.view().name;
    let found: Vec<_> = window
        .wait(window.session.addresses())
        .into_iter()
        .map(|place| {
            let url = url_without_port(&place.url).replace(&name, "S");
            (place.title, url, place.port, place.answers)
        })
        .collect();
    let row = |title: &str, url: &str, port, answers| {
        (title.to_owned(), url.to_owned(), Some(port), Some(answers))
    };
    assert_eq!(
        found,
        [
            row("App", "http://S-app.localhost/start", down, false),
            row("Api", "http://api-S.localhost/v2/x", down, false),
            row("api", "http://api-S.localhost/v1", up, true),
        ]
    );
    window.close();
}

/// The session's port is another one in each run.
fn url_without_port(url: &str) -> String {
    let (host, path) = url["http://".len()..].split_once('/').expect("a path");
    let (host, _) = host.split_once(':').expect("a port");
    format!("http://{host}/{path}")
}
