//! Ways through a workshop's pages: chosen on the command line, remembered by the window's engine.

use atelier_session::Store;
use atelier_session::events;
use atelier_session::protocol::OpenedView;
use atelier_session::window::{Library, OpenSession};
use atelier_tests::WorkshopTest;
use std::sync::Arc;
use tokio::runtime::Runtime;
use tokio_util::sync::CancellationToken;

const CONFIG: &str = "
    params:
    - {name: place, value: everywhere}
    pathways:
      default: short
      paths:
        short:
          title: The short way
          steps: [01-a, 03-c]
        long:
          title: The long way
          description: All of it
          steps: [01-a, 02-b, 03-c]
          params:
          - {name: place, value: far, aliases: [PLACE]}
    ";

fn lab() -> WorkshopTest {
    let page = |name: &str| {
        format!(
            "# {name}\n\n```terminal:execute\ncommand: echo {name}-{{{{< param place >}}}}-$PATHWAY_NAME\n```\n"
        )
    };
    WorkshopTest::new(&[("workshop/config.yaml", CONFIG)])
        .and_page("01-a", &page("a"))
        .and_page("02-b", &page("b"))
        .and_page(
            "03-c",
            &(page("c") + "\n{{< pathway long >}}\n```terminal:execute\ncommand: echo only-long\n```\n{{< /pathway >}}\n"),
        )
        .file("workshop/setup.d/01.sh", "echo $PATHWAY_NAME > ~/way")
}

fn outputs(test: WorkshopTest) -> Vec<String> {
    let run = test.test().passes();
    run.rows()
        .map(|row| row.output.clone().unwrap_or_default().trim().to_owned())
        .collect()
}

#[test]
fn the_default_pathway_is_played() {
    let outputs = outputs(lab());
    assert_eq!(outputs.len(), 2);
    assert!(outputs[0].contains("a-everywhere-short"), "{outputs:?}");
    assert!(outputs[1].contains("c-everywhere-short"), "{outputs:?}");
}

#[test]
fn another_one_can_be_named() {
    let outputs = outputs(lab().arg("--pathway").arg("long"));
    assert_eq!(outputs.len(), 4);
    assert!(outputs[1].contains("b-far-long"), "{outputs:?}");
    assert!(outputs[3].contains("only-long"), "{outputs:?}");
}

#[test]
fn one_that_is_not_there_is_refused() {
    let output = lab().run_with(&["--pathway", "lnog"]);
    assert_eq!(output.status.code(), Some(2));
    let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        complaint.contains("has no pathway `lnog`; its pathways are short, long"),
        "{complaint}"
    );
}

#[test]
fn a_page_of_another_pathway_says_which() {
    let output = lab().run_with(&["--page", "02-b"]);
    assert_eq!(output.status.code(), Some(2));
    let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        complaint.contains("is not on the pathway `short`; say another one: `--pathway long`"),
        "{complaint}"
    );
}

#[test]
fn people_are_told_which_pathways_are_still_to_be_played() {
    let said = |args: &[&str]| {
        let output = lab().run_with(args);
        String::from_utf8_lossy(&output.stdout)
            .contains("this was the pathway `short`; play the others too: `--pathway long`\n")
    };
    assert!(said(&[]));
    assert!(!said(&["--pathway", "short"]));
}

/// The window's engine without a window.
struct Desk {
    library: Library,
    runtime: Runtime,
}

impl Desk {
    fn new(test: &WorkshopTest) -> Self {
        Self {
            library: Library::new(Store::new(test.beside("atelier")), None),
            runtime: Runtime::new().expect("a runtime"),
        }
    }

    fn start(&self, test: &WorkshopTest, pathway: Option<&str>) -> Arc<OpenSession> {
        let helper = atelier_tests::atelier().to_owned();
        let start = OpenSession::start(
            &self.library,
            test.root(),
            pathway,
            false,
            helper,
            events::nobody(),
            CancellationToken::new(),
        );
        self.runtime.block_on(start).expect("it starts")
    }

    fn pages(session: &OpenSession) -> Vec<String> {
        let pages = session.view().pages;
        pages.into_iter().map(|page| page.id).collect()
    }
}

#[test]
fn a_session_remembers_its_pathway_and_its_place_on_each() {
    let test = lab();
    let desk = Desk::new(&test);
    let sheet = desk.library.inspect(test.root(), None).expect("a workshop");
    assert_eq!(
        (sheet.pathway.as_str(), sheet.pages, sheet.commands),
        ("short", 2, 2)
    );
    let long = desk.library.inspect(test.root(), Some("long"));
    let long = long.expect("a workshop");
    assert_eq!((long.pages, long.commands), (3, 4));
    assert_eq!(long.pathways[1].description, "All of it");
    desk.library.trust(test.root(), false).expect("trust");

    // Trust given on one pathway holds for the others: it is of the content.
    let session = desk.start(&test, Some("long"));
    assert_eq!(Desk::pages(&session), ["01-a", "02-b", "03-c"]);
    assert_eq!(session.view().contents_title, "The long way");
    session.enter("02-b").expect("a page");
    desk.runtime.block_on(session.close());
    drop(session);

    let session = desk.start(&test, None);
    let view = session.view();
    assert_eq!(
        (view.pathway.as_str(), view.current_page.as_str()),
        ("long", "02-b")
    );
    assert!(view.resumed);
    desk.runtime.block_on(session.close());
    drop(session);

    let session = desk.start(&test, Some("short"));
    let view = session.view();
    assert_eq!(
        (view.pathway.as_str(), view.current_page.as_str()),
        ("short", "01-a")
    );
    session.enter("03-c").expect("a page");
    desk.runtime.block_on(session.close());
    let name = view.name;
    drop(session);

    let session = desk.start(&test, Some("long"));
    let view = session.view();
    assert_eq!((view.name, view.current_page.as_str()), (name, "02-b"));
    let card = desk.library.view().workshops.remove(0);
    assert_eq!(card.session.map(|session| session.pages), Some(3));
    desk.runtime.block_on(session.close());
    drop(session);

    // Its author takes the pathway out: the default one is taken again.
    let test = test.file("workshop/config.yaml", &CONFIG.replace("long:", "other:"));
    desk.library.trust(test.root(), false).expect("trust");
    let session = desk.start(&test, None);
    assert_eq!(session.view().pathway, "short");
    desk.runtime.block_on(session.close());
}

#[test]
fn what_only_another_pathway_shows_is_trusted_too() {
    let test = lab();
    let desk = Desk::new(&test);
    desk.library.trust(test.root(), false).expect("trust");
    let c = std::fs::read_to_string(test.root().join("workshop/content/03-c.md")).expect("a page");
    let test = test.file(
        "workshop/content/03-c.md",
        &c.replace("only-long", "rm -rf /"),
    );
    let sheet = desk.library.inspect(test.root(), None).expect("a workshop");
    assert!(sheet.changes.is_some() && !sheet.trusted);
}

#[test]
fn a_collection_is_told_apart_and_each_of_it_opens() {
    let labs = WorkshopTest::page("x");
    let root = labs.beside("labs");
    for name in ["lab-b", "lab-a"] {
        let page = root.join(name).join("workshop/content/01.md");
        std::fs::create_dir_all(page.parent().expect("a folder")).expect("a folder");
        std::fs::write(page, "# Hello\n").expect("a page");
    }
    let desk = Desk::new(&labs);
    let Ok(OpenedView::Several { title, workshops }) = desk.library.resolve(&root) else {
        panic!("it holds two");
    };
    assert_eq!((title.as_str(), workshops.len()), ("labs", 2));
    assert_eq!(workshops[0].title, "lab-a");
    let one = desk.library.resolve(workshops[1].path.as_str().into());
    assert!(matches!(one, Ok(OpenedView::Workshop { path }) if path.ends_with("lab-b")));
    assert!(desk.library.resolve(&root.join("gone")).is_err());

    let checked = WorkshopTest::at(root.clone()).check();
    assert_eq!(checked.exit, Some(2));
    assert_eq!(
        checked.stderr,
        format!(
            "error: {root} holds 2 workshops; name one of them:\n  {root}/lab-a\n  {root}/lab-b\n"
        )
    );
}
