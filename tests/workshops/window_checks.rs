//! Checks as the window plays them: forms, retries, and going on without having passed.

use std::fs;

use atelier_session::protocol::{ActionInput, ActionResult, ActionStatus, Event, Outcome};
use atelier_session::window::OpenSession;
use atelier_tests::{WindowSession, WorkshopTest};
use serde_json::json;

/// Clicks the first card with these values in its form.
fn send(window: &WindowSession, form: serde_json::Value) -> ActionResult {
    let form = serde_json::from_value(form).expect("values");
    let input = ActionInput {
        form: Some(form),
        ..ActionInput::default()
    };
    window.start_with("01-page/0", input)
}

fn next(result: &ActionResult) -> Vec<&str> {
    let next = result.next.iter();
    next.map(|next| next.action.as_str()).collect()
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
    let mut window = WindowSession::open(&test);
    let state = window.enter("01-page");
    assert!(state.forms.is_empty());

    let result = send(&window, json!({"name": "", "secret": "psst-psst"}));
    let wrong: Vec<_> = result
        .wrong_fields
        .iter()
        .map(|f| (&*f.id, &*f.message))
        .collect();
    assert_eq!(wrong, [("name", "fill this in")]);
    assert!(!passed(&result) && next(&result).is_empty());
    assert!(
        window.enter("01-page").actions.is_empty(),
        "nothing was done"
    );

    let result = send(&window, json!({"name": "Bob", "secret": "psst-psst"}));
    assert!(!passed(&result) && result.wrong_fields.is_empty());
    assert_eq!(
        window.enter("01-page").actions["01-page/0"].status,
        ActionStatus::Failed
    );

    let held = json!({"name": "Ada", "secret": "psst-psst", "tags": 2, "tags[1]": "x", "odd": "y"});
    let result = send(&window, held);
    let Outcome::Succeeded { output, .. } = &result.outcome else {
        panic!("{result:?}");
    };
    let output = output.as_deref().unwrap_or_default();
    assert_eq!(
        output,
        "{\"name\":\"Ada\",\"secret\":\"••••\",\"tags[0]\":\"\",\"tags[1]\":\"x\"}\n"
    );
    assert_eq!(next(&result), ["01-page/1"]);

    let typed = json!({"name": "Eve", "secret": "still-secret"});
    window
        .session
        .save_form(
            "01-page/0",
            None,
            &serde_json::from_value(typed).expect("values"),
        )
        .expect("kept");
    let root = window
        .session
        .home()
        .parent()
        .expect("the session")
        .to_owned();
    window.close();
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

    let mut again = WindowSession::open(&test);
    let forms = serde_json::to_value(again.enter("01-page").forms).expect("JSON");
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
    let mut window = WindowSession::open(&test);
    window.enter("01-page");
    assert!(!passed(&window.start("01-page/0")));
    let result = window.session.skip("01-page/0", None).expect("an answer");
    assert_eq!(next(&result), ["01-page/1"]);
    assert!(
        window.session.skip("01-page/1", None).is_err(),
        "only checks are passed over"
    );
    let finish = window.session.finish().expect("the end");
    assert_eq!(
        (
            finish.actions_done,
            finish.checks.passed,
            finish.checks.total
        ),
        (0, 0, 1)
    );
    window.close();

    let mut again = WindowSession::open(&test);
    assert_eq!(
        again.enter("01-page").actions["01-page/0"].status,
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
    let mut window = WindowSession::open(&test);
    for leave in [
        (|session| session.leave("01-page")) as fn(&OpenSession),
        |session| {
            session.enter("02-next").expect("the page");
        },
        |session| session.cancel("01-page/0", None),
    ] {
        window.enter("01-page");
        let click = window.click_early("01-page/0");
        let third = |event| {
            matches!(
                event,
                Event::CheckTried {
                    attempt: 3,
                    attempts: None,
                    wait: Some(20),
                    ..
                }
            )
            .then_some(())
        };
        window.event("the third attempt", third);
        leave(&window.session);
        let result = window.answer(click);
        assert!(!passed(&result));
        assert!(
            window.enter("01-page").actions.is_empty(),
            "it has no verdict"
        );
    }
    window.close();
}
