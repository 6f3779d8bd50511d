//! Plays one page: which actions run, in which order, once each.

use std::collections::VecDeque;

use atelier_content::action::{Action, Expect, PageAction, SectionMark};
use atelier_content::{ActionId, PageId, RenderedPage};
use std::sync::Arc;

use super::action::Done;
use super::report::{ActionRow, SourceRow, Status, Trigger};
use super::{Listener, PlayEvent, Run, transcript};
use crate::error::SessionError;
use crate::later_use::later_use;

/// What is left of a page.
pub(super) struct PageRun {
    pub(super) id: PageId,
    pub(super) page: Arc<RenderedPage>,
    /// Of every action, once it is settled.
    rows: Vec<Option<ActionRow>>,
    /// No action before this one is left to be clicked.
    first_left: usize,
    /// Checks without end that have not passed yet.
    pending: Vec<Pending>,
}

/// A check without end that goes on while the page does.
struct Pending {
    index: usize,
    trigger: Trigger,
    /// What came of the last attempt.
    last: Done,
}

impl Run<'_> {
    /// Plays a page; one row for every action, in document order.
    pub(super) async fn page(
        &mut self,
        id: &PageId,
        listener: Listener<'_>,
    ) -> Result<Vec<ActionRow>, SessionError> {
        let page = self.session.page(id)?;
        let mut run = PageRun::new(id, page);
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
            let next = self.next_click(&mut run);
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
        }
        self.give_up_pending(&mut run, listener);
        self.skip_the_rest(&mut run, listener);
        self.session.leave();
        Ok(run.rows.into_iter().flatten().collect())
    }

    /// What a learner would click next.
    fn next_click(&self, run: &mut PageRun) -> Option<usize> {
        while run.has_begun(run.first_left) {
            run.first_left += 1;
        }
        self.with_life(run, |life| {
            life.next_click(run.first_left, |index| run.has_begun(index))
        })
    }

    /// The card of a closed section that still has something to click in it.
    fn reopening(&self, run: &PageRun) -> Option<usize> {
        self.with_life(run, |life| life.reopening(|index| run.is_settled(index)))
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
            for follower in self.try_pending(run, listener).await? {
                queue.push_back(follower);
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
        let again = run.has_begun(index);
        if !self.with_life(run, |life| life.runs(index, again)) {
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
        if let Some(reason) = self.session.unavailable(action) {
            let row = self.row(run, index, None, Status::Skipped, Some(reason.to_owned()));
            run.settle(row, listener);
            return Ok(None);
        }
        listener(PlayEvent::Action {
            title: &title(action),
        });
        if let (Ok(Action::Examiner(test)), false) = (&action.action, again)
            && test.retries.is_none()
        {
            self.session.record_event(&run.action_id(index), action)?;
            let done = self.try_once(&run.action_id(index), action, test).await?;
            if !done.succeeded {
                let last = done;
                run.pending.push(Pending {
                    index,
                    trigger,
                    last,
                });
                return Ok(None);
            }
            return Ok(Some(self.finish(run, index, trigger, done, listener)));
        }
        let later = later_use(&run.page, index);
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
            // A warning counts as a failure.
            (Expect::Fail, Status::Failed | Status::Warned) if done.mismatch.is_none() => {
                (Status::Passed, done.message)
            }
            (Expect::Fail, Status::Failed | Status::Warned) => (Status::Failed, done.mismatch),
            (Expect::Fail, _) => (
                Status::Failed,
                Some("it passed, although its author says `test: {expect: fail}`".to_owned()),
            ),
            (_, _) if done.mismatch.is_some() => (Status::Failed, done.mismatch),
            (_, status) => (status, done.message),
        };
        let mut row = self.row(run, index, Some(trigger), status, message);
        row.millis = done.millis;
        row.exit_code = done.exit_code;
        row.output = done.output;
        row.editor = done.editor;
        if status == Status::Failed {
            row.terminals = transcript::terminals(self.session, action);
        }
        if status == Status::Failed && !self.options.keep_going {
            self.stopped = true;
        }
        run.settle(row, listener);
        succeeded
    }

    /// Tries every check without end once more; returns what follows those that pass now.
    async fn try_pending(
        &mut self,
        run: &mut PageRun,
        listener: Listener<'_>,
    ) -> Result<Vec<(usize, Trigger)>, SessionError> {
        let mut following = Vec::new();
        for mut pending in std::mem::take(&mut run.pending) {
            let page = Arc::clone(&run.page);
            let action = &page.actions[pending.index];
            if let (Ok(Action::Examiner(test)), false) = (&action.action, self.stopped) {
                let id = run.action_id(pending.index);
                pending.last = self.try_once(&id, action, test).await?;
            }
            if pending.last.succeeded {
                self.finish(run, pending.index, pending.trigger, pending.last, listener);
                following.extend(self.following(run, pending.index)?);
            } else {
                run.pending.push(pending);
            }
        }
        Ok(following)
    }

    /// The page ends: what has not passed by now has failed, unless what it waits for was not reached.
    fn give_up_pending(&mut self, run: &mut PageRun, listener: Listener<'_>) {
        for pending in std::mem::take(&mut run.pending) {
            if self.stopped {
                continue;
            }
            let mut last = pending.last;
            let reason = last.message.take().unwrap_or_default();
            last.fail(format!("it had not passed when the page ended; {reason}"));
            self.finish(run, pending.index, pending.trigger, last, listener);
        }
    }

    /// Rows for what did not run, with the reason.
    fn skip_the_rest(&self, run: &mut PageRun, listener: Listener<'_>) {
        for index in 0..run.page.actions.len() {
            if run.is_settled(index) {
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
                Ok(Action::Section(SectionMark::End { .. })) => {
                    (Status::Skipped, Some("it ends no section".to_owned()))
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
        let workshop = self.session.workshop();
        let sources = &workshop.sources;
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
            terminals: Vec::new(),
        }
    }
}

impl PageRun {
    fn new(id: &PageId, page: Arc<RenderedPage>) -> Self {
        Self {
            id: id.clone(),
            rows: page.actions.iter().map(|_| None).collect(),
            page,
            first_left: 0,
            pending: Vec::new(),
        }
    }

    /// Whether what came of an action is known.
    fn is_settled(&self, index: usize) -> bool {
        self.rows.get(index).is_some_and(Option::is_some)
    }

    /// The same, or it is a check that is tried until the page ends.
    fn has_begun(&self, index: usize) -> bool {
        self.is_settled(index) || self.is_pending(index)
    }

    fn is_pending(&self, index: usize) -> bool {
        self.pending.iter().any(|pending| pending.index == index)
    }

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
        let index = row.index;
        self.rows[index] = Some(row);
    }
}

fn title(action: &PageAction) -> String {
    format!("{}: {}", action.face.prefix, action.face.title)
}
