use std::collections::BTreeMap;

use super::*;
use crate::protocol::ActionStatus;
use crate::protocol::{ActionUpdate, ViewState};

fn path(dir: &tempfile::TempDir) -> Utf8PathBuf {
    Utf8PathBuf::from_path_buf(dir.path().join("journal.jsonl")).unwrap()
}

fn done() -> ActionUpdate {
    ActionUpdate {
        status: ActionStatus::Done,
        message: None,
        exit_code: Some(0),
        millis: Some(3),
        output: None,
    }
}

#[test]
fn comes_back_as_it_was() {
    let dir = tempfile::tempdir().unwrap();
    let journal = Journal::open(&path(&dir), "/w").unwrap();
    journal.record(Entry::Opened).unwrap();
    journal.record(Entry::Page { page: "01".into() }).unwrap();
    journal
        .record(Entry::Action {
            action: "01/0".into(),
            update: done(),
        })
        .unwrap();
    journal
        .record(Entry::Check {
            test: "t".into(),
            passed: false,
        })
        .unwrap();
    journal
        .record(Entry::Check {
            test: "t".into(),
            passed: true,
        })
        .unwrap();
    journal
        .note(Entry::View {
            page: "01".into(),
            view: ViewState {
                scroll: 12.5,
                ..ViewState::default()
            },
        })
        .unwrap();
    let before = journal.progress();
    drop(journal);
    let after = Journal::open(&path(&dir), "/w").unwrap().progress();
    assert_eq!(after, before);
    assert_eq!(
        (after.page.as_deref(), after.view.scroll, after.open),
        (Some("01"), 12.5, true)
    );
    assert_eq!(after.checks, BTreeMap::from([("t".into(), true)]));
    assert_eq!(peek(&path(&dir)).unwrap().0.workshop, "/w");
}

#[test]
fn keeps_a_place_on_each_pathway() {
    let dir = tempfile::tempdir().unwrap();
    let journal = Journal::open(&path(&dir), "/w").unwrap();
    let take = |pathway: &str| {
        journal
            .record(Entry::Pathway {
                pathway: pathway.into(),
            })
            .unwrap();
    };
    take("short");
    journal.record(Entry::Page { page: "02".into() }).unwrap();
    journal.record(Entry::Finished).unwrap();
    take("long");
    let progress = journal.progress();
    assert_eq!((progress.page, progress.finished), (None, false));
    journal.record(Entry::Page { page: "07".into() }).unwrap();
    take("short");
    drop(journal);
    let progress = Journal::open(&path(&dir), "/w").unwrap().progress();
    assert_eq!(progress.pathway.as_deref(), Some("short"));
    assert_eq!(
        (progress.page.as_deref(), progress.finished),
        (Some("02"), true)
    );
    assert_eq!(
        progress.pathways,
        BTreeMap::from([("long".into(), (Some("07".into()), false))])
    );
    assert_eq!(progress.visited.len(), 2);
}

#[test]
fn cuts_off_a_torn_line_and_keeps_it_aside() {
    let dir = tempfile::tempdir().unwrap();
    let journal = Journal::open(&path(&dir), "/w").unwrap();
    journal.record(Entry::Page { page: "01".into() }).unwrap();
    drop(journal);
    let mut bytes = fs::read(path(&dir)).unwrap();
    let whole = bytes.clone();
    bytes.extend_from_slice(b"{\"at\":1,\"kind\":\"pa");
    fs::write(path(&dir), &bytes).unwrap();
    let journal = Journal::open(&path(&dir), "/w").unwrap();
    assert_eq!(fs::read(path(&dir)).unwrap(), whole);
    assert_eq!(
        fs::read_to_string(dir.path().join("journal.torn")).unwrap(),
        "{\"at\":1,\"kind\":\"pa\n"
    );
    journal.record(Entry::Page { page: "02".into() }).unwrap();
    assert_eq!(
        Journal::open(&path(&dir), "/w")
            .unwrap()
            .progress()
            .page
            .as_deref(),
        Some("02")
    );
}

#[test]
fn skips_what_a_later_version_wrote() {
    let dir = tempfile::tempdir().unwrap();
    drop(Journal::open(&path(&dir), "/w").unwrap());
    let mut file = OpenOptions::new().append(true).open(path(&dir)).unwrap();
    file.write_all(b"{\"at\":1,\"kind\":\"teleported\",\"to\":3}\nnonsense\n{\"at\":2,\"kind\":\"page\",\"page\":\"x\"}\n")
        .unwrap();
    assert_eq!(
        Journal::open(&path(&dir), "/w")
            .unwrap()
            .progress()
            .page
            .as_deref(),
        Some("x")
    );
}

#[test]
fn reads_a_change_of_a_page_as_earlier_versions_wrote_it() {
    let dir = tempfile::tempdir().unwrap();
    let journal = Journal::open(&path(&dir), "/w").unwrap();
    for action in ["01/0", "01/1"] {
        journal
            .record(Entry::Action {
                action: action.into(),
                update: done(),
            })
            .unwrap();
    }
    drop(journal);
    let mut file = OpenOptions::new().append(true).open(path(&dir)).unwrap();
    file.write_all(b"{\"at\":1,\"kind\":\"page-changed\",\"page\":\"01\",\"to\":\"02\",\"actions\":[1,null],\"sections\":[]}\n")
        .unwrap();
    let progress = Journal::open(&path(&dir), "/w").unwrap().progress();
    assert!(progress.actions.keys().eq(["02/1"]));
    assert!(progress.gone.is_empty());
}
