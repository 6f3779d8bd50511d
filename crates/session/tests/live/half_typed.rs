//! A command that meets a line which the learner has begun to type.

use atelier_session::command_end::type_text;
use atelier_session::terminal::Terminal;

use crate::lab::{Lab, PATIENCE, ended, run, until};

async fn begin_to_type(terminal: &Terminal, keys: &str, shows: &str) {
    terminal.write(keys.as_bytes());
    until(terminal, "what was typed", |text| text.ends_with(shows)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_line_is_put_aside_and_can_be_brought_back() {
    let lab = Lab::new();
    let terminal = lab.terminal("1");
    run(&terminal, "true").await;
    // With the caret at the end, and at the start.
    for keys in ["echo half", "echo half\x01"] {
        run(&terminal, "clear").await;
        begin_to_type(&terminal, keys, "$ echo half").await;
        assert_eq!(run(&terminal, "echo whole").await, ended(0));
        let text = terminal.text();
        assert!(text.contains("$ echo whole\nwhole\n"), "{text}");
        terminal.write(b"\x19\r");
        until(&terminal, "the line that was put aside", |text| {
            text.contains("\nhalf\n")
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn in_vi_mode_in_a_search_and_in_a_nested_shell() {
    let lab = Lab::new();
    let terminal = lab.terminal("1");
    run(&terminal, "echo found").await;
    terminal.write(b"\x12found");
    until(&terminal, "the search", |text| text.contains("i-search")).await;
    assert_eq!(run(&terminal, "test whole").await, ended(0));
    run(&terminal, "set -o vi").await;
    begin_to_type(&terminal, "exit 3", "$ exit 3").await;
    assert_eq!(run(&terminal, "test whole").await, ended(0));
    run(&terminal, "set -o emacs; set -eu").await;
    begin_to_type(&terminal, "exit 4", "$ exit 4").await;
    assert_eq!(run(&terminal, "test whole").await, ended(0));
    run(&terminal, "set +eu").await;
    for nested in ["bash --norc", "exec bash --norc", "PS1=$PS1 bash --norc"] {
        run(&terminal, nested).await;
        // Its first prompt does not know the key, and must not be given it.
        terminal.write(b" ");
        assert_eq!(run(&terminal, "true").await, ended(0), "{nested}");
        begin_to_type(&terminal, "exit 5", " exit 5").await;
        assert_eq!(run(&terminal, "test whole").await, ended(0), "{nested}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_action_has_typed_stays() {
    let lab = Lab::new();
    let terminal = lab.terminal("1");
    terminal.paste("echo one", false);
    run(&terminal, " and two").await;
    until(&terminal, "one line", |text| {
        text.contains("\none and two\n")
    })
    .await;
    terminal.write(b"\x15");
    type_text(&terminal, "echo three", PATIENCE).await;
    run(&terminal, " and four").await;
    let text = terminal.text();
    assert!(text.contains("\nthree and four\n"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_rest_of_an_unfinished_command_is_no_new_one() {
    let lab = Lab::new();
    let terminal = lab.terminal("1");
    run(&terminal, "true").await;
    begin_to_type(&terminal, "echo one \\\r", "\n>").await;
    run(&terminal, "two").await;
    let text = terminal.text();
    assert!(text.contains("\none two\n"), "{text}");
}
