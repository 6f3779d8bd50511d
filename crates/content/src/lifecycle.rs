//! What runs by itself, what follows what, and what is shown: the life of a page's actions (`actions.md` section 2).
//!
//! The window and `atelier test` both drive this; clocks and clicks are theirs.

mod next;

use std::time::Duration;

use crate::action::{Action, Cooldown, SectionMark};
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
    /// Runs once: its cooldown has no end.
    once: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    None,
    /// Begins the section.
    Begin(usize),
    /// Ends the section; whether it collapses it when fired.
    End(usize, bool),
    /// Ends nothing: it has no partner.
    StrayEnd,
    /// A heading, or a begin without a partner, which is shown as one.
    Heading,
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
        let (marks, around) = section_places(page);
        let cards = page.actions.iter().enumerate().map(|(index, action)| {
            let mark = match (&action.action, marks[index]) {
                (Ok(Action::Section(SectionMark::End { toggle, .. })), Some(section)) => {
                    Mark::End(section, *toggle)
                }
                (Ok(Action::Section(SectionMark::Begin { .. })), Some(section)) => {
                    Mark::Begin(section)
                }
                (Ok(Action::Section(SectionMark::End { .. })), None) => Mark::StrayEnd,
                (Ok(Action::Section(_)), _) => Mark::Heading,
                _ => Mark::None,
            };
            Card {
                section: around[index],
                mark,
                hidden: action.options.hidden,
                autostart: action.options.autostart,
                cascade: action.options.cascade,
                pause: action.options.pause,
                once: action.options.cooldown == Cooldown::Forever,
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
                section.toggled = open != section.starts_open;
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
            !card.hidden
                && !card.is_end()
                && card.section.is_none_or(|section| self.is_visible(section))
        })
    }

    /// Whether each section is open, by index.
    pub fn open_sections(&self) -> impl Iterator<Item = bool> + '_ {
        self.sections.iter().map(|section| section.open)
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
            autostart: opened.map_or_else(Vec::new, |section| self.starting_with(section)),
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

    /// It begins a section that is open: to fire it would close the section.
    fn stands_open(&self, card: &Card) -> bool {
        matches!(card.mark, Mark::Begin(section) if self.sections[section].open)
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

    /// What starts because a section has just opened: its own actions, and those of sections in it that stand open and
    /// have come into sight with it (`actions.md` 2.5).
    fn starting_with(&self, opened: usize) -> Vec<usize> {
        self.starting(|card| {
            card.section.is_some_and(|section| {
                let appeared = section == opened || self.lies_in(section, opened);
                appeared && self.is_visible(section)
            })
        })
    }

    fn starting(&self, here: impl Fn(&Card) -> bool) -> Vec<usize> {
        let cards = self.cards.iter().enumerate();
        cards
            .filter(|(_, card)| card.autostart && !self.stands_open(card) && here(card))
            .map(|(index, _)| index)
            .collect()
    }
}

impl Card {
    /// A mark that ends a section, or none. It never shows.
    fn is_end(&self) -> bool {
        matches!(self.mark, Mark::End(..) | Mark::StrayEnd)
    }
}

/// For every action the section that it begins or ends, and the section with the nearest begin mark around it.
fn section_places(page: &RenderedPage) -> (Vec<Option<usize>>, Vec<Option<usize>>) {
    let count = page.actions.len();
    let mut marks = vec![None; count];
    for (at, section) in page.sections.iter().enumerate() {
        for mark in [section.begin, section.end] {
            if let Some(place) = marks.get_mut(mark) {
                place.get_or_insert(at);
            }
        }
    }
    let mut around = vec![None; count];
    // Those that are open here, the one that began last at the end.
    let mut open: Vec<usize> = Vec::new();
    for (index, mark) in marks.iter().enumerate() {
        open.retain(|section| page.sections[*section].end > index);
        around[index] = open.last().copied();
        if let Some(section) = mark
            && page.sections[*section].begin == index
        {
            open.push(*section);
        }
    }
    (marks, around)
}

#[cfg(test)]
mod tests;
