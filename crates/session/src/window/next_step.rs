//! The rest of a page, done for the learner: what comes next, chosen as `atelier test` chooses.

use std::collections::BTreeSet;

use atelier_content::action::{Action, Expect, PageAction};
use atelier_content::{ActionId, PageId, RenderedPage};

use super::open::OpenSession;
use crate::error::SessionError;
use crate::protocol::{ActionStatus, NextStep, StepRequest};

impl OpenSession {
    /// What is to be run next so that the shown page is done. What is done already is not run again, what has failed is.
    ///
    /// # Errors
    /// When there is no such page.
    pub fn next_step(&self, page: &str, request: &StepRequest) -> Result<NextStep, SessionError> {
        let id = PageId(page.to_owned());
        let rendered = self.session.page(&id)?;
        let mut done = self.done(&id, &rendered);
        done.extend(indexes(&id, &request.pending));
        let failed = indexes(&id, &request.tried).find(|index| {
            let action = rendered.actions.get(*index);
            let is_mark = |action: &PageAction| matches!(action.action, Ok(Action::Section(_)));
            !done.contains(index) && action.is_some_and(|action| !is_mark(action))
        });
        if let Some(index) = failed {
            return Ok(NextStep::Failed {
                action: action_id(&id, index).to_string(),
            });
        }
        let tried: BTreeSet<usize> = indexes(&id, &request.tried).collect();
        let settled = |index: usize| {
            done.contains(&index)
                || tried.contains(&index)
                || rendered.actions.get(index).is_none_or(is_left_out)
        };
        let name = |index: usize| action_id(&id, index).to_string();
        let chosen = self.session.with_life(&id, |life| {
            let mut following = indexes(&id, &request.following);
            let mut first = following.by_ref().filter(|index| {
                rendered
                    .actions
                    .get(*index)
                    .is_some_and(|action| !is_left_out(action))
                    && life.runs(*index, settled(*index))
            });
            if let Some(index) = first.next() {
                return Some((index, following.map(name).collect()));
            }
            // A section that closes again and again is opened as often as there are actions, and no more.
            let endless = request.tried.len() > 2 * rendered.actions.len();
            life.next_click(0, settled)
                .or_else(|| {
                    if endless {
                        None
                    } else {
                        life.reopening(settled)
                    }
                })
                .map(|index| (index, Vec::new()))
        });
        Ok(match chosen.flatten() {
            Some((index, _)) if asks(&rendered.actions[index]) => NextStep::Ask {
                action: name(index),
            },
            Some((index, following)) => NextStep::Run {
                action: name(index),
                following,
            },
            None => match indexes(&id, &request.pending)
                .next()
                .or_else(|| self.pending_check(&id, &rendered))
            {
                Some(index) => NextStep::Wait {
                    action: name(index),
                },
                None => NextStep::Done {
                    left_out: self
                        .left_out(&id, &rendered, &done)
                        .into_iter()
                        .map(name)
                        .collect(),
                },
            },
        })
    }

    /// The actions that need not be run any more: they have succeeded or were passed over, fail as their author expects, or are at work.
    fn done(&self, page: &PageId, rendered: &RenderedPage) -> BTreeSet<usize> {
        let progress = self.session.journal().progress();
        let at_work = |id: &ActionId| self.lock_running().contains_key(id);
        let is_done = |index: &usize| {
            let id = action_id(page, *index);
            if at_work(&id) || self.is_in_a_terminal(&id) {
                return true;
            }
            match progress
                .actions
                .get(&id.to_string())
                .map(|update| update.status)
            {
                Some(ActionStatus::Done | ActionStatus::Warned | ActionStatus::Skipped) => true,
                Some(ActionStatus::Failed) => {
                    rendered.actions[*index].options.test.expect == Expect::Fail
                }
                Some(ActionStatus::Running) | None => false,
            }
        };
        (0..rendered.actions.len()).filter(is_done).collect()
    }

    /// A check without end that is being tried.
    fn pending_check(&self, page: &PageId, rendered: &RenderedPage) -> Option<usize> {
        let running = self.lock_running();
        (0..rendered.actions.len()).find(|index| {
            rendered.actions[*index].is_endless() && running.contains_key(&action_id(page, *index))
        })
    }

    fn left_out(
        &self,
        page: &PageId,
        rendered: &RenderedPage,
        done: &BTreeSet<usize>,
    ) -> Vec<usize> {
        let left = |life: &mut atelier_content::lifecycle::Lifecycle| {
            (0..rendered.actions.len())
                .filter(|index| is_left_out(&rendered.actions[*index]))
                .filter(|index| life.is_shown(*index) && !done.contains(index))
                .collect()
        };
        self.session.with_life(page, left).unwrap_or_default()
    }
}

/// What nobody can do for the learner: its author says that no program should, or it cannot be read.
fn is_left_out(action: &PageAction) -> bool {
    action.action.is_err() || action.options.test.expect == Expect::Skip
}

/// Whether it needs something of the learner before it can run.
fn asks(action: &PageAction) -> bool {
    match &action.action {
        Ok(Action::Examiner(test)) => test.form.is_some(),
        _ => action.kind.starts_with("files:upload-"),
    }
}

fn action_id(page: &PageId, index: usize) -> ActionId {
    ActionId {
        page: page.clone(),
        index,
    }
}

/// The actions of the page among these names, in their order.
fn indexes<'a>(page: &'a PageId, names: &'a [String]) -> impl Iterator<Item = usize> + 'a {
    names
        .iter()
        .filter_map(|name| name.parse::<ActionId>().ok())
        .filter(move |id| id.page == *page)
        .map(|id| id.index)
}
