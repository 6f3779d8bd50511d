//! What a killed player leaves beside its places, and what comes of it.

use std::os::unix::fs::symlink;

use super::*;

struct Place {
    _dir: tempfile::TempDir,
    state: Utf8PathBuf,
    home: Utf8PathBuf,
}

fn place() -> Place {
    let dir = tempfile::tempdir().unwrap();
    let top = Utf8PathBuf::from_path_buf(dir.path().canonicalize().unwrap()).unwrap();
    let (state, home) = (top.join("state"), top.join("home"));
    for folder in [&state, &home] {
        fs::create_dir(folder).unwrap();
    }
    Place {
        _dir: dir,
        state,
        home,
    }
}

fn names(folder: &Utf8Path) -> Vec<String> {
    let entries = folder.read_dir_utf8().unwrap().flatten();
    let mut names: Vec<_> = entries.map(|each| each.file_name().to_owned()).collect();
    names.sort();
    names
}

#[test]
fn what_a_killed_player_has_left_is_cleared_and_nothing_else() {
    let Place { _dir, state, home } = place();
    let learners = home.join(".atelier-0123456789abcdef");
    fs::write(&learners, "mine").unwrap();
    let mut file = BesideFile::new(&state, home.as_std_path()).unwrap();
    file.write_all(b"half").unwrap();
    let folder = BesideFolder::new(&state, home.as_std_path()).unwrap();
    fs::create_dir(folder.path().join("copy")).unwrap();
    assert_eq!(names(&home).len(), 3);
    // As a kill does: nobody tidies up.
    std::mem::forget(file);
    std::mem::forget(folder);
    clear(&state);
    assert_eq!(names(&home), [".atelier-0123456789abcdef"]);
    assert_eq!(names(&state.join("writing")), [] as [String; 0]);
    assert_eq!(fs::read_to_string(learners).unwrap(), "mine");
}

#[test]
fn what_was_moved_aside_comes_back_unless_its_place_was_taken() {
    for taken in [false, true] {
        let Place { _dir, state, home } = place();
        let lab = home.join("lab");
        fs::create_dir(&lab).unwrap();
        fs::write(lab.join("work"), "of hours").unwrap();
        std::mem::forget(BesideFolder::aside(&state, &lab).unwrap());
        assert!(!lab.exists());
        if taken {
            fs::create_dir(&lab).unwrap();
        }
        clear(&state);
        assert_eq!(names(&home), ["lab"]);
        assert_eq!(lab.join("work").exists(), !taken);
    }
}

#[test]
fn what_cannot_go_back_is_kept_and_it_is_said_where() {
    let Place { _dir, state, home } = place();
    let lab = home.join("lab");
    fs::write(&lab, "of hours").unwrap();
    let aside = BesideFolder::aside(&state, &lab).unwrap();
    fs::create_dir(&lab).unwrap();
    let told = aside.put_back(&lab).unwrap_err().to_string();
    let (_, kept) = told.split_once("is kept as ").unwrap();
    clear(&state);
    assert_eq!(fs::read_to_string(kept).unwrap(), "of hours");
}

#[test]
fn what_was_moved_aside_is_kept_where_it_is_when_a_file_took_its_place() {
    let Place { _dir, state, home } = place();
    let lab = home.join("lab");
    fs::write(&lab, "of hours").unwrap();
    std::mem::forget(BesideFolder::aside(&state, &lab).unwrap());
    let kept = home.join(names(&home).remove(0)).join(OLD);
    fs::write(&lab, "new").unwrap();
    clear(&state);
    assert_eq!(fs::read_to_string(&lab).unwrap(), "new");
    assert_eq!(fs::read_to_string(kept).unwrap(), "of hours");
    assert_eq!(names(&state.join("writing")), [] as [String; 0]);
}

#[test]
fn what_could_not_be_deleted_is_cleared_at_the_next_opening() {
    let Place { _dir, state, home } = place();
    let folder = BesideFolder::new(&state, home.as_std_path()).unwrap();
    let made = home.join(names(&home).remove(0));
    // It is not deleted as the folder that it was.
    fs::remove_dir(&made).unwrap();
    fs::write(&made, "").unwrap();
    drop(folder);
    assert!(made.exists());
    clear(&state);
    assert_eq!(names(&home), [] as [String; 0]);
    assert_eq!(names(&state.join("writing")), [] as [String; 0]);
}

#[cfg(target_os = "linux")]
#[test]
fn what_a_program_puts_in_the_place_of_a_folder_is_not_written_into() {
    let Place { _dir, state, home } = place();
    let outside = home.with_file_name("outside");
    fs::create_dir(&outside).unwrap();
    let folder = BesideFolder::new(&state, home.as_std_path()).unwrap();
    let made = home.join(names(&home).remove(0));
    fs::rename(&made, home.join("moved")).unwrap();
    symlink(&outside, &made).unwrap();
    fs::write(folder.path().join("copy"), "theirs").unwrap();
    drop(folder);
    assert_eq!(names(&outside), [] as [String; 0]);
    assert_eq!(names(&home), ["moved"]);
}

#[test]
fn what_ends_in_good_order_leaves_no_note() {
    let Place { _dir, state, home } = place();
    let mut file = BesideFile::new(&state, home.as_std_path()).unwrap();
    file.write_all(b"whole").unwrap();
    file.persist(home.join("a").as_std_path()).unwrap();
    fs::create_dir(home.join("b")).unwrap();
    let refused = BesideFile::new(&state, home.as_std_path()).unwrap();
    assert!(refused.persist(home.join("b").as_std_path()).is_err());
    drop(BesideFolder::new(&state, home.as_std_path()).unwrap());
    assert_eq!(names(&home), ["a", "b"]);
    assert_eq!(names(&state.join("writing")), [] as [String; 0]);
}

#[test]
fn no_link_and_no_false_note_leads_to_a_file_of_the_owners() {
    let Place { _dir, state, home } = place();
    let outside = home.with_file_name("outside");
    fs::create_dir(&outside).unwrap();
    let folder = home.join("a");
    fs::create_dir(&folder).unwrap();
    let file = BesideFile::new(&state, folder.as_std_path()).unwrap();
    let name = names(&folder).remove(0);
    std::mem::forget(file);
    fs::write(outside.join(&name), "theirs").unwrap();
    fs::write(outside.join("other"), "theirs").unwrap();
    fs::remove_dir_all(&folder).unwrap();
    symlink(&outside, &folder).unwrap();
    let note = format!(r#"{{"made": "{}"}}"#, outside.join("other"));
    fs::write(state.join("writing/0123456789abcdef"), note).unwrap();
    clear(&state);
    let mut kept = [name, "other".to_owned()];
    kept.sort();
    assert_eq!(names(&outside), kept);
}
