//! Downloads, files for the clipboard, and uploads.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use atelier_tests::{Played, WorkshopTest, answer, closed_port, serve};
use camino::{Utf8Path, Utf8PathBuf};

const DEFINITION: &str = "
    apiVersion: training.educates.dev/v1beta1
    kind: Workshop
    metadata: {name: lab}
    spec:
      title: Lab
      description: A workshop for one test.
      session:
        ingresses: [{name: app, port: PORT}]
        applications:
          terminal: {enabled: true}
          editor: {enabled: true}
          files: {enabled: true}
          uploads: {enabled: true}
    ";

fn lab(page: &str) -> WorkshopTest {
    lab_with(page, "")
}

/// A workshop whose definition says more about `files` and `uploads`: `files: {directory: exercises}`.
fn lab_with(page: &str, applications: &str) -> WorkshopTest {
    let mut definition = DEFINITION.replace("PORT", "8080");
    for application in applications.lines() {
        let (name, _) = application.split_once(':').expect("a name");
        definition = definition.replace(&format!("{name}: {{enabled: true}}"), application);
    }
    WorkshopTest::page(page).file("resources/workshop.yaml", &definition)
}

/// The home and the downloads of a run that is over.
struct Left {
    run: Played,
    session: Utf8PathBuf,
    _test: WorkshopTest,
}

/// The one entry of a folder.
fn only(folder: &Utf8Path) -> Utf8PathBuf {
    let mut entries = folder.read_dir_utf8().expect("a folder").flatten();
    let one = entries.next().expect("an entry").into_path();
    assert!(entries.next().is_none(), "more than one entry in {folder}");
    one
}

impl Left {
    fn of(test: WorkshopTest) -> Self {
        let test = test.arg("--keep").arg("--keep-going");
        let run = test.test();
        let session = only(&only(&test.temporary()).join("sessions"));
        Self {
            run,
            session,
            _test: test,
        }
    }

    fn read(&self, path: &str) -> Vec<u8> {
        let path = self.session.join(path);
        fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// Every file below a folder of the session.
    fn files(&self, folder: &str) -> Vec<String> {
        let root = self.session.join(folder);
        let mut found = Vec::new();
        collect(&root, &root, &mut found);
        found.sort();
        found
    }
}

fn collect(root: &Utf8Path, folder: &Utf8Path, found: &mut Vec<String>) {
    for entry in folder.read_dir_utf8().into_iter().flatten().flatten() {
        if entry.path().is_dir() && !entry.path().is_symlink() {
            collect(root, entry.path(), found);
        } else {
            let path = entry.path().strip_prefix(root).expect("below it");
            found.push(path.to_string());
        }
    }
}

const BINARY: &[u8] = b"\x89PNG\r\n\0\xff\xfe\xf0 tail\r\n";

#[test]
fn downloads_are_byte_exact_and_named_as_asked() {
    let left = Left::of(
        lab("
            ```files:download-file
            path: exercises/a.bin
            ```
            ```files:download-file
            path: exercises/.hidden
            download: ../../up/shown name.txt
            ```
            ```files:download-file
            path: exercises/./a.bin
            download: a.bin
            ```
            ")
        .bytes("exercises/a.bin", BINARY)
        .bytes("exercises/.hidden", b"dot\r\nfile"),
    );
    assert_eq!(left.files("downloads"), ["a.bin", "shown name.txt"]);
    assert_eq!(left.read("downloads/a.bin"), BINARY);
    assert_eq!(left.read("downloads/shown name.txt"), b"dot\r\nfile");
    left.run.passes();
}

#[test]
fn a_download_that_cannot_be_had_says_why() {
    let left = Left::of(
        lab("
            ```files:download-file
            path: exercises/gone.txt
            ```
            ```files:download-file
            path: exercises
            ```
            ```files:download-file
            path: /etc/passwd
            ```
            ```terminal:execute
            command: ln -s /etc/passwd secret && ln -s / root && mkfifo pipe
            ```
            ```files:download-file
            path: exercises/secret
            ```
            ```files:copy-file
            path: exercises/root/etc/passwd
            ```
            ```files:download-file
            path: exercises/pipe
            ```
            ")
        .file("exercises/a.txt", "a"),
    );
    assert_eq!(left.files("downloads"), [""; 0]);
    left.run.fails().rows_are(&[
        "click failed: there is no file ~/exercises/gone.txt",
        "click failed: ~/exercises is a folder; name a file in it",
        "click failed: there is no file ~/etc/passwd",
        "click passed",
        "click failed: …",
        "click failed: …",
        "click failed: ~/exercises/pipe is no file that could be read",
    ]);
}

#[test]
fn what_leads_out_is_told_by_check_and_by_the_card() {
    let test = lab("
        ```files:download-file
        path: ../state/journal.jsonl
        ```
        ```files:upload-file
        path: a/../../b
        ```
        ```files:upload-file
        path: /etc/passwd
        ```
        ```files:upload-file
        path: ''
        ```
        ```files:upload-files
        directory: [a]
        ```
        ");
    assert_eq!(
        test.check().brief(),
        [
            "error invalid-property workshop/content/01-page.md:2:1",
            "error invalid-property workshop/content/01-page.md:5:1",
            "error invalid-property workshop/content/01-page.md:8:1",
            "error invalid-property workshop/content/01-page.md:11:1",
            "error invalid-property workshop/content/01-page.md:14:1",
        ]
    );
    let left = Left::of(test);
    let mut at_home = left.files("home");
    at_home.retain(|path| !path.starts_with(".local/share/workshop/"));
    assert_eq!(at_home, ["resources/workshop.yaml"]);
    left.run.fails().rows_are(&[
        "click failed: `path` leads out of the folder of files",
        "click failed: `path` leads out of the folder of uploads",
        "click failed: `path` is relative to the folder of uploads; leave out `/`",
        "click failed: `path` must not be empty",
        "click failed: `directory` must be text, not a list or a mapping",
    ]);
}

#[test]
fn files_are_counted_from_their_folder_and_stay_in_it() {
    let page = "
        ```files:download-file
        path: a.txt
        ```
        ```files:download-file
        path: link/b.txt
        ```
        ";
    let left = Left::of(
        lab_with(
            page,
            "files: {enabled: true, directory: /home/eduk8s/exercises}",
        )
        .file("exercises/a.txt", "a")
        .file("other/b.txt", "b")
        .link("exercises/link", "../other"),
    );
    assert_eq!(left.files("downloads"), ["a.txt"]);
    left.run.fails().rows_are(&[
        "click passed",
        "click failed: ~/exercises/link/b.txt leads out of ~/exercises, the folder of files",
    ]);
}

#[test]
fn copying_gives_the_text_of_a_file() {
    let left = Left::of(
        lab("
            ```files:copy-file
            path: exercises/a.txt
            test: {output: '^zwei ü$'}
            ```
            ```files:copy-file
            path: exercises/a.bin
            ```
            ```files:copy-file
            path: exercises/huge.txt
            ```
            ```files:download-file
            path: exercises/huge.txt
            ```
            ")
        .file("exercises/a.txt", "eins\nzwei ü\n")
        .bytes("exercises/a.bin", BINARY)
        .bytes("exercises/huge.txt", &vec![b'x'; 1024 * 1024 + 1]),
    );
    assert_eq!(left.read("downloads/huge.txt").len(), 1024 * 1024 + 1);
    let run = left.run.fails().rows_are(&[
        "click passed",
        "click failed: ~/exercises/a.bin is not a text file, so that it cannot go to the clipboard; download it instead",
        "click failed: ~/exercises/huge.txt is larger than 1 MiB, too large for the clipboard; download it instead",
        "click passed",
    ]);
    assert_eq!(run.row(0).output.as_deref(), Some("eins\nzwei ü\n"));
}

#[test]
fn a_server_on_this_machine_is_asked_for_its_file() {
    let port = serve(vec![
        answer("200 OK", BINARY),
        answer("200 OK", "text ü".as_bytes()),
        answer("404 Not Found", b"no such page"),
        answer("200 OK", BINARY),
    ]);
    let closed = closed_port();
    let page = format!(
        "
        ```files:download-file
        url: http://app-{{{{< param session_name >}}}}.localhost/files/logo%20a.png
        ```
        ```files:copy-file
        url: http://localhost:{port}/text
        path: not/used
        ```
        ```files:download-file
        url: http://127.0.0.1:{port}/gone.txt
        ```
        ```files:copy-file
        url: http://localhost:{port}/binary
        ```
        ```files:download-file
        url: http://localhost:{closed}/x
        ```
        ```files:download-file
        url: file:///etc/passwd
        ```
        ```files:download-file
        url: /files/exercises/a.txt
        ```
        "
    );
    let definition = DEFINITION.replace("PORT", &port.to_string());
    let left = Left::of(
        WorkshopTest::page(&page)
            .file("resources/workshop.yaml", &definition)
            .file("exercises/a.txt", "a"),
    );
    assert_eq!(left.files("downloads"), ["a.txt", "logo a.png"]);
    assert_eq!(left.read("downloads/logo a.png"), BINARY);
    assert_eq!(left.files("tmp"), [""; 0]);
    let run = left.run.fails().rows_are(&[
        "click passed",
        "click passed",
        &format!("click failed: http://127.0.0.1:{port}/gone.txt answered 404 Not Found"),
        &format!("click failed: http://localhost:{port}/binary is not a text file, so that it cannot go to the clipboard; download it instead"),
        &format!("click failed: nothing answers at http://localhost:{closed}/x; is its server running?"),
        "click failed: file:///etc/passwd is no address of a file; write http:// or https://",
        "click passed",
    ]);
    assert_eq!(run.row(1).output.as_deref(), Some("text ü"));
}

#[test]
fn an_answer_that_is_cut_off_is_no_file() {
    let mut cut = answer("200 OK", BINARY);
    cut.truncate(cut.len() - 3);
    let port = serve(vec![cut]);
    let left = Left::of(lab(&format!(
        "```files:download-file\nurl: http://localhost:{port}/a.bin\n```"
    )));
    assert_eq!(left.files("downloads"), [""; 0]);
    let run = left.run.fails();
    assert!(!run.row(0).message().is_empty());
}

#[test]
fn a_server_that_is_not_there_is_told() {
    let left = Left::of(lab(
        "```files:download-file\nurl: http://nowhere.invalid/a.txt\n```",
    ));
    let run = left.run.fails();
    let message = run.row(0).message();
    assert!(
        message.starts_with("http://nowhere.invalid/a.txt could not be reached")
            && message.ends_with("this needs the internet"),
        "{message}"
    );
}

#[test]
fn uploads_store_what_the_author_says_or_a_text_of_their_own() {
    let left = Left::of(
        lab("
            ```files:upload-file
            path: sub/one.txt
            ```
            ```files:upload-file
            path: named.txt
            test: {inputs: {other.txt: 'first line'}}
            ```
            ```files:upload-files
            directory: all
            test:
              inputs:
                a.txt: text of a
                b.bin: {file: ~/exercises/b.bin}
            ```
            ```files:upload-files
            test: {output: '^~/uploads/upload.txt \\(\\d+ B\\)$'}
            ```
            ```terminal:execute
            command: cat ~/uploads/sub/one.txt
            test: {output: atelier test}
            ```
            ")
        .bytes("exercises/b.bin", BINARY),
    );
    assert_eq!(
        left.files("home/uploads"),
        [
            "all/a.txt",
            "all/b.bin",
            "named.txt",
            "sub/one.txt",
            "upload.txt"
        ]
    );
    assert_eq!(left.read("home/uploads/named.txt"), b"first line");
    assert_eq!(left.read("home/uploads/all/b.bin"), BINARY);
    let run = left.run.passes();
    assert_eq!(
        run.row(2).output.as_deref(),
        Some(
            format!(
                "~/uploads/all/a.txt (9 B)\n~/uploads/all/b.bin ({} B)",
                BINARY.len()
            )
            .as_str()
        )
    );
}

#[test]
fn an_upload_replaces_a_file_and_nothing_else() {
    let left = Left::of(lab("
        ```terminal:execute
        command: cd ~/uploads && echo old > a.txt && chmod 600 a.txt && mkdir folder && ln -s / root && ln -s ~/elsewhere gone && echo x > file
        ```
        ```files:upload-file
        path: a.txt
        test: {inputs: {x: new}}
        ```
        ```files:upload-file
        path: folder
        ```
        ```files:upload-file
        path: root/tmp/escaped.txt
        ```
        ```files:upload-file
        path: gone
        ```
        ```files:upload-file
        path: file/below
        ```
        ```files:upload-files
        directory: folder
        test: {inputs: {a: x, b: {file: ~/missing}}}
        ```
        ```files:upload-files
        test: {inputs: {b: {file: /etc/passwd}}}
        ```
        ```files:upload-files
        test: {inputs: {b: {file: ~/uploads}}}
        ```
        "));
    assert_eq!(left.read("home/uploads/a.txt"), b"new");
    let mode = fs::metadata(left.session.join("home/uploads/a.txt")).expect("it is there");
    assert_eq!(mode.permissions().mode() & 0o777, 0o644);
    assert_eq!(
        left.files("home/uploads"),
        ["a.txt", "file", "gone", "root"]
    );
    assert!(!Utf8Path::new("/tmp/escaped.txt").exists());
    left.run.fails().rows_are(&[
        "click passed",
        "click passed",
        "click failed: ~/uploads/folder is a folder already, and would be lost",
        "click failed: ~/uploads/root/tmp/escaped.txt leads out of ~/uploads, the folder of uploads",
        "click failed: ~/uploads/gone leads out of ~/uploads, the folder of uploads",
        "click failed: ~/uploads/file is a file, so that nothing can lie in it",
        "click failed: the file b cannot be read: …",
        "click failed: /etc/passwd lies outside the session; an action reaches only files below ~",
        "click failed: only files can be uploaded, and b is a folder",
    ]);
}

#[test]
fn the_folder_of_uploads_is_there_from_the_start() {
    for (uploads, folder) in [
        ("uploads: {enabled: true}", "uploads"),
        ("uploads: {enabled: true, directory: in/box}", "in/box"),
        ("uploads: {enabled: true, directory: ''}", ""),
    ] {
        let page = format!(
            "
            ```terminal:execute
            command: test -d ~/{folder}
            ```
            ```files:upload-file
            path: a.txt
            ```
            "
        );
        let left = Left::of(lab_with(&page, uploads));
        left.read(&format!("home/{folder}/a.txt"));
        left.run.passes();
    }
}

#[test]
fn what_is_not_switched_on_says_how_to_switch_it_on() {
    let test = WorkshopTest::page(
        "
        ```files:download-file
        path: exercises/a.txt
        preview: true
        ```
        ```files:copy-file
        path: exercises/a.txt
        ```
        ```files:upload-file
        path: a.txt
        ```
        ",
    )
    .file("exercises/a.txt", "a");
    assert_eq!(
        test.check().brief(),
        [
            "warning disabled-application workshop/content/01-page.md:1:1",
            "warning disabled-application workshop/content/01-page.md:5:1",
            "warning disabled-application workshop/content/01-page.md:8:1",
        ]
    );
    let left = Left::of(test);
    assert!(!left.session.join("home/uploads").exists());
    left.run.fails().rows_are(&[
        "click failed: the workshop does not switch downloads on; its author must set `applications.files.enabled: true` in resources/workshop.yaml",
        "click failed: the workshop does not switch downloads on; its author must set `applications.files.enabled: true` in resources/workshop.yaml",
        "click failed: the workshop does not switch uploads on; its author must set `applications.uploads.enabled: true` in resources/workshop.yaml",
    ]);
}
