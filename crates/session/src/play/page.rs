//! Plays one page: which actions run, in which order, once each.

use std::collections::{BTreeMap, VecDeque};

use atelier_content::action::{Action, Cooldown, Expect, PageAction, SectionMark};
use atelier_content::{ActionId, PageId, RenderedPage};
use std::sync::Arc;

use super::action::Done;
use super::report::{ActionRow, SourceRow, Status, Trigger};
use super::{Listener, PlayEvent, Run};
use crate::error::SessionError;

/// What is left of a page.
pub(super) struct PageRun {
    pub(super) id: PageId,
    pub(super) page: Arc<RenderedPage>,
    rows: BTreeMap<usize, ActionRow>,
    /// Checks without end that have not passed yet.
    pending: Vec<usize>,
}

impl Run<'_> {
    /// Plays a page; one row for every action, in document order.
    pub(super) async fn page(
        &mut self,
        id: &PageId,
        listener: Listener<'_>,
    ) -> Result<Vec<ActionRow>, SessionError> {
        let page = self.session.page(id)?;
        let mut run = PageRun {
            id: id.clone(),
            page,
            rows: BTreeMap::new(),
            pending: Vec::new(),
        };
        let autostart = self.session.enter(id)?;
        self.fire(
            &mut run,
            autostart
                .into_iter()
                .map(|index| (index, Trigger::Autostart)),
            listener,
        )
        .await?;
        let mut reopened = 0;
        while !self.stopped {
            let next = self.next_click(&run);
            let Some(index) = next.or_else(|| {
                (reopened < run.page.actions.len())
                    .then(|| self.reopening(&run))
                    .flatten()
            }) else {
                break;
            };
            if next.is_none() {
                reopened += 1;
            }
            self.fire(&mut run, [(index, Trigger::Click)], listener)
                .await?;
            self.try_pending(&mut run, listener).await?;
        }
        self.give_up_pending(&mut run, listener);
        self.skip_the_rest(&mut run, listener);
        self.session.leave();
        Ok(run.rows.into_values().collect())
    }

    /// The first shown action that has no row yet. A section that stands open is not clicked.
    fn next_click(&self, run: &PageRun) -> Option<usize> {
        self.with_life(run, |life| {
            (0..run.page.actions.len()).find(|index| {
                let open = life
                    .opens(*index)
                    .is_some_and(|section| life.open_sections().nth(section) == Some(true));
                !run.rows.contains_key(index)
                    && !run.pending.contains(index)
                    && life.is_shown(*index)
                    && !open
            })
        })
    }

    /// The card of a closed section that still has something to click in it.
    fn reopening(&self, run: &PageRun) -> Option<usize> {
        self.with_life(run, |life| {
            (0..run.page.actions.len()).find(|index| {
                let Some(section) = life.opens(*index) else {
                    return false;
                };
                let closed = life.open_sections().nth(section) == Some(false);
                let locked = run.page.actions[*index].options.cooldown == Cooldown::Forever
                    && run.rows.contains_key(index);
                let left = (0..run.page.actions.len()).any(|inside| {
                    life.section_of(inside) == Some(section)
                        && !run.rows.contains_key(&inside)
                        && is_clickable(&run.page.actions[inside])
                });
                closed && !locked && left && life.is_shown(*index)
            })
        })
    }

    fn with_life<T: Default>(
        &self,
        run: &PageRun,
        ask: impl FnOnce(&mut atelier_content::lifecycle::Lifecycle) -> T,
    ) -> T {
        self.session.with_life(&run.id, ask).unwrap_or_default()
    }

    /// Runs actions and everything that follows them.
    async fn fire(
        &mut self,
        run: &mut PageRun,
        first: impl IntoIterator<Item = (usize, Trigger)>,
        listener: Listener<'_>,
    ) -> Result<(), SessionError> {
        let mut queue: VecDeque<_> = first.into_iter().collect();
        while let Some((index, trigger)) = queue.pop_front() {
            if self.stopped {
                break;
            }
            let Some(succeeded) = self.run_action(run, index, trigger, listener).await? else {
                continue;
            };
            if succeeded {
                for follower in self.following(run, index)?.into_iter().rev() {
                    queue.push_front(follower);
                }
            }
        }
        Ok(())
    }

    /// What runs because an action succeeded, in order.
    fn following(
        &self,
        run: &PageRun,
        index: usize,
    ) -> Result<Vec<(usize, Trigger)>, SessionError> {
        let following = self.session.follow(&run.action_id(index))?;
        let autostart = following
            .autostart
            .into_iter()
            .map(|index| (index, Trigger::Autostart));
        let cascade = following
            .cascade
            .map(|(index, _)| (index, Trigger::Cascade));
        Ok(autostart.chain(cascade).collect())
    }

    /// Runs one action unless it has run before; marks of sections may run again. `None` when it did not run.
    async fn run_action(
        &mut self,
        run: &mut PageRun,
        index: usize,
        trigger: Trigger,
        listener: Listener<'_>,
    ) -> Result<Option<bool>, SessionError> {
        let page = Arc::clone(&run.page);
        let Some(action) = page.actions.get(index) else {
            return Ok(None);
        };
        let again = run.rows.contains_key(&index) || run.pending.contains(&index);
        let is_mark = matches!(action.action, Ok(Action::Section(_)));
        if again && (!is_mark || action.options.cooldown == Cooldown::Forever) {
            return Ok(None);
        }
        if action.options.test.expect == Expect::Skip {
            let row = self.row(
                run,
                index,
                None,
                Status::Skipped,
                Some("its author says `test: {expect: skip}`".to_owned()),
            );
            run.settle(row, listener);
            return Ok(None);
        }
        listener(PlayEvent::Action {
            title: &title(action),
        });
        if let (Ok(Action::Examiner(test)), false) = (&action.action, again)
            && test.retries.is_none()
        {
            run.pending.push(index);
            self.try_pending(run, listener).await?;
            return Ok(None);
        }
        let later = run.later_use(index);
        let done = self.act(&run.action_id(index), action, later).await?;
        Ok(Some(self.finish(run, index, trigger, done, listener)))
    }

    /// Turns what came of an action into its row; says whether it succeeded as the window would see it.
    fn finish(
        &mut self,
        run: &mut PageRun,
        index: usize,
        trigger: Trigger,
        done: Done,
        listener: Listener<'_>,
    ) -> bool {
        let action = &run.page.actions[index];
        let succeeded = done.succeeded;
        let (status, message) = match (action.options.test.expect, done.status) {
            (Expect::Fail, Status::Failed) => (Status::Passed, done.message),
            (Expect::Fail, _) => (
                Status::Failed,
                Some("it passed, although its author says `test: {expect: fail}`".to_owned()),
            ),
            (_, status) => (status, done.message),
        };
        let mut row = self.row(run, index, Some(trigger), status, message);
        row.millis = done.millis;
        row.exit_code = done.exit_code;
        row.output = done.output;
        row.editor = done.editor;
        if status == Status::Failed && !self.options.keep_going {
            self.stopped = true;
        }
        run.settle(row, listener);
        succeeded
    }

    /// Tries every check without end once more.
    async fn try_pending(
        &mut self,
        run: &mut PageRun,
        listener: Listener<'_>,
    ) -> Result<(), SessionError> {
        for index in run.pending.clone() {
            let page = Arc::clone(&run.page);
            let Ok(Action::Examiner(test)) = &page.actions[index].action else {
                continue;
            };
            let done = self.try_once(&run.action_id(index), test).await?;
            if done.succeeded {
                run.pending.retain(|pending| *pending != index);
                self.finish(run, index, Trigger::Click, done, listener);
                let following = self.following(run, index)?;
                Box::pin(self.fire(run, following, listener)).await?;
            }
        }
        Ok(())
    }

    fn give_up_pending(&mut self, run: &mut PageRun, listener: Listener<'_>) {
        for index in std::mem::take(&mut run.pending) {
            let message = "it had not passed when the page ended".to_owned();
            let done = Done {
                message: Some(message),
                ..Done::failed()
            };
            self.finish(run, index, Trigger::Click, done, listener);
        }
    }

    /// Rows for what did not run, with the reason.
    fn skip_the_rest(&self, run: &mut PageRun, listener: Listener<'_>) {
        for index in 0..run.page.actions.len() {
            if run.rows.contains_key(&index) {
                continue;
            }
            let action = &run.page.actions[index];
            let open = self.with_life(run, |life| {
                life.opens(index)
                    .is_some_and(|section| life.open_sections().nth(section) == Some(true))
                    && life.is_shown(index)
            });
            let paired_end = run.page.sections.iter().any(|section| section.end == index);
            let (status, message) = match &action.action {
                _ if self.stopped => (Status::Skipped, Some("not reached".to_owned())),
                Ok(Action::Section(SectionMark::End { .. })) if paired_end => {
                    (Status::Passed, None)
                }
                Ok(Action::Section(SectionMark::Begin { .. })) if open => {
                    (Status::Passed, Some("it stands open".to_owned()))
                }
                _ if action.options.hidden => (
                    Status::Skipped,
                    Some("it is hidden and nothing fires it".to_owned()),
                ),
                _ => (
                    Status::Skipped,
                    Some("it lies in a section that is never opened".to_owned()),
                ),
            };
            let row = self.row(run, index, None, status, message);
            run.settle(row, listener);
        }
    }

    fn row(
        &self,
        run: &PageRun,
        index: usize,
        trigger: Option<Trigger>,
        status: Status,
        message: Option<String>,
    ) -> ActionRow {
        let action = &run.page.actions[index];
        let sources = &self.session.workshop().sources;
        ActionRow {
            index,
            kind: action.kind.clone(),
            source: SourceRow {
                file: sources.file(action.span.file).path().to_string(),
                line: sources.position(&action.span).line,
            },
            trigger,
            status,
            millis: 0,
            message,
            exit_code: None,
            output: None,
            editor: None,
        }
    }
}

impl PageRun {
    pub(super) fn action_id(&self, index: usize) -> ActionId {
        ActionId {
            page: self.id.clone(),
            index,
        }
    }

    fn settle(&mut self, row: ActionRow, listener: Listener<'_>) {
        listener(PlayEvent::Row {
            title: &title(&self.page.actions[row.index]),
            row: &row,
        });
        self.rows.insert(row.index, row);
    }
}

/// What a learner clicks: everything but marks that never show.
fn is_clickable(action: &PageAction) -> bool {
    !action.options.hidden && !matches!(action.action, Ok(Action::Section(SectionMark::End { .. })))
}

fn title(action: &PageAction) -> String {
    format!("{}: {}", action.face.prefix, action.face.title)
}
