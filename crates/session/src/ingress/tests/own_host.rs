//! Slides, files and messages on the session's own host.

use std::fs;

use atelier_content::workshop::SlideKit;
use serde_json::json;

use super::*;

const OWN: &str = "lab-1f.localhost";

fn served() -> Served {
    Served::with(&[], |host, root| {
        for (path, bytes) in [
            ("home/notes/a b.txt", "0123456789"),
            ("home/notes/.hidden", "dots"),
            ("home/workshop.yaml", "kind: Workshop\n"),
            ("home/site/index.html", "<h1>Site</h1>"),
            ("slides/index.html", "<h1>Deck</h1>"),
            ("slides/css/reveal.css", "/* mine */"),
            ("slides/.secret", "dots"),
            ("secret", "secret"),
        ] {
            let path = root.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
        std::os::unix::fs::symlink("../secret", root.join("home/link")).unwrap();
        host.files = Some(root.join("home"));
        host.slides = vec![root.join("nowhere"), root.join("slides")];
        host.kit = Some(SlideKit::BUNDLED[0]);
    })
}

#[tokio::test]
async fn gives_out_files_and_nothing_else() {
    let served = served();
    for (path, status, kind, said) in [
        (
            "/files/notes/a%20b.txt",
            200,
            "text/plain; charset=utf-8",
            "0123456789",
        ),
        (
            "/files/notes/.hidden",
            200,
            "text/plain; charset=utf-8",
            "dots",
        ),
        (
            "/files/workshop.yaml?token=x",
            200,
            "text/plain; charset=utf-8",
            "kind: Workshop\n",
        ),
        (
            "/files/site/",
            200,
            "text/html; charset=utf-8",
            "<h1>Site</h1>",
        ),
        ("/slides/", 200, "text/html; charset=utf-8", "<h1>Deck</h1>"),
        (
            "/slides/css/reveal.css",
            200,
            "text/css; charset=utf-8",
            "/* mine */",
        ),
    ] {
        let response = served.ask(OWN, Request::get(path)).await;
        assert_eq!(response.status(), status, "{path}");
        assert_eq!(
            header(&response, "content-type").as_deref(),
            Some(kind),
            "{path}"
        );
        assert_eq!(
            header(&response, "x-content-type-options").as_deref(),
            Some("nosniff")
        );
        assert_eq!(text(response).await, said, "{path}");
    }
    for path in [
        "/files/gone",
        "/files/link",
        "/files/../secret",
        "/files/%2e%2e/secret",
        "/files/notes/..%2f..%2f..%2fsecret",
        "/files/notes",
        "/files/",
        "/slides/.secret",
        "/slides/../secret",
        "/",
        "/workshop/",
        "/terminal/session/1",
        "/webdav/",
    ] {
        let response = served.ask(OWN, Request::get(path)).await;
        assert_eq!(response.status(), 404, "{path}");
    }
    assert_eq!(
        served
            .ask(OWN, Request::post("/files/notes/a"))
            .await
            .status(),
        405
    );
    let folder = served.ask(OWN, Request::get("/files/site")).await;
    assert_eq!(folder.status(), 301);
    assert_eq!(header(&folder, "location").as_deref(), Some("/files/site/"));
    let folder = served.ask(OWN, Request::get("//files/site")).await;
    assert_eq!(header(&folder, "location").as_deref(), Some("/files/site/"));
}

#[tokio::test]
async fn gives_out_a_part_of_a_file() {
    let served = served();
    let request = Request::get("/files/notes/a%20b.txt").header("range", "bytes=2-4");
    let response = served.ask(OWN, request).await;
    assert_eq!(response.status(), 206);
    assert_eq!(
        header(&response, "content-range").as_deref(),
        Some("bytes 2-4/10")
    );
    assert_eq!(text(response).await, "234");
}

#[tokio::test]
async fn a_library_lies_behind_the_slides() {
    let served = served();
    let script = served.ask(OWN, Request::get("/slides/js/reveal.js")).await;
    assert_eq!(script.status(), 200);
    assert_eq!(
        header(&script, "content-type").as_deref(),
        Some("text/javascript; charset=utf-8")
    );
    assert!(text(script).await.contains("Reveal"));
    let theme = served
        .ask(OWN, Request::get("/slides/css/theme/black.css"))
        .await;
    assert_eq!(theme.status(), 200);
}

#[tokio::test]
async fn without_a_library_slides_are_shown_as_a_list() {
    let served = Served::with(&[], |host, root| host.slides = vec![root]);
    for path in ["js/impress.js", "dist/reveal.js", "dist/reveal.esm.js"] {
        let script = served.ask(OWN, Request::get(format!("/slides/{path}")));
        let script = text(script.await).await;
        assert!(script.contains("below one another"), "{path}: {script}");
        assert_eq!(script.contains("export default"), path.contains("esm"));
    }
    let theme = served.ask(OWN, Request::get("/slides/css/theme/black.css"));
    assert_eq!(theme.await.status(), 404);
}

#[tokio::test]
async fn what_is_switched_off_is_not_there() {
    let served = Served::new(&[]);
    for path in ["/files/port", "/slides/index.html"] {
        assert_eq!(
            served.ask(OWN, Request::get(path)).await.status(),
            404,
            "{path}"
        );
    }
}

#[tokio::test]
async fn scripts_send_messages_with_the_password() {
    let mut served = Served::new(&[]);
    let send = |path: &str, body: String| {
        let request = Request::post(path.to_owned())
            .header("host", OWN)
            .body(Full::from(body))
            .unwrap();
        served.send(request)
    };
    let message = json!({"action": "terminal:clear"});
    let path = "/message/broadcast?token=secret";
    for (path, body, status) in [
        ("/message/broadcast", message.to_string(), 401),
        ("/message/broadcast?token=guess", message.to_string(), 401),
        (path, "{".to_owned(), 400),
        (path, format!("\"{}\"", "x".repeat(300_000)), 413),
        (path, message.to_string(), 200),
    ] {
        assert_eq!(send(path, body).await.status(), status, "{path}");
    }
    assert_eq!(served.ask(OWN, Request::get(path)).await.status(), 405);
    assert_eq!(served.broadcasts.recv().await, Some(message.clone()));
    assert!(served.broadcasts.try_recv().is_err(), "and no other");
}

#[tokio::test]
async fn the_environment_is_for_who_knows_the_password() {
    let served = Served::with(&[], |host, root| {
        let state = root.join("home/.local");
        std::fs::create_dir_all(&state).unwrap();
        for name in ["environment", "variables"] {
            std::fs::write(state.join(format!("workshop-{name}.json")), "{}").unwrap();
        }
        std::os::unix::fs::symlink(".local/workshop-environment.json", root.join("home/link"))
            .unwrap();
        for name in ["setup-scripts.log", "workshop-definition.json"] {
            std::fs::write(state.join(name), "{}").unwrap();
        }
        host.files = Some(root.join("home"));
        host.state = Some(state);
    });
    for (path, status) in [
        ("/config/environment", 401),
        ("/config/variables?token=guess", 401),
        ("/config/environment?token=secret", 200),
        ("/config/variables?token=secret", 200),
        ("/config/kubeconfig?token=secret", 404),
        ("/config/../link?token=secret", 404),
        ("/files/.local/workshop-environment.json", 404),
        ("/files/.local/workshop-variables.json", 404),
        ("/files/link", 404),
        // What scripts print may hold them, too.
        ("/files/.local/setup-scripts.log", 404),
        ("/files/.local/workshop-definition.json", 200),
    ] {
        assert_eq!(
            served.ask(OWN, Request::get(path)).await.status(),
            status,
            "{path}"
        );
    }
}
