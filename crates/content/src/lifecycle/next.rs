//! What a diligent learner clicks next: for `atelier test`, and for whoever has the rest of a page done for them.

use super::{Lifecycle, Mark};

impl Lifecycle {
    /// The first shown action from `from` on that is not settled yet: who knows that all before it are settled does not ask
    /// again. A section that stands open is not clicked.
    pub fn next_click(&self, from: usize, settled: impl Fn(usize) -> bool) -> Option<usize> {
        (from..self.cards.len()).find(|index| {
            !settled(*index) && self.is_shown(*index) && !self.stands_open(&self.cards[*index])
        })
    }

    /// The card of a closed section that still has something to click in it, where [`Self::next_click`] finds no more.
    /// One that opens only once, and has, stays shut.
    pub fn reopening(&self, settled: impl Fn(usize) -> bool) -> Option<usize> {
        (0..self.cards.len()).find(|index| {
            let card = &self.cards[*index];
            let Mark::Begin(section) = card.mark else {
                return false;
            };
            let locked = card.once && settled(*index);
            let left = || {
                self.cards.iter().enumerate().any(|(inside, card)| {
                    card.section == Some(section)
                        && !settled(inside)
                        && !card.hidden
                        && !card.is_end()
                })
            };
            !self.sections[section].open && !locked && self.is_shown(*index) && left()
        })
    }

    /// Whether an action that is fired runs: each runs once, marks of sections as often as they are fired unless their
    /// cooldown has no end.
    pub fn runs(&self, index: usize, settled: bool) -> bool {
        let Some(card) = self.cards.get(index) else {
            return false;
        };
        !settled || (card.mark != Mark::None && !card.once)
    }
}
