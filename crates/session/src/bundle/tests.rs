//! What goes into a bundle, and that it can be opened.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

use atelier_content::{Workshop, load};
use camino::{Utf8Path, Utf8PathBuf};
use proptest::prelude::*;

use super::litter::{is_litter, is_secret};
use super::*;
use crate::archive::{self, is_archive};
use crate::store::Store;

struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> Utf8PathBuf {
        Utf8Path::from_path(self.0.path()).unwrap().join(name)
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// A workshop with this under `spec`, a page and an exercise.
    fn workshop(&self, name: &str, spec: &str) -> Workshop {
        let definition = format!(
            "apiVersion: training.educates.dev/v1beta1\nkind: Workshop\nmetadata: {{name: {name}}}\nspec:\n  title: T\n{spec}"
        );
        self.write(&format!("{name}/resources/workshop.yaml"), &definition);
        self.write(&format!("{name}/workshop/content/01.md"), "# One\n");
        self.write(&format!("{name}/exercises/a"), "a");
        self.load(name)
    }

    fn load(&self, name: &str) -> Workshop {
        load(&self.path(name)).unwrap().workshop
    }

    /// What comes out of a bundle again.
    fn opened(&self, bundle: &Bundle, name: &str) -> Vec<String> {
        let file = self.path(name);
        bundle.write(&file, Format::of(&file)).unwrap();
        let folder = archive::unpack(&file, &Store::new(self.path("store"))).unwrap();
        let mut found = Vec::new();
        let mut folders = vec![folder.clone()];
        while let Some(at) = folders.pop() {
            for entry in at.read_dir_utf8().unwrap().flatten() {
                if entry.file_type().unwrap().is_dir() {
                    folders.push(entry.into_path());
                } else {
                    found.push(entry.path().strip_prefix(&folder).unwrap().to_string());
                }
            }
        }
        found.sort();
        found
    }
}

const SUBSET: &str = "  workshop:\n    files:\n    - image: {url: '$(image_repository)/lab-files:latest'}\n      \
                      includePaths: [/exercises/**]\n";

#[test]
fn holds_what_a_session_receives_and_the_definition() {
    let place = Place::new();
    place.write("lab/notes/private.md", "mine");
    place.write("lab/LICENSE", "free");
    place.write("lab/exercises/__pycache__/x.pyc", "made");
    place.write("lab/workshop/public/index.html", "made");
    place.write("lab/.git/config", "history");
    let workshop = place.workshop("lab", SUBSET);
    let bundle = of_workshop(&workshop).unwrap();
    assert_eq!(
        bundle.left_out,
        ["exercises/__pycache__/x.pyc", "workshop/public/index.html"]
    );
    let expected = [
        "lab/LICENSE",
        "lab/exercises/a",
        "lab/resources/workshop.yaml",
        "lab/workshop/content/01.md",
    ];
    assert_eq!(place.opened(&bundle, "lab.workshop"), expected);
    assert_eq!(place.opened(&bundle, "lab.tar.gz"), expected);
    assert_eq!((bundle.files(), bundle.largest(1).len()), (4, 1));
}

#[test]
fn the_same_files_make_the_same_bytes() {
    let place = Place::new();
    let workshop = place.workshop("lab", "");
    fs::set_permissions(
        place.path("lab/exercises/a"),
        fs::Permissions::from_mode(0o750),
    )
    .unwrap();
    symlink("a", place.path("lab/exercises/link")).unwrap();
    fs::create_dir(place.path("lab/exercises/empty")).unwrap();
    let first = of_workshop(&workshop).unwrap();
    let old = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000_000);
    for name in ["a.workshop", "a.tar.gz"] {
        let file = place.path(name);
        first.write(&file, Format::of(&file)).unwrap();
    }
    // Other times, other modes that mean the same.
    let touched = fs::File::options()
        .append(true)
        .open(place.path("lab/exercises/a"))
        .unwrap();
    touched.set_modified(old).unwrap();
    for (path, mode) in [("exercises/a", 0o700), ("workshop/content/01.md", 0o600)] {
        let path = place.path("lab").join(path);
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }
    let second = of_workshop(&place.load("lab")).unwrap();
    for (one, other) in [("a.workshop", "b.workshop"), ("a.tar.gz", "b.tar.gz")] {
        let file = place.path(other);
        second.write(&file, Format::of(&file)).unwrap();
        let (one, other) = (fs::read(place.path(one)).unwrap(), fs::read(file).unwrap());
        assert!(one == other, "not the same bytes");
    }
    let folder = archive::unpack(&place.path("b.workshop"), &Store::new(place.path("s"))).unwrap();
    let mode = |path: &str| {
        let about = fs::metadata(folder.join("lab").join(path)).unwrap();
        about.permissions().mode() & 0o7777
    };
    assert_eq!(
        (mode("exercises/a"), mode("workshop/content/01.md")),
        (0o755, 0o644)
    );
    assert!(folder.join("lab/exercises/empty").is_dir());
    assert_eq!(
        folder.join("lab/exercises/link").read_link_utf8().unwrap(),
        "a"
    );
}

#[test]
fn several_workshops_lie_where_they_lay() {
    let place = Place::new();
    let one = place.workshop("course/labs/one", "");
    let two = place.workshop("course/labs/two", "");
    place.write("course/README.md", "both");
    place.write("course/secret.txt", "not theirs");
    place.write(
        "course/resources/trainingportal.yaml",
        "kind: TrainingPortal",
    );
    let bundle = of_collection(&place.path("course"), Some("Both Labs"), &[one, two]).unwrap();
    assert_eq!(bundle.name, "both-labs");
    let found = place.opened(&bundle, "course.workshop");
    assert_eq!(found.len(), 8, "{found:?}");
    assert!(found.contains(&"both-labs/labs/two/exercises/a".to_owned()));
    assert!(found.contains(&"both-labs/resources/trainingportal.yaml".to_owned()));
    assert!(!found.iter().any(|path| path.contains("secret")));
}

#[test]
fn what_could_not_be_opened_is_not_packed() {
    let refused = |prepare: &dyn Fn(&Place)| {
        let place = Place::new();
        place.workshop("lab", "");
        prepare(&place);
        let error = of_workshop(&place.load("lab")).unwrap_err().to_string();
        error.replace(place.path("").as_str(), "")
    };
    assert!(
        refused(&|place| place.write("lab/exercises/a\\b", "x"))
            .contains("characters that no name has")
    );
    assert!(refused(&|place| place.write("lab/exercises/A", "x")).contains("upper and lower case"));
    assert!(
        refused(&|place| symlink("/etc/passwd", place.path("lab/exercises/l")).unwrap())
            .contains("outside the workshop")
    );
    assert!(
        refused(&|place| {
            let big = fs::File::create(place.path("lab/exercises/big")).unwrap();
            big.set_len(129 << 20).unwrap();
        })
        .contains("exercises/big is larger than 128 MB. Atelier would refuse to open it")
    );
}

#[test]
fn an_archive_gives_way_and_nothing_else_does() {
    let place = Place::new();
    let bundle = of_workshop(&place.workshop("lab", "")).unwrap();
    let file = place.path("out.workshop");
    bundle.write(&file, Format::Zip).unwrap();
    bundle.write(&file, Format::Zip).unwrap();
    assert!(is_archive(&file).unwrap());
    place.write("notes.md", "mine");
    let error = bundle.write(&place.path("notes.md"), Format::Zip);
    assert!(matches!(error, Err(BundleError::Taken(_))));
    assert_eq!(fs::read_to_string(place.path("notes.md")).unwrap(), "mine");
    let nowhere = bundle.write(&place.path("no/where.workshop"), Format::Zip);
    assert!(matches!(nowhere, Err(BundleError::Io { .. })));
    let left = place.path("").read_dir_utf8().unwrap().flatten();
    let left = left.filter(|entry| entry.file_name().starts_with('.'));
    assert_eq!(left.count(), 0);
}

#[test]
fn a_link_to_what_is_not_packed_is_told() {
    let place = Place::new();
    let workshop = place.workshop("lab", SUBSET);
    place.write("lab/notes/n", "n");
    symlink("../notes/n", place.path("lab/exercises/gone")).unwrap();
    symlink("a", place.path("lab/exercises/kept")).unwrap();
    symlink("..", place.path("lab/exercises/up")).unwrap();
    let dangling = of_workshop(&workshop).unwrap().dangling;
    assert_eq!(dangling, [("exercises/gone".into(), "../notes/n".into())]);
}

#[test]
fn what_is_published_follows_the_definition_alone() {
    let publish = |files: &str| format!("  publish:\n    files:\n{files}");
    let place = Place::new();
    place.write("lab/notes/n", "n");
    place.write("lab/.git/config", "history");
    let whole = as_published(&place.workshop("lab", SUBSET)).unwrap();
    assert_eq!(
        place.opened(&whole, "a.tar.gz"),
        [
            "exercises/a",
            "notes/n",
            "resources/workshop.yaml",
            "workshop/content/01.md"
        ]
    );
    let some = "    - directory: {path: .}\n      includePaths: [/workshop/**, /notes/**]\n      excludePaths: [/notes/n]\n";
    let some = as_published(&place.workshop("lab", &publish(some))).unwrap();
    assert_eq!(place.opened(&some, "b.tar.gz"), ["workshop/content/01.md"]);
    for elsewhere in [
        "    - git: {url: https://example.com/x}\n",
        "    - directory: {path: sub}\n",
        "    - directory: {path: .}\n      path: sub\n",
        "    - directory: {path: .}\n    - directory: {path: .}\n",
    ] {
        let error = as_published(&place.workshop("lab", &publish(elsewhere))).unwrap_err();
        assert!(matches!(error, BundleError::NotHere(_)), "{elsewhere}");
    }
    symlink("a", place.path("lab/exercises/l")).unwrap();
    let error = as_published(&place.workshop("lab", "")).unwrap_err();
    assert!(matches!(error, BundleError::PublishedLink(_)));
}

#[test]
fn tells_litter_and_secrets_by_their_names() {
    for (path, litter) in [
        (".git/config", true),
        ("exercises/.DS_Store", true),
        ("exercises/app/__pycache__/x", true),
        ("workshop/public/index.html", true),
        ("exercises/public/index.html", false),
        ("lab.workshop", true),
        ("exercises/sample.workshop", false),
        ("exercises/notes.md~", true),
        ("exercises/node_modules/x.js", false),
        (".github/workflows/x.yaml", false),
        (".gitignore", false),
    ] {
        assert_eq!(is_litter(path.into(), "workshop".into()), litter, "{path}");
    }
    let place = Place::new();
    let key = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl\n";
    for (path, text, secret) in [
        ("exercises/.env", "A=1", true),
        ("exercises/.env.production", "A=1", true),
        ("exercises/.env.example", "A=", false),
        ("exercises/environment", "A=1", false),
        ("exercises/server.key", key, true),
        (
            "exercises/server.crt",
            "-----BEGIN CERTIFICATE-----\n",
            false,
        ),
        (
            "workshop/content/keys.md",
            "It begins with\n-----BEGIN PRIVATE KEY-----\n",
            false,
        ),
        (".npmrc", "registry=https://example.com\n", false),
        (".npmrc", "//example.com/:_authToken=abc\n", true),
        ("home/.aws/credentials", "", true),
        ("exercises/credentials", "", false),
    ] {
        place.write(path, text);
        let found = is_secret(path.into(), &place.path(path)).unwrap();
        assert_eq!(found, secret, "{path}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn what_is_packed_comes_out_as_it_was(
        files in prop::collection::btree_map(
            "[a-z0-9 é._-]{1,60}x(/[a-z]{1,70}y){0,2}",
            (prop::collection::vec(any::<u8>(), 0..300), any::<bool>()),
            1..8,
        ),
        tarred in any::<bool>(),
    ) {
        let place = Place::new();
        place.workshop("lab", "");
        let exercises = place.path("lab/exercises");
        let mut written = Vec::new();
        for (path, (bytes, executable)) in &files {
            let file = exercises.join(path);
            // A name that is a folder of another one's gives way.
            if fs::create_dir_all(file.parent().unwrap()).is_err() || file.is_dir() {
                continue;
            }
            fs::write(&file, bytes).unwrap();
            let mode = if *executable { 0o755 } else { 0o644 };
            fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
            written.push((path, bytes, mode));
        }
        let bundle = of_workshop(&place.load("lab")).unwrap();
        let file = place.path(if tarred { "b.tar.gz" } else { "b.workshop" });
        bundle.write(&file, Format::of(&file)).unwrap();
        let folder = archive::unpack(&file, &Store::new(place.path("store"))).unwrap();
        for (path, bytes, mode) in written {
            let file = folder.join("lab/exercises").join(path);
            prop_assert_eq!(&fs::read(&file).unwrap(), bytes);
            prop_assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o7777, mode);
        }
    }
}
