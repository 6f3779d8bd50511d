//! The actions of a page, as their cards stand.

use serde_json::json;

use super::{Window, text};

/// A card in sight.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    /// `PAGE/INDEX`.
    pub id: String,
    /// `ready`, `queued`, `running`, `done`, `warned`, `failed` or `cooling`.
    pub status: String,
    /// Everything it says.
    pub text: String,
}

impl Card {
    /// Its place among the actions of its page.
    pub fn index(&self) -> usize {
        let number = self
            .id
            .rsplit_once('/')
            .and_then(|(_, index)| index.parse().ok());
        number.unwrap_or_else(|| panic!("{} is no action's id", self.id))
    }
}

impl Window<'_> {
    /// The cards in sight, in page order.
    #[track_caller]
    pub fn cards(&self) -> Vec<Card> {
        let script = "return [...document.querySelectorAll('[data-action]')] \
            .filter(e => e.getClientRects().length > 0) \
            .map(e => [e.dataset.action, e.dataset.status, e.innerText])";
        let found = self.script(script, &[]);
        let card = |each: &serde_json::Value| Card {
            id: text(&each[0]),
            status: text(&each[1]),
            text: text(&each[2]),
        };
        found.as_array().into_iter().flatten().map(card).collect()
    }

    /// The card of an action, as soon as it is in sight.
    #[track_caller]
    pub fn card(&self, id: &str) -> Card {
        self.wait_to_get(&format!("the card {id}"), || {
            self.cards().into_iter().find(|card| card.id == id)
        })
    }

    /// Waits until a card says something.
    #[track_caller]
    pub fn wait_for_card_to_say(&self, id: &str, words: &str) {
        self.wait_for(&format!("{id} to say {words:?}"), || {
            let says = |card: &Card| card.id == id && card.text.contains(words);
            self.cards().iter().any(says)
        });
    }

    /// Clicks a card, and does not wait for what comes of it.
    #[track_caller]
    pub fn click_card(&self, id: &str) {
        self.click(&format!("[data-action='{id}'] > button"));
    }

    /// Waits until a card stands like this.
    #[track_caller]
    pub fn wait_for_status(&self, id: &str, status: &str) {
        let script = "return document.querySelector(`[data-action='${arguments[0]}']`)?.dataset.status === arguments[1]";
        self.wait_for(&format!("{id} to be {status}"), || {
            self.script(script, &[json!(id), json!(status)]) == json!(true)
        });
    }

    /// Clicks a card and waits until it is done.
    #[track_caller]
    pub fn run(&self, id: &str) {
        self.click_card(id);
        self.wait_for_status(id, "done");
    }
}
