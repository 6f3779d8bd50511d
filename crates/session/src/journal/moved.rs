//! Marks stay with their actions when these get other names, and wait for those that are gone.
//!
//! An action that its author has taken out may be back with the next save: a page is written in several steps, branches are
//! changed, a part is cut here and pasted there. Its marks wait under the name `PAGE/=NUMBER`.

use std::collections::{BTreeMap, BTreeSet};

use atelier_content::{ActionLook, PageId};
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
    /// By which its marks are found again: of the actions that are gone no other one has it.
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

/// What a change of a page does to the names of its actions. Several that come with one reload happen at the same time: a page
/// may get the name that another one had before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moving {
    /// The page, by the name that it had.
    pub page: String,
    /// Its name since then.
    pub to: String,
    /// Where its actions are now, for each that was there.
    pub actions: Vec<Option<usize>>,
    /// The same for its sections.
    pub sections: Vec<Option<usize>>,
    /// Actions that are gone, and may come back.
    #[serde(default)]
    pub gone: Vec<Gone>,
    /// Actions that were gone, and are back.
    #[serde(default)]
    pub back: Vec<Back>,
}

impl Moving {
    fn name(&self, action: &str) -> Option<String> {
        let to = &self.to;
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

    fn is_renamed(&self) -> bool {
        self.page != self.to
    }

    /// Takes the sections of the page out, and those below the names of actions that are gone, which these opened; returns them
    /// under the names that they have now.
    fn take_sections(
        &self,
        map: &mut BTreeMap<String, Vec<SectionState>>,
    ) -> BTreeMap<String, Vec<SectionState>> {
        let waiting = map.extract_if(.., |name, _| is_gone(name) && is_of_page(name, &self.page));
        let mut waiting: BTreeMap<_, _> = waiting.collect();
        let (mut moved, mut states) = (BTreeMap::new(), Vec::new());
        let known = map.remove(&self.page);
        let is_known = known.is_some();
        for state in known.unwrap_or_default() {
            let at = state.section as usize;
            if let Some(section) = self.sections.get(at).copied().flatten() {
                let section = section as u32;
                states.push(SectionState { section, ..state });
            } else if let Some(gone) = self.gone.iter().find(|gone| gone.section == Some(at)) {
                moved.insert(gone_name(&self.to, gone.number), vec![state]);
            }
        }
        for Back {
            number, section, ..
        } in &self.back
        {
            let state = waiting.remove(&gone_name(&self.page, *number));
            if let (Some(state), Some(section)) =
                (state.and_then(|mut states| states.pop()), section)
            {
                let section = *section as u32;
                states.push(SectionState { section, ..state });
            }
        }
        for (name, states) in waiting {
            moved.extend(self.name(&name).map(|name| (name, states)));
        }
        if is_known || !states.is_empty() {
            states.sort_by_key(|state| state.section);
            moved.insert(self.to.clone(), states);
        }
        moved
    }
}

/// What changes of pages do to names: nothing is put in a place before everything is taken out of it.
pub(super) struct Moves<'a>(pub(super) &'a [Moving]);

impl Moves<'_> {
    pub(super) fn keys<T>(&self, map: &mut BTreeMap<String, T>) {
        let mut moved = Vec::new();
        for moving in self.0 {
            let of_page = map.extract_if(.., |action, _| is_of_page(action, &moving.page));
            moved
                .extend(of_page.filter_map(|(action, value)| Some((moving.name(&action)?, value))));
        }
        map.extend(moved);
    }

    pub(super) fn sections(&self, map: &mut BTreeMap<String, Vec<SectionState>>) {
        let moved: Vec<_> = self.0.iter().map(|each| each.take_sections(map)).collect();
        for (name, states) in moved.into_iter().flatten() {
            // Of a page that has lost its name nothing is left but what waits.
            if !states.is_empty() || !map.contains_key(&name) {
                map.insert(name, states);
            }
        }
    }

    /// What is known of whole pages. A page that is gone loses it where another one gets its name.
    pub(super) fn pages<T>(&self, map: &mut BTreeMap<String, T>) {
        let renamed = || self.0.iter().filter(|each| each.is_renamed());
        let moved: Vec<_> = renamed()
            .filter_map(|each| Some((&each.to, map.remove(&each.page)?)))
            .collect();
        for each in renamed() {
            map.remove(&each.to);
        }
        map.extend(moved.into_iter().map(|(to, value)| (to.clone(), value)));
    }

    /// The same for a set.
    pub(super) fn names(&self, set: &mut BTreeSet<String>) {
        let mut map = std::mem::take(set)
            .into_iter()
            .map(|name| (name, ()))
            .collect();
        self.pages(&mut map);
        *set = map.into_keys().collect();
    }

    /// Whether the page that had this name has lost it to another one, and has none now.
    pub(super) fn is_displaced(&self, name: &str) -> bool {
        let is_renamed = |each: &Moving| each.is_renamed() && each.page == name;
        let takes = |each: &Moving| each.is_renamed() && each.to == name;
        self.0.iter().any(takes) && !self.0.iter().any(is_renamed)
    }

    /// What a page is called now.
    pub(super) fn rename(&self, name: &mut String) {
        let renamed = self.0.iter().find(|each| each.page == *name);
        if let Some(to) = renamed.map(|each| &each.to) {
            name.clone_from(to);
        }
    }
}

impl Progress {
    /// Actions of pages have other places, or pages have other names. The marks of what is gone wait.
    pub(super) fn move_marks(&mut self, moving: &[Moving]) {
        let moves = Moves(moving);
        moves.keys(&mut self.actions);
        moves.keys(&mut self.ended);
        moves.keys(&mut self.forms);
        moves.sections(&mut self.sections);
        moves.keys(&mut self.gone);
        for Moving { to, gone, back, .. } in moving {
            for back in back {
                self.gone.remove(&format!("{to}/{}", back.index));
            }
            for Gone { number, look, .. } in gone {
                self.gone.insert(gone_name(to, *number), look.clone());
            }
        }
        for kept in &mut self.kept {
            kept.move_marks(&moves);
        }
        for Moving { to, .. } in moving {
            self.forget_oldest(to);
        }
        moves.names(&mut self.visited);
        moves.pages(&mut self.scroll);
        let left = self
            .pathways
            .values_mut()
            .filter_map(|(left, _)| left.as_mut());
        for page in left.chain(&mut self.page) {
            moves.rename(page);
        }
        self.starts.retain(|start| !moves.is_displaced(&start.page));
        for start in &mut self.starts {
            moves.rename(&mut start.page);
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

    /// A number that no action has yet whose marks wait, on any page: pages get each other's names.
    pub(crate) fn free_number(&self) -> u32 {
        let numbers = self.gone.keys().filter_map(|name| number_of(name));
        numbers.max().map_or(0, |last| last.saturating_add(1))
    }

    /// The pages of which actions are gone.
    pub(crate) fn pages_with_gone(&self) -> BTreeSet<PageId> {
        let pages = self.gone.keys().filter_map(|name| name.rsplit_once('/'));
        pages.map(|(page, _)| PageId(page.to_owned())).collect()
    }

    /// The actions that are gone from a page and may come back, by their numbers.
    pub(crate) fn gone_from(&self, page: &str) -> BTreeMap<u32, &ActionLook> {
        let of_page = self.gone.iter().filter(|(name, _)| is_of_page(name, page));
        of_page
            .filter_map(|(name, look)| Some((number_of(name)?, look)))
            .collect()
    }
}
