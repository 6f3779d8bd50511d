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
    assert_eq!(life.succeeded(1).autostart, [2]);
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
