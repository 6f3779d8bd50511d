use super::*;
use crate::action::{Face, Options, PageAction, Target, TerminalAction};
use crate::diagnostic::{Sources, Span};
use crate::render::Section;

/// One word an action: `act`, `begin` or `end`, then options after `+`.
fn page(words: &str) -> RenderedPage {
    let file = Sources::default().add("page.md", "");
    let mut page = RenderedPage::default();
    let mut stack = Vec::new();
    for (index, word) in words.split_whitespace().enumerate() {
        let options: Vec<_> = word.split('+').collect();
        let has = |name| options.contains(&name);
        let action = match options[0] {
            "begin" => {
                stack.push(page.sections.len());
                let parent = stack.len().checked_sub(2).map(|at| stack[at]);
                page.sections.push(Section {
                    begin: index,
                    end: 0,
                    parent,
                });
                Action::Section(SectionMark::Begin {
                    name: String::new(),
                    open: has("open"),
                })
            }
            "end" => {
                page.sections[stack.pop().unwrap()].end = index;
                Action::Section(SectionMark::End {
                    name: String::new(),
                    toggle: !has("stay"),
                })
            }
            _ => Action::Terminal(TerminalAction::Interrupt {
                session: Target::All,
            }),
        };
        page.actions.push(PageAction {
            kind: word.to_owned(),
            action: Ok(action),
            options: Options {
                autostart: has("auto"),
                cascade: has("cascade"),
                hidden: has("hidden"),
                ..Options::default()
            },
            face: Face::default(),
            span: Span::new(file, 0..0),
        });
    }
    page
}

fn shown(life: &Lifecycle) -> Vec<usize> {
    (0..life.cards.len())
        .filter(|index| life.is_shown(*index))
        .collect()
}

fn next(following: &Following) -> Option<usize> {
    following.cascade.map(|(index, _)| index)
}

#[test]
fn sections_hide_what_lies_between_their_marks() {
    let mut life = Lifecycle::new(&page("act begin act begin act end act end act"));
    assert_eq!(shown(&life), [0, 1, 8]);
    life.succeeded(1);
    assert_eq!(shown(&life), [0, 1, 2, 3, 6, 8]);
    life.succeeded(3);
    assert_eq!(shown(&life), [0, 1, 2, 3, 4, 6, 8]);
    life.succeeded(1);
    life.succeeded(1);
    assert_eq!(
        shown(&life),
        [0, 1, 2, 3, 6, 8],
        "inner sections collapse with the outer one"
    );
}

#[test]
fn what_starts_by_itself_waits_for_its_section() {
    let mut life = Lifecycle::new(&page(
        "act+auto begin act+auto begin+open act+auto end end begin+open act+auto end",
    ));
    assert_eq!(life.autostart(), [0, 8]);
    assert_eq!(
        life.succeeded(1).autostart,
        [2, 4],
        "also in the open section that has come into sight"
    );
    assert_eq!(life.autostart(), [0, 2, 4, 8]);
}

#[test]
fn a_cascade_goes_to_the_next_action_shown_or_not() {
    let mut life = Lifecycle::new(&page("act+cascade begin+hidden act end"));
    assert_eq!(shown(&life), [0]);
    assert_eq!(next(&life.succeeded(0)), Some(1));
    let following = life.succeeded(1);
    assert_eq!((next(&following), following.sections_changed), (None, true));
    assert_eq!(shown(&life), [0, 2]);
    assert_eq!(
        next(&Lifecycle::new(&page("act+cascade")).succeeded(0)),
        None
    );
}

#[test]
fn an_end_mark_collapses_and_leads_on() {
    let mut life = Lifecycle::new(&page("begin act+cascade end+cascade act"));
    life.succeeded(0);
    assert_eq!(next(&life.succeeded(1)), Some(2));
    assert_eq!(next(&life.succeeded(2)), Some(3));
    assert_eq!(shown(&life), [0, 3]);
    assert_eq!(
        next(&life.succeeded(2)),
        Some(3),
        "fired while collapsed it only leads on"
    );
    assert_eq!(shown(&life), [0, 3]);
}

#[test]
fn content_can_be_swapped() {
    let words = "act+cascade begin+hidden+open+cascade end+stay+cascade begin+hidden act end";
    let mut life = Lifecycle::new(&page(words));
    assert_eq!(life.open_sections().collect::<Vec<_>>(), [true, false]);
    let mut at = 0;
    while let Some(index) = next(&life.succeeded(at)) {
        at = index;
    }
    assert_eq!(at, 3);
    assert_eq!(life.open_sections().collect::<Vec<_>>(), [false, true]);
}

#[test]
fn comes_back_as_it_was_left() {
    let mut life = Lifecycle::new(&page("begin act end begin+open act end"));
    life.restore([(0, true), (1, false), (9, true)]);
    assert_eq!(shown(&life), [0, 1, 3]);
}

/// The numbers of the actions that start by themselves: with the page, then with each of these that is clicked.
fn starting(words: &str, clicks: &[usize]) -> Vec<Vec<usize>> {
    let mut life = Lifecycle::new(&page(words));
    let first = life.autostart();
    let others = clicks.iter().map(|index| life.succeeded(*index).autostart);
    std::iter::once(first)
        .chain(others.collect::<Vec<_>>())
        .collect()
}

#[test]
fn autostart_table() {
    for (words, clicks, started) in [
        ("act+auto act act+auto", &[][..], vec![vec![0, 2]]),
        // Not with the page, but with the section, and with it again.
        (
            "begin act+auto act act+auto end",
            &[0, 0, 0],
            vec![vec![], vec![1, 3], vec![], vec![1, 3]],
        ),
        // Only what lies immediately in the section that opens.
        (
            "begin begin act+auto end act+auto end",
            &[0, 1],
            vec![vec![], vec![4], vec![2]],
        ),
        // A mark that starts by itself opens its section; what is in it follows when it has run.
        ("begin+auto act+auto end", &[0], vec![vec![0], vec![1]]),
        (
            "begin begin+auto act+auto end end",
            &[0, 1],
            vec![vec![], vec![1], vec![2]],
        ),
        // An open section: with the page, in document order, its immediate ones alone.
        (
            "begin+open act+auto begin act+auto end act+auto end",
            &[],
            vec![vec![1, 5]],
        ),
        // An open section in a closed one: when both are in sight.
        (
            "begin begin+open act+auto end act+auto end",
            &[0],
            vec![vec![], vec![2, 4]],
        ),
        (
            "begin begin begin+open act+auto end end end",
            &[0, 1],
            vec![vec![], vec![], vec![3]],
        ),
        // What is open already is not closed by a mark that starts by itself.
        ("begin+open+auto act+auto end", &[], vec![vec![1]]),
        ("act+auto+hidden", &[], vec![vec![0]]),
        ("act+auto+cascade act+auto", &[], vec![vec![0, 1]]),
        // Closing starts nothing.
        (
            "begin+open act+auto end",
            &[0, 2],
            vec![vec![1], vec![], vec![]],
        ),
    ] {
        assert_eq!(starting(words, clicks), started, "{words}");
    }
}

#[test]
fn toggling_table() {
    for (words, clicks, seen) in [
        // A begin: collapsed to expanded and back; what is inside collapses with it.
        ("begin act end", &[0][..], vec![0, 1]),
        ("begin act end", &[0, 0], vec![0]),
        ("begin act+hidden begin act end end", &[0], vec![0, 2]),
        ("begin begin act end end", &[0, 1, 0, 0], vec![0, 1]),
        // An end: expanded to collapsed; collapsed stays so.
        ("begin act end", &[0, 2], vec![0]),
        ("begin act end", &[2], vec![0]),
        ("begin act end", &[2, 0], vec![0, 1]),
        ("begin+open act end+stay", &[2], vec![0, 1]),
        ("begin act end+stay", &[2], vec![0]),
        // An open section in a closed one is open until somebody toggles it.
        ("begin begin+open act end end", &[0], vec![0, 1, 2]),
        ("begin begin+open act end end", &[0, 0, 0], vec![0, 1, 2]),
        ("begin begin+open act end end", &[0, 1, 0, 0], vec![0, 1]),
        // Hidden marks have no card; hidden actions never show.
        ("begin+hidden+open act end", &[], vec![1]),
        ("begin+hidden act end", &[0], vec![1]),
        ("act+hidden act", &[], vec![1]),
    ] {
        let mut life = Lifecycle::new(&page(words));
        for index in clicks {
            life.succeeded(*index);
        }
        assert_eq!(shown(&life), seen, "{words} {clicks:?}");
    }
}

/// The chain of cascades that a click sets off, and what is seen after it.
#[test]
fn patterns_of_the_field() {
    for (words, click, chain, seen) in [
        (
            "act+cascade begin+hidden act end",
            0,
            vec![0, 1],
            vec![0, 2],
        ),
        ("begin act+cascade end act", 1, vec![1, 2], vec![0, 3]),
        (
            "begin act+cascade end+cascade act",
            1,
            vec![1, 2, 3],
            vec![0, 3],
        ),
        (
            "begin+open act+cascade end+cascade+stay act",
            1,
            vec![1, 2, 3],
            vec![0, 1, 3],
        ),
        (
            "begin+cascade act+cascade act end",
            0,
            vec![0, 1, 2],
            vec![0, 1, 2],
        ),
        // A begin leads on when it collapses, too.
        ("begin+open+cascade act end", 0, vec![0, 1], vec![0]),
        (
            "act+cascade begin+hidden+open+cascade end+stay+cascade begin+hidden act end",
            0,
            vec![0, 1, 2, 3],
            vec![0, 4],
        ),
        // Each step closes its own section and opens the next.
        (
            "begin+open act+cascade end+cascade begin act+cascade end+cascade begin act end",
            1,
            vec![1, 2, 3],
            vec![0, 3, 4, 6],
        ),
    ] {
        let mut life = Lifecycle::new(&page(words));
        let mut at = Some(click);
        let mut ran = Vec::new();
        while let Some(index) = at {
            ran.push(index);
            at = next(&life.succeeded(index));
        }
        assert_eq!(ran, chain, "{words}");
        assert_eq!(shown(&life), seen, "{words}");
    }
}

#[test]
fn what_is_left_open_stays_what_it_was_for_its_parent() {
    let page = page("begin begin+open act end end");
    let mut life = Lifecycle::new(&page);
    life.succeeded(0);
    let states: Vec<_> = life.open_sections().enumerate().collect();
    let mut back = Lifecycle::new(&page);
    back.restore(states);
    assert_eq!(shown(&back), [0, 1, 2]);
    back.succeeded(0);
    back.succeeded(0);
    assert_eq!(shown(&back), [0, 1, 2], "nobody has toggled the inner one");
}
