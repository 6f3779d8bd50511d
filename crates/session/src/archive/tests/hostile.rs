//! Archives that are up to no good, of both kinds, and random ones.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use camino::Utf8Path;
use proptest::prelude::*;
use tar::EntryType::{self, Block, Char, Directory, Fifo, Link, Regular, Symlink};

use super::{Place, gzipped, replace, tarred, zipped};

/// Name, kind and content, or where a link leads.
type Entry = (&'static str, EntryType, &'static str);

/// Entries of a tarball that is refused, and what is said of them.
const TARBALLS: &[(&[Entry], &str)] = &[
    (&[("../evil", Regular, "x")], "outside of its folder"),
    (&[("a/../../evil", Directory, "")], "outside of its folder"),
    (&[("/tmp/evil", Regular, "x")], "outside of its folder"),
    (&[("C:\\evil", Regular, "x")], "characters that no name has"),
    (
        &[("ok\u{202e}txt.sh", Regular, "x")],
        "characters that no name has",
    ),
    (&[("a\u{7}b", Regular, "x")], "characters that no name has"),
    (
        &[("l", Symlink, "/etc/passwd")],
        "`l` is a link to `/etc/passwd`, outside",
    ),
    (
        &[("a/l", Symlink, "../../evil")],
        "`a/l` is a link to `../../evil`, outside",
    ),
    (
        &[("d", Symlink, "e"), ("d/x", Regular, "x")],
        "it holds `d` twice",
    ),
    (
        &[("d/x", Regular, "x"), ("d", Symlink, "e")],
        "it holds `d` twice",
    ),
    (
        &[("h", Link, "/etc/passwd")],
        "`h` is neither a file nor a folder",
    ),
    (&[("h", Fifo, "")], "`h` is neither a file nor a folder"),
    (&[("h", Char, "")], "`h` is neither a file nor a folder"),
    (&[("h", Block, "")], "`h` is neither a file nor a folder"),
    (
        &[("a", Regular, "1"), ("a", Regular, "2")],
        "it holds `a` twice",
    ),
    (
        &[("a", Regular, "1"), ("a/b", Regular, "2")],
        "it holds `a/b` twice",
    ),
    (
        &[("a/b", Regular, "1"), ("a", Regular, "2")],
        "it holds `a` twice",
    ),
    (
        &[("Readme", Regular, "1"), ("README", Regular, "2")],
        "it holds `README` also with other upper and lower case letters",
    ),
    (
        &[("d/a", Regular, "1"), ("D/b", Regular, "2")],
        "it holds `D/b` also with",
    ),
    (
        &[("É", Regular, "1"), ("é", Directory, "")],
        "it holds `é` also with",
    ),
    (
        &[("caf\u{e9}", Regular, "1"), ("cafe\u{301}", Regular, "2")],
        "it holds `cafe\u{301}` also with other upper and lower case letters or accents",
    ),
];

#[test]
fn hostile_tarballs_are_refused_whole() {
    for (entries, complaint) in TARBALLS {
        let entries: Vec<_> = entries
            .iter()
            .map(|(name, kind, content)| (name.as_bytes(), *kind, content.as_bytes()))
            .collect();
        let tar = tarred(&entries);
        for bytes in [gzipped(&tar), tar] {
            let said = Place::new().refusal(&bytes);
            assert!(said.contains(complaint), "{said}\nnot: {complaint}");
        }
    }
}

/// The bytes of a zip's list entry, from its signature on.
fn in_list(zip: &[u8], at: usize) -> usize {
    let starts = zip
        .windows(4)
        .enumerate()
        .filter(|(_, window)| window == b"PK\x01\x02");
    starts.map(|(start, _)| start).nth(at).unwrap()
}

#[test]
fn hostile_zips_are_refused_whole() {
    let one = zipped(&[("xx", "1"), ("zz", "2")]);
    let mut table: Vec<(Vec<u8>, &str)> = vec![
        (
            replace(&one, b"zz", b"xx"),
            "its list of files names one of them twice",
        ),
        (replace(&one, b"zz", b"XX"), "it holds `XX` also with"),
        (replace(&one, b"zz", b".."), "outside of its folder"),
        (replace(&one, b"zz", b"/z"), "outside of its folder"),
        (replace(&one, b"zz", b"a\\"), "characters that no name has"),
        (replace(&one, b"zz", b"a\0"), "characters that no name has"),
        (replace(&one, b"zz", b"a\xff"), "is not UTF-8"),
        (
            zipped(&[("dir/x", "1"), ("Dir/y", "2")]),
            "it holds `Dir/y` also with",
        ),
        (
            zipped(&[("l", "-> /etc/passwd")]),
            "`l` is a link to `/etc/passwd`, outside",
        ),
        (zipped(&[("l", "-> d"), ("l/x", "1")]), "it holds `l` twice"),
        (
            [one.clone(), b"more".to_vec()].concat(),
            "something stands behind its end",
        ),
    ];
    for kind in [0o010_644_u32, 0o020_644, 0o060_644, 0o140_644] {
        let mut zip = one.clone();
        let at = in_list(&zip, 1) + 38;
        zip[at..at + 4].copy_from_slice(&(kind << 16).to_le_bytes());
        table.push((zip, "`zz` is neither a file nor a folder"));
    }
    let mut locked = one.clone();
    let at = in_list(&locked, 0) + 8;
    locked[at] |= 1;
    table.push((locked, "it is locked with a password"));
    for (bytes, complaint) in table {
        let said = Place::new().refusal(&bytes);
        assert!(said.contains(complaint), "{said}\nnot: {complaint}");
    }
}

#[test]
fn folders_that_are_named_by_the_way_count_as_well() {
    let paths: Vec<_> = (0..10).map(|n| format!("{n}/a/b/c/d/e/f")).collect();
    let entries: Vec<_> = paths.iter().map(|path| (path.as_str(), "x")).collect();
    assert_eq!(
        Place::new().refusal(&zipped(&entries)),
        "it holds more than 50 files"
    );
}

/// One archive inside another, near its end, is not taken for the outer one's list.
#[test]
fn an_archive_in_an_archive_is_a_file() {
    let inner = zipped(&[("a", "1"), ("b", "2"), ("c", "3")]);
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let stored =
        zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    writer.start_file("inner.zip", stored).unwrap();
    std::io::Write::write_all(&mut writer, &inner).unwrap();
    let outer = writer.finish().unwrap().into_inner();
    let folder = Place::new();
    let opened = folder.unpack("lab.zip", &outer).unwrap();
    assert_eq!(fs::read(opened.join("inner.zip")).unwrap(), inner);
}

#[test]
fn the_refusal_names_the_archive_the_entry_and_the_way_out() {
    let place = Place::new();
    let error = place
        .unpack("lab.zip", &zipped(&[("ok", "1"), ("l", "-> ../evil")]))
        .unwrap_err();
    assert_eq!(
        error
            .to_string()
            .replace(place.path("lab.zip").as_str(), "lab.zip"),
        "lab.zip was not opened: `l` is a link to `../evil`, outside of its folder. An archive like this may be damaged or made \
         to do harm; ask whoever made it for another one"
    );
}

/// Everything below a folder, links not followed.
fn walk(folder: &Utf8Path, look: &mut impl FnMut(&Utf8Path)) {
    for entry in folder.read_dir_utf8().unwrap().flatten() {
        look(entry.path());
        if entry.file_type().unwrap().is_dir() {
            walk(entry.path(), look);
        }
    }
}

fn name() -> impl Strategy<Value = String> {
    let part = prop::sample::select(vec![
        "..",
        ".",
        "",
        "a",
        "A",
        "b",
        "bb",
        "é",
        "É",
        "x\u{202e}y",
        "n\\m",
        "C:",
        " ",
        "...",
        "~",
    ]);
    prop::collection::vec(part, 1..5).prop_map(|parts| parts.join("/"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn whatever_is_unpacked_stays_inside_and_has_plain_modes(
        entries in prop::collection::vec((name(), 0..4_u8, name(), any::<u16>()), 1..8),
    ) {
        let mut builder = tar::Builder::new(Vec::new());
        for (name, kind, target, mode) in &entries {
            let mut header = tar::Header::new_gnu();
            header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
            header.set_mode(u32::from(*mode));
            header.set_size(0);
            let kind = match kind {
                0 => Directory,
                1 => Symlink,
                _ => Regular,
            };
            if kind == Symlink {
                header.as_old_mut().linkname[..target.len()].copy_from_slice(target.as_bytes());
            }
            header.set_entry_type(kind);
            header.set_cksum();
            builder.append(&header, &b""[..]).unwrap();
        }
        let place = Place::new();
        if let Ok(root) = place.unpack("lab.tar", &builder.into_inner().unwrap()) {
            let real = root.canonicalize_utf8().unwrap();
            walk(&root, &mut |path| {
                let about = fs::symlink_metadata(path).unwrap();
                if about.is_symlink() {
                    if let Ok(leads) = path.canonicalize() {
                        assert!(leads.starts_with(&real), "{path} leads to {leads:?}");
                    }
                } else if about.is_file() {
                    let mode = about.permissions().mode() & 0o7777;
                    assert!(matches!(mode, 0o644 | 0o755), "{path}: {mode:o}");
                }
            });
        }
    }
}
