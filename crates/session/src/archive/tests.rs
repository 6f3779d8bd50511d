//! Archives of every kind, and hostile ones.

mod hostile;

use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;

use camino::{Utf8Path, Utf8PathBuf};
use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;
use tar::{EntryType, Header};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::{ArchiveError, Limits, unpack_within};

/// Small, so that the tests need not write much.
const LIMITS: Limits = Limits {
    packed: 1 << 20,
    unpacked: 64 << 10,
    file: 32 << 10,
    entries: 50,
};

struct Place {
    dir: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        Self {
            dir: tempfile::tempdir().unwrap(),
        }
    }

    fn path(&self, name: &str) -> Utf8PathBuf {
        Utf8Path::from_path(self.dir.path()).unwrap().join(name)
    }

    fn unpack(&self, name: &str, bytes: &[u8]) -> Result<Utf8PathBuf, ArchiveError> {
        let file = self.path(name);
        fs::write(&file, bytes).unwrap();
        let done = unpack_within(&file, &self.path("store"), LIMITS, |_| true);
        // Whatever the archive was: nothing is left half done, and nothing lies beside.
        let left = self
            .path("store")
            .read_dir_utf8()
            .into_iter()
            .flatten()
            .flatten();
        let left: Vec<_> = left.map(|entry| entry.file_name().to_owned()).collect();
        assert!(!left.iter().any(|name| name.starts_with('.')), "{left:?}");
        assert_eq!(left.len(), usize::from(done.is_ok()), "{left:?}");
        assert!(!self.path("evil").exists() && !self.path("store/evil").exists());
        done
    }

    /// The complaint, without the paths of this run.
    fn refusal(&self, bytes: &[u8]) -> String {
        let error = self.unpack("lab.zip", bytes).unwrap_err().to_string();
        let error = error.replace(self.path("lab.zip").as_str(), "FILE");
        let error = error
            .strip_prefix("FILE was not opened: ")
            .unwrap_or(&error);
        error.split(". ").next().unwrap_or_default().to_owned()
    }
}

fn zipped(entries: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in entries {
        let options = SimpleFileOptions::default();
        if let Some(target) = text.strip_prefix("-> ") {
            writer.add_symlink(*name, target, options).unwrap();
        } else if name.ends_with('/') {
            writer.add_directory(*name, options).unwrap();
        } else {
            let mode = if text.starts_with("#!") {
                0o4755
            } else {
                0o600
            };
            writer
                .start_file(*name, options.unix_permissions(mode))
                .unwrap();
            writer.write_all(text.as_bytes()).unwrap();
        }
    }
    writer.finish().unwrap().into_inner()
}

/// Entries whose names are written as they are: the library would not.
fn tarred(entries: &[(&[u8], EntryType, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, kind, content) in entries {
        let mut header = Header::new_gnu();
        header.as_old_mut().name[..name.len()].copy_from_slice(name);
        header.set_entry_type(*kind);
        header.set_mode(0o644);
        let mut data: &[u8] = content;
        if matches!(kind, EntryType::Symlink | EntryType::Link) {
            header.as_old_mut().linkname[..content.len()].copy_from_slice(content);
            data = &[];
        }
        header.set_size(data.len() as u64);
        header.set_cksum();
        builder.append(&header, data).unwrap();
    }
    builder.into_inner().unwrap()
}

fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

const LAB: [(&str, &str); 7] = [
    ("lab-main/", ""),
    ("lab-main/workshop/content/01.md", "# One\n"),
    ("lab-main/workshop/setup.d/01.sh", "#!/bin/sh\n"),
    ("lab-main/./exercises//a.txt", "a"),
    ("lab-main/exercises/link.txt", "-> a.txt"),
    ("__MACOSX/lab-main/._x", "litter"),
    ("lab-main/.DS_Store", "litter"),
];

#[test]
fn zips_and_tarballs_come_out_as_they_were() {
    let tar = tarred(&[
        (b"lab-main/", EntryType::Directory, b""),
        (
            b"lab-main/workshop/content/01.md",
            EntryType::Regular,
            b"# One\n",
        ),
        (
            b"lab-main/workshop/setup.d/01.sh",
            EntryType::Regular,
            b"#!/bin/sh\n",
        ),
        (b"lab-main/exercises/a.txt", EntryType::Regular, b"a"),
        (b"lab-main/exercises/link.txt", EntryType::Symlink, b"a.txt"),
    ]);
    for (name, bytes) in [
        ("Lab One.zip", zipped(&LAB)),
        ("Lab One.workshop", zipped(&LAB)),
        ("Lab One.tar", tar.clone()),
        ("Lab One.tar.gz", gzipped(&tar)),
        ("Lab One.tgz", gzipped(&tar)),
        ("Lab One.odd", gzipped(&tar)),
    ] {
        let place = Place::new();
        let folder = place.unpack(name, &bytes).unwrap();
        let own = folder.file_name().unwrap();
        assert!(own.starts_with("lab-one"), "{own}");
        let read = |path: &str| fs::read_to_string(folder.join("lab-main").join(path)).unwrap();
        assert_eq!(read("workshop/content/01.md"), "# One\n", "{name}");
        assert_eq!(read("exercises/link.txt"), "a");
        assert!(!folder.join("__MACOSX").exists());
        assert!(!folder.join("lab-main/.DS_Store").exists());
        if name.ends_with(".zip") {
            let mode = |path: &str| {
                fs::metadata(folder.join(path))
                    .unwrap()
                    .permissions()
                    .mode()
            };
            assert_eq!(mode("lab-main/workshop/setup.d/01.sh") & 0o7777, 0o755);
            assert_eq!(mode("lab-main/exercises/a.txt") & 0o7777, 0o644);
        }
    }
}

#[test]
fn the_same_archive_is_unpacked_once_and_another_one_apart() {
    let place = Place::new();
    let first = place.unpack("lab.zip", &zipped(&LAB)).unwrap();
    fs::write(first.join("mark"), "").unwrap();
    let again = unpack_within(&place.path("lab.zip"), &place.path("store"), LIMITS, |_| {
        true
    })
    .unwrap();
    assert_eq!(first, again);
    assert!(again.join("mark").exists());
    fs::write(place.path("lab.zip"), zipped(&LAB[..2])).unwrap();
    let other = unpack_within(&place.path("lab.zip"), &place.path("store"), LIMITS, |_| {
        true
    })
    .unwrap();
    assert_ne!(first, other);
    fs::copy(place.path("lab.zip"), place.path("other.zip")).unwrap();
    let named = unpack_within(
        &place.path("other.zip"),
        &place.path("store"),
        LIMITS,
        |_| true,
    )
    .unwrap();
    assert_ne!(other, named);
}

#[test]
fn hostile_names_are_refused() {
    for (name, complaint) in [
        (
            "../evil",
            "`../evil` is to be written outside of its folder",
        ),
        (
            "a/../../evil",
            "`a/../../evil` is to be written outside of its folder",
        ),
        ("/evil", "`/evil` is to be written outside of its folder"),
        (
            "C:/evil",
            "`C:/evil` is to be written outside of its folder",
        ),
        (
            "..\\evil",
            "the name `..\\\\evil` has characters that no name has",
        ),
        (
            "a\u{1b}[2Jb",
            "the name `a\\u{1b}[2Jb` has characters that no name has",
        ),
        ("a\nb", "the name `a\\nb` has characters that no name has"),
    ] {
        let place = Place::new();
        let tar = tarred(&[(name.as_bytes(), EntryType::Regular, b"x")]);
        assert_eq!(place.refusal(&tar), complaint);
        assert_eq!(place.refusal(&gzipped(&tar)), complaint);
    }
    for name in ["../evil", "/evil", "a/../../evil"] {
        // The library would write such a name; the bytes of a harmless one of the same length are exchanged.
        let harmless = "x".repeat(name.len());
        let zip = zipped(&[(&harmless, "x")]);
        let evil = replace(&zip, harmless.as_bytes(), name.as_bytes());
        let refusal = Place::new().refusal(&evil);
        assert!(refusal.contains("outside of its folder"), "{refusal}");
    }
    let place = Place::new();
    let not_utf8 = tarred(&[(b"a\xff", EntryType::Regular, b"x")]);
    assert_eq!(
        place.refusal(&not_utf8),
        "the name `a\u{fffd}` is not UTF-8"
    );
    let long = zipped(&[(&"n".repeat(300), "x")]);
    assert!(place.refusal(&long).ends_with("is too long"));
    let longer = zipped(&[(&"n/".repeat(600), "")]);
    assert!(place.refusal(&longer).ends_with("is too long"));
    let deep = zipped(&[(&format!("{}x", "d/".repeat(40)), "x")]);
    assert!(place.refusal(&deep).ends_with("is nested too deep"));
}

fn replace(bytes: &[u8], old: &[u8], new: &[u8]) -> Vec<u8> {
    let mut out = bytes.to_vec();
    for at in 0..out.len().saturating_sub(old.len()) {
        if &out[at..at + old.len()] == old {
            out[at..at + old.len()].copy_from_slice(new);
        }
    }
    out
}

#[test]
fn links_and_devices_are_refused() {
    for target in ["../evil", "/etc/passwd", "a/../../evil", ".."] {
        let place = Place::new();
        let zip = zipped(&[("a/b", "x"), ("link", &format!("-> {target}"))]);
        assert!(
            place.refusal(&zip).contains("outside of its folder"),
            "{target}"
        );
        let tar = tarred(&[(b"link", EntryType::Symlink, target.as_bytes())]);
        assert!(
            place.refusal(&tar).contains("outside of its folder"),
            "{target}"
        );
    }
    let place = Place::new();
    // Each of these stays inside by itself; one behind the other they do not.
    let chain = tarred(&[
        (b"a/b/c/x", EntryType::Regular, b"x"),
        (b"up", EntryType::Symlink, b"a/b/c"),
        (b"evil-link", EntryType::Symlink, b"up/../../../../.."),
    ]);
    assert!(place.refusal(&chain).contains("outside of its folder"));
    // Nothing is written through a link: the link comes last, and finds its place taken.
    let through = tarred(&[
        (b"dir", EntryType::Symlink, b"other"),
        (b"dir/file", EntryType::Regular, b"x"),
    ]);
    assert_eq!(place.refusal(&through), "it holds `dir` twice");
    for kind in [
        EntryType::Link,
        EntryType::Char,
        EntryType::Block,
        EntryType::Fifo,
    ] {
        let tar = tarred(&[(b"odd", kind, b"x")]);
        assert_eq!(place.refusal(&tar), "`odd` is neither a file nor a folder");
    }
    let twice = tarred(&[
        (b"a", EntryType::Regular, b"1"),
        (b"a", EntryType::Regular, b"2"),
    ]);
    assert_eq!(place.refusal(&twice), "it holds `a` twice");
    let folder_too = tarred(&[
        (b"a", EntryType::Regular, b"1"),
        (b"a/b", EntryType::Regular, b"2"),
    ]);
    assert_eq!(place.refusal(&folder_too), "it holds `a/b` twice");
}

#[test]
fn bombs_do_not_go_off() {
    let place = Place::new();
    let zeros = "0".repeat(40 << 10);
    assert_eq!(
        place.refusal(&zipped(&[("a", &zeros)])),
        "`a` is larger than 0 MB"
    );
    let half = "0".repeat(30 << 10);
    let several = [("a", half.as_str()), ("b", &half), ("c", &half)];
    assert_eq!(place.refusal(&zipped(&several)), "it holds more than 0 MB");
    let tar = tarred(&[
        (b"a", EntryType::Regular, half.as_bytes()),
        (b"b", EntryType::Regular, half.as_bytes()),
        (b"c", EntryType::Regular, half.as_bytes()),
    ]);
    assert_eq!(place.refusal(&gzipped(&tar)), "it holds more than 0 MB");
    let names: Vec<_> = (0..60).map(|number| format!("f{number}")).collect();
    let many: Vec<_> = names.iter().map(|name| (name.as_str(), "")).collect();
    assert_eq!(place.refusal(&zipped(&many)), "it holds more than 50 files");
    let many: Vec<_> = names
        .iter()
        .map(|name| (name.as_bytes(), EntryType::Regular, &b""[..]))
        .collect();
    assert_eq!(place.refusal(&tarred(&many)), "it holds more than 50 files");
    // A claim to hold very many is not believed, nor tried.
    let mut zip = zipped(&[("a", "x")]);
    let end = zip.len() - 22;
    zip[end + 10..end + 12].copy_from_slice(&[0xff, 0xff]);
    assert_eq!(place.refusal(&zip), "it holds more than 50 files");
    // A long name is read up to the limit and no further.
    let mut header = Header::new_gnu();
    header.set_entry_type(EntryType::GNULongName);
    header.set_size(8 << 40);
    header.set_cksum();
    assert!(
        place
            .refusal(&gzipped(header.as_bytes()))
            .starts_with("it cannot be read")
    );
    let big = vec![0_u8; (1 << 20) + 1];
    assert_eq!(place.refusal(&big), "it is larger than 1 MB");
}

#[test]
fn a_zip_that_grows_beyond_all_measure_is_a_bomb() {
    let place = Place::new();
    let file = place.path("bomb.zip");
    let zeros = "0".repeat(60 << 20);
    fs::write(&file, zipped(&[("a", &zeros)])).unwrap();
    let error =
        unpack_within(&file, &place.path("store"), Limits::default(), |_| true).unwrap_err();
    assert!(error.to_string().contains("beyond all measure"), "{error}");
}

#[test]
fn what_is_no_archive_is_not_taken_for_one() {
    let place = Place::new();
    let empty = place.unpack("lab.zip", b"").unwrap_err();
    assert!(matches!(empty, ArchiveError::Empty(_)), "{empty}");
    for bytes in [&b"hello"[..], b"Rar!\x1a\x07", b"7z\xbc\xaf'\x1c"] {
        let error = place.unpack("lab.zip", bytes).unwrap_err();
        assert!(matches!(error, ArchiveError::Unknown(_)), "{error}");
    }
    assert_eq!(place.refusal(&zipped(&[])), "it is empty");
    let zip = zipped(&LAB);
    assert!(!place.refusal(&zip[..zip.len() / 2]).is_empty());
    let tar = gzipped(&tarred(&[(b"a", EntryType::Regular, b"x")]));
    assert!(
        place
            .refusal(&tar[..tar.len() - 12])
            .starts_with("it cannot be read")
    );
    assert!(place.refusal(&gzipped(b"no tarball")).starts_with("it"));
    let folder = unpack_within(&place.path("."), &place.path("store"), LIMITS, |_| true);
    assert!(folder.is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn no_bytes_make_it_panic_or_write_elsewhere(
        flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
        kind in 0..3,
    ) {
        let mut bytes = match kind {
            0 => zipped(&LAB),
            1 => tarred(&[(b"a/b", EntryType::Regular, b"x"), (b"l", EntryType::Symlink, b"a")]),
            _ => gzipped(&tarred(&[(b"a/b", EntryType::Regular, b"x")])),
        };
        for (at, byte) in flips {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let _ = Place::new().unpack("lab.zip", &bytes);
    }
}
