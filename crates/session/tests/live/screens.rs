//! The state that is kept, and the bytes that reproduce it.

use atelier_session::terminal::Screen;

/// Feeds output, takes the snapshot into a second screen, and compares all that can be seen or asked.
fn round_trip(output: &str) {
    let mut first = Screen::new(20, 6);
    first.feed(output.as_bytes());
    let snapshot = first.snapshot();
    let mut second = Screen::new(20, 6);
    // Whatever state the receiver was in.
    second.feed("\x1b[?1049h\x1b[31mold\x1b[?2004h\x1b[3;4r".as_bytes());
    let fed = second.feed(&snapshot);
    assert_eq!(fed.replies, b"", "a snapshot asks nothing");
    assert_eq!(
        second.text_with_scrollback(),
        first.text_with_scrollback(),
        "text of {output:?}"
    );
    assert_eq!(
        String::from_utf8_lossy(&second.snapshot()),
        String::from_utf8_lossy(&snapshot),
        "attributes, cursor and modes of {output:?}"
    );
    assert_eq!(
        (second.title(), second.alternate()),
        (first.title(), first.alternate())
    );
    assert_eq!(second.bracketed_paste(), first.bracketed_paste());
    // What follows must have the same effect on both.
    for next in [
        "x",
        "\r\nnext \x1b[1mline\r\n",
        "\x1b8saved",
        "\x1b[?1049lback",
    ] {
        first.feed(next.as_bytes());
        second.feed(next.as_bytes());
        assert_eq!(
            second.text_with_scrollback(),
            first.text_with_scrollback(),
            "{next:?} after {output:?}"
        );
    }
}

#[test]
fn snapshots_reproduce_the_state() {
    let long: String = (0..40).map(|n| format!("line {n}\r\n")).collect();
    for output in [
        "",
        "one\r\ntwo",
        "\r\n\r\n\r\n",
        &long,
        "a line that is longer than the screen is wide and wraps\r\nnext",
        "exactly twenty chars",
        "exactly twenty chars\r\nand on",
        "\x1b[1;31mred\x1b[0m \x1b[44mblue ground\x1b[K\r\n\x1b[38;5;200mpink \x1b[38;2;1;2;3mrgb\x1b[4:3munder",
        "\x1b[3;7;9mall\x1b[2;4mof it\x1b[0m \x1b[90mbright\x1b[107m ground",
        "wide 中文字中文字中文字中文字 e\u{301} 🎉",
        "\x1b]2;a title\x07\x1b[?2004h\x1b[?1h\x1b=\x1b[?25l\x1b[?1002h\x1b[?1006h\x1b[4h",
        "\x1b]8;id=x;http://localhost:8080\x07link\x1b]8;;\x07 no link",
        "before\r\n\x1b[5;3Hthere\x1b[2;2H",
        "shell\r\n\x1b[?1049h\x1b[2J\x1b[3;3Heditor\x1b[1;1H",
        &format!("{long}\x1b[?1049h\x1b[?2004h\x1b[6;20Hx"),
        "\x1b[2;4r\x1b[?6h\x1b[2;2Hin the region",
        "\x1b[4;2H\x1b[32m\x1b7\x1b[1;1Hcursor saved elsewhere",
        "\x1b(0lqk\x1b(B plain \x1b(0",
        "\x1b[?7lno wrapping of long lines at all here",
        "\x1b]4;1;rgb:12/34/56\x07\x1b[31mmy red",
        "\ttab\tstops\r\n\x1b[5 q",
    ] {
        round_trip(output);
    }
}

#[test]
fn a_snapshot_taken_between_any_two_bytes_continues() {
    let output = "\x1b[31mred \x1b]2;title\x07中\x1b]8;id=a;http://x\x1b\\l\x1b]8;;\x1b\\\r\n\x1b[?1049halt\x1b[2;2H\x1b[?1049l\x1b[0mend";
    for at in 0..=output.len() {
        let (before, after) = output.as_bytes().split_at(at);
        let (mut screen, mut view) = (Screen::new(20, 6), Screen::new(20, 6));
        screen.feed(before);
        view.feed(&screen.snapshot());
        screen.feed(after);
        view.feed(after);
        assert_eq!(
            screen.text(),
            "red 中l\nend",
            "taking the state at {at} changes nothing"
        );
        assert_eq!(
            view.snapshot(),
            screen.snapshot(),
            "and a view continues from it"
        );
    }
}

#[test]
fn the_scrollback_is_kept_up_to_its_limit() {
    let mut screen = Screen::new(20, 6);
    let lines: String = (0..10_050).map(|n| format!("{n}\r\n")).collect();
    screen.feed(lines.as_bytes());
    let text = screen.text_with_scrollback();
    assert_eq!(
        (text.lines().next(), text.lines().last()),
        (Some("45"), Some("10049"))
    );
}

#[test]
fn questions_are_answered_once() {
    let mut screen = Screen::new(20, 6);
    assert_eq!(screen.feed(b"ab\x1b[6").replies, b"");
    assert_eq!(
        String::from_utf8_lossy(&screen.feed(b"n").replies),
        "\x1b[1;3R"
    );
    assert_eq!(screen.feed(b"c").replies, b"");
    assert!(
        screen
            .feed(b"\x1b]11;?\x07")
            .replies
            .starts_with(b"\x1b]11;rgb:1e1e/1e1e/1e1e")
    );
    assert_eq!(
        String::from_utf8_lossy(&screen.feed(b"\x1b[18t").replies),
        "\x1b[8;6;20t"
    );
}

#[test]
fn clearing_keeps_the_line_of_the_cursor() {
    let mut screen = Screen::new(20, 6);
    screen.feed(
        (0..30)
            .map(|n| format!("{n}\r\n"))
            .collect::<String>()
            .as_bytes(),
    );
    screen.feed(b"[~] $ half");
    let clearing = screen.clearing();
    screen.feed(&clearing);
    assert_eq!(screen.text_with_scrollback(), "[~] $ half");
    screen.feed(b"way");
    assert_eq!(screen.text_with_scrollback(), "[~] $ halfway");
    screen.feed(b"\x1b[?1049hfull");
    assert_eq!(screen.clearing(), b"");
}

#[test]
fn plain_text_is_what_a_reader_saw_in_the_end() {
    let screen = Screen::new(40, 6);
    assert_eq!(
        screen.plain(b"10%\r50%\r\x1b[K\x1b[32mdone\x1b[0m\r\nnext\r\n"),
        "done\nnext"
    );
}

#[test]
fn an_update_that_never_ends_is_shown_all_the_same() {
    let mut screen = Screen::new(20, 6);
    screen.feed(b"\x1b[?2026hhidden");
    screen.snapshot();
    assert_eq!(screen.text(), "hidden");
}
