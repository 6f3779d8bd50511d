//! Having the rest of a page done: what comes next, as `atelier test` would choose it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How far somebody has got who does the rest of a page.
#[derive(Debug, Clone, Default, Deserialize, TS)]
#[serde(default)]
pub struct StepRequest {
    /// Actions that were run so far, in order; one that was run again stands here again.
    pub tried: Vec<String>,
    /// What the last ones have set off and is to be run before anything else, in order.
    pub following: Vec<String>,
    /// Those of `tried` that have not ended and are not waited for: checks that are tried until they pass.
    pub pending: Vec<String>,
}

/// What comes next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(
    tag = "kind",
    rename_all = "kebab-case",
    rename_all_fields = "camelCase"
)]
pub enum NextStep {
    /// This action.
    Run {
        /// Which.
        action: String,
        /// What is left of the request's `following`.
        following: Vec<String>,
    },
    /// Nothing is left but a check that is tried until it passes.
    Wait {
        /// Which.
        action: String,
    },
    /// This action was tried and has failed, and that is not what its author expects.
    Failed {
        /// Which.
        action: String,
    },
    /// This action needs something that only the learner can give: a filled-in form, a file.
    Ask {
        /// Which.
        action: String,
    },
    /// Nothing is left.
    Done {
        /// Actions in sight that were passed over because they are for the learner alone.
        left_out: Vec<String>,
    },
}
