//! Which action of a page is which after its author has changed the page.

use std::collections::{HashMap, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};

use serde::{Deserialize, Serialize};

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

/// An action as far as it can be told from others. Another version of the player may take it for another one.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ActionLook {
    /// What it does, and how its card looks: a digest.
    content: String,
    /// Its kind and title: a digest.
    name: String,
    kind: String,
}

impl ActionLook {
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
            content: digest(&format!(
                "{} {does} {:?} {face:?}",
                action.kind, action.options
            )),
            name: digest(&format!("{} {} {}", action.kind, face.prefix, face.title)),
            kind: action.kind.clone(),
        }
    }
}

fn digest(text: &str) -> String {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

/// What the actions of a page look like, in their order.
pub fn looks(page: &RenderedPage, sources: &Sources) -> Vec<ActionLook> {
    let actions = page.actions.iter();
    actions
        .map(|action| ActionLook::of(action, sources))
        .collect()
}

/// How sure it must be that an action is one that was gone from its page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Likeness {
    /// It does what that one did.
    Same,
    /// Or it has its name, or stands where that one stood among those of its kind: the page was empty meanwhile.
    InOrder,
}

/// Finds actions that were gone from a page among those in its next version that are `free`: for each its index, if it is back.
pub fn returned(
    gone: &[&ActionLook],
    now: &[ActionLook],
    free: &[bool],
    likeness: Likeness,
) -> Vec<Option<usize>> {
    let gone: Vec<_> = gone.iter().map(|look| (*look).clone()).collect();
    let mut found = Found {
        to: vec![None; gone.len()],
        taken: (0..now.len())
            .map(|at| free.get(at) != Some(&true))
            .collect(),
    };
    found.pair_by(&gone, now, |look| &look.content);
    if likeness == Likeness::InOrder {
        found.pair_by(&gone, now, |look| &look.name);
        found.pair_in_order(&gone, now);
    }
    found.to
}

/// Finds the actions of a page again in its next version: by what they do, then by name, then by kind and order between
/// those that were found.
pub fn successors(
    (old, old_sources): (&RenderedPage, &Sources),
    (new, new_sources): (&RenderedPage, &Sources),
) -> Successors {
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

fn matched(before: &[ActionLook], after: &[ActionLook]) -> Vec<Option<usize>> {
    let mut found = Found {
        to: vec![None; before.len()],
        taken: vec![false; after.len()],
    };
    let same = |(a, b): &(&ActionLook, &ActionLook)| a.content == b.content;
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

    fn pair_by<'l>(
        &mut self,
        before: &'l [ActionLook],
        after: &'l [ActionLook],
        key: fn(&ActionLook) -> &String,
    ) {
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
    fn pair_in_order(&mut self, before: &[ActionLook], after: &[ActionLook]) {
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
    fn looks(written: &str) -> Vec<ActionLook> {
        let look = |word: &str| {
            let (name, _) = word.split_once('=').unwrap_or((word, word));
            ActionLook {
                content: word.to_owned(),
                name: name.to_owned(),
                kind: name[..1].to_owned(),
            }
        };
        written.split_whitespace().map(look).collect()
    }

    #[test]
    fn finds_actions_that_come_back() {
        use Likeness::{InOrder, Same};
        for (gone, now, free, likeness, expected) in [
            ("a b", "x b a", "ooo", Same, "2 1"),
            // What has been there all the time is not one that has come.
            ("a", "a a", "-o", Same, "1"),
            ("a", "a", "-", InOrder, "-"),
            ("a=1", "a=2", "o", Same, "-"),
            ("a=1 b", "x b a=2", "ooo", InOrder, "2 1"),
            ("a1 b", "a2 b", "oo", Same, "- 1"),
            ("a1 b", "a2 b", "oo", InOrder, "0 1"),
        ] {
            let (gone, now) = (looks(gone), looks(now));
            let gone: Vec<_> = gone.iter().collect();
            let free: Vec<_> = free.chars().map(|each| each == 'o').collect();
            let word = |to: &Option<usize>| to.map_or("-".to_owned(), |to| to.to_string());
            let found = returned(&gone, &now, &free, likeness);
            let found: Vec<_> = found.iter().map(word).collect();
            assert_eq!(found.join(" "), expected);
        }
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
