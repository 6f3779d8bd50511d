//! What recordings hold.

use super::*;
use proptest::prelude::*;
use serde_json::Value;

fn lines(path: &Utf8Path) -> Vec<Value> {
    let text = std::fs::read_to_string(path).unwrap();
    assert!(text.ends_with('\n'));
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn events(path: &Utf8Path) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let mut last = 0.0;
    let events = lines(path).into_iter().skip(1);
    events
        .map(|event| {
            let time = event[0].as_f64().unwrap();
            assert!(time >= last, "time goes backwards");
            last = time;
            (text(&event[1]), text(&event[2]))
        })
        .collect()
}

fn pair(code: &str, data: &str) -> (String, String) {
    (code.to_owned(), data.to_owned())
}

fn recorder(folder: &tempfile::TempDir) -> (Utf8PathBuf, Arc<Recorder>) {
    let folder = Utf8Path::from_path(folder.path()).unwrap();
    let path = folder.join("run.cast");
    let recorder = Recorder::create(&path, "Lab").unwrap();
    (path, Arc::new(recorder))
}

#[test]
fn each_terminal_has_a_file_with_the_same_marks() {
    let folder = tempfile::tempdir().unwrap();
    let (path, recorder) = recorder(&folder);
    recorder.mark(0, "1/2 First");
    let one = recorder.track("1", (100, 30)).unwrap();
    recorder.mark(1, "run it");
    one.output("a\u{e9}".as_bytes());
    one.resized(80, 24);
    one.resized(80, 24);
    let two = recorder.track("2", (90, 20)).unwrap();
    two.output(b"b");
    recorder.mark(0, "2/2 Second");
    let second = path.with_file_name("run-2.cast");
    // All of it is there before the end.
    let header = &lines(&second)[0];
    assert_eq!(
        (&header["version"], &header["width"]),
        (&json!(2), &json!(90))
    );
    assert_eq!(header["title"], "Lab (terminal 2)");
    assert_eq!(
        events(&path),
        [
            pair("m", "1/2 First"),
            pair("m", "run it"),
            pair("o", "a\u{e9}"),
            pair("r", "80x24"),
            pair("m", "2/2 Second"),
        ]
    );
    assert_eq!(
        events(&second),
        [
            pair("m", "1/2 First"),
            pair("m", "run it"),
            pair("o", "b"),
            pair("m", "2/2 Second"),
        ]
    );
    assert_eq!(recorder.finish().unwrap(), [path, second]);
}

#[test]
fn a_terminal_that_starts_anew_goes_on_in_its_file() {
    let folder = tempfile::tempdir().unwrap();
    let (path, recorder) = recorder(&folder);
    recorder.track("1", (80, 24)).unwrap().output(b"old\xc3");
    recorder.track("1", (80, 24)).unwrap().output(b"new\xc3");
    assert_eq!(recorder.finish().unwrap().len(), 1);
    let expected = [
        ("r", "80x24"),
        ("o", "old"),
        ("o", "\x1bc"),
        ("o", "new"),
        ("o", REPLACEMENT),
    ];
    assert_eq!(events(&path), expected.map(|(code, data)| pair(code, data)));
}

#[test]
fn a_file_that_cannot_be_made_or_written_is_told() {
    assert!(Recorder::create(Utf8Path::new("/nowhere/run.cast"), "Lab").is_err());
    let full = Utf8Path::new("/dev/full");
    if full.exists() {
        let error = Recorder::create(full, "Lab").err().unwrap();
        assert!(error.to_string().starts_with("the recording /dev/full"));
    }
    let folder = tempfile::tempdir().unwrap();
    let (path, recorder) = recorder(&folder);
    std::fs::create_dir(path.with_file_name("run-2.cast")).unwrap();
    recorder.track("1", (80, 24)).unwrap();
    assert!(recorder.track("2", (80, 24)).is_none());
    assert!(
        recorder
            .finish()
            .unwrap_err()
            .to_string()
            .contains("run-2.cast")
    );
}

#[test]
fn a_flood_ends_the_file_and_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let (path, recorder) = recorder(&folder);
    let track = recorder.track("1", (80, 24)).unwrap();
    let much = vec![b'x'; 8 * 1024 * 1024];
    (0..9).for_each(|_| track.output(&much));
    assert!(
        recorder
            .finish()
            .unwrap_err()
            .to_string()
            .contains("64 MiB")
    );
    assert!(std::fs::metadata(&path).unwrap().len() <= LARGEST + 4096);
}

#[test]
fn numbers_stand_before_the_extension() {
    let cases = [
        ("a/run.cast", "a/run-2.cast"),
        ("run", "run-2"),
        ("a.b.cast", "a.b-2.cast"),
    ];
    for (path, expected) in cases {
        assert_eq!(numbered(Utf8Path::new(path), 2), expected);
    }
}

proptest! {
    #[test]
    fn any_split_gives_the_same_text(text in "\\PC{0,40}", cuts in proptest::collection::vec(0_usize..200, 0..8)) {
        let bytes = text.as_bytes();
        let mut cuts: Vec<_> = cuts.into_iter().map(|cut| cut.min(bytes.len())).collect();
        cuts.push(bytes.len());
        cuts.sort_unstable();
        let (mut unfinished, mut start, mut joined) = (Vec::new(), 0, String::new());
        for cut in cuts {
            joined.push_str(&whole_characters(&mut unfinished, &bytes[start..cut]));
            start = cut;
        }
        prop_assert_eq!(joined, text);
        prop_assert!(unfinished.is_empty());
    }

    #[test]
    fn any_bytes_give_what_reading_them_whole_gives(bytes in proptest::collection::vec(any::<u8>(), 0..60), cut in 0_usize..60) {
        let cut = cut.min(bytes.len());
        let mut unfinished = Vec::new();
        let mut joined = whole_characters(&mut unfinished, &bytes[..cut]);
        joined.push_str(&whole_characters(&mut unfinished, &bytes[cut..]));
        if !unfinished.is_empty() {
            joined.push_str(REPLACEMENT);
        }
        prop_assert_eq!(joined, String::from_utf8_lossy(&bytes));
    }
}
