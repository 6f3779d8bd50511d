//! Marks stay with their actions when these get other names, and wait for those that are gone.
//!
//! An action that its author has taken out may be back with the next save: a page is written in several steps, branches are
//! changed, a part is cut here and pasted there. Its marks wait under the name `PAGE/=NUMBER`.

use std::collections::BTreeMap;

use atelier_content::ActionLook;
use serde::{Deserialize, Serialize};

use super::progress::{Progress, is_of_page};
use crate::protocol::SectionState;

/// The marks of so many actions of a page wait for them: an author cannot miss more.
const WAITING: usize = 200;

/// An action that is gone from its page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gone {
    /// Where it was.
    pub index: usize,
    /// By which its marks are found again: of the page's actions that are gone no other one has it.
    pub number: u32,
    /// By which it is known when it is back.
    pub look: ActionLook,
    /// The section that it opened.
    pub section: Option<usize>,
}

/// An action that is back on its page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Back {
    /// What it had while it was gone: see [`Gone::number`].
    pub number: u32,
    /// Where it is.
    pub index: usize,
    /// The section that it opens.
    pub section: Option<usize>,
}

/// Under which name the marks of an action wait that is gone from its page.
pub(crate) fn gone_name(page: &str, number: u32) -> String {
    format!("{page}/={number}")
}

/// Whether a name of an action is that of one that is gone.
pub(crate) fn is_gone(action: &str) -> bool {
    number_of(action).is_some()
}

fn number_of(action: &str) -> Option<u32> {
    let (_, last) = action.rsplit_once('/')?;
    last.strip_prefix('=')?.parse().ok()
}

/// What a change of a page does to the names of its actions.
pub(super) struct Moving<'a> {
    pub(super) page: &'a str,
    pub(super) to: &'a str,
    pub(super) actions: &'a [Option<usize>],
    pub(super) sections: &'a [Option<usize>],
    pub(super) gone: &'a [Gone],
    pub(super) back: &'a [Back],
}

impl Moving<'_> {
    fn name(&self, action: &str) -> Option<String> {
        let to = self.to;
        if let Some(number) = number_of(action) {
            let back = self.back.iter().find(|back| back.number == number);
            return Some(back.map_or_else(
                || gone_name(to, number),
                |back| format!("{to}/{}", back.index),
            ));
        }
        let index: usize = action.rsplit_once('/')?.1.parse().ok()?;
        if let Some(now) = self.actions.get(index).copied().flatten() {
            return Some(format!("{to}/{now}"));
        }
        let gone = self.gone.iter().find(|gone| gone.index == index)?;
        Some(gone_name(to, gone.number))
    }

    pub(super) fn keys<T>(&self, map: &mut BTreeMap<String, T>) {
        let of_page = map.extract_if(.., |action, _| is_of_page(action, self.page));
        let moved: Vec<_> = of_page
            .filter_map(|(action, value)| Some((self.name(&action)?, value)))
            .collect();
        map.extend(moved);
    }

    /// Sections of the page, and below the names of actions that are gone the sections that these opened.
    pub(super) fn sections(&self, map: &mut BTreeMap<String, Vec<SectionState>>) {
        let waiting = map.extract_if(.., |name, _| is_gone(name) && is_of_page(name, self.page));
        let mut waiting: BTreeMap<_, _> = waiting.collect();
        let mut states = Vec::new();
        let known = map.remove(self.page);
        let is_known = known.is_some();
        for state in known.unwrap_or_default() {
            let at = state.section as usize;
            if let Some(section) = self.sections.get(at).copied().flatten() {
                let section = section as u32;
                states.push(SectionState { section, ..state });
            } else if let Some(gone) = self.gone.iter().find(|gone| gone.section == Some(at)) {
                map.insert(gone_name(self.to, gone.number), vec![state]);
            }
        }
        for Back {
            number, section, ..
        } in self.back
        {
            let state = waiting.remove(&gone_name(self.page, *number));
            if let (Some(state), Some(section)) =
                (state.and_then(|mut states| states.pop()), section)
            {
                let section = *section as u32;
                states.push(SectionState { section, ..state });
            }
        }
        for (name, states) in waiting {
            map.extend(self.name(&name).map(|name| (name, states)));
        }
        if is_known || !states.is_empty() {
            states.sort_by_key(|state| state.section);
            map.insert(self.to.to_owned(), states);
        }
    }
}

impl Progress {
    /// The actions of a page have other places, or the page has another name. The marks of what is gone wait.
    pub(super) fn move_marks(&mut self, moving: &Moving<'_>) {
        let Moving { page, to, .. } = *moving;
        moving.keys(&mut self.actions);
        moving.keys(&mut self.ended);
        moving.keys(&mut self.forms);
        moving.sections(&mut self.sections);
        moving.keys(&mut self.gone);
        for back in moving.back {
            self.gone.remove(&format!("{to}/{}", back.index));
        }
        for Gone { number, look, .. } in moving.gone {
            self.gone.insert(gone_name(to, *number), look.clone());
        }
        for kept in &mut self.kept {
            kept.move_marks(moving);
        }
        self.forget_oldest(to);
        if to == page {
            return;
        }
        if self.visited.remove(page) {
            self.visited.insert(to.to_owned());
        }
        if let Some(scroll) = self.scroll.remove(page) {
            self.scroll.insert(to.to_owned(), scroll);
        }
        if self.page.as_deref() == Some(page) {
            self.page = Some(to.to_owned());
        }
        for (left, _) in self.pathways.values_mut() {
            if left.as_deref() == Some(page) {
                *left = Some(to.to_owned());
            }
        }
        for start in &mut self.starts {
            if start.page == page {
                to.clone_into(&mut start.page);
            }
        }
    }

    fn forget_oldest(&mut self, page: &str) {
        let of_page = self.gone.keys().filter(|name| is_of_page(name, page));
        let mut numbers: Vec<_> = of_page.filter_map(|name| number_of(name)).collect();
        numbers.sort_unstable();
        let many = numbers.len().saturating_sub(WAITING);
        for number in &numbers[..many] {
            let name = gone_name(page, *number);
            self.gone.remove(&name);
            self.actions.remove(&name);
            self.ended.remove(&name);
            self.forms.remove(&name);
            self.sections.remove(&name);
        }
    }

    /// The actions that are gone from a page and may come back, by their numbers.
    pub(crate) fn gone_from(&self, page: &str) -> BTreeMap<u32, &ActionLook> {
        let of_page = self.gone.iter().filter(|(name, _)| is_of_page(name, page));
        of_page
            .filter_map(|(name, look)| Some((number_of(name)?, look)))
            .collect()
    }
}
