//! A restore that is killed at any moment loses nothing, and comes to its end when it is done again.

#![allow(clippy::print_stdout, reason = "the seed repeats a run")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime};

use atelier_session::Folders;
use atelier_session::snapshots::Snapshots;
use camino::{Utf8Path, Utf8PathBuf};

const FILES: usize = 90;
const KILLS: u32 = 8;
/// Names the session to the process that is killed, and the tree that it puts back.
const SESSION: &str = "ATELIER_TEST_SESSION";
const TREE: &str = "ATELIER_TEST_TREE";

fn folders(root: &Path) -> Folders {
    let root = Utf8PathBuf::from_path_buf(root.to_owned()).expect("a plain name");
    Folders::new(root, None)
}

/// Not a test of its own: what the other one starts and kills.
#[test]
fn the_process_that_is_killed() {
    let (Some(session), Ok(tree)) = (std::env::var_os(SESSION), std::env::var(TREE)) else {
        return;
    };
    let snapshots = Snapshots::new(&folders(Path::new(&session)));
    let target = snapshots.tree(&tree).unwrap();
    let now = snapshots.look().unwrap();
    println!("begun");
    snapshots.restore(&now, &target, "backup", None).unwrap();
}

fn texts(folder: &Utf8Path) -> BTreeMap<Utf8PathBuf, String> {
    fn read(folder: &Utf8Path, root: &Utf8Path, into: &mut BTreeMap<Utf8PathBuf, String>) {
        for entry in folder.read_dir_utf8().into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                read(path, root, into);
            } else {
                let text = fs::read_to_string(path).expect("a text");
                let below = path.strip_prefix(root).expect("it is below");
                into.insert(below.to_owned(), text);
            }
        }
    }
    let mut into = BTreeMap::new();
    read(folder, folder, &mut into);
    into
}

/// Some number below `limit`, from a seed (xorshift).
fn next(seed: &mut u64, limit: u64) -> u64 {
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    *seed % limit
}

#[test]
fn nothing_is_lost_when_a_restore_is_killed() {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let mut seed = since.unwrap().as_nanos() as u64 | 1;
    println!("seed {seed}");
    let mut cut_short = 0;
    for _ in 0..KILLS {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap().join("lab");
        let folders = folders(&root);
        folders.create().unwrap();
        let home = &folders.home;
        for number in 0..FILES {
            let place = home.join(format!("d{}", number % 7));
            fs::create_dir_all(&place).unwrap();
            fs::write(place.join(format!("f{number}")), format!("start {number}")).unwrap();
        }
        let snapshots = Snapshots::new(&folders);
        let (_, tree) = snapshots.keep().unwrap();
        let start = texts(home);
        for number in 0..FILES {
            let file = home.join(format!("d{}/f{number}", number % 7));
            match number % 3 {
                0 => fs::write(file, format!("mine {number}")).unwrap(),
                1 => fs::rename(&file, file.with_extension("moved")).unwrap(),
                _ => {}
            }
        }
        snapshots.keep().unwrap();
        let own: BTreeSet<_> = texts(home).into_values().collect();

        let mut child = Command::new(std::env::current_exe().unwrap())
            .args([
                "--exact",
                "killed_restore::the_process_that_is_killed",
                "--nocapture",
            ])
            .env(SESSION, &root)
            .env(TREE, &tree)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let said = BufReader::new(child.stdout.take().unwrap()).lines();
        let begun = said
            .map_while(Result::ok)
            .any(|line| line.contains("begun"));
        assert!(begun, "it begins");
        // The moment is what is tried out; nothing is waited for.
        std::thread::sleep(Duration::from_micros(next(&mut seed, 30_000)));
        child.kill().unwrap();
        child.wait().unwrap();

        let moved = snapshots.backup("backup");
        cut_short += u32::from(moved.is_dir() && texts(home) != start);
        let here: BTreeSet<_> = [texts(home), texts(&moved)]
            .into_iter()
            .flat_map(BTreeMap::into_values)
            .collect();
        assert!(own.is_subset(&here), "lost: {:?}", own.difference(&here));

        let target = snapshots.tree(&tree).unwrap();
        let now = snapshots.look().unwrap();
        snapshots.restore(&now, &target, "backup", None).unwrap();
        assert_eq!(texts(home), start);
        let here: BTreeSet<_> = [texts(home), texts(&moved)]
            .into_iter()
            .flat_map(BTreeMap::into_values)
            .collect();
        assert!(own.is_subset(&here), "lost: {:?}", own.difference(&here));
    }
    println!("{cut_short} of {KILLS} were cut short");
}
