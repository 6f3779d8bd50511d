//! What runs by itself, what follows what, and what is shown: the life of a page's actions (`actions.md` section 2).
//!
//! The window and `atelier test` both drive this; clocks and clicks are theirs.

use std::time::Duration;

use crate::action::{Action, SectionMark};
use crate::render::RenderedPage;

/// Which sections of one shown page are open, and what follows when one of its actions has ended.
#[derive(Debug, Clone)]
pub struct Lifecycle {
    cards: Vec<Card>,
    sections: Vec<OpenSection>,
}

#[derive(Debug, Clone)]
struct Card {
    /// The innermost section that it lies in. A mark lies in the section around its own.
    section: Option<usize>,
    mark: Mark,
    hidden: bool,
    autostart: bool,
    cascade: bool,
    pause: Duration,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    None,
    /// Begins the section.
    Begin(usize),
    /// Ends the section; whether it collapses it when fired.
    End(usize, bool),
    /// A mark without a partner.
    Alone,
}

#[derive(Debug, Clone)]
struct OpenSection {
    parent: Option<usize>,
    /// `open: true`: stands open until it is toggled.
    starts_open: bool,
    toggled: bool,
    open: bool,
}

/// What follows an action that succeeded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Following {
    /// Actions that start with a section that has just opened, in document order.
    pub autostart: Vec<usize>,
    /// The next action of the page, and how long to wait first.
    pub cascade: Option<(usize, Duration)>,
    /// A section opened or closed.
    pub sections_changed: bool,
}

impl Lifecycle {
    /// The state of a page that is shown for the first time.
    pub fn new(page: &RenderedPage) -> Self {
        let sections: Vec<_> = page
            .sections
            .iter()
            .map(|section| {
                let starts_open = matches!(
                    page.actions.get(section.begin).map(|action| &action.action),
                    Some(Ok(Action::Section(SectionMark::Begin { open: true, .. })))
                );
                OpenSection {
                    parent: section.parent,
                    starts_open,
                    toggled: false,
                    open: starts_open,
                }
            })
            .collect();
        let cards = page.actions.iter().enumerate().map(|(index, action)| {
            let mark = match (
                &action.action,
                page.sections
                    .iter()
                    .position(|s| s.begin == index || s.end == index),
            ) {
                (Ok(Action::Section(SectionMark::End { toggle, .. })), Some(section)) => {
                    Mark::End(section, *toggle)
                }
                (Ok(Action::Section(SectionMark::Begin { .. })), Some(section)) => {
                    Mark::Begin(section)
                }
                (
                    Ok(Action::Section(SectionMark::Begin { .. } | SectionMark::End { .. })),
                    None,
                ) => Mark::Alone,
                _ => Mark::None,
            };
            Card {
                section: innermost(page, index),
                mark,
                hidden: action.options.hidden,
                autostart: action.options.autostart,
                cascade: action.options.cascade,
                pause: action.options.pause,
            }
        });
        Self {
            cards: cards.collect(),
            sections,
        }
    }

    /// Takes up the sections as they were left.
    pub fn restore(&mut self, open: impl IntoIterator<Item = (usize, bool)>) {
        for (index, open) in open {
            if let Some(section) = self.sections.get_mut(index) {
                section.toggled = true;
                section.open = open;
            }
        }
    }

    /// Actions that start because the page is shown, in document order.
    pub fn autostart(&self) -> Vec<usize> {
        self.starting(|card| card.section.is_none_or(|section| self.is_visible(section)))
    }

    /// Whether a learner sees the action's card.
    pub fn is_shown(&self, index: usize) -> bool {
        self.cards.get(index).is_some_and(|card| {
            let paired_end = matches!(card.mark, Mark::End(..));
            !card.hidden
                && !paired_end
                && card.section.is_none_or(|section| self.is_visible(section))
        })
    }

    /// Whether each section is open, by index.
    pub fn open_sections(&self) -> impl Iterator<Item = bool> + '_ {
        self.sections.iter().map(|section| section.open)
    }

    /// The innermost section that an action lies in.
    pub fn section_of(&self, index: usize) -> Option<usize> {
        self.cards.get(index)?.section
    }

    /// The section that an action opens.
    pub fn opens(&self, index: usize) -> Option<usize> {
        match self.cards.get(index)?.mark {
            Mark::Begin(section) => Some(section),
            _ => None,
        }
    }

    /// An action has succeeded: marks take effect, and what follows is told.
    pub fn succeeded(&mut self, index: usize) -> Following {
        let Some(card) = self.cards.get(index) else {
            return Following::default();
        };
        let (mark, cascade, pause) = (card.mark, card.cascade, card.pause);
        let opened = match mark {
            Mark::Begin(section) if self.sections[section].open => {
                self.collapse(section);
                None
            }
            Mark::Begin(section) => {
                self.expand(section);
                Some(section)
            }
            Mark::End(section, true) => {
                self.collapse(section);
                None
            }
            _ => None,
        };
        Following {
            autostart: opened.map_or_else(Vec::new, |section| {
                self.starting(|card| card.section == Some(section))
            }),
            cascade: (cascade && index + 1 < self.cards.len()).then_some((index + 1, pause)),
            sections_changed: matches!(mark, Mark::Begin(_) | Mark::End(_, true)),
        }
    }

    fn expand(&mut self, opened: usize) {
        self.sections[opened].open = true;
        self.sections[opened].toggled = true;
    }

    /// Sections inside collapse with it (`actions.md` 2.7).
    fn collapse(&mut self, closed: usize) {
        for index in 0..self.sections.len() {
            if index == closed || self.lies_in(index, closed) {
                let section = &mut self.sections[index];
                let untouched = index != closed && section.starts_open && !section.toggled;
                section.open = untouched;
                section.toggled |= index == closed;
            }
        }
    }

    fn lies_in(&self, section: usize, outer: usize) -> bool {
        let mut parent = self.sections[section].parent;
        while let Some(at) = parent {
            if at == outer {
                return true;
            }
            parent = self.sections[at].parent;
        }
        false
    }

    /// Open, and so is everything around it.
    fn is_visible(&self, section: usize) -> bool {
        let section = &self.sections[section];
        section.open && section.parent.is_none_or(|parent| self.is_visible(parent))
    }

    fn starting(&self, here: impl Fn(&Card) -> bool) -> Vec<usize> {
        let cards = self.cards.iter().enumerate();
        cards
            .filter(|(_, card)| card.autostart && here(card))
            .map(|(index, _)| index)
            .collect()
    }
}

/// The section with the nearest begin mark around an action.
fn innermost(page: &RenderedPage, index: usize) -> Option<usize> {
    let around = page
        .sections
        .iter()
        .enumerate()
        .filter(|(_, section)| section.begin < index && index < section.end);
    around
        .max_by_key(|(_, section)| section.begin)
        .map(|(at, _)| at)
}

#[cfg(test)]
mod tests {
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
}
