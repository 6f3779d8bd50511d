//! What views get, and that they never hold a program up.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use atelier_session::terminal::{Screen, Terminal, View, ViewOutput, WINDOW};

use crate::lab::{Lab, ended, eventually, run, until_prompt};

#[derive(Clone, Default)]
struct Window(Arc<Mutex<Vec<ViewOutput>>>);

impl Window {
    fn attach(&self, terminal: &Terminal) -> View {
        let got = Arc::clone(&self.0);
        terminal.attach(move |output| got.lock().expect("no panic").push(output))
    }

    fn bytes(&self) -> usize {
        self.got().iter().map(|output| payload(output).len()).sum()
    }

    fn got(&self) -> Vec<ViewOutput> {
        self.0.lock().expect("no panic").clone()
    }

    /// What an xterm would show.
    fn text(&self) -> String {
        let mut screen = Screen::new(80, 24);
        for output in self.got() {
            screen.feed(payload(&output));
        }
        screen.text_with_scrollback()
    }
}

fn payload(output: &ViewOutput) -> &[u8] {
    match output {
        ViewOutput::Bytes(bytes) | ViewOutput::Snapshot(bytes) => bytes,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_view_gets_the_state_and_then_what_follows() {
    let lab = Lab::new();
    let terminal = lab.terminal("1");
    run(&terminal, "echo before").await;
    let window = Window::default();
    let _view = window.attach(&terminal);
    run(&terminal, "echo after").await;
    eventually("the same text in the view", || {
        window.text() == terminal.text_with_scrollback()
    })
    .await;
    assert!(matches!(window.got()[0], ViewOutput::Snapshot(_)));
    assert!(
        window.got()[1..]
            .iter()
            .all(|output| matches!(output, ViewOutput::Bytes(_)))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_view_that_never_acknowledges_holds_nobody_up_and_catches_up_by_the_state() {
    let lab = Lab::new();
    let terminal = lab.terminal("1");
    run(&terminal, "true").await;
    let (stuck, quick) = (Window::default(), Window::default());
    let view = stuck.attach(&terminal);
    let quick_view = quick.attach(&terminal);
    let before = *terminal.output().borrow();
    let flood = run(&terminal, "seq 500000");
    let acknowledging = async {
        let mut acknowledged = 0;
        loop {
            let bytes = quick.bytes();
            quick_view.acknowledge(bytes - acknowledged);
            acknowledged = bytes;
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    tokio::select! {
        end = flood => assert_eq!(end, ended(0)),
        () = acknowledging => {}
    }
    let printed = *terminal.output().borrow() - before;
    assert!(printed > 3_000_000, "{printed} bytes");
    let held = stuck.bytes();
    assert!(
        held <= 2 * WINDOW,
        "it got {held} bytes without acknowledging any"
    );
    assert!(
        stuck
            .got()
            .iter()
            .all(|output| payload(output).len() <= WINDOW)
    );

    view.acknowledge(held);
    eventually("the state", || {
        matches!(stuck.got().last(), Some(ViewOutput::Snapshot(_)))
    })
    .await;
    assert_eq!(stuck.text(), terminal.text_with_scrollback());

    let mut acknowledged = 0;
    eventually("the same text in the quick view", || {
        let bytes = quick.bytes();
        quick_view.acknowledge(bytes);
        quick.text() == terminal.text_with_scrollback()
    })
    .await;
    acknowledged += quick.bytes();
    assert!(acknowledged > held);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_detached_view_gets_nothing_more() {
    let lab = Lab::new();
    let terminal = lab.terminal("1");
    let window = Window::default();
    let view = window.attach(&terminal);
    until_prompt(&terminal).await;
    eventually("the prompt in the view", || window.text().contains("[~] $")).await;
    drop(view);
    let held = window.bytes();
    run(&terminal, "echo more").await;
    assert_eq!(window.bytes(), held);
}

#[tokio::test(flavor = "multi_thread")]
async fn clearing_reaches_the_views() {
    let lab = Lab::new();
    let terminal = lab.terminal("1");
    run(&terminal, "seq 100").await;
    let window = Window::default();
    let _view = window.attach(&terminal);
    eventually("the state", || window.text().contains("100")).await;
    terminal.clear();
    eventually("the clearing", || window.text() == "[~] $").await;
    assert_eq!(terminal.text_with_scrollback(), "[~] $");
}
