//! The rules of `actions.md` section 7 and `session.md` 9.2, row by row.

use std::sync::Arc;

use super::*;
use crate::ingress::Routes;

fn addresses(slides: bool) -> Addresses {
    Addresses {
        routes: Arc::new(Routes::new("s-1", &[], str::to_owned)),
        session: "s-1".to_owned(),
        port: 4000,
        slides,
        files: true,
    }
}

/// The tabs of a workshop whose definition declares these names and addresses.
fn declared_tabs(slides: bool, specs: &[(&str, &str)]) -> Dashboards {
    let folder = tempfile::tempdir().unwrap();
    let content = folder.path().join("workshop/content");
    std::fs::create_dir_all(&content).unwrap();
    std::fs::write(content.join("01.md"), "x").unwrap();
    let root = camino::Utf8Path::from_path(folder.path()).unwrap();
    let mut workshop = atelier_content::load(root).unwrap().workshop;
    workshop.applications.editor = true;
    let spec = |(name, url): &(&str, &str)| atelier_content::workshop::DashboardSpec {
        name: (*name).to_owned(),
        url: (*url).to_owned(),
    };
    workshop.dashboards = specs.iter().map(spec).collect();
    Dashboards::new(&workshop, &addresses(slides), str::to_owned)
}

fn tabs(dashboards: &Dashboards) -> Vec<String> {
    let show = |view: DashboardView| match view.content {
        DashboardContent::Terminal { name } => format!("{}: terminal {name}", view.id),
        DashboardContent::Web { url, .. } => format!("{}: {url}", view.id),
        DashboardContent::External { url } => format!("{}: out {url}", view.id),
        DashboardContent::Notice { message } => format!("{}: ({message})", view.id),
    };
    dashboards.views().into_iter().map(show).collect()
}

const A: (&str, &str) = ("A", "http://localhost:1/");
const SLIDES_AT: &str = "slides: http://s-1.localhost:4000/slides/";

#[test]
fn names_become_slugs() {
    for (name, id) in [
        ("Terminal#4", "terminal4"),
        ("  My  App -1 ", "my-app-1"),
        ("Terminal", "terminal"),
        ("--", ""),
    ] {
        assert_eq!(slug(name), id);
    }
}

#[test]
fn built_ins_come_first_unless_an_entry_places_one() {
    let a = "a: http://localhost:1/";
    for (specs, order) in [
        (&[A][..], &[SLIDES_AT, a][..]),
        (&[A, ("Slides", "http://localhost:9/")], &[a, SLIDES_AT]),
        (&[A, ("Terminal", "")], &[a, SLIDES_AT]),
        (&[("slides", ""), A], &[SLIDES_AT, a]),
        (&[A, ("Console", "")], &[SLIDES_AT, a]),
        (&[A, ("a!", "http://localhost:2/")], &[SLIDES_AT, a]),
        (&[A, ("Empty", "")], &[SLIDES_AT, a]),
    ] {
        assert_eq!(tabs(&declared_tabs(true, specs)), order, "{specs:?}");
    }
    // A name of a part that is not there is a name like any other.
    let specs = [
        ("Slides", "http://localhost:9/"),
        ("Console", "https://x.y/"),
    ];
    assert_eq!(
        tabs(&declared_tabs(false, &specs)),
        ["slides: http://localhost:9/", "console: out https://x.y/"]
    );
}

#[test]
fn a_declared_tab_that_cannot_be_shown_says_why() {
    let specs = [
        ("Chart", "http://chart-s-1.localhost/"),
        ("T", "terminal:x"),
    ];
    let shown = tabs(&declared_tabs(false, &specs));
    assert!(
        shown[0].contains("no ingress of the name chart"),
        "{shown:?}"
    );
    assert_eq!(shown[1], "t: terminal x");
}

#[test]
fn open_shows_what_is_there() {
    let dashboards = declared_tabs(true, &[A]);
    for (name, id) in [
        ("a", "a"),
        ("TERMINAL", "terminal"),
        ("Editor", "editor"),
        ("Slides", "slides"),
    ] {
        assert_eq!(dashboards.open(name).as_deref(), Ok(id));
    }
    let error = dashboards.open("B").unwrap_err().to_string();
    assert_eq!(
        error,
        "there is no dashboard \"B\"; there is \"Terminal\", \"Editor\", \"Slides\", \"A\""
    );
}

#[test]
fn create_needs_a_new_name_and_an_address() {
    let addresses = addresses(false);
    let mut dashboards = declared_tabs(false, &[A]);
    let mut create = |name, url| {
        dashboards
            .create(name, url, &addresses)
            .map_err(|e| e.to_string())
    };
    assert_eq!(
        create("New One", "http://localhost:2/").as_deref(),
        Ok("new-one")
    );
    for (name, url, error) in [
        (
            "a",
            "http://localhost:2/",
            "there is a dashboard \"a\" already",
        ),
        (
            "Terminal",
            "http://localhost:2/",
            "there is a dashboard \"Terminal\" already",
        ),
        (
            "#",
            "http://localhost:2/",
            "\"#\" is no name for a dashboard; it needs a letter or a digit",
        ),
        (
            "X",
            "mailto:a@b",
            "\"mailto:a@b\" is not an address that a dashboard can show",
        ),
    ] {
        assert_eq!(create(name, url), Err(error.to_owned()));
    }
    assert_eq!(
        tabs(&dashboards),
        ["a: http://localhost:1/", "new-one: http://localhost:2/"]
    );
}

#[test]
fn reload_changes_the_address_or_makes_the_tab() {
    let addresses = addresses(false);
    let mut dashboards = declared_tabs(false, &[A, ("T", "terminal:x")]);
    let mut reload = |name, url| dashboards.reload(name, url, &addresses);
    assert_eq!(reload("A", Some("http://localhost:3/")).as_deref(), Ok("a"));
    assert_eq!(reload("A", None).as_deref(), Ok("a"));
    assert_eq!(reload("T", Some("http://localhost:3/")).as_deref(), Ok("t"));
    assert_eq!(
        reload("Terminal", Some("http://localhost:3/")).as_deref(),
        Ok("terminal")
    );
    assert_eq!(reload("N", Some("terminal:n")).as_deref(), Ok("n"));
    assert_eq!(reload("Blank", None).as_deref(), Ok("blank"));
    assert_eq!(
        reload("A", Some("terminal:y")),
        Err(DashboardError::NoTerminal("A".to_owned()))
    );
    assert_eq!(
        tabs(&dashboards),
        [
            "a: http://localhost:3/",
            "t: terminal x",
            "n: terminal n",
            "blank: (This tab has no address yet.)"
        ]
    );
}

#[test]
fn delete_takes_every_tab_that_is_no_part_of_the_window() {
    let addresses = addresses(true);
    let mut dashboards = declared_tabs(true, &[A]);
    dashboards
        .create("B", "http://localhost:2/", &addresses)
        .unwrap();
    assert_eq!(dashboards.delete("A"), Ok(()));
    assert_eq!(dashboards.delete("b"), Ok(()));
    for part in ["Terminal", "Editor", "Slides"] {
        assert_eq!(
            dashboards.delete(part),
            Err(DashboardError::BuiltIn(part.to_owned()))
        );
    }
    assert!(matches!(
        dashboards.delete("A"),
        Err(DashboardError::Missing { .. })
    ));
    assert_eq!(tabs(&dashboards), [SLIDES_AT]);
}

#[test]
fn the_next_start_finds_the_tabs_as_they_were_left() {
    let addresses = addresses(true);
    let mut dashboards = declared_tabs(true, &[A, ("C", "http://localhost:3/")]);
    dashboards
        .create("B", "http://localhost:2/", &addresses)
        .unwrap();
    dashboards
        .create("Gone", "http://localhost:2/", &addresses)
        .unwrap();
    dashboards.delete("Gone").unwrap();
    dashboards
        .reload("B", Some("http://localhost:4/"), &addresses)
        .unwrap();
    dashboards
        .reload("Slides", Some("/slides/#/2"), &addresses)
        .unwrap();
    dashboards.delete("A").unwrap();
    let changes = dashboards.take_changes();
    assert!(dashboards.take_changes().is_empty());

    let mut again = declared_tabs(true, &[A, ("C", "http://localhost:3/")]);
    again.restore(&changes, &addresses);
    assert_eq!(tabs(&again), tabs(&dashboards));
    assert_eq!(
        tabs(&again),
        [
            "slides: http://s-1.localhost:4000/slides/#/2",
            "c: http://localhost:3/",
            "b: http://localhost:4/"
        ]
    );
    assert!(again.take_changes().is_empty());
}

#[test]
fn a_tab_speaks_for_the_address_that_it_shows_alone() {
    let mut dashboards = declared_tabs(true, &[A, ("T", "terminal:x"), ("Far", "https://x.y/")]);
    for (id, origin, is_its_own) in [
        ("a", "http://localhost:1", true),
        ("a", "http://localhost:2", false),
        ("a", "http://localhost", false),
        ("a", "https://localhost:1", false),
        ("a", "http://127.0.0.1:1", false),
        ("a", "null", false),
        ("a", "", false),
        ("slides", "http://s-1.localhost:4000", true),
        ("t", "http://localhost:1", false),
        ("far", "https://x.y", false),
        ("gone", "http://localhost:1", false),
    ] {
        assert_eq!(
            dashboards.shows_origin(id, origin),
            is_its_own,
            "{id} {origin}"
        );
    }
    let moved = Some("http://localhost:2/");
    dashboards.reload("A", moved, &addresses(true)).unwrap();
    assert!(dashboards.shows_origin("a", "http://localhost:2"));
    assert!(!dashboards.shows_origin("a", "http://localhost:1"));
}
