use std::collections::BTreeMap;
use std::os::unix::fs::{PermissionsExt, symlink};

use proptest::prelude::*;

use super::*;

struct Place {
    _folder: tempfile::TempDir,
    folders: Folders,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = Utf8PathBuf::from_path_buf(folder.path().canonicalize().unwrap()).unwrap();
        let folders = Folders::new(root.join("lab"), None);
        folders.create().unwrap();
        Self {
            _folder: folder,
            folders,
        }
    }

    fn snapshots(&self) -> Snapshots {
        Snapshots::new(&self.folders)
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.folders.home.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn read(&self, path: &str) -> Option<String> {
        fs::read_to_string(self.folders.home.join(path)).ok()
    }

    fn restore(&self, tree: &Tree) {
        let snapshots = self.snapshots();
        let (now, _) = snapshots.keep().unwrap();
        snapshots.restore(&now, tree, "backup", None).unwrap();
    }

    /// Every entry below the home, read without the code under test.
    fn contents(&self) -> BTreeMap<String, String> {
        fn read(folder: &Utf8Path, root: &Utf8Path, into: &mut BTreeMap<String, String>) {
            for entry in folder.read_dir_utf8().unwrap().flatten() {
                let path = entry.path();
                let about = fs::symlink_metadata(path).unwrap();
                let what = if about.is_dir() {
                    read(path, root, into);
                    format!("folder {:o}", about.permissions().mode())
                } else if about.is_symlink() {
                    format!("link {}", fs::read_link(path).unwrap().display())
                } else {
                    let mode = about.permissions().mode();
                    format!("file {mode:o} {}", fs::read_to_string(path).unwrap())
                };
                into.insert(path.strip_prefix(root).unwrap().to_string(), what);
            }
        }
        let mut into = BTreeMap::new();
        read(&self.folders.home, &self.folders.home, &mut into);
        into
    }
}

/// Something that a learner, or a program, does to a file.
#[derive(Debug, Clone)]
enum Step {
    Write(String, String),
    Folder(String),
    Link(String, String),
    Remove(String),
    Mode(String, bool),
    Move(String, String),
}

fn path() -> impl Strategy<Value = String> {
    let part = prop::sample::select(vec!["a", "b", "c", "é x", "-d"]);
    prop::collection::vec(part, 1..4).prop_map(|parts| parts.join("/"))
}

fn step() -> impl Strategy<Value = Step> {
    let link = prop::sample::select(vec!["a", "../b", "/etc/passwd", "..", "nowhere", "/"]);
    prop_oneof![
        4 => (path(), "[a-z]{0,6}").prop_map(|(path, text)| Step::Write(path, text)),
        1 => path().prop_map(Step::Folder),
        1 => (path(), link).prop_map(|(path, to)| Step::Link(path, to.to_owned())),
        2 => path().prop_map(Step::Remove),
        1 => (path(), any::<bool>()).prop_map(|(path, on)| Step::Mode(path, on)),
        1 => (path(), path()).prop_map(|(from, to)| Step::Move(from, to)),
    ]
}

/// What does not work does not happen, as in a shell. Nothing goes through a link: that would leave the home.
fn take(place: &Place, step: &Step) {
    let home = &place.folders.home;
    let inside = |path: &str| {
        let full = home.join(path);
        full.ancestors()
            .skip(1)
            .take_while(|part| part.starts_with(home))
            .all(|part| !part.is_symlink())
            .then_some(full)
    };
    let parent = |full: &Utf8Path| fs::create_dir_all(full.parent().unwrap()).is_ok();
    match step {
        Step::Write(path, text) => {
            if let Some(full) = inside(path).filter(|full| !full.is_symlink() && parent(full)) {
                let _ = fs::write(full, text);
            }
        }
        Step::Folder(path) => {
            if let Some(full) = inside(path) {
                let _ = fs::create_dir_all(full);
            }
        }
        Step::Link(path, to) => {
            if let Some(full) = inside(path).filter(|full| parent(full)) {
                let _ = symlink(to, full);
            }
        }
        Step::Remove(path) => {
            if let Some(full) = inside(path) {
                let _ = fs::remove_file(&full).or_else(|_| fs::remove_dir_all(&full));
            }
        }
        Step::Mode(path, on) => {
            if let Some(full) = inside(path).filter(|full| !full.is_symlink()) {
                let mode = if *on { 0o755 } else { 0o555 };
                let _ = fs::set_permissions(full, fs::Permissions::from_mode(mode));
            }
        }
        Step::Move(from, to) => {
            if let (Some(from), Some(to)) = (inside(from), inside(to)) {
                let _ = fs::rename(from, to);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_tree_that_is_put_back_is_what_was_there(
        first in prop::collection::vec(step(), 0..25),
        then in prop::collection::vec(step(), 0..25),
    ) {
        let place = Place::new();
        for step in &first {
            take(&place, step);
        }
        let snapshots = place.snapshots();
        let (start, name) = snapshots.keep().unwrap();
        let before = place.contents();
        prop_assert_eq!(&snapshots.tree(&name).unwrap(), &start);
        for step in &then {
            take(&place, step);
        }
        let (own, _) = snapshots.keep().unwrap();
        let after = place.contents();
        snapshots.restore(&own, &start, "one", None).unwrap();
        prop_assert_eq!(&place.contents(), &before);
        prop_assert!(start.changes_to(&snapshots.look().unwrap(), None).is_empty());
        // The learner's version is as complete.
        let (now, _) = snapshots.keep().unwrap();
        snapshots.restore(&now, &own, "two", None).unwrap();
        prop_assert_eq!(&place.contents(), &after);
    }
}

#[test]
fn what_gives_way_lies_in_the_backup() {
    let place = Place::new();
    place.write("exercises/a.txt", "start");
    let (start, _) = place.snapshots().keep().unwrap();
    place.write("exercises/a.txt", "mine");
    place.write("exercises/new/b.txt", "also mine");
    place.restore(&start);
    assert_eq!(place.read("exercises/a.txt").as_deref(), Some("start"));
    assert!(!place.folders.home.join("exercises/new").exists());
    let files = place.snapshots().backup("backup").join("files/exercises");
    assert_eq!(fs::read_to_string(files.join("a.txt")).unwrap(), "mine");
    assert_eq!(
        fs::read_to_string(files.join("new/b.txt")).unwrap(),
        "also mine"
    );
}

#[test]
fn one_file_is_put_back_alone() {
    let place = Place::new();
    place.write("a", "start a");
    place.write("b", "start b");
    let snapshots = place.snapshots();
    let (start, _) = snapshots.keep().unwrap();
    place.write("a", "my a");
    place.write("b", "my b");
    let (now, _) = snapshots.keep().unwrap();
    let scope = Some(Utf8Path::new("a"));
    assert_eq!(start.changes_to(&now, scope).len(), 1);
    snapshots.restore(&now, &start, "backup", scope).unwrap();
    assert_eq!(place.read("a").as_deref(), Some("start a"));
    assert_eq!(place.read("b").as_deref(), Some("my b"));
}

#[test]
fn what_is_left_out_stays_as_it_is() {
    let place = Place::new();
    place.write("web/app.js", "start");
    place.write("web/node_modules/x/index.js", "1");
    place.write("large", &"x".repeat(50));
    rustix::fs::mkfifoat(
        rustix::fs::CWD,
        place.folders.home.join("pipe").as_std_path(),
        rustix::fs::Mode::from_raw_mode(0o600),
    )
    .unwrap();
    let limits = Limits {
        file: 40,
        ..Limits::default()
    };
    let snapshots = place.snapshots().within(limits);
    let (start, _) = snapshots.keep().unwrap();
    let left: Vec<_> = start
        .left_out
        .iter()
        .map(|(path, why)| (path.as_str(), *why))
        .collect();
    let expected = [
        ("large", LeftOut::Large),
        ("pipe", LeftOut::Special),
        ("web/node_modules", LeftOut::Cache),
    ];
    assert_eq!(left, expected);
    place.write("web/app.js", "mine");
    place.write("web/node_modules/x/index.js", "2");
    place.write("large", "small now");
    let (now, _) = snapshots.keep().unwrap();
    snapshots.restore(&now, &start, "backup", None).unwrap();
    assert_eq!(place.read("web/app.js").as_deref(), Some("start"));
    assert_eq!(
        place.read("web/node_modules/x/index.js").as_deref(),
        Some("2")
    );
    assert_eq!(place.read("large").as_deref(), Some("small now"));
    assert!(place.folders.home.join("pipe").exists());
}

#[test]
fn a_file_that_has_become_too_large_comes_back_from_its_backup() {
    let place = Place::new();
    place.write("data", "start");
    let limits = Limits {
        file: 40,
        ..Limits::default()
    };
    let snapshots = place.snapshots().within(limits);
    let (start, _) = snapshots.keep().unwrap();
    let mine = "x".repeat(60);
    place.write("data", &mine);
    let (own, _) = snapshots.keep().unwrap();
    snapshots.restore(&own, &start, "one", None).unwrap();
    assert_eq!(place.read("data").as_deref(), Some("start"));
    let (now, _) = snapshots.keep().unwrap();
    snapshots.restore(&now, &own, "two", None).unwrap();
    snapshots.bring_back_left_out(&own, "one", "two").unwrap();
    // It did not exist in what could be kept, and what stands there now is moved aside for it.
    assert_eq!(place.read("data"), Some(mine));
}

#[test]
fn nothing_is_done_through_a_link() {
    let place = Place::new();
    let outside = place.folders.root.join("outside");
    fs::create_dir(&outside).unwrap();
    fs::write(outside.join("a"), "theirs").unwrap();
    place.write("sub/a", "start");
    let (start, _) = place.snapshots().keep().unwrap();
    fs::remove_dir_all(place.folders.home.join("sub")).unwrap();
    symlink(&outside, place.folders.home.join("sub")).unwrap();
    place.restore(&start);
    assert_eq!(place.read("sub/a").as_deref(), Some("start"));
    assert_eq!(fs::read_to_string(outside.join("a")).unwrap(), "theirs");
    assert!(!place.folders.home.join("sub").is_symlink());
}

#[test]
fn more_than_the_limit_is_refused_in_words() {
    let place = Place::new();
    for number in 0..5 {
        place.write(&format!("f{number}"), "x");
    }
    let limits = Limits {
        entries: 3,
        ..Limits::default()
    };
    let error = place.snapshots().within(limits).keep().unwrap_err();
    assert!(error.to_string().contains("more than 3 files"), "{error}");
}

#[test]
fn a_damaged_copy_changes_nothing() {
    let place = Place::new();
    place.write("a", "start");
    let snapshots = place.snapshots();
    let (start, _) = snapshots.keep().unwrap();
    for folder in snapshots
        .folder
        .join("objects")
        .read_dir_utf8()
        .unwrap()
        .flatten()
    {
        for object in folder.path().read_dir_utf8().unwrap().flatten() {
            fs::write(object.path(), "stark").unwrap();
        }
    }
    place.write("a", "mine");
    place.write("b", "mine too");
    let (now, _) = snapshots.keep().unwrap();
    let error = snapshots.restore(&now, &start, "backup", None).unwrap_err();
    assert!(error.to_string().contains("damaged"), "{error}");
    assert_eq!(place.read("a").as_deref(), Some("mine"));
    assert_eq!(place.read("b").as_deref(), Some("mine too"));
}

#[test]
fn an_unchanged_home_is_not_read_again() {
    let place = Place::new();
    place.write("a", "start");
    let long_ago = std::time::SystemTime::now() - std::time::Duration::from_secs(60);
    let file = fs::File::options()
        .write(true)
        .open(place.folders.home.join("a"))
        .unwrap();
    file.set_modified(long_ago).unwrap();
    let (_, first) = place.snapshots().keep().unwrap();
    let seen = fs::read_to_string(place.folders.state.join("snapshots/seen.json")).unwrap();
    assert!(seen.contains("\"a\""), "{seen}");
    // The same size and the same time: only the time of the entry tells that the content is another one.
    fs::write(place.folders.home.join("a"), "stark").unwrap();
    file.set_modified(long_ago).unwrap();
    let (_, second) = place.snapshots().keep().unwrap();
    assert_ne!(first, second);
}

#[test]
fn what_nobody_needs_is_swept() {
    let place = Place::new();
    place.write("a", "one");
    let snapshots = place.snapshots();
    let (_, one) = snapshots.keep().unwrap();
    place.write("a", "two");
    let (tree, two) = snapshots.keep().unwrap();
    snapshots.sweep(&HashSet::from([two.clone()])).unwrap();
    assert!(snapshots.tree(&one).is_err());
    assert_eq!(snapshots.tree(&two).unwrap(), tree);
    place.write("a", "three");
    place.restore(&tree);
    assert_eq!(place.read("a").as_deref(), Some("two"));
}

#[test]
fn a_damaged_tree_neither_stops_the_sweep_nor_stays_damaged() {
    let place = Place::new();
    place.write("a", "one");
    let snapshots = place.snapshots();
    let (_, unused) = snapshots.keep().unwrap();
    place.write("a", "two");
    let (tree, kept) = snapshots.keep().unwrap();
    place.write("a", "three");
    let (_, damaged) = snapshots.keep().unwrap();
    let file = snapshots.tree_path(&damaged);
    for text in ["{\"nodes\":{},\"left_out\":{}}", "\0\0\0", "{"] {
        std::fs::write(&file, text).unwrap();
        assert!(matches!(
            snapshots.tree(&damaged),
            Err(SnapshotError::Damaged(_))
        ));
    }
    let needed = HashSet::from([kept.clone(), damaged.clone(), "gone".to_owned()]);
    snapshots.sweep(&needed).unwrap();
    assert!(!snapshots.tree_path(&unused).exists());
    place.restore(&tree);
    assert_eq!(place.read("a").as_deref(), Some("two"));
    // Kept again, it is whole again.
    place.write("a", "three");
    assert_eq!(snapshots.keep().unwrap().1, damaged);
    snapshots.tree(&damaged).unwrap();
}

/// `cargo test -p atelier-session --lib -- --ignored --nocapture how_long`
#[test]
#[ignore = "a measurement"]
#[allow(clippy::print_stdout, reason = "figures are what it is for")]
fn how_long_it_takes() {
    let place = Place::new();
    for number in 0..2000 {
        place.write(
            &format!("exercises/d{}/f{number}", number % 50),
            &"x".repeat(number * 7 % 9000),
        );
    }
    std::thread::sleep(std::time::Duration::from_secs(3));
    let snapshots = place.snapshots();
    for what in ["all new", "nothing new"] {
        let began = std::time::Instant::now();
        snapshots.keep().unwrap();
        println!("{what}: {:?}", began.elapsed());
    }
    let (start, _) = snapshots.keep().unwrap();
    for number in 0..20 {
        place.write(&format!("exercises/d{number}/f{number}"), "mine");
    }
    let began = std::time::Instant::now();
    let (now, _) = snapshots.keep().unwrap();
    println!("20 changed: {:?}", began.elapsed());
    let began = std::time::Instant::now();
    snapshots.restore(&now, &start, "backup", None).unwrap();
    println!("restore: {:?}", began.elapsed());
}
