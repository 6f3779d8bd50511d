//! Servers that learners write: late, silent, gone, or elsewhere.

use atelier_session::protocol::DashboardContent;
use atelier_tests::{Engine, WorkshopTest};

/// Answers each request after `DELAY` seconds with its method, path and the number of bytes it was sent; ends after `REQUESTS`.
const SERVER: &str = r#"
import sys, time
from http.server import BaseHTTPRequestHandler, HTTPServer

port, delay, requests = int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3])

class Handler(BaseHTTPRequestHandler):
    def answer(self):
        sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        time.sleep(delay)
        text = f"{self.command} {self.path} {len(sent)}\n".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    do_GET = do_POST = answer

server = HTTPServer(("127.0.0.1", port), Handler)
for _ in range(requests):
    server.handle_request()
sys.exit("out of order")
"#;

/// A workshop with an ingress to this port; no other test uses it.
fn lab(port: u16, page: &str) -> WorkshopTest {
    WorkshopTest::new(&[])
        .spec(&format!(
            "
            session:
              applications:
                terminal: {{enabled: true, layout: split}}
                files: {{enabled: true, directory: exercises}}
              ingresses:
              - {{name: app, port: {port}}}
              - {{name: far, port: 80, host: web.lab.svc.cluster.local}}
              dashboards:
              - {{name: App, url: 'http://app-$(session_name).$(ingress_domain)/'}}
              - {{name: Far, url: 'http://far-$(session_name).$(ingress_domain)/'}}
          "
        ))
        .file("exercises/server.py", SERVER)
        .and_page("01-page", page)
}

#[test]
fn a_server_that_answers_late_is_waited_for() {
    lab(
        27_331,
        "
        ```terminal:execute
        command: python3 server.py 27331 2 100
        ```
        ```dashboard:open-dashboard
        name: App
        ```
        ",
    )
    .test()
    .passes();
}

#[test]
fn a_server_that_says_nothing_fails_in_time() {
    let run = lab(
        27_332,
        "
        ```terminal:execute
        command: python3 server.py 27332 1000 100
        ```
        ```dashboard:open-dashboard
        name: App
        ```
        ",
    )
    .test()
    .fails()
    .rows_are(&["click passed…", "click failed…"]);
    let message = run.row(1).message().to_owned();
    assert!(
        message.ends_with("did not answer within 10 s: it does not answer"),
        "{message}"
    );
}

#[test]
fn a_server_that_ends_after_its_start_is_missed() {
    let run = lab(
        27_333,
        "
        ```terminal:execute
        command: python3 server.py 27333 0 1
        ```
        ```dashboard:open-dashboard
        name: App
        ```
        ```dashboard:reload-dashboard
        name: App
        ```
        ",
    )
    .test()
    .fails()
    .rows_are(&["click passed…", "click passed", "click failed…"]);
    let message = run.row(2).message().to_owned();
    assert!(
        message.contains("nothing listens on port 27333"),
        "{message}"
    );
}

#[test]
fn a_server_in_a_cluster_is_explained() {
    let test = lab(27_334, "text");
    let engine = Engine::open(&test, test.beside("session")).expect("a session");
    let tabs = engine.session.dashboard_views();
    let far = tabs.iter().find(|tab| tab.id == "far").expect("its tab");
    let said = match &far.content {
        DashboardContent::Notice { message } => message,
        other => panic!("{other:?}"),
    };
    assert!(
        said.contains("web.lab.svc.cluster.local") && said.contains("training cluster"),
        "{said}"
    );
    engine.close();
}

#[test]
fn files_go_in_and_out_through_a_server_of_the_learner() {
    lab(
        27_335,
        "
        ```terminal:execute
        command: python3 server.py 27335 0 100
        ```
        ```terminal:execute
        session: 2
        command: |-
          APP=http://app-{{< param session_name >}}.localhost{{< param ingress_port_suffix >}}
          head -c 3000000 /dev/zero | curl -fsS --data-binary @- $APP/upload/file?token=x
          curl -fsS $APP/files/a%20b?token=x
        test: {output: 'POST /upload/file\\?token=x 3000000'}
        ```
        ```terminal:execute
        session: 2
        command: curl -fsS \"$SESSION_URL/files/server.py?token=$SERVICES_PASSWORD\"
        test: {output: ^class Handler}
        ```
        ",
    )
    .test()
    .passes();
}
