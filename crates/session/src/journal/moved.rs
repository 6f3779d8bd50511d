//! Marks stay with their actions when these get other names.

use std::collections::BTreeMap;

use super::progress::{Progress, is_of_page};
use crate::protocol::SectionState;

impl Progress {
    /// The actions of a page have other places, or the page has another name. What is gone keeps no marks.
    pub(super) fn move_marks(
        &mut self,
        page: &str,
        to: &str,
        actions: &[Option<usize>],
        sections: &[Option<usize>],
    ) {
        let name = |action: &str| {
            let index: usize = action.rsplit_once('/')?.1.parse().ok()?;
            let now = actions.get(index).copied().flatten()?;
            Some(format!("{to}/{now}"))
        };
        move_keys(&mut self.actions, page, name);
        move_keys(&mut self.ended, page, name);
        move_keys(&mut self.forms, page, name);
        if let Some(states) = self.sections.remove(page) {
            let now = |state: SectionState| {
                let section = sections.get(state.section as usize).copied().flatten()?;
                Some(SectionState {
                    section: section as u32,
                    ..state
                })
            };
            let mut states: Vec<_> = states.into_iter().filter_map(now).collect();
            states.sort_by_key(|state| state.section);
            self.sections.insert(to.to_owned(), states);
        }
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
        for start in &mut self.starts {
            if start.page == page {
                to.clone_into(&mut start.page);
            }
        }
    }
}

fn move_keys<T>(map: &mut BTreeMap<String, T>, page: &str, name: impl Fn(&str) -> Option<String>) {
    let of_page = map.extract_if(.., |action, _| is_of_page(action, page));
    let moved: Vec<_> = of_page
        .filter_map(|(action, value)| Some((name(&action)?, value)))
        .collect();
    map.extend(moved);
}
