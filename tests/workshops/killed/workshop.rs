//! What the players that are killed play.

use atelier_tests::WorkshopTest;

pub(super) const APPEND: &str = "01-work/0";
pub(super) const CHECK: &str = "01-work/1";
pub(super) const COMMAND: &str = "01-work/2";
pub(super) const LEAVE: &str = "01-work/3";
pub(super) const COPY: &str = "01-work/4";
pub(super) const STAY: &str = "01-work/5";
pub(super) const PAGES: [&str; 2] = ["01-work", "02-more"];
/// Is done by catching up.
pub(super) const REST: &str = "03-rest";
pub(super) const APPENDED: &str = "a line that is whole or not there";
/// A folder of many files, and its copy.
pub(super) const MANY: &str = "many";
pub(super) const COPIED: &str = "copied";

/// A document large enough to be caught while it is written.
const LINES: usize = 5_000;
pub(super) const FILES: usize = 30;

pub(super) fn workshop() -> WorkshopTest {
    let test = WorkshopTest::new(&[])
        .and_page(
            "01-work",
            &format!(
                "
                ```editor:append-lines-to-file
                file: ~/exercises/log.txt
                text: {APPENDED}
                ```
                ```examiner:execute-test
                name: passes
                ```
                ```terminal:execute
                command: date > ~/exercises/date.txt
                event: dated
                ```
                ```terminal:execute
                command: . ~/exercises/leave.sh
                ```
                ```editor:copy-file
                src: ~/exercises/{MANY}
                dest: ~/exercises/{COPIED}
                open: false
                ```
                ```terminal:execute
                command: sleep $(cat ~/.cache/round).8
                session: 2
                ```
                "
            ),
        )
        .and_page("02-more", "More.")
        .and_page(
            REST,
            "
            ```terminal:execute
            command: date > ~/exercises/rest.txt
            ```
            ```examiner:execute-test
            name: passes
            ```
            ```terminal:execute
            command: cat ~/exercises/rest.txt
            ```
            ",
        )
        .examiner("passes", "exit 0")
        .file("exercises/document.txt", &document(0))
        .file("exercises/log.txt", "")
        // What lies in a cache is not put back with the rest.
        .file(
            "exercises/leave.sh",
            "
            n=$(cat ~/.cache/round)
            sleep $n.1 &
            nohup sleep $n.2 > /dev/null 2>&1 &
            (setsid sh -c \"sleep $n.3 & exec sleep $n.4\" &)
            env -i setsid -f /bin/sleep $n.5
            [ -e ~/.cache/deaf ] && (trap '' HUP TERM INT; exec setsid -f sleep $n.6)
            [ -e ~/.cache/unmarked ] && env -i prlimit --rttime=unlimited setsid -f sleep $n.7
            true
            ",
        )
        .program(
            "workshop/setup.d/01-round.sh",
            "#!/bin/bash\nmkdir -p ~/.cache\necho 0 > ~/.cache/round\n",
        );
    many().fold(test, |test, file| {
        test.file(&format!("exercises/{file}"), "0\n")
    })
}

/// The many files, below the exercises.
pub(super) fn many() -> impl Iterator<Item = String> {
    (0..FILES).map(|number| format!("{MANY}/{number}.txt"))
}

/// The `number`th version of the document.
pub(super) fn document(number: usize) -> String {
    let line = format!("version {number}\n");
    line.repeat(LINES) + "end\n"
}

/// Which version this is, all of it.
pub(super) fn version_of(text: &str) -> usize {
    let first = text.lines().next().and_then(|line| line.split(' ').nth(1));
    let number = first.and_then(|number| number.parse().ok());
    let number = number.expect("a document");
    assert!(text == document(number), "version {number} is half written");
    number
}
