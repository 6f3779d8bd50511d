//! What goes through an ingress, and what does not.

use std::time::Duration;

use atelier_content::PathRewrite;
use http_body_util::BodyExt;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::mpsc;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;

use super::*;

/// How long anything may take before a test gives up on it.
const PATIENCE: Duration = Duration::from_secs(60);

#[tokio::test]
async fn both_forms_of_the_name_lead_to_the_server() {
    let served = Served::new(&[ingress("app", servers::echo().await)]);
    let port = served.port;
    for host in [
        "app-lab-1f.localhost".to_owned(),
        "lab-1f-app.localhost".to_owned(),
        format!("app-lab-1f.localhost:{port}"),
        format!("LAB-1F-APP.localhost.:{port}"),
    ] {
        let said = text(served.ask(&host, Request::get("/a%20b?c=d")).await).await;
        assert!(said.starts_with("GET /a%20b?c=d\n"), "{said}");
        assert!(
            said.contains(&format!("host: {host}\n")),
            "the name is kept: {said}"
        );
    }
    let posted = Request::post("/form")
        .header("host", host("app"))
        .body(Full::from("x=1"))
        .unwrap();
    let said = text(served.send(posted).await).await;
    assert!(
        said.starts_with("POST /form\n") && said.ends_with("x=1"),
        "{said}"
    );
    assert_eq!(served.get("app", "/teapot").await.status(), 418);
}

#[tokio::test]
async fn other_names_lead_nowhere() {
    let served = Served::new(&[ingress("app", servers::echo().await)]);
    for host in [
        "localhost",
        "127.0.0.1",
        "app-lab-1f.localhost.example.org",
        "evil.example",
        "app-other.localhost",
        "",
    ] {
        let response = served.ask(host, Request::get("/")).await;
        assert!(response.status().is_client_error(), "{host}: {response:?}");
        assert!(!text(response).await.contains("GET /"), "{host}");
    }
    for request in [
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: app-lab-1f.localhost\r\nHost: evil.example\r\n\r\n",
        "GET http://evil.example/ HTTP/1.1\r\nHost: app-lab-1f.localhost\r\n\r\n",
        "CONNECT app-lab-1f.localhost:1 HTTP/1.1\r\nHost: app-lab-1f.localhost\r\n\r\n",
    ] {
        let mut stream = served.connect().await;
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut start = [0; 10];
        stream.read_exact(&mut start).await.unwrap();
        assert_eq!(&start, b"HTTP/1.1 4", "{request}");
    }
}

#[tokio::test]
async fn a_page_may_stand_in_a_tab_and_keeps_its_other_rules() {
    let served = Served::new(&[ingress("app", servers::echo().await)]);
    let response = served.get("app", "/").await;
    assert_eq!(header(&response, "x-frame-options"), None);
    let policy = header(&response, "content-security-policy");
    assert_eq!(policy.as_deref(), Some("default-src 'self'"));
    assert_eq!(header(&response, "access-control-allow-origin"), None);
    assert_eq!(
        header(&response, "cache-control").as_deref(),
        Some("no-cache")
    );

    let ask = |path: &str, origin: String| {
        let request = Request::get(path.to_owned()).header("origin", origin);
        served.ask("app-lab-1f.localhost", request)
    };
    let own = format!("http://lab-1f.localhost:{}", served.port);
    let allowed = header(&ask("/", own.clone()).await, "access-control-allow-origin");
    assert_eq!(
        allowed.as_ref(),
        Some(&own),
        "pages of the session may read"
    );
    let foreign = ask("/", "https://evil.example".to_owned()).await;
    assert_eq!(header(&foreign, "access-control-allow-origin"), None);
    let ruled = header(&ask("/own-rules", own).await, "access-control-allow-origin");
    assert_eq!(ruled.as_deref(), Some("https://only.this"));
}

#[tokio::test]
async fn paths_share_a_name_and_are_rewritten() {
    let (api, site) = (servers::echo().await, servers::echo().await);
    let at = |path: &str, port| Ingress {
        path: path.to_owned(),
        ..ingress("app", port)
    };
    let mut cut = at("/api", api);
    cut.rewrites = vec![
        PathRewrite::new("^/api/(\\d+)", "/items/$1").unwrap(),
        PathRewrite::new("^/api", "").unwrap(),
    ];
    cut.headers = vec![
        ("X-Token".to_owned(), "Bearer $(token)".to_owned()),
        ("not a name".to_owned(), "x".to_owned()),
    ];
    let served = Served::new(&[cut, at("/", site)]);
    for (path, asked) in [
        ("/api/7?x=1", "GET /items/7?x=1\n"),
        ("/api/x", "GET /x\n"),
        ("/api", "GET /\n"),
        ("/apis", "GET /apis\n"),
    ] {
        let said = text(served.get("app", path).await).await;
        assert!(said.starts_with(asked), "{path}: {said}");
        let has_token = said.contains("x-token: Bearer t0ken\n");
        assert_eq!(has_token, asked != "GET /apis\n", "{said}");
    }
}

#[tokio::test]
async fn a_server_of_another_name_is_asked_by_it() {
    let port = servers::echo().await;
    let elsewhere = |name: &str, host: &str, change_origin| Ingress {
        host: Some(host.to_owned()),
        change_origin,
        ..ingress(name, port)
    };
    let served = Served::new(&[
        elsewhere("changed", "grafana", true),
        elsewhere("kept", "grafana", false),
        elsewhere("far", "web.ns.svc.cluster.local", true),
    ]);
    let changed = text(served.get("changed", "/").await).await;
    assert!(
        changed.contains(&format!("host: grafana:{port}\n")),
        "{changed}"
    );
    let kept = text(served.get("kept", "/").await).await;
    assert!(kept.contains("host: kept-lab-1f.localhost\n"), "{kept}");
    let far = served.get("far", "/").await;
    assert_eq!(far.status(), 502);
    assert!(text(far).await.contains("web.ns.svc.cluster.local"));
}

#[tokio::test]
async fn what_concerns_one_connection_stays_there() {
    let served = Served::new(&[ingress("app", servers::echo().await)]);
    let request = Request::get("/")
        .header("connection", "x-private")
        .header("x-private", "1")
        .header("x-kept", "1");
    let response = served.ask("app-lab-1f.localhost", request).await;
    assert_eq!(header(&response, "connection"), None);
    let said = text(response).await;
    assert!(
        !said.contains("x-private") && said.contains("x-kept: 1\n"),
        "{said}"
    );
}

#[tokio::test]
async fn large_bodies_stream_both_ways() {
    let served = Served::new(&[ingress("app", servers::echo().await)]);
    let mut body = served.get("app", "/down/50").await.into_body();
    let mut count = 0;
    while let Some(frame) = body.frame().await {
        count += frame.unwrap().data_ref().map_or(0, Bytes::len);
    }
    assert_eq!(count, 50 * 1024 * 1024);
    let request = Request::put("/up")
        .header("host", host("app"))
        .body(Full::from(vec![b'x'; 20_000_000]))
        .unwrap();
    assert_eq!(text(served.send(request).await).await, "20000000");
}

#[tokio::test]
async fn events_come_as_they_are_sent() {
    let (sender, source) = mpsc::channel(1);
    let served = Served::new(&[ingress("app", servers::events(source).await)]);
    let request = served.get("app", "/");
    sender.send("one".to_owned()).await.unwrap();
    let response = timeout(PATIENCE, request).await.unwrap();
    assert_eq!(
        header(&response, "content-type").as_deref(),
        Some("text/event-stream")
    );
    let mut body = response.into_body();
    for event in ["one", "two", "three"] {
        // Each is read before the next one is sent: nothing may be held back.
        let frame = timeout(PATIENCE, body.frame())
            .await
            .unwrap()
            .unwrap()
            .unwrap();
        assert_eq!(frame.into_data().unwrap(), format!("data: {event}\n\n"));
        let next = match event {
            "one" => "two",
            _ => "three",
        };
        sender.send(next.to_owned()).await.unwrap();
    }
}

#[tokio::test]
async fn web_sockets_pass() {
    let served = Served::new(&[ingress("app", servers::web_socket().await)]);
    let stream = served.connect().await;
    let url = format!("ws://app-lab-1f.localhost:{}/live", served.port);
    let (mut socket, response) = tokio_tungstenite::client_async(url, stream).await.unwrap();
    assert_eq!(response.status(), 101);
    for message in [
        Message::text("hello"),
        Message::binary(vec![7; 300_000]),
        Message::text("again"),
    ] {
        servers::send(&mut socket, message.clone()).await;
        let answer = timeout(PATIENCE, servers::next(&mut socket)).await.unwrap();
        assert_eq!(answer.unwrap().unwrap(), message);
    }
    // The conversation ends with the session.
    served.server.close().await;
    let end = timeout(PATIENCE, servers::next(&mut socket)).await.unwrap();
    assert!(!matches!(end, Some(Ok(Message::Text(_)))), "{end:?}");
}

#[tokio::test]
async fn web_sockets_pass_under_every_spelling_of_the_name() {
    let served = Served::new(&[ingress("app", servers::web_socket().await)]);
    for name in ["app-lab-1f", "lab-1f-app"] {
        for port in [format!(":{}", served.port), String::new()] {
            let url = format!("ws://{name}.localhost{port}/live");
            let stream = served.connect().await;
            let (mut socket, _) = tokio_tungstenite::client_async(&url, stream).await.unwrap();
            servers::send(&mut socket, Message::text(url.as_str())).await;
            let answer = timeout(PATIENCE, servers::next(&mut socket)).await.unwrap();
            assert_eq!(answer.unwrap().unwrap(), Message::text(url));
        }
    }
}

#[tokio::test]
async fn an_encrypted_server_is_trusted_when_the_workshop_says_so() {
    let port = servers::encrypted().await;
    let tls = |name: &str, secure| Ingress {
        protocol: "https".to_owned(),
        secure,
        ..ingress(name, port)
    };
    let served = Served::new(&[tls("lax", false), tls("strict", true)]);
    let said = text(served.get("lax", "/x").await).await;
    assert!(said.starts_with("GET /x\n"), "{said}");
    let refused = served.get("strict", "/x").await;
    assert_eq!(refused.status(), 502);
    let said = text(refused).await;
    assert!(said.contains("secure: false"), "{said}");
}

#[tokio::test]
async fn a_tab_waits_for_its_server() {
    let port = servers::free_port().await;
    let served = Served::new(&[ingress("app", port)]);
    let page = || Request::get("/x").header("accept", "text/html,*/*");
    let waiting = served.ask("app-lab-1f.localhost", page()).await;
    assert_eq!(waiting.status(), 503);
    assert_eq!(
        header(&waiting, "x-atelier-waiting"),
        Some(port.to_string())
    );
    let shown = text(waiting).await;
    assert!(shown.contains(&format!("port {port}")), "{shown}");
    assert!(shown.contains("prefers-color-scheme"), "both themes");
    let loads = ["src=", "href=", "url(", "@import"]
        .iter()
        .any(|part| shown.contains(part));
    assert!(!loads, "the page needs nothing else: {shown}");
    // A program gets a line instead.
    let line = text(served.get("app", "/x").await).await;
    assert!(
        line.starts_with(&format!("Waiting for port {port}")),
        "{line}"
    );

    // The question of the page is answered when the server is there.
    let question = Request::get("/x").header("x-atelier-wait", "1");
    let question = served.ask("app-lab-1f.localhost", question);
    let starts = servers::echo_on(port);
    let (answer, ()) = timeout(PATIENCE, async { tokio::join!(question, starts) })
        .await
        .unwrap();
    assert_eq!(answer.status(), 204);
    let said = text(served.ask("app-lab-1f.localhost", page()).await).await;
    assert!(said.starts_with("GET /x\n"), "{said}");
}

#[tokio::test]
async fn a_server_that_is_restarted_is_asked_again() {
    let served = Served::new(&[ingress("app", servers::restarting(2, true).await)]);
    let said = text(served.get("app", "/x").await).await;
    assert!(said.starts_with("GET /x\n"), "{said}");

    let served = Served::new(&[ingress("app", servers::restarting(1, false).await)]);
    let gone = served.get("app", "/x").await;
    assert!(header(&gone, "x-atelier-waiting").is_some(), "{gone:?}");

    // What changes something is sent once.
    let served = Served::new(&[ingress("app", servers::restarting(1, true).await)]);
    let sent = served
        .ask("app-lab-1f.localhost", Request::post("/x"))
        .await;
    assert_eq!(sent.status(), 502);
    assert!(header(&sent, "x-atelier-problem").is_some());
}

#[tokio::test]
async fn a_server_that_speaks_no_http_is_named() {
    let port = servers::rude().await;
    let served = Served::new(&[ingress("app", port)]);
    let response = served.get("app", "/").await;
    assert_eq!(response.status(), 502);
    assert!(text(response).await.contains(&format!("port {port}")));
}

#[tokio::test]
async fn closing_frees_the_port_and_ends_what_is_under_way() {
    let (sender, source) = mpsc::channel(1);
    let served = Served::new(&[ingress("app", servers::events(source).await)]);
    sender.send("one".to_owned()).await.unwrap();
    let mut body = served.get("app", "/").await.into_body();
    body.frame().await.unwrap().unwrap();
    let port = served.port;
    timeout(PATIENCE, served.server.close()).await.unwrap();
    let end = timeout(PATIENCE, body.frame()).await.unwrap();
    assert!(
        end.is_none_or(|frame| frame.is_err()),
        "the stream has ended"
    );
    assert!(TcpStream::connect(("127.0.0.1", port)).await.is_err());
}

#[tokio::test]
async fn the_port_is_taken_again_unless_somebody_has_it() {
    let served = Served::new(&[]);
    let (port, saved) = (served.port, served.folder.path().join("port"));
    let saved = camino::Utf8Path::from_path(&saved).unwrap();
    let moved = Listener::bind(saved, &[]).unwrap();
    assert_eq!(moved.moved_from, Some(port), "it is still served");
    assert_ne!(moved.port(), port);
    drop(moved);
    std::fs::write(saved, port.to_string()).unwrap();
    served.server.close().await;
    let again = Listener::bind(saved, &[]).unwrap();
    assert_eq!((again.port(), again.moved_from), (port, None));
}
