//! Which action of a page is which after its author has changed the page.

use std::collections::{HashMap, VecDeque};

use crate::action::PageAction;
use crate::diagnostic::Sources;
use crate::render::RenderedPage;

/// What became of a page's actions and sections.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Successors {
    /// For each action that was there, its index now; `None` when it is gone.
    pub actions: Vec<Option<usize>>,
    /// The same for its sections.
    pub sections: Vec<Option<usize>>,
    /// Indices, as they are now, of actions that do what they did.
    pub unchanged: Vec<usize>,
}

impl Successors {
    /// Whether everything that was there has its place still.
    pub fn is_identity(&self) -> bool {
        let stays =
            |list: &[Option<usize>]| list.iter().enumerate().all(|(at, to)| *to == Some(at));
        stays(&self.actions) && stays(&self.sections)
    }
}

/// An action as far as it can be told from others.
#[derive(PartialEq, Eq, Hash)]
struct Look {
    /// What it does, and how its card looks.
    content: String,
    /// Its kind and title.
    name: String,
    kind: String,
}

impl Look {
    fn of(action: &PageAction, sources: &Sources) -> Self {
        let does = match &action.action {
            Ok(does) => format!("{does:?}"),
            // What cannot be read is told apart by how it is written.
            Err(_) => sources
                .file(action.span.file)
                .text()
                .get(action.span.range.clone())
                .unwrap_or_default()
                .to_owned(),
        };
        let face = &action.face;
        Self {
            content: format!("{} {does} {:?} {face:?}", action.kind, action.options),
            name: format!("{} {} {}", action.kind, face.prefix, face.title),
            kind: action.kind.clone(),
        }
    }
}

/// Finds the actions of a page again in its next version: by what they do, then by name, then by kind and order between
/// those that were found.
pub fn successors(
    (old, old_sources): (&RenderedPage, &Sources),
    (new, new_sources): (&RenderedPage, &Sources),
) -> Successors {
    let looks = |page: &RenderedPage, sources| -> Vec<Look> {
        let actions = page.actions.iter();
        actions.map(|action| Look::of(action, sources)).collect()
    };
    let (before, after) = (looks(old, old_sources), looks(new, new_sources));
    let actions = matched(&before, &after);
    let found = |index: usize| actions.get(index).copied().flatten();
    let sections = old.sections.iter().map(|section| {
        let begin = found(section.begin)?;
        new.sections.iter().position(|each| each.begin == begin)
    });
    let pairs = actions.iter().enumerate();
    let unchanged = pairs.filter_map(|(from, to)| {
        let to = (*to)?;
        (before[from].content == after[to].content).then_some(to)
    });
    Successors {
        sections: sections.collect(),
        unchanged: unchanged.collect(),
        actions,
    }
}

fn matched(before: &[Look], after: &[Look]) -> Vec<Option<usize>> {
    let mut found = Found {
        to: vec![None; before.len()],
        taken: vec![false; after.len()],
    };
    let same = |(a, b): &(&Look, &Look)| a.content == b.content;
    // Of several that are alike those at the ends stay where they are.
    let head = before.iter().zip(after).take_while(same).count();
    let rest = before.len().min(after.len()) - head;
    let tail = before.iter().rev().zip(after.iter().rev());
    let tail = tail.take(rest).take_while(same).count();
    for at in 0..head {
        found.pair(at, at);
    }
    for at in 0..tail {
        found.pair(before.len() - 1 - at, after.len() - 1 - at);
    }
    found.pair_by(before, after, |look| &look.content);
    found.pair_by(before, after, |look| &look.name);
    found.pair_in_order(before, after);
    found.to
}

struct Found {
    to: Vec<Option<usize>>,
    taken: Vec<bool>,
}

impl Found {
    fn pair(&mut self, from: usize, to: usize) {
        self.to[from] = Some(to);
        self.taken[to] = true;
    }

    fn pair_by<'l>(&mut self, before: &'l [Look], after: &'l [Look], key: fn(&Look) -> &String) {
        let mut free: HashMap<&'l String, VecDeque<usize>> = HashMap::new();
        for (at, look) in after.iter().enumerate() {
            if !self.taken[at] {
                free.entry(key(look)).or_default().push_back(at);
            }
        }
        for (from, look) in before.iter().enumerate() {
            if self.to[from].is_none()
                && let Some(to) = free.get_mut(key(look)).and_then(VecDeque::pop_front)
            {
                self.pair(from, to);
            }
        }
    }

    /// What is left is paired with what is left of its kind, between the neighbours that were found.
    fn pair_in_order(&mut self, before: &[Look], after: &[Look]) {
        let mut start = 0;
        for (from, look) in before.iter().enumerate() {
            if let Some(to) = self.to[from] {
                start = to + 1;
                continue;
            }
            let end = self.to[from..].iter().flatten().next();
            let end = end.copied().unwrap_or(after.len());
            let fits = |at: &usize| !self.taken[*at] && after[*at].kind == look.kind;
            if let Some(to) = (start..end).find(fits) {
                self.pair(from, to);
                start = to + 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `a` is one that does `a`; `a=x` is one of the name `a` that does `x`.
    fn looks(written: &str) -> Vec<Look> {
        let look = |word: &str| {
            let (name, _) = word.split_once('=').unwrap_or((word, word));
            Look {
                content: word.to_owned(),
                name: name.to_owned(),
                kind: name[..1].to_owned(),
            }
        };
        written.split_whitespace().map(look).collect()
    }

    #[test]
    fn finds_actions_again() {
        for (before, after, expected) in [
            ("a b c", "a b c", "0 1 2"),
            // Inserted, taken out, moved.
            ("a b c", "x a b c", "1 2 3"),
            ("a b c", "a x b c", "0 2 3"),
            ("a b c", "a c", "0 - 1"),
            ("a b c", "c a b", "1 2 0"),
            // Changed, and of the same name.
            ("a b=1 c", "x b=2 a c", "2 1 3"),
            // Changed in its place, beside one that was inserted.
            ("a b1 c", "a b2 c", "0 1 2"),
            ("a b1 c", "a x b2 c", "0 2 3"),
            // Another kind has taken the place.
            ("a b c", "a x c", "0 - 2"),
            // All alike: the first and the last stay.
            ("a a a", "a a a a", "0 1 2"),
            ("", "a", ""),
            ("a", "", "-"),
        ] {
            let found = matched(&looks(before), &looks(after));
            let word = |to: &Option<usize>| to.map_or("-".to_owned(), |to| to.to_string());
            let found: Vec<_> = found.iter().map(word).collect();
            assert_eq!(found.join(" "), expected, "{before} → {after}");
        }
    }
}
