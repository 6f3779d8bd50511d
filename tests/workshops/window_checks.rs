//! Checks as the window plays them: forms, retries, and going on without having passed.

use std::fs;
use std::sync::{Arc, Mutex};

use atelier_session::Store;
use atelier_session::protocol::{
    ActionInput, ActionResult, ActionStatus, Event, Outcome, PageState,
};
use atelier_session::window::{Library, OpenSession};
use atelier_tests::{NoDialogs, WorkshopTest, wait_for};
use camino::Utf8PathBuf;
use serde_json::json;
use tokio::runtime::Runtime;
use tokio_util::sync::CancellationToken;

/// A workshop that is open, as in the window.
struct Opened {
    session: Arc<OpenSession>,
    runtime: Runtime,
    events: Arc<Mutex<Vec<Event>>>,
    home: Utf8PathBuf,
}

impl Opened {
    fn open(test: &WorkshopTest) -> Self {
        let runtime = Runtime::new().expect("a runtime");
        let store = Store::new(test.beside("atelier-window"));
        let library = Library::new(store, None);
        library.trust(test.root(), true).expect("trust");
        let events = Arc::new(Mutex::new(Vec::new()));
        let sink = Arc::clone(&events);
        let session = runtime
            .block_on(OpenSession::start(
                &library,
                test.root(),
                None,
                false,
                atelier_tests::atelier().to_owned(),
                Arc::new(move |event| sink.lock().expect("events").push(event)),
                CancellationToken::new(),
            ))
            .expect("a session");
        Self {
            home: session.finish().expect("its files").files_at.into(),
            session,
            runtime,
            events,
        }
    }

    fn enter(&self) -> PageState {
        self.session.enter("01-page").expect("the page")
    }

    fn run(&self, index: usize, form: Option<serde_json::Value>) -> ActionResult {
        let input = ActionInput {
            form: form.map(|form| serde_json::from_value(form).expect("values")),
            ..ActionInput::default()
        };
        let id = format!("01-page/{index}");
        self.runtime
            .block_on(self.session.perform(&id, input, &NoDialogs))
            .expect("an answer")
    }

    fn next(result: &ActionResult) -> Vec<&str> {
        result
            .next
            .iter()
            .map(|next| next.action.as_str())
            .collect()
    }

    fn close(self) {
        self.runtime.block_on(self.session.close());
    }
}

fn passed(result: &ActionResult) -> bool {
    matches!(result.outcome, Outcome::Succeeded { .. })
}

const FORM: &str = "
    ```examiner:execute-test
    name: ada
    cascade: true
    inputs:
      schema:
        name: {type: string, required: true}
        secret: {type: string}
        tags: {type: array, items: {type: string}}
      form: [name, {key: secret, type: password}, tags]
    ```
    ```workshop:copy
    text: after
    ```
    ";

#[test]
fn a_form_is_judged_sent_and_kept() {
    let test = WorkshopTest::page(FORM).examiner("ada", "grep '\"name\":\"Ada\"'");
    let opened = Opened::open(&test);
    let state = opened.enter();
    assert!(state.forms.is_empty());

    let result = opened.run(0, Some(json!({"name": "", "secret": "psst-psst"})));
    let wrong: Vec<_> = result
        .wrong_fields
        .iter()
        .map(|f| (&*f.id, &*f.message))
        .collect();
    assert_eq!(wrong, [("name", "fill this in")]);
    assert!(!passed(&result) && Opened::next(&result).is_empty());
    assert!(opened.enter().actions.is_empty(), "nothing was done");

    let result = opened.run(0, Some(json!({"name": "Bob", "secret": "psst-psst"})));
    assert!(!passed(&result) && result.wrong_fields.is_empty());
    assert_eq!(
        opened.enter().actions["01-page/0"].status,
        ActionStatus::Failed
    );

    let held = json!({"name": "Ada", "secret": "psst-psst", "tags": 2, "tags[1]": "x", "odd": "y"});
    let result = opened.run(0, Some(held));
    let Outcome::Succeeded { output, .. } = &result.outcome else {
        panic!("{result:?}");
    };
    let output = output.as_deref().unwrap_or_default();
    assert_eq!(
        output,
        "{\"name\":\"Ada\",\"secret\":\"••••\",\"tags[0]\":\"\",\"tags[1]\":\"x\"}\n"
    );
    assert_eq!(Opened::next(&result), ["01-page/1"]);

    let typed = json!({"name": "Eve", "secret": "still-secret"});
    opened
        .session
        .save_form(
            "01-page/0",
            None,
            &serde_json::from_value(typed).expect("values"),
        )
        .expect("kept");
    let root = opened.home.parent().expect("the session").to_owned();
    opened.close();
    for file in [
        "state/journal.jsonl",
        "home/.local/share/workshop/examiner-scripts.log",
    ] {
        let text = fs::read_to_string(root.join(file)).expect(file);
        assert!(
            !text.contains("psst-psst") && !text.contains("still-secret"),
            "{file}: {text}"
        );
    }

    let again = Opened::open(&test);
    let forms = serde_json::to_value(again.enter().forms).expect("JSON");
    assert_eq!(forms, json!({"01-page/0": {"name": "Eve"}}));
    again.close();
}

#[test]
fn going_on_anyway_is_no_pass_and_stays() {
    let page = "
        ```examiner:execute-test
        name: never
        cascade: true
        ```
        ```workshop:copy
        text: after
        ```
        ";
    let test = WorkshopTest::page(page).examiner("never", "false");
    let opened = Opened::open(&test);
    opened.enter();
    assert!(!passed(&opened.run(0, None)));
    let result = opened.session.skip("01-page/0", None).expect("an answer");
    assert_eq!(Opened::next(&result), ["01-page/1"]);
    assert!(
        opened.session.skip("01-page/1", None).is_err(),
        "only checks are passed over"
    );
    let finish = opened.session.finish().expect("the end");
    assert_eq!(
        (
            finish.actions_done,
            finish.checks.passed,
            finish.checks.total
        ),
        (0, 0, 1)
    );
    opened.close();

    let again = Opened::open(&test);
    assert_eq!(
        again.enter().actions["01-page/0"].status,
        ActionStatus::Skipped
    );
    assert_eq!(again.session.finish().expect("the end").actions_done, 0);
    again.close();
}

#[test]
fn a_check_without_end_tells_how_far_it_is_and_ends_with_its_page() {
    let page = "
        ```examiner:execute-test
        name: never
        retries: .INF
        delay: 0.02
        ```
        ";
    let test = WorkshopTest::page(page)
        .and_page("02-next", "next")
        .examiner("never", "false");
    let opened = Opened::open(&test);
    for leave in [
        (|session| session.leave("01-page")) as fn(&OpenSession),
        |session| {
            session.enter("02-next").expect("the page");
        },
        |session| session.cancel("01-page/0", None),
    ] {
        opened.enter();
        opened.events.lock().expect("events").clear();
        let session = Arc::clone(&opened.session);
        let click = opened.runtime.spawn(async move {
            session
                .perform("01-page/0", ActionInput::default(), &NoDialogs)
                .await
        });
        let third = |event: &Event| {
            matches!(
                event,
                Event::CheckTried {
                    attempt: 3,
                    attempts: None,
                    wait: Some(20),
                    ..
                }
            )
        };
        wait_for("the third attempt", || {
            opened.events.lock().expect("events").iter().any(third)
        });
        leave(&opened.session);
        let result = opened
            .runtime
            .block_on(click)
            .expect("it ends")
            .expect("an answer");
        assert!(!passed(&result));
        assert!(opened.enter().actions.is_empty(), "it has no verdict");
    }
    opened.close();
}
