use std::fs;

use camino::Utf8PathBuf;

use super::*;

struct Disk {
    _dir: tempfile::TempDir,
    file: Utf8PathBuf,
    state: Utf8PathBuf,
}

fn disk(bytes: &[u8]) -> Disk {
    let dir = tempfile::tempdir().unwrap();
    let root = Utf8PathBuf::from_path_buf(dir.path().to_owned()).unwrap();
    let file = root.join("a.txt");
    fs::write(&file, bytes).unwrap();
    Disk {
        _dir: dir,
        file,
        state: root.join("state"),
    }
}

impl Disk {
    fn read(&self) -> Document {
        read(&self.file, "a.txt").unwrap()
    }

    fn save(&self, text: &str, expected: Option<&str>) -> Result<String, DocumentError> {
        save(&self.file, "a.txt", text, expected, &self.state)
    }

    fn bytes(&self) -> String {
        fs::read_to_string(&self.file).unwrap()
    }
}

#[test]
fn keeps_line_ends_and_mark() {
    let disk = disk("\u{feff}a\r\nb\nc\r\n".as_bytes());
    let document = disk.read();
    assert_eq!(document.text, "a\nb\nc\n");
    let version = disk.save("a\nb\nX\nc\n", Some(&document.version)).unwrap();
    assert_eq!(disk.bytes(), "\u{feff}a\r\nb\r\nX\r\nc\r\n");
    assert_eq!(disk.read().version, version);
}

#[test]
fn an_emptied_file_keeps_its_line_ends() {
    let disk = disk(b"a\r\nb\r\n");
    let mut version = disk.read().version;
    for (text, bytes) in [("", ""), ("one line", "one line"), ("c\nd\n", "c\r\nd\r\n")] {
        version = disk.save(text, Some(&version)).unwrap();
        assert_eq!(disk.bytes(), bytes);
    }
    fs::write(&disk.file, "x\n").unwrap();
    version = disk.save("", Some(&disk.read().version)).unwrap();
    disk.save("y\n", Some(&version)).unwrap();
    assert_eq!(disk.bytes(), "y\n", "what it had last counts");
}

#[test]
fn the_line_end_of_most_lines_wins() {
    for (before, edited, after) in [
        ("a\r\nb\nc\r\n", "b\nc\n", "b\r\nc\r\n"),
        ("a\r\nb\n", "b\n", "b\n"),
        ("a\rb\rc\r", "a\nx\nc\n", "a\r\nx\r\nc\r\n"),
        ("a\r\nb\nc\r\n", "a\nb\nc\n", "a\r\nb\nc\r\n"),
    ] {
        let disk = disk(before.as_bytes());
        let version = disk.read().version;
        disk.save(edited, Some(&version)).unwrap();
        assert_eq!(disk.bytes(), after);
    }
}

#[test]
fn refuses_to_overwrite_what_it_has_not_read() {
    let disk = disk(b"mine");
    let document = disk.read();
    fs::write(&disk.file, "theirs").unwrap();
    assert!(matches!(
        disk.save("edited", Some(&document.version)),
        Err(DocumentError::Conflict(_))
    ));
    assert!(matches!(
        disk.save("edited", None),
        Err(DocumentError::Conflict(_))
    ));
    assert_eq!(disk.bytes(), "theirs");
    fs::remove_file(&disk.file).unwrap();
    assert!(matches!(
        disk.save("edited", Some(&document.version)),
        Err(DocumentError::Conflict(_))
    ));
    disk.save("new", None).unwrap();
    assert_eq!(disk.bytes(), "new");
}

#[test]
fn says_what_is_no_text() {
    assert!(matches!(
        read(&disk(b"a\0b").file, "a"),
        Err(DocumentError::NotText(_))
    ));
    assert!(matches!(
        read(&disk(&[0xff, 0xfe]).file, "a"),
        Err(DocumentError::NotText(_))
    ));
    assert!(matches!(
        read(&disk(&vec![b'x'; LIMIT as usize + 1]).file, "a"),
        Err(DocumentError::TooLarge(_))
    ));
    let disk = disk(b"");
    assert!(matches!(
        read(disk.file.parent().unwrap(), "a"),
        Err(DocumentError::Folder(_))
    ));
    let missing = disk.file.parent().unwrap().join("no/such");
    let error = save(&missing, "~/no/such", "x", None, &disk.state).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the folder ~/no does not exist; create it first"
    );
}

#[cfg(unix)]
#[test]
fn keeps_mode_links_and_hard_links() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
    let disk = disk(b"#!/bin/sh\n");
    fs::set_permissions(&disk.file, fs::Permissions::from_mode(0o755)).unwrap();
    let link = disk.file.with_file_name("link");
    symlink("a.txt", &link).unwrap();
    let document = read(&link, "link").unwrap();
    let version = save(
        &link,
        "link",
        "#!/bin/bash\n",
        Some(&document.version),
        &disk.state,
    )
    .unwrap();
    assert!(link.is_symlink());
    assert_eq!(fs::metadata(&disk.file).unwrap().mode() & 0o777, 0o755);
    fs::hard_link(&disk.file, disk.file.with_file_name("twin")).unwrap();
    disk.save("#!/bin/dash\n", Some(&version)).unwrap();
    assert_eq!(
        fs::read_to_string(disk.file.with_file_name("twin")).unwrap(),
        "#!/bin/dash\n"
    );
    assert_eq!(
        fs::read_dir(disk.state.join("backups")).unwrap().count(),
        1,
        "what is written in place is backed up first"
    );
}
