//! `atelier pack` and `atelier open`: from a folder to a file, and from the file into the player.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};

use atelier_tests::{WorkshopTest, atelier, wait_for};
use camino::{Utf8Path, Utf8PathBuf};

use crate::new::{run, text};

fn folder() -> (tempfile::TempDir, Utf8PathBuf) {
    let dir = tempfile::tempdir().expect("a folder");
    let root = Utf8Path::from_path(dir.path()).expect("a plain name");
    let root = root.canonicalize_utf8().expect("it is there");
    (dir, root)
}

/// What the command printed; it must have ended like this.
#[track_caller]
fn says(folder: &Utf8Path, args: &[&str], exit: i32) -> String {
    let output = run(folder, args);
    let said = text(&output.stdout) + &text(&output.stderr);
    assert_eq!(output.status.code(), Some(exit), "{args:?}: {said}");
    said
}

#[test]
fn a_new_workshop_is_checked_tested_packed_and_played_from_its_bundle() {
    let (_dir, root) = folder();
    says(
        &root,
        &["new", "lab-x", "--with", "editor,examiner,setup"],
        0,
    );
    says(&root, &["check", "lab-x"], 0);
    says(&root, &["test", "lab-x"], 0);
    let said = says(&root, &["pack", "lab-x"], 0);
    assert!(said.starts_with("lab-x.workshop: 10 files, "), "{said}");
    let bundle = WorkshopTest::at(root.join("lab-x.workshop"));
    assert_eq!(bundle.check().brief(), [""; 0]);
    bundle.test().passes();
    // The other kind, elsewhere.
    fs::create_dir(root.join("stick")).expect("a folder");
    says(&root, &["pack", "lab-x", "-o", "stick/lab.tar.gz"], 0);
    says(&root, &["pack", "lab-x", "-o", "stick"], 0);
    WorkshopTest::at(root.join("stick/lab.tar.gz"))
        .test()
        .passes();
    assert!(root.join("stick/lab-x.workshop").is_file());
}

#[test]
fn a_copy_packs_to_the_same_bytes() {
    let (_dir, root) = folder();
    says(&root, &["new", "lab", "--with", "all"], 0);
    let copied = Command::new("sh")
        .args([
            "-c",
            "umask 077 && cp -r lab copy && find copy -exec touch -d 2001-01-01 {} +",
        ])
        .current_dir(&root)
        .status();
    assert!(copied.expect("sh starts").success());
    for (one, other) in [("a.workshop", "b.workshop"), ("a.tar.gz", "b.tar.gz")] {
        says(&root, &["pack", "lab", "-o", one], 0);
        says(&root, &["pack", "copy", "-o", other], 0);
        let read = |name: &str| fs::read(root.join(name)).expect("a bundle");
        assert!(read(one) == read(other), "{one} is not {other}");
    }
    let before = fs::read(root.join("a.workshop")).expect("a bundle");
    says(&root, &["pack", "lab", "-o", "a.workshop"], 0);
    assert!(before == fs::read(root.join("a.workshop")).expect("a bundle"));
}

#[test]
fn errors_stop_it_and_force_does_not_mind() {
    let (_dir, root) = folder();
    says(&root, &["new", "lab"], 0);
    let page = root.join("lab/workshop/content/01-run-commands.md");
    fs::write(&page, "```terminal:execute\nnothing: here\n```\n").expect("a page");
    let said = says(&root, &["pack", "lab"], 1);
    assert!(said.contains("Nothing was packed"), "{said}");
    assert!(said.contains("01-run-commands.md"), "{said}");
    assert!(!root.join("lab.workshop").exists());
    says(&root, &["pack", "lab", "--force"], 0);
    assert!(root.join("lab.workshop").is_file());
}

#[test]
fn secrets_are_not_packed_by_the_way() {
    let (_dir, root) = folder();
    says(&root, &["new", "lab"], 0);
    fs::write(root.join("lab/exercises/.env"), "TOKEN=1\n").expect("a file");
    let said = says(&root, &["pack", "lab"], 1);
    assert!(
        said.contains("error: exercises/.env looks like a secret"),
        "{said}"
    );
    assert!(!root.join("lab.workshop").exists());
    let said = says(&root, &["pack", "lab", "--include-secrets"], 0);
    assert!(
        said.contains("warning: exercises/.env looks like a secret"),
        "{said}"
    );
    // What is not published is nobody's business.
    fs::remove_file(root.join("lab/exercises/.env")).expect("removed");
    fs::write(root.join("lab/.env"), "TOKEN=1\n").expect("a file");
    says(&root, &["pack", "lab"], 0);
}

#[test]
fn a_folder_of_several_is_packed_as_one() {
    let (_dir, root) = folder();
    says(&root, &["new", "course/one", "--with", "none"], 0);
    says(&root, &["new", "course/two", "--with", "none"], 0);
    says(&root, &["pack", "course"], 0);
    let said = says(&root, &["check", "course.workshop"], 2);
    assert!(said.contains("holds 2 workshops"), "{said}");
    let said = says(&root, &["pack", "course", "--educates"], 2);
    assert!(said.contains("one at a time"), "{said}");
}

/// What a program says, run in a folder.
fn printed(folder: &Utf8Path, program: &str, args: &[&str]) -> String {
    let output = Command::new(program)
        .args(args)
        .current_dir(folder)
        .output()
        .expect("it starts");
    assert!(
        output.status.success(),
        "{program}: {}",
        text(&output.stderr)
    );
    text(&output.stdout)
}

#[test]
fn for_educates_it_makes_an_image_of_the_whole_folder() {
    let (_dir, root) = folder();
    says(&root, &["new", "lab"], 0);
    let said = says(&root, &["pack", "lab", "--educates"], 0);
    let push = "skopeo copy oci-archive:lab-files.tar docker://REGISTRY/lab-files:latest";
    assert!(said.contains(push), "{said}");
    let path = root.join("lab/resources/workshop.yaml");
    let definition = fs::read_to_string(&path).expect("a definition");
    let versioned = definition.replace("spec:\n", "spec:\n  version: \"1.2\"\n");
    fs::write(&path, versioned).expect("a definition");
    let said = says(&root, &["pack", "lab", "--educates"], 0);
    assert!(said.contains("docker://REGISTRY/lab-files:1.2\n"), "{said}");
    fs::write(&path, definition).expect("a definition");
    says(&root, &["pack", "lab", "--educates"], 0);

    fs::create_dir(root.join("image")).expect("a folder");
    printed(&root, "tar", &["-xf", "lab-files.tar", "-C", "image"]);
    let read = |path: &str| -> serde_json::Value {
        let text = fs::read_to_string(root.join("image").join(path)).expect("a file");
        serde_json::from_str(&text).expect("JSON")
    };
    let place = |of: &serde_json::Value| {
        let digest = of["digest"].as_str().expect("a digest");
        let place = format!("blobs/{}", digest.replace(':', "/"));
        let size = fs::metadata(root.join("image").join(&place))
            .expect("a blob")
            .len();
        assert_eq!(of["size"].as_u64(), Some(size), "{place}");
        place
    };
    assert_eq!(read("oci-layout")["imageLayoutVersion"], "1.0.0");
    let manifest = read(&place(&read("index.json")["manifests"][0]));
    let config = read(&place(&manifest["config"]));
    let layer = place(&manifest["layers"][0]);
    let blobs = root
        .join("image/blobs/sha256")
        .read_dir_utf8()
        .expect("blobs");
    let blobs: Vec<_> = blobs.flatten().map(|entry| entry.into_path()).collect();
    assert_eq!(blobs.len(), 3);
    for blob in blobs {
        let sum = printed(&root, "sha256sum", &[blob.as_str()]);
        assert_eq!(sum.split(' ').next(), blob.file_name());
    }
    let unpacked = format!("gzip -dc image/{layer} | sha256sum");
    let sum = printed(&root, "sh", &["-c", &unpacked]);
    let sum = sum.split(' ').next().expect("a sum");
    assert_eq!(config["rootfs"]["diff_ids"][0], format!("sha256:{sum}"));

    let listed = printed(&root.join("image"), "tar", &["-tvzf", &layer]);
    for line in [
        "-rwx------ 0/0 exercises/greet",
        "-rwx------ 0/0 workshop/examiner/tests/farewell",
        "-rw------- 0/0 resources/workshop.yaml",
        "-rw------- 0/0 .gitignore",
    ] {
        let words: Vec<_> = line.split(' ').collect();
        let found = listed.lines().any(|entry| {
            let entry: Vec<_> = entry.split_whitespace().collect();
            entry.starts_with(&words[..2]) && entry.ends_with(&words[2..])
        });
        assert!(found, "{line} is not in\n{listed}");
    }
    let before = fs::read(root.join("lab-files.tar")).expect("an image");
    says(&root, &["pack", "lab", "--educates"], 0);
    assert!(before == fs::read(root.join("lab-files.tar")).expect("an image"));
    let said = says(&root, &["pack", "lab", "--educates", "-o", "lab.zip"], 2);
    assert!(said.contains("must end with .tar"), "{said}");
}

#[test]
fn what_cannot_be_packed_says_why() {
    let (_dir, root) = folder();
    says(&root, &["new", "lab"], 0);
    says(&root, &["pack", "lab"], 0);
    let said = says(&root, &["pack", "lab.workshop"], 2);
    assert!(said.contains("name the folder of the workshop"), "{said}");
    fs::write(root.join("notes.zip"), "mine").expect("a file");
    for (output, complaint) in [
        ("notes.zip", "notes.zip is there already and is no archive"),
        ("lab.rar", "must end with .workshop, .zip or .tar.gz"),
        ("out/", "there is no file or folder `out` in "),
        ("labs/lab.zip", "there is no file or folder `labs` in "),
    ] {
        let said = says(&root, &["pack", "lab", "-o", output], 2);
        assert!(said.contains(complaint), "{said}");
    }
    // What would keep its sessions from starting is an error of the check.
    std::os::unix::fs::symlink("/etc/passwd", root.join("lab/exercises/l")).expect("a link");
    for command in ["check", "pack"] {
        let said = says(&root, &[command, "lab"], 1);
        assert!(
            said.contains("error[outside-folder]")
                && said.contains("exercises/l is a link to /etc/passwd"),
            "{said}"
        );
    }
    // From within, an earlier bundle does not get into the next one.
    fs::remove_file(root.join("lab/exercises/l")).expect("removed");
    let inside = root.join("lab");
    let first = says(&inside, &["pack", "."], 0);
    assert_eq!(first, says(&inside, &["pack", "."], 0));
    let first = says(&inside, &["pack", ".", "--educates"], 0);
    assert_eq!(first, says(&inside, &["pack", ".", "--educates"], 0));
}

/// The command alone in a folder, and a program that stands in for the app.
fn installed(root: &Utf8Path) -> (Utf8PathBuf, Utf8PathBuf) {
    let command = root.join("command/atelier");
    let app = root.join("app/atelier-desktop");
    for path in [&command, &app] {
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    }
    if fs::hard_link(atelier(), &command).is_err() {
        fs::copy(atelier(), &command).expect("a copy");
    }
    // Written beside and renamed: who waits for the file finds all of it.
    let script =
        format!("#!/bin/sh\nprintf '%s\\n' \"$@\" > {root}/.said && mv {root}/.said {root}/said\n");
    fs::write(&app, script).expect("a script");
    fs::set_permissions(&app, fs::Permissions::from_mode(0o755)).expect("a mode");
    (command, app)
}

#[test]
fn open_finds_the_app_on_the_path_or_beside_itself() {
    let (_dir, root) = folder();
    says(&root, &["new", "lab"], 0);
    says(&root, &["pack", "lab"], 0);
    let (command, app) = installed(&root);
    let open = |path: &str, display: &str, args: &[&str]| {
        let output = Command::new(&command)
            .arg("open")
            .args(args)
            .current_dir(&root)
            .env("ATELIER_HOME", root.join("atelier-home"))
            .env("PATH", path)
            .env("DISPLAY", display)
            .env_remove("WAYLAND_DISPLAY")
            .stdin(Stdio::null())
            .output()
            .expect("atelier starts");
        (output.status.code(), text(&output.stderr))
    };
    let said = || {
        wait_for("the app's start", || root.join("said").exists());
        let said = fs::read_to_string(root.join("said")).expect("what it was told");
        fs::remove_file(root.join("said")).expect("removed");
        said
    };
    let usual = "/usr/bin:/bin";
    let (exit, stderr) = open(usual, ":1", &["lab"]);
    assert_eq!(exit, Some(2));
    assert!(
        stderr.contains("there is no `atelier-desktop` beside this command or on the PATH"),
        "{stderr}"
    );
    let with_app = format!("{}:{usual}", app.parent().expect("a folder"));
    assert_eq!(open(&with_app, ":1", &["lab.workshop"]).0, Some(0));
    assert_eq!(said(), format!("{root}/lab.workshop\n"));
    fs::rename(&app, root.join("command/atelier-desktop")).expect("moved");
    assert_eq!(open(usual, ":1", &["lab", "--fresh"]).0, Some(0));
    assert_eq!(said(), format!("{root}/lab\n--fresh\n"));
    let (exit, stderr) = open(usual, "", &["lab"]);
    assert_eq!(exit, Some(2));
    assert!(stderr.contains("there is no display"), "{stderr}");
    for (nothing, complaint) in [
        ("nowhere", "there is no file or folder `nowhere` in "),
        ("lab.workshp", "did you mean `lab.workshop`?"),
        ("lab/exercises/greet", "is a file of the workshop "),
        ("command", "is not a workshop"),
    ] {
        let (exit, stderr) = open(usual, ":1", &[nothing]);
        assert_eq!(exit, Some(2));
        assert!(stderr.contains(complaint), "{stderr}");
    }
}

/// One name for bundles, in every place that tells the system of them.
#[test]
fn the_system_is_told_of_bundles_in_one_voice() {
    let shell = Utf8Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../src-tauri"));
    let read = |path: &str| fs::read_to_string(shell.join(path)).expect("a file");
    let config: serde_json::Value = serde_json::from_str(&read("tauri.conf.json")).expect("JSON");
    let association = &config["bundle"]["fileAssociations"][0];
    assert_eq!(association["ext"][0], "workshop");
    let mime = association["mimeType"].as_str().expect("a type");
    for package in ["deb", "rpm"] {
        let package = &config["bundle"]["linux"][package];
        let files = package["files"].as_object().expect("files");
        let from = &files["/usr/share/mime/packages/atelier-workshop.xml"];
        let types = read(from.as_str().expect("a path"));
        assert!(types.contains(&format!("type=\"{mime}\"")), "{types}");
        assert!(types.contains("pattern=\"*.workshop\""), "{types}");
        let entry = read(package["desktopTemplate"].as_str().expect("a path"));
        // A path, not an address, and the type among what it opens.
        assert!(entry.contains("Exec={{exec}} %f\n"), "{entry}");
        assert!(entry.contains("MimeType={{mime_type}};\n"), "{entry}");
    }
}

/// What packages take from `target/package` is what `cargo xtask package` lays there: the command, and what it writes of itself.
#[test]
fn packages_hold_the_command_its_manual_and_completions() {
    let (_dir, root) = folder();
    says(&root, &["manuals", "."], 0);
    let config = concat!(env!("CARGO_MANIFEST_DIR"), "/../src-tauri/tauri.conf.json");
    let config = fs::read_to_string(config).expect("a file");
    let config: serde_json::Value = serde_json::from_str(&config).expect("JSON");
    for (package, zsh) in [("deb", "vendor-completions"), ("rpm", "site-functions")] {
        let files = &config["bundle"]["linux"][package]["files"];
        let from = |at: &str| {
            let from = files[at].as_str();
            let from = from.and_then(|from| from.strip_prefix("../target/package/"));
            from.unwrap_or_else(|| panic!("{package} has no {at}"))
                .to_owned()
        };
        assert_eq!(from("/usr/bin/atelier"), "atelier");
        let manual = root.join(from("/usr/share/man/man1"));
        assert!(manual.join("atelier.1").is_file() && manual.join("atelier-test.1").is_file());
        let zsh = format!("/usr/share/zsh/{zsh}/_atelier");
        for completion in [
            "/usr/share/bash-completion/completions/atelier",
            "/usr/share/fish/vendor_completions.d/atelier.fish",
            &zsh,
        ] {
            assert!(root.join(from(completion)).is_file(), "{completion}");
        }
    }
}
