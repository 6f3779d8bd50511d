//! Which page of another version of the workshop is which: files get other names, also those of their neighbours.

use std::cell::OnceCell;
use std::collections::{BTreeMap, HashMap, HashSet};

use atelier_content::{Page, PageId, Workshop};

/// A line that so many pages share says nothing about which one it is.
const SHARED: usize = 8;

/// For each page that was there its name now; those that are not here are gone. A page whose text is found under another name
/// has got that name, whatever page had it before.
pub(super) fn followed(old: &Workshop, new: &Workshop) -> HashMap<PageId, PageId> {
    let mut following = Following::new(old, new);
    following.stay(|before, now| before.text == now.text || before.is_blank() || now.is_blank());
    following.find_texts();
    following.stay(|before, now| before.likeness(now, before.shared(now)).is_some());
    following.find_like();
    following.stay(|_, _| true);
    following.find_titles();
    following.to
}

/// All pages of a version, those that are not listed too.
pub(super) fn all(workshop: &Workshop) -> impl Iterator<Item = &Page> {
    workshop.pages.iter().chain(&workshop.unlisted)
}

struct Following<'a> {
    /// In their order; what has its counterpart is taken out.
    before: BTreeMap<usize, Written<'a>>,
    now: BTreeMap<usize, Written<'a>>,
    to: HashMap<PageId, PageId>,
}

/// A page as it is written.
struct Written<'a> {
    page: &'a Page,
    text: &'a str,
    /// What tells it from others, once somebody has asked.
    lines: OnceCell<HashSet<&'a str>>,
}

impl<'a> Written<'a> {
    fn of(workshop: &'a Workshop) -> BTreeMap<usize, Self> {
        let written = |page: &'a Page| Self {
            page,
            text: workshop.sources.file(page.file()).text(),
            lines: OnceCell::new(),
        };
        all(workshop).map(written).enumerate().collect()
    }

    fn is_blank(&self) -> bool {
        self.page.missing || self.text.trim().is_empty()
    }

    fn lines(&self) -> &HashSet<&'a str> {
        let is_telling = |line: &&str| {
            !line.is_empty() && !line.starts_with("```") && !line.trim_matches('-').is_empty()
        };
        self.lines.get_or_init(|| {
            self.text
                .lines()
                .map(str::trim)
                .filter(is_telling)
                .collect()
        })
    }

    fn shared(&self, other: &Self) -> usize {
        self.lines().intersection(other.lines()).count()
    }

    /// How many lines two pages share, when these are at least half of the longer one.
    fn likeness(&self, other: &Self, shared: usize) -> Option<usize> {
        let longer = self.lines().len().max(other.lines().len());
        (shared > 0 && shared * 2 >= longer).then_some(shared)
    }
}

impl<'a> Following<'a> {
    fn new(old: &'a Workshop, new: &'a Workshop) -> Self {
        Self {
            before: Written::of(old),
            now: Written::of(new),
            to: HashMap::new(),
        }
    }

    fn pair(&mut self, pairs: impl IntoIterator<Item = (usize, usize)>) {
        for (from, to) in pairs {
            // What was paired before has its place.
            if !self.now.contains_key(&to) {
                continue;
            }
            if let Some(before) = self.before.remove(&from)
                && let Some(now) = self.now.remove(&to)
            {
                self.to.insert(before.page.id.clone(), now.page.id.clone());
            }
        }
    }

    /// Pages that keep their names.
    fn stay(&mut self, stays: impl Fn(&Written<'a>, &Written<'a>) -> bool) {
        let names: HashMap<_, _> = self
            .now
            .iter()
            .map(|(at, now)| (&now.page.id, (*at, now)))
            .collect();
        let pairs = self.before.iter().filter_map(|(at, before)| {
            let (to, now) = names.get(&before.page.id)?;
            stays(before, now).then_some((*at, *to))
        });
        let pairs: Vec<_> = pairs.collect();
        self.pair(pairs);
    }

    /// Pages whose text stands elsewhere, word for word.
    fn find_texts(&mut self) {
        let mut places: HashMap<&str, Vec<usize>> = HashMap::new();
        for (at, now) in self.now.iter().rev().filter(|(_, now)| !now.is_blank()) {
            places.entry(now.text).or_default().push(*at);
        }
        let pairs = self.before.iter().filter_map(|(at, before)| {
            let to = places.get_mut(before.text)?.pop()?;
            Some((*at, to))
        });
        let pairs: Vec<_> = pairs.collect();
        self.pair(pairs);
    }

    /// Pages of which more than half stands elsewhere: renamed and edited. Those that are most alike come first.
    fn find_like(&mut self) {
        let mut places: HashMap<&str, Vec<usize>> = HashMap::new();
        for (at, now) in &self.now {
            for line in now.lines() {
                places.entry(line).or_default().push(*at);
            }
        }
        let mut alike = Vec::new();
        for (from, before) in &self.before {
            let mut shared: BTreeMap<usize, usize> = BTreeMap::new();
            let found = before.lines().iter().filter_map(|line| places.get(*line));
            for to in found.filter(|places| places.len() <= SHARED).flatten() {
                *shared.entry(*to).or_default() += 1;
            }
            let like = shared.into_iter().filter_map(|(to, shared)| {
                let likeness = before.likeness(self.now.get(&to)?, shared)?;
                Some((likeness, *from, to))
            });
            alike.extend(like);
        }
        alike.sort_by_key(|(likeness, from, to)| (std::cmp::Reverse(*likeness), *from, *to));
        self.pair(alike.into_iter().map(|(_, from, to)| (from, to)));
    }

    /// Of those that have come and gone, pages that alone have this title.
    fn find_titles(&mut self) {
        fn titled<'a>(pages: &BTreeMap<usize, Written<'a>>) -> HashMap<&'a str, Vec<usize>> {
            let mut titled: HashMap<_, Vec<_>> = HashMap::new();
            for (at, written) in pages.iter().filter(|(_, written)| !written.page.missing) {
                let title = written.page.title.as_str();
                titled.entry(title).or_default().push(*at);
            }
            titled
        }
        let now = titled(&self.now);
        let pairs = titled(&self.before)
            .into_iter()
            .filter_map(|(title, from)| {
                let ([from], [to]) = (&from[..], &now.get(title)?[..]) else {
                    return None;
                };
                Some((*from, *to))
            });
        let pairs: Vec<_> = pairs.collect();
        self.pair(pairs);
    }
}
