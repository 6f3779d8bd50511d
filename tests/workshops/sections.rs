//! Sections: what opens them, what starts with them, and the patterns that workshops build from them.

use atelier_tests::WorkshopTest;

#[test]
fn a_closed_section_is_opened_by_its_card_and_an_open_one_is_not_clicked() {
    WorkshopTest::page(
        "
        ```section:begin
        name: closed
        ```
        ```workshop:copy
        text: in the closed one
        ```
        ```section:end
        name: closed
        ```
        ```section:begin
        name: open
        open: true
        ```
        ```workshop:copy
        text: in the open one
        ```
        ```section:end
        name: open
        ```
        ```section:heading
        title: A heading
        ```
        ",
    )
    .test()
    .passes()
    .rows_are(&[
        "click passed",
        "click passed",
        "- passed",
        "- passed: it stands open",
        "click passed",
        "- passed",
        "click passed",
    ]);
}

#[test]
fn what_starts_by_itself_in_a_section_starts_when_it_opens() {
    WorkshopTest::page(
        "
        ```section:begin
        ```
        ```terminal:execute
        command: test -e before
        autostart: true
        ```
        ```section:end
        ```
        ```terminal:execute
        command: touch before
        autostart: true
        ```
        ",
    )
    .test()
    .passes()
    .rows_are(&[
        "click passed",
        "autostart passed",
        "- passed",
        "autostart passed",
    ]);
}

#[test]
fn sections_in_sections_open_from_the_outside() {
    WorkshopTest::page(
        "
        ```section:begin
        name: outer
        ```
        ```section:begin
        name: inner
        ```
        ```workshop:copy
        text: deep inside
        ```
        ```section:end
        name: inner
        ```
        ```section:end
        name: outer
        ```
        ",
    )
    .test()
    .passes()
    .rows_are(&[
        "click passed",
        "click passed",
        "click passed",
        "- passed",
        "- passed",
    ]);
}

#[test]
fn a_section_that_closes_with_something_left_is_opened_again() {
    WorkshopTest::page(
        "
        ```section:begin
        name: again
        ```
        ```workshop:copy
        text: stays
        ```
        ```section:begin
        name: inner
        open: true
        ```
        ```section:end
        name: inner
        ```
        ```section:begin
        name: closes
        ```
        ```section:end
        name: closes
        ```
        ```section:end
        name: again
        ```
        ",
    )
    .test()
    .passes();
    // The cascade of the first action closes the section around the second one.
    WorkshopTest::page(
        "
        ```section:begin
        name: again
        ```
        ```workshop:copy
        text: first
        cascade: true
        ```
        ```section:end
        name: again
        ```
        ```workshop:copy
        text: after
        ```
        ",
    )
    .test()
    .passes()
    .rows_are(&[
        "click passed",
        "click passed",
        "cascade passed",
        "click passed",
    ]);
}

#[test]
fn a_hidden_section_opens_by_a_cascade_and_stays_shut_without() {
    WorkshopTest::page(
        "
        ```workshop:copy
        text: opens it
        cascade: true
        ```
        ```section:begin
        name: answer
        hidden: true
        ```
        ```workshop:copy
        text: the answer
        ```
        ```section:end
        name: answer
        ```
        ```section:begin
        name: never
        hidden: true
        ```
        ```workshop:copy
        text: out of reach
        ```
        ```section:end
        name: never
        ```
        ",
    )
    .test()
    .passes()
    .rows_are(&[
        "click passed",
        "cascade passed",
        "click passed",
        "- passed",
        "- skipped: it is hidden and nothing fires it",
        "- skipped: it lies in a section that is never opened",
        "- passed",
    ]);
}

#[test]
fn a_hidden_section_may_start_by_itself() {
    WorkshopTest::page(
        "
        ```section:begin
        hidden: true
        autostart: true
        ```
        ```workshop:copy
        text: seen at once
        ```
        ```section:end
        ```
        ",
    )
    .test()
    .passes()
    .rows_are(&["autostart passed", "click passed", "- passed"]);
}

#[test]
fn an_end_mark_leads_on_with_and_without_closing() {
    for toggle in ["true", "false"] {
        WorkshopTest::page(&format!(
            "
            ```section:begin
            name: one
            ```
            ```workshop:copy
            text: in it
            cascade: true
            ```
            ```section:end
            name: one
            toggle: {toggle}
            cascade: true
            ```
            ```workshop:copy
            text: after it
            ```
            "
        ))
        .test()
        .passes()
        .rows_are(&[
            "click passed",
            "click passed",
            "cascade passed",
            "cascade passed",
        ]);
    }
}

#[test]
fn content_is_swapped_once() {
    WorkshopTest::from_fixture("content-swap")
        .test()
        .passes()
        .rows_are(&[
            "click passed",
            "cascade passed",
            "cascade passed",
            "cascade passed",
            "click passed",
            "- passed",
        ]);
}

#[test]
fn each_step_opens_the_next() {
    WorkshopTest::from_fixture("steps")
        .test()
        .passes()
        .rows_are(&[
            "autostart passed",
            "click passed",
            "cascade passed",
            "cascade passed",
            "click passed",
            "cascade passed",
            "cascade passed",
            "click passed",
            "cascade passed",
        ]);
}

#[test]
fn an_infinite_cooldown_is_honoured() {
    // Its card may open it once; closed by its end mark it stays closed, and what is left in it is out of reach.
    WorkshopTest::page(
        "
        ```section:begin
        cooldown: -1
        ```
        ```workshop:copy
        text: closes it
        cascade: true
        ```
        ```section:end
        ```
        ",
    )
    .test()
    .passes()
    .rows_are(&["click passed", "click passed", "cascade passed"]);
    WorkshopTest::page(
        "
        ```section:begin
        name: once
        cooldown: .INF
        ```
        ```workshop:copy
        text: closes it
        cascade: true
        ```
        ```section:end
        name: once
        cascade: true
        ```
        ```section:begin
        name: second
        ```
        ```section:end
        name: second
        ```
        ",
    )
    .test()
    .passes();
}

#[test]
fn an_open_section_in_a_closed_one_starts_what_is_in_it_when_it_comes_into_sight() {
    WorkshopTest::page(
        "
        ```section:begin
        name: outer
        ```
        ```section:begin
        name: inner
        open: true
        ```
        ```workshop:copy
        text: in the inner one
        autostart: true
        ```
        ```section:begin
        name: innermost
        ```
        ```workshop:copy
        text: not before it is opened
        autostart: true
        ```
        ```section:end
        name: innermost
        ```
        ```section:end
        name: inner
        ```
        ```section:end
        name: outer
        ```
        ",
    )
    .test()
    .passes()
    .rows_are(&[
        "click passed",
        "- passed: it stands open",
        "autostart passed",
        "click passed",
        "autostart passed",
        "- passed",
        "- passed",
        "- passed",
    ]);
}

#[test]
fn an_end_without_a_begin_hides_nothing() {
    WorkshopTest::page(
        "
        ```workshop:copy
        text: before it
        ```
        ```section:end
        ```
        ```workshop:copy
        text: after it
        ```
        ",
    )
    .test()
    .passes()
    .rows_are(&[
        "click passed",
        "- skipped: it ends no section",
        "click passed",
    ]);
}
