//! What can be known of a workshop's session before it runs: its pages' actions are gone through in order on a picture of
//! the learner's home, and what is bound to go wrong is reported where it is written.
//!
//! A picture knows less than a machine. What a command may have made or changed is unknown from there on, and nothing is
//! reported of it: a finding that is not one costs an author more than one that `atelier test` has to make.

mod commands;
mod edits;
mod examiner;
mod home;
mod shell_words;
mod tabs;
#[cfg(test)]
mod tests;

use atelier_content::action::{
    Action, EditorAction, EditorCommand, Expect, FilesAction, PageAction, Target, TerminalAction,
    Upload,
};
use atelier_content::{
    Diagnostic, Loaded, Page, RenderedPage, Span, Variables, Workshop, check_and,
};

use self::commands::Terminals;
use self::home::Home;
use self::tabs::Tabs;
use crate::received;

/// The diagnostics of a workshop: those of [`atelier_content::check`], and what its session would run into.
pub fn check(loaded: &Loaded, variables: &Variables) -> Vec<Diagnostic> {
    let workshop = &loaded.workshop;
    check_and(loaded, variables, |pages| {
        foresee(workshop, pages, variables)
    })
}

/// As [`check`], with pages that somebody may have rendered before.
pub(crate) fn check_rendered(
    loaded: &Loaded,
    variables: &Variables,
    rendered: impl FnMut(&Page) -> RenderedPage,
) -> Vec<Diagnostic> {
    let workshop = &loaded.workshop;
    atelier_content::check_rendered(loaded, rendered, |pages| {
        foresee(workshop, pages, variables)
    })
}

fn foresee(workshop: &Workshop, pages: &[&RenderedPage], variables: &Variables) -> Vec<Diagnostic> {
    // A workshop whose files cannot be listed does not start, and says so then.
    let Ok(received) = received::list(workshop) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    let scripts = home::scripts(workshop, &received);
    let mut walk = Walk {
        workshop,
        home: Home::new(workshop, &received),
        terminals: Terminals::default(),
        tests: examiner::Tests::new(workshop, &received, &scripts),
        tabs: Tabs::new(workshop),
        session: variables.get("session_name").unwrap_or_default(),
        opened: None,
        found: &mut found,
    };
    walk.found.extend(walk.tabs.declared(workshop));
    for script in &scripts {
        walk.home.run_script(script);
    }
    for page in pages {
        walk.opened = None;
        for action in &page.actions {
            walk.take(action);
        }
    }
    found
}

/// The name that was probably meant.
fn closest<'n>(name: &str, known: impl Iterator<Item = &'n String>) -> Option<&'n str> {
    known
        .map(|known| (strsim::damerau_levenshtein(known, name), known))
        .filter(|(distance, known)| *distance <= 1 + known.len().min(name.len()) / 4)
        .min()
        .map(|(_, known)| known.as_str())
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
    found: &'a mut Vec<Diagnostic>,
}

impl Walk<'_> {
    fn take(&mut self, action: &PageAction) {
        let before = self.opened.take();
        // What is expected to fail, or not to run, is no fault and changes nothing that can be counted on.
        if action.options.test.expect != Expect::Pass {
            return;
        }
        match &action.action {
            Ok(Action::Terminal(terminal)) => self.terminal(action, terminal),
            Ok(Action::Editor(editor)) => {
                self.editor(action, editor, before);
            }
            // A terminal of the editor is a shell like any other, of which less is known.
            Ok(Action::EditorTerminal(_)) => self.home.forget(),
            Ok(Action::Examiner(test)) => self.found.extend(self.tests.problem(action, test)),
            // The mark of a section changes nothing in the editor.
            Ok(Action::Section(_) | Action::Copy { .. }) => self.opened = before,
            Ok(Action::Dashboard(dashboard)) => {
                let place =
                    |property: &str, value: &str| place(self.workshop, action, &[property], value);
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
            Ok(Action::Files(_)) | Err(_) => {}
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
        if matches!(terminal, TerminalAction::Execute { .. })
            && let Some(line) = text.lines().find(|line| line.starts_with("$ "))
        {
            let place = self.place(action, &["command"], line);
            self.found.push(
                Diagnostic::warning("prompt-in-command", "a command starts with a prompt, `$ `")
                    .at(place, "the shell looks for a program of the name `$`")
                    .help("write the command alone"),
            );
        }
        let Target::One(name) = session else {
            self.terminals.run_unseen(text, &mut self.home);
            return;
        };
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
                if before.as_ref() == Some(&path) && *line <= 1 {
                    self.found.push(edits::redundant(action.span.clone(), file));
                }
            }
            EditorAction::CreateDirectory { directory } => {
                if let Some(path) = home::key(directory) {
                    self.home.make_folder(&path);
                }
            }
            EditorAction::Edit { file, op } => {
                let place = self.place(action, &["file", "path"], file);
                if let Some(path) = home::key(file) {
                    let problem =
                        edits::edit(&mut self.home, &path, file, op, place, action.span.clone());
                    self.found.extend(problem);
                    self.opened = Some(path);
                }
            }
            EditorAction::CopyFile { src, dest, .. } => {
                let from = self.exists(action, "src", src);
                if let Some(dest) = home::key(dest) {
                    self.home.copy(from.as_deref(), &dest);
                }
            }
            EditorAction::RenameFile { src, dest, .. } => {
                let from = self.exists(action, "src", src);
                if let Some(dest) = home::key(dest) {
                    self.home.copy(from.as_deref(), &dest);
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
            self.found.push(absence.diagnostic(written, place));
            self.home.make_unknown(&path);
        }
        Some(path)
    }

    fn place(&self, action: &PageAction, properties: &[&str], value: &str) -> Span {
        place(self.workshop, action, properties, value)
    }
}

/// Where a value stands in its block, else the whole block.
fn place(workshop: &Workshop, action: &PageAction, properties: &[&str], value: &str) -> Span {
    let text = workshop.sources.file(action.span.file).text();
    let Some(block) = text.get(action.span.range.clone()) else {
        return action.span.clone();
    };
    let mut at = action.span.range.start;
    let mut inside = false;
    for line in block.split_inclusive('\n') {
        let name = line.trim_start_matches([' ', '>', '\t']);
        inside |= properties.iter().any(|property| {
            name.strip_prefix(property)
                .is_some_and(|rest| rest.starts_with(':'))
        });
        if let Some(found) = line.find(value).filter(|_| inside && !value.is_empty()) {
            let start = at + found;
            return Span::new(action.span.file, start..start + value.len());
        }
        at += line.len();
    }
    action.span.clone()
}
