//! What can be known of a workshop's session before it runs: its pages' actions are gone through in order on a picture of
//! the learner's home, and what is bound to go wrong is reported where it is written.
//!
//! A picture knows less than a machine. What a command may have made or changed is unknown from there on, and nothing is
//! reported of it: a finding that is not one costs an author more than one that `atelier test` has to make.

mod commands;
mod covered;
mod declared;
mod edits;
mod examiner;
mod fetched;
mod home;
mod indentation;
mod lines;
mod lost;
mod operands;
mod places;
mod ports;
mod programs;
mod removal;
mod scripts;
mod similar;
mod slips;
mod tabs;
#[cfg(test)]
mod tests;
mod unlisted;

use atelier_content::action::{
    Action, DashboardAction, EditorAction, EditorCommand, Expect, FilesAction, PageAction, Target,
    TerminalAction, Upload,
};
use atelier_content::diagnostic::Fix;
use atelier_content::edit::EditOp;
use atelier_content::near::{Near, near};
use atelier_content::{
    Diagnostic, Loaded, Page, RenderedPage, Span, Variables, Way, Workshop, render,
};

use self::commands::Terminals;
use self::edits::Written;
use self::home::Home;
use self::places::{place, places};
use self::tabs::Tabs;
use crate::received::Received;

/// What a shell shows before a command, as it is copied with one.
const PROMPT: &str = "$ ";

/// The diagnostics of a workshop: those of [`atelier_content::check`], and what its session would run into on each of its
/// pathways.
pub fn check(loaded: &Loaded, variables: &Variables) -> Vec<Diagnostic> {
    let workshop = &loaded.workshop;
    check_rendered(loaded, variables, |page| render(workshop, page, variables))
}

/// As [`check`], with pages that somebody may have rendered before.
pub(crate) fn check_rendered(
    loaded: &Loaded,
    variables: &Variables,
    rendered: impl FnMut(&Page) -> RenderedPage,
) -> Vec<Diagnostic> {
    let received = unlisted::received(loaded);
    atelier_content::check_rendered(loaded, variables, rendered, |way| match &received {
        Ok(received) => foresee(&way, received),
        Err(problem) => problem.iter().filter(|_| way.is_taken).cloned().collect(),
    })
}

/// Walks a way through the pages as a learner would.
fn foresee(way: &Way<'_>, received: &[Received]) -> Vec<Diagnostic> {
    let workshop = way.workshop;
    let mut found = Vec::new();
    let scripts = home::scripts(workshop, received);
    let mut walk = Walk {
        workshop,
        home: Home::new(workshop, received),
        terminals: Terminals::new(workshop, received),
        tests: examiner::Tests::new(workshop, received, &scripts),
        tabs: Tabs::new(workshop),
        session: way.variables.get("session_name").unwrap_or_default(),
        opened: None,
        after_editor: false,
        found: &mut found,
    };
    walk.found.extend(walk.tabs.declared(workshop));
    walk.found.extend(covered::declared(workshop));
    walk.found.extend(scripts::wrong(workshop, received));
    for folder in fetched::folders(workshop) {
        walk.home.make_unknown(&folder);
        walk.home.make_folder(&folder);
    }
    for script in scripts.iter().chain(&scripts::making(workshop, received)) {
        walk.home.run_script(script);
    }
    if way.is_taken {
        // A server may be for another pathway alone.
        let pages: Vec<_> = [way.pages, way.unlisted, way.elsewhere].concat();
        let wrong = ports::wrong(workshop, &pages, received, &scripts);
        walk.found.extend(wrong);
    }
    for page in way.pages {
        walk.opened = None;
        walk.after_editor = false;
        let unknown = page
            .diagnostics
            .iter()
            .filter(|found| found.code == "unknown-action");
        let mut unknown: Vec<_> = unknown
            .filter_map(|found| Some(found.span()?.range.start))
            .collect();
        for (index, action) in page.actions.iter().enumerate() {
            // What an action does that is misspelt is not known.
            let before = unknown.len();
            unknown.retain(|start| *start > action.span.range.start);
            if unknown.len() < before {
                walk.home.forget();
            }
            walk.take(action);
            let covered = covered::at_once(&page.actions[index..], &walk.tabs);
            walk.found.extend(covered);
            walk.after_editor =
                matches!(action.action, Ok(Action::Editor(_))) && !action.options.cascade;
        }
        if !unknown.is_empty() {
            walk.home.forget();
        }
    }
    // Those behind a link: when they are read is not known, but a check needs its program anyway.
    for action in way.unlisted.iter().flat_map(|page| &page.actions) {
        if let Ok(Action::Examiner(test)) = &action.action
            && !matches!(action.options.test.expect, Expect::Skip)
        {
            let place = walk.place(action, &["name"], &test.name);
            walk.found.extend(walk.tests.problem(action, test, place));
        }
    }
    found
}

/// The name that was probably meant.
fn closest<'n>(name: &str, known: impl Iterator<Item = &'n String>) -> Option<Near<'n>> {
    near(name, known.map(String::as_str))
}

struct Walk<'a> {
    workshop: &'a Workshop,
    home: Home,
    terminals: Terminals,
    tests: examiner::Tests,
    tabs: Tabs,
    session: &'a str,
    /// The file that the action before has changed and left in front.
    opened: Option<camino::Utf8PathBuf>,
    /// The action right before is one of the editor, and makes no other run.
    after_editor: bool,
    found: &'a mut Vec<Diagnostic>,
}

impl Walk<'_> {
    fn take(&mut self, action: &PageAction) {
        let before = self.opened.take();
        // What is expected to fail, or not to run, is no fault and changes nothing that can be counted on.
        match (action.options.test.expect, &action.action) {
            (Expect::Pass, _) => {}
            // Nobody means to show how a prompt fails.
            (Expect::Fail, Ok(Action::Terminal(terminal))) => {
                self.typed(action, terminal);
                return;
            }
            // A check that is expected to fail needs its program all the same.
            (Expect::Fail, Ok(Action::Examiner(_))) => {}
            _ => return,
        }
        match &action.action {
            Ok(Action::Terminal(terminal)) => self.terminal(action, terminal),
            Ok(Action::Editor(editor)) => {
                self.editor(action, editor, before);
            }
            // A terminal of the editor is a shell like any other, of which less is known.
            Ok(Action::EditorTerminal(_)) => self.home.forget(),
            Ok(Action::Examiner(test)) => {
                let place = self.place(action, &["name"], &test.name);
                self.found.extend(self.tests.problem(action, test, place));
                let mistaken = examiner::mistaken(self.workshop, &self.home, action, test);
                self.found.extend(mistaken);
                // Its program may keep what it was told.
                self.home.note(self.tests.text(&test.name));
            }
            // The mark of a section changes nothing in the editor.
            Ok(Action::Section(_) | Action::Copy { .. }) => self.opened = before,
            Ok(Action::Dashboard(dashboard)) => {
                let place =
                    |property: &str, value: &str| place(self.workshop, action, &[property], value);
                let url = match dashboard {
                    DashboardAction::Create { url, .. } | DashboardAction::OpenUrl { url } => url,
                    _ => "",
                };
                let unexpanded = slips::unexpanded(url, |written| place("url", written));
                self.found.extend(unexpanded);
                let problem = self.tabs.take(dashboard, action, self.session, place);
                self.found.extend(problem);
            }
            Ok(Action::Files(FilesAction::Upload { upload, .. })) => {
                let below = self
                    .workshop
                    .applications
                    .uploads
                    .clone()
                    .unwrap_or_default();
                self.home.make_unknown(&match upload {
                    Upload::File { path } => below.join(path),
                    Upload::Files { directory } => below.join(directory),
                });
            }
            Ok(Action::Files(_)) => {}
            // It is mended before anything else: what it was to do is not known.
            Err(_) => {
                self.home.forget();
                if action.kind.starts_with("dashboard:") {
                    self.tabs.forget();
                }
            }
        }
    }

    /// Reports a prompt before a command.
    fn typed(&mut self, action: &PageAction, terminal: &TerminalAction) {
        let TerminalAction::Execute { command: text, .. } = terminal else {
            return;
        };
        if let Some(at) = commands::prompt(text) {
            let (before, rest) = text.split_at(at);
            let line = rest.lines().next().unwrap_or_default();
            let prompt = self.prompt(action, before);
            let place = prompt
                .as_ref()
                .and_then(|prompt| self.line_from(prompt, line))
                .unwrap_or_else(|| self.place(action, &["command"], line));
            let mut diagnostic =
                Diagnostic::warning("prompt-in-command", "a command starts with a prompt, `$ `")
                    .at(place, "the shell looks for a program of the name `$`")
                    .help("write the command alone");
            if let Some(prompt) = prompt {
                let fix = Fix::replace(prompt, "").titled("remove the prompt");
                diagnostic = diagnostic.fix(fix);
            }
            self.found.push(diagnostic);
        }
    }

    fn terminal(&mut self, action: &PageAction, terminal: &TerminalAction) {
        let (text, session) = match terminal {
            TerminalAction::Execute {
                command, session, ..
            } => (command, session),
            TerminalAction::Input { text, session, .. } => (text, session),
            TerminalAction::Interrupt { session } => {
                self.terminals.interrupt(session);
                return;
            }
            TerminalAction::Clear { .. } | TerminalAction::Select { .. } => return,
        };
        self.typed(action, terminal);
        let Target::One(name) = session else {
            self.terminals.run_unseen(text, &mut self.home);
            return;
        };
        if self.terminals.is_shell(name) {
            let place = |value: &str| self.place(action, &["command", "text"], value);
            let wrong = slips::wrong(self.workshop, text, place);
            self.found.extend(wrong);
        }
        let lost = self.terminals.run(name, text, &mut self.home);
        for lost in lost {
            self.found
                .push(lost.diagnostic(self.place(action, &["command", "text"], &lost.path)));
        }
    }

    fn editor(
        &mut self,
        action: &PageAction,
        editor: &EditorAction,
        before: Option<camino::Utf8PathBuf>,
    ) {
        match editor {
            EditorAction::OpenFile { file, line } => {
                let Some(path) = self.exists(action, "file", file) else {
                    return;
                };
                if let Some((text, _)) = self.home.text(&path) {
                    let place = self.place(action, &["line"], &line.to_string());
                    self.found.extend(lines::missing(*line, &text, file, place));
                }
                if before.as_ref() == Some(&path) && *line <= 1 {
                    let mut found = edits::redundant(action.span.clone(), file);
                    if self.after_editor
                        && let Some(fix) = removal::removal(self.workshop, action)
                    {
                        found = found.fix(fix);
                    }
                    self.found.push(found);
                }
                self.opened = Some(path).filter(|_| *line <= 1);
            }
            EditorAction::CreateDirectory { directory } => {
                if let Some(path) = home::key(directory) {
                    self.home.make_folder(&path);
                }
            }
            EditorAction::Edit { file, op } => {
                let Some(path) = home::key(file) else {
                    // It fails, or changes a file that this picture knows by another name.
                    let name = file.rsplit('/').next().unwrap_or_default();
                    self.home
                        .forget_texts(|path| path.file_name() == Some(name));
                    return;
                };
                let workshop = self.workshop;
                let source = workshop.sources.file(action.span.file);
                let written = Written {
                    file,
                    file_place: self.place(action, &["file"], file),
                    text_place: sought(op)
                        .map(|text| self.place(action, &["match", "text"], &text))
                        .filter(|place| *place != action.span)
                        .unwrap_or_else(|| self.place(action, &["file"], file)),
                    key_place: &|key| place(workshop, action, &["path", "value"], key),
                    block: source.text().get(action.span.range.clone()).unwrap_or(""),
                    block_place: action.span.clone(),
                };
                let problem = edits::edit(&mut self.home, &path, op, &written);
                self.found.extend(problem);
                self.opened = Some(path);
            }
            EditorAction::CopyFile { src, dest, open } => {
                let from = self.exists(action, "src", src);
                if let Some(dest) = home::key(dest) {
                    self.home.copy(from.as_deref(), &dest);
                    self.opened = Some(dest).filter(|_| *open);
                }
            }
            EditorAction::RenameFile { src, dest, open } => {
                let from = self.exists(action, "src", src);
                if let Some(dest) = home::key(dest) {
                    self.home.copy(from.as_deref(), &dest);
                    self.opened = Some(dest).filter(|_| *open);
                }
                if let Some(from) = from {
                    self.home.remove(&from);
                }
            }
            EditorAction::DeleteFile { file } => {
                if let Some(path) = self.exists(action, "file", file) {
                    self.home.remove(&path);
                }
            }
            EditorAction::Command(EditorCommand::Open { file, .. }) => {
                self.exists(action, "file", file);
            }
            EditorAction::CloseFile { .. } | EditorAction::Command(_) => {}
        }
    }

    /// The file that is meant; one that cannot be there yet is reported, once.
    fn exists(
        &mut self,
        action: &PageAction,
        property: &str,
        written: &str,
    ) -> Option<camino::Utf8PathBuf> {
        let path = home::key(written)?;
        if let Some(absence) = self.home.absence(&path) {
            let place = self.place(action, &[property, "path"], written);
            let found = absence.diagnostic(written, place, &action.span);
            self.found.push(found);
            if let Some(meant) = &absence.meant {
                self.home.make_unknown(meant);
            }
            self.home.make_unknown(&path);
        }
        Some(path)
    }

    /// Where the prompt that stands behind `before` in a command is written.
    fn prompt(&self, action: &PageAction, before: &str) -> Option<Span> {
        // Here-documents and quoted texts may show prompts of their own.
        let others = before.lines().filter(|line| line.contains(PROMPT)).count();
        let place = places(self.workshop, action, &["command"], PROMPT).nth(others)?;
        let text = self.workshop.sources.file(place.file).text();
        let start = place.range.start;
        let line = text[..start].rfind('\n').map_or(0, |end| end + 1);
        let before = text[line..start].trim_start_matches([' ', '>', '\t']);
        let before = before.strip_prefix("command:").unwrap_or(before);
        let is_first = before.trim().trim_start_matches(['\'', '"']).is_empty();
        is_first.then_some(place)
    }

    /// Where a line stands that starts with a place; `None` when it is written otherwise.
    fn line_from(&self, start: &Span, line: &str) -> Option<Span> {
        let text = self.workshop.sources.file(start.file).text();
        let at = start.range.start;
        text[at..]
            .starts_with(line)
            .then(|| Span::new(start.file, at..at + line.len()))
    }

    fn place(&self, action: &PageAction, properties: &[&str], value: &str) -> Span {
        place(self.workshop, action, properties, value)
    }
}

/// What an edit looks for in its file.
fn sought(op: &EditOp) -> Option<String> {
    Some(match op {
        EditOp::AppendAfterMatch { matching, .. } | EditOp::InsertBeforeMatch { matching, .. } => {
            matching.clone()
        }
        EditOp::DeleteMatchingLines { pattern, .. }
        | EditOp::SelectMatching { pattern, .. }
        | EditOp::ReplaceMatching { pattern, .. } => pattern.text.clone(),
        _ => return None,
    })
}
