//! Checks that ask a service on this machine instead of running a program.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::sync::{Arc, Mutex};
use std::thread;

use atelier_tests::{WorkshopTest, listener};
use serde_json::Value;

/// A service that gives these answers in turn, and the last one for ever.
struct Service {
    port: u16,
    received: Arc<Mutex<Vec<(String, Value)>>>,
}

impl Service {
    fn answering(answers: &'static [(u16, &'static str)]) -> Self {
        let (listener, port) = listener();
        let received = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&received);
        // Ends with the process of the tests.
        thread::spawn(move || {
            for (at, stream) in listener.incoming().flatten().enumerate() {
                let (status, body) = answers[at.min(answers.len() - 1)];
                if let Some(request) = serve(stream, status, body) {
                    log.lock().expect("the log").push(request);
                }
            }
        });
        Self { port, received }
    }

    fn received(&self) -> Vec<(String, Value)> {
        self.received.lock().expect("the log").clone()
    }
}

/// Reads one request and answers it.
fn serve(stream: TcpStream, status: u16, body: &str) -> Option<(String, Value)> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let mut length = 0;
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).ok()?;
        if header.trim().is_empty() {
            break;
        }
        let header = header.to_ascii_lowercase();
        if let Some(value) = header.strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
    }
    let mut request = vec![0; length];
    reader.read_exact(&mut request).ok()?;
    let body = if body == "huge" {
        " ".repeat(200_000)
    } else {
        body.to_owned()
    };
    let head = format!(
        "HTTP/1.1 {status} X\r\nContent-Length: {}\r\nLocation: /elsewhere\r\n\r\n",
        body.len()
    );
    let stream = reader.get_mut();
    // The other side may have heard enough.
    let _ = stream.write_all(head.as_bytes());
    let _ = stream.write_all(body.as_bytes());
    Some((
        line.trim().to_owned(),
        serde_json::from_slice(&request).ok()?,
    ))
}

fn asking(url: &str, rest: &str) -> WorkshopTest {
    let page = format!("```examiner:execute-test\nname: t\nurl: {url}\n{rest}\n```\n");
    // The examiner is not switched on, and need not be.
    WorkshopTest::page(&page).file(
        "resources/workshop.yaml",
        "
        apiVersion: training.educates.dev/v1beta1
        kind: Workshop
        metadata: {name: lab}
        spec: {title: Lab, description: Lab}
        ",
    )
}

#[test]
fn a_service_is_asked_with_arguments_form_and_timeout() {
    let service = Service::answering(&[(200, r#"{"success": true, "message": "fine"}"#)]);
    asking(
        &format!("http://localhost:{}/check?x=1", service.port),
        "args: [a, 2]\ntimeout: 7\ninputs: {schema: {n: {type: integer, default: 3}}}",
    )
    .test()
    .passes()
    .rows_are(&["click passed"]);
    let expected = serde_json::json!({"args": ["a", "2"], "form": {"n": "3"}, "timeout": 7});
    assert_eq!(
        service.received(),
        [("POST /check?x=1 HTTP/1.1".to_owned(), expected)]
    );
}

#[test]
fn its_own_words_are_shown() {
    let service = Service::answering(&[(200, r#"{"success": false, "message": "no page yet"}"#)]);
    asking(&format!("http://127.0.0.1:{}/", service.port), "")
        .test()
        .fails()
        .rows_are(&["click failed: no page yet"]);
}

#[test]
fn it_is_asked_again_until_it_passes() {
    let service = Service::answering(&[
        (200, r#"{"success": false}"#),
        (503, ""),
        (200, "nonsense"),
        (200, r#"{"success": true}"#),
    ]);
    let url = format!("http://localhost:{}/", service.port);
    asking(&url, "retries: 5\ndelay: 0.05").test().passes();
    assert_eq!(service.received().len(), 4);
}

#[test]
fn what_cannot_get_better_is_not_asked_again() {
    for status in [400, 404] {
        let answer: &'static [(u16, &str)] = if status == 400 {
            &[(400, "")]
        } else {
            &[(404, "")]
        };
        let service = Service::answering(answer);
        let url = format!("http://localhost:{}/", service.port);
        let run = asking(&url, "retries: 5\ndelay: 0.05").test().fails();
        let message = run.row(0).message().to_owned();
        assert!(
            message.contains(&format!("answers with status {status}")),
            "{message}"
        );
        assert_eq!(service.received().len(), 1);
    }
}

#[test]
fn odd_answers_are_told() {
    for (answer, part) in [
        (&[(200, "huge")], "sends more than 64 kB"),
        (&[(200, "[1]")], "does not answer with"),
        (&[(302, "")], "answers with status 302"),
    ] {
        let service = Service::answering(answer);
        let run = asking(&format!("http://localhost:{}/", service.port), "")
            .test()
            .fails();
        assert!(run.row(0).message().contains(part), "{:?}", run.row(0));
        assert_eq!(service.received().len(), 1, "nothing is followed");
    }
}

#[test]
fn one_that_does_not_answer_in_time_has_failed() {
    // Connections are taken by the system, and nobody reads from them.
    let (listener, port) = listener();
    let run = asking(&format!("http://localhost:{port}/"), "timeout: 0.3")
        .test()
        .fails();
    let message = run.row(0).message();
    assert!(
        message.starts_with("the test did not end within 0.3 s"),
        "{message}"
    );
    drop(listener);
    let run = asking(&format!("http://localhost:{port}/"), "")
        .test()
        .fails();
    assert!(
        run.row(0).message().contains("does not answer"),
        "{:?}",
        run.row(0)
    );
}

#[test]
fn nothing_elsewhere_is_asked() {
    for (url, message) in [
        (
            "https://example.org/check",
            "click failed: the test asks https://example.org/check, which is not on this machine…",
        ),
        (
            "http://localhost.example.org/",
            "click failed: the test asks http://localhost.example.org/, which is not on this machine…",
        ),
        (
            "http://user@10.0.0.1/",
            "click failed: the test asks http://user@10.0.0.1/, which is not on this machine…",
        ),
        (
            "/check",
            "click failed: the test asks `/check`, which is no address of a service on this machine…",
        ),
        (
            "file:///etc/passwd",
            "click failed: the test asks `file:///etc/passwd`, which is no address…",
        ),
        (
            "https://localhost:1/",
            "click failed: the test cannot be run: `https://localhost:1/` does not begin with `http://`…",
        ),
    ] {
        asking(url, "").test().fails().rows_are(&[message]);
    }
}
