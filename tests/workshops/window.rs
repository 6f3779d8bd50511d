//! What a window hears from the engine over the life of a page.

use atelier_session::protocol::{ActionInput, ActionStatus, NextStep, Outcome};
use atelier_tests::{WindowSession, WorkshopTest};
use serde_json::{Value, json};

fn journal(workshop: &WorkshopTest, window: &WindowSession) -> Vec<Value> {
    let name = window.session.view().name;
    let path = workshop.beside(&format!("atelier/sessions/{name}/state/journal.jsonl"));
    let text = std::fs::read_to_string(path).expect("a journal");
    text.lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect()
}

#[test]
fn an_event_is_kept_before_its_action_runs_with_where_the_learner_is() {
    let page = "
        ```terminal:execute
        command: 'true'
        session: nowhere
        event: tried {it}
        ```
        ```workshop:copy
        text: a
        event:
        ```
        ";
    let workshop = WorkshopTest::page("First.")
        .and_page("02-page", page)
        .and_page("03-page", "Last.");
    let mut window = WindowSession::open(&workshop);
    window.enter("02-page");
    assert_eq!(window.click("02-page/0").0, ActionStatus::Failed);
    assert_eq!(window.click("02-page/1").0, ActionStatus::Done);
    let lines = journal(&workshop, &window);
    let kinds: Vec<_> = lines
        .iter()
        .filter_map(|line| {
            line["action"]
                .as_str()
                .map(|action| (line["kind"].as_str(), action))
        })
        .collect();
    let expected = [
        (Some("event"), "02-page/0"),
        (Some("action"), "02-page/0"),
        (Some("event"), "02-page/1"),
        (Some("action"), "02-page/1"),
    ];
    assert_eq!(kinds, expected);
    let events: Vec<_> = lines
        .iter()
        .filter(|line| line["kind"] == "event")
        .collect();
    let data = |name: Value| {
        json!({
            "prev_page": "01-page", "current_page": "02-page", "next_page": "03-page",
            "page_number": 2, "pages_total": 3, "event_name": name,
        })
    };
    assert_eq!(events[0]["data"], data(json!("tried {it}")));
    assert_eq!(
        events[1]["data"],
        data(Value::Null),
        "a key alone is enough"
    );
    window.close();
}

#[test]
fn what_the_window_could_not_do_has_failed_also_after_a_return() {
    let workshop = WorkshopTest::page(
        "
        ```editor:append-lines-to-file
        file: ~/notes.txt
        text: a
        ```
        ",
    );
    let mut window = WindowSession::open(&workshop);
    window.enter("01-page");
    assert_eq!(window.click("01-page/0").0, ActionStatus::Done);
    let message = "notes.txt has changed on disk";
    window
        .session
        .action_failed("01-page/0", None, message.to_owned())
        .expect("it is kept");
    let state = window.enter("01-page");
    let update = &state.actions["01-page/0"];
    assert_eq!(update.status, ActionStatus::Failed);
    assert_eq!(update.message.as_deref(), Some(message));
    window.close();
    let mut window = WindowSession::open(&workshop);
    let state = window.enter("01-page");
    assert_eq!(state.actions["01-page/0"].status, ActionStatus::Failed);
    assert!(
        window
            .session
            .action_failed("01-page/9", None, String::new())
            .is_err()
    );
    window.close();
}

#[test]
fn cooldowns_count_over_a_page_turn_from_the_time_an_action_has_been_typed() {
    let workshop = WorkshopTest::page(
        "
        ```terminal:execute
        command: mkfifo go; cat go
        cooldown: -1
        ```
        ",
    )
    .and_page("02-page", "Elsewhere.");
    let mut window = WindowSession::open(&workshop);
    assert!(window.enter("01-page").ended.is_empty());
    assert_eq!(window.click("01-page/0").0, ActionStatus::Running);
    let typed = window.enter("01-page").ended["01-page/0"];
    let name = window.session.view().name;
    let go = workshop.beside(&format!("atelier/sessions/{name}/home/go"));
    std::fs::write(go, "").expect("somebody who reads it");
    assert_eq!(window.end_of("01-page/0").status, ActionStatus::Done);
    window.enter("02-page");
    assert_eq!(window.enter("01-page").ended["01-page/0"], typed);
    window.close();

    let mut window = WindowSession::open(&workshop);
    assert_eq!(window.enter("01-page").ended["01-page/0"], typed);
    // Loaded anew it may run again; its mark stays.
    window.session.reload("01-page").expect("a page");
    let state = window.enter("01-page");
    assert!(state.ended.is_empty());
    assert_eq!(state.actions["01-page/0"].status, ActionStatus::Done);
    assert!(window.session.reload("99-page").is_err());
    window.close();
}

#[test]
fn sections_come_back_as_they_were_left() {
    let workshop = WorkshopTest::page(
        "
        ```section:begin
        name: closed
        ```
        ```section:begin
        name: inner
        open: true
        ```
        ```workshop:copy
        text: starts when both are in sight
        autostart: true
        ```
        ```section:end
        name: inner
        ```
        ```section:end
        name: closed
        ```
        ```section:end
        name: stray
        ```
        ```section:begin
        name: lonely
        ```
        ",
    );
    let mut window = WindowSession::open(&workshop);
    let open = |state: &atelier_session::protocol::PageState| {
        state
            .sections
            .iter()
            .map(|section| section.open)
            .collect::<Vec<_>>()
    };
    let state = window.enter("01-page");
    assert_eq!(
        (open(&state), state.autostart.len()),
        (vec![false, true], 0)
    );
    let (_, result) = window.click("01-page/0");
    let next: Vec<_> = result.next.iter().map(|next| &*next.action).collect();
    assert_eq!(next, ["01-page/2"]);
    window.close();
    let mut window = WindowSession::open(&workshop);
    assert_eq!(open(&window.enter("01-page")), [true, true]);
    // A mark without a partner: an end never shows, a begin is shown as a heading.
    let view = window.session.page("01-page").expect("a page");
    let ends: Vec<_> = view
        .actions
        .iter()
        .map(|action| action.closes_section)
        .collect();
    assert_eq!(ends, [false, false, false, true, true, true, false]);
    assert_eq!(view.actions[6].section, None);
    window.close();
}

#[test]
fn an_action_that_is_switched_off_only_leads_on() {
    let workshop = WorkshopTest::page(
        "
        ```terminal:execute
        command: touch never
        enabled: false
        required: true
        cascade: true
        pause: 20
        ```
        ```workshop:copy
        text: a
        ```
        ",
    );
    let mut window = WindowSession::open(&workshop);
    window.enter("01-page");
    let view = window.session.page("01-page").expect("a page");
    assert!(view.actions[0].required && !view.actions[0].enabled);
    let (status, result) = window.click("01-page/0");
    assert_eq!(status, ActionStatus::Done);
    let next = &result.next[0];
    assert_eq!(
        (&*next.action, next.after, next.cascade),
        ("01-page/1", 20, true)
    );
    window.close();
}

#[test]
fn what_starts_by_itself_is_typed_in_the_order_of_the_page() {
    let blocks: String = (0..6)
        .map(|number| {
            format!("```terminal:execute\ncommand: echo {number} >> order\nautostart: true\n```\n")
        })
        .collect();
    let workshop = WorkshopTest::page(&blocks);
    let window = WindowSession::open(&workshop);
    let state = window.session.enter("01-page").expect("a page");
    // All at once, as the window does: none waits for the end of the one before it.
    for action in &state.autostart {
        window.start(action);
    }
    for action in &state.autostart {
        assert_eq!(window.end_of(action).exit_code, Some(0));
    }
    let name = window.session.view().name;
    let order = workshop.beside(&format!("atelier/sessions/{name}/home/order"));
    let order = std::fs::read_to_string(order).expect("a file");
    assert_eq!(order, "0\n1\n2\n3\n4\n5\n");
    window.close();
}

#[test]
fn what_a_program_reads_late_is_done_then() {
    let workshop = WorkshopTest::page(
        "
        ```terminal:execute
        command: mkfifo gate; cat gate
        test: {background: true}
        ```

        ```terminal:execute
        command: sh -c 'exit 3'
        ```

        ```terminal:execute
        command: sh -c 'mkfifo door; cat door; read line; echo read $line; exec sleep 1000'
        session: 2
        test: {background: true}
        ```

        ```terminal:execute
        command: late
        session: 2
        ```
        ",
    );
    let mut window = WindowSession::open(&workshop);
    window.enter("01-page");
    for action in ["01-page/0", "01-page/2"] {
        assert_eq!(window.click(action).0, ActionStatus::Running);
    }
    window.start("01-page/1");
    window.start("01-page/3");
    for action in ["01-page/1", "01-page/3"] {
        assert_eq!(window.end_of(action).status, ActionStatus::Warned);
    }
    let home = workshop.beside(&format!(
        "atelier/sessions/{}/home",
        window.session.view().name
    ));
    for gate in ["gate", "door"] {
        std::fs::write(home.join(gate), "").expect("somebody reads it");
    }
    // The shell has run it, once the program before it had ended; and the program has read it.
    let (by_shell, by_program) = (window.end_of("01-page/1"), window.end_of("01-page/3"));
    assert_eq!(by_shell.status, ActionStatus::Failed);
    assert_eq!(by_shell.exit_code, Some(3));
    assert_eq!(by_program.status, ActionStatus::Done);
    let lines = journal(&workshop, &window);
    let kept = |action: &str| -> Vec<String> {
        let about = lines.iter().filter(|line| line["action"] == action);
        let status = |line: &Value| line["update"]["status"].as_str().unwrap_or("").to_owned();
        about.map(status).collect()
    };
    assert_eq!(kept("01-page/1"), ["running", "warned", "failed"]);
    assert_eq!(kept("01-page/3"), ["running", "warned", "done"]);
    window.close();
}

#[test]
fn a_command_that_reaches_far_is_typed_only_when_the_learner_agrees() {
    let page = "
        ```terminal:execute
        command: sudo -n true || touch ran
        autostart: true
        cascade: true
        ```

        ```terminal:execute
        command: touch followed
        ```
        ";
    let workshop = WorkshopTest::page(page);
    let mut window = WindowSession::open(&workshop);
    window.enter("01-page");
    let asked = window.start("01-page/0");
    let Outcome::NeedsConfirmation { command, reasons } = asked.outcome else {
        panic!("{asked:?}");
    };
    assert!(command.ends_with("touch ran"), "{command}");
    assert!(reasons[0].contains("administrator"), "{reasons:?}");
    assert!(asked.next.is_empty(), "nothing follows from it");
    let (tried, end) = window.catch_up("01-page");
    assert_eq!(tried, ["01-page/0"]);
    let failed = "01-page/0".to_owned();
    assert_eq!(end, NextStep::Failed { action: failed });
    let other = ActionInput {
        agreed: Some("touch ran".to_owned()),
        ..ActionInput::default()
    };
    let asked = window.start_with("01-page/0", other);
    assert!(matches!(asked.outcome, Outcome::NeedsConfirmation { .. }));
    let kinds = |window: &WindowSession| {
        let lines = journal(&workshop, window).into_iter();
        let kinds = lines.filter_map(|line| line["kind"].as_str().map(str::to_owned));
        let about = kinds.filter(|kind| kind == "action" || kind == "agreed");
        about.collect::<Vec<_>>()
    };
    assert!(kinds(&window).is_empty(), "nothing was done so far");
    let agreed = ActionInput {
        agreed: Some(command),
        ..ActionInput::default()
    };
    let done = window.start_with("01-page/0", agreed);
    assert!(matches!(done.outcome, Outcome::Succeeded { .. }));
    assert_eq!(done.next.len(), 1);
    assert_eq!(window.end_of("01-page/0").status, ActionStatus::Done);
    assert_eq!(kinds(&window), ["agreed", "action", "action"]);
    window.close();
    // It counts for as long as the session does.
    let window = WindowSession::open(&workshop);
    window.session.enter("01-page").expect("a page");
    let again = window.start("01-page/0");
    assert!(matches!(again.outcome, Outcome::Succeeded { .. }));
    window.close();
}
