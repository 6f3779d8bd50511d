//! Workshops as they come: collections, archives, pathways, and archives that are up to no good.

use std::fs;
use std::io::Write;
use std::process::Command;

use atelier_tests::window::Place;
use camino::{Utf8Path, Utf8PathBuf};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const CONFIG: &str = "
pathways:
  default: short
  paths:
    short: {title: The short way, steps: [01-a, 03-c]}
    long: {title: The long way, description: All of it, steps: [01-a, 02-b, 03-c]}
";

/// Writes a workshop of three pages, two ways and a file.
fn write_workshop(folder: &Utf8Path, title: &str) {
    let write = |path: &str, text: &str| {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
        fs::write(path, text).expect("a file");
    };
    write(
        "resources/workshop.yaml",
        &format!(
            "apiVersion: training.educates.dev/v1beta1\nkind: Workshop\nmetadata: {{name: lab}}\n\
             spec:\n  title: {title}\n  description: Something\n  session:\n    applications:\n      terminal: {{enabled: true}}\n"
        ),
    );
    write("workshop/config.yaml", CONFIG);
    for page in ["01-a", "02-b", "03-c"] {
        let text = "```terminal:execute\ncommand: cat ~/exercises/greeting\n```\n";
        write(
            &format!("workshop/content/{page}.md"),
            &format!("# Page {page}\n\n{text}"),
        );
    }
    write("exercises/greeting", "packed and unpacked\n");
}

/// Runs a program that packs.
fn pack(program: &str, arguments: &[&str], folder: &Utf8Path) {
    let status = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .status();
    assert!(
        status.is_ok_and(|status| status.success()),
        "{program} packs"
    );
}

fn downloads(place: &Place) -> Utf8PathBuf {
    let folder = place.path().join("downloaded");
    fs::create_dir_all(&folder).expect("a folder");
    folder
}

/// Writes a zip archive of these files.
fn zip_up(archive: &Utf8Path, files: &[(&str, &[u8])]) {
    let mut zip = ZipWriter::new(fs::File::create(archive).expect("a file"));
    for (name, bytes) in files {
        zip.start_file(*name, SimpleFileOptions::default())
            .expect("an entry");
        zip.write_all(bytes).expect("its text");
    }
    zip.finish().expect("an archive");
}

#[test]
fn a_packed_collection_opens_on_the_chosen_way() {
    let place = Place::new();
    let folder = downloads(&place);
    for name in ["First", "Second"] {
        write_workshop(&folder.join("labs-main/workshops").join(name), name);
    }
    pack("tar", &["-czf", "labs.tar.gz", "labs-main"], &folder);
    let window = place.start(&[folder.join("labs.tar.gz").as_str()]);
    let several = "[data-sheet=several]";
    window.wait_for("the list of workshops", || window.shows(several));
    window.wait_for_words(several, "2 workshops");
    window.click("[data-sheet=several] .card:nth-of-type(2)");

    let trust = "[data-sheet=trust]";
    window.wait_for("the trust sheet", || window.shows(trust));
    window.wait_for_words(trust, "Second");
    assert_eq!(place.sessions().len(), 0, "nothing has started");
    window.click("[data-sheet=trust] input[value=long]");
    window.press_button("Trust and start");
    window.wait_for_page("01-a");
    window.run("01-a/0");
    window.wait_for("the packed file", || {
        window.terminal("1").contains("packed and unpacked")
    });
    window.press_button("Continue");
    window.wait_for_page("02-b");

    // On the other way there is no such page.
    window.click("[data-opens-contents]");
    let listed = || {
        let count = "return document.querySelectorAll('.contents ol > li').length";
        window.script(count, &[]).as_u64()
    };
    window.wait_for("the list of pages", || listed() == Some(3));
    window.script(
        "const way = document.querySelector('.contents select'); way.value = 'short'; \
         way.dispatchEvent(new Event('change', { bubbles: true }))",
        &[],
    );
    // The session begins anew on the other way, without the list.
    window.wait_for_page("01-a");
    window.wait_for("the list to close", || listed() == Some(0));
    window.click("[data-opens-contents]");
    window.wait_for("the shorter list", || listed() == Some(2));
}

#[test]
fn an_archive_opens_and_a_hostile_one_does_not() {
    let place = Place::new();
    let folder = downloads(&place);
    let good = folder.join("lab.zip");
    let page = b"# Zipped\n\n```terminal:execute\ncommand: echo from the zip\n```\n";
    zip_up(&good, &[("lab-main/workshop/content/01-z.md", page)]);
    let window = place.start(&[good.as_str(), "--trust"]);
    window.wait_for_page("01-z");
    window.run("01-z/0");
    window.wait_for("the command's output", || {
        window.terminal("1").contains("from the zip")
    });
    window.terminate();

    let evil = folder.join("evil.zip");
    zip_up(
        &evil,
        &[("workshop/content/01.md", page), ("../../evil", b"boo")],
    );
    let window = place.start(&[evil.as_str(), "--trust"]);
    window.wait_for("the refusal", || {
        let said = window.text_of("#app");
        said.contains("was not opened") && said.contains("written outside of its folder")
    });
    assert_eq!(place.sessions().len(), 1, "no session is there for it");
    assert!(!place.path().join("evil").exists() && !place.path().join("data/evil").exists());
}
