//! The engine's values in the protocol's words.

use atelier_content::action::{
    Action, Cooldown, DashboardAction, EditorTerminalVerb, FileSource, FilesAction, PageAction,
    SectionMark, Target, TerminalAction, Upload,
};
use atelier_content::workshop::Pathway;
use atelier_content::{ActionId, Diagnostic, Page, PageId, RenderedPage, Severity, Workshop};

use super::forms::form_view;
use crate::folders::Folders;
use crate::perform;
use crate::protocol::{
    ActionProblem, ActionView, CooldownView, DiagnosticView, PageEntry, PageView, PathwayView,
    SectionView, TerminalView, UploadView,
};
use crate::session::Session;

pub(super) fn page_entries(session: &Session) -> Vec<PageEntry> {
    let visited = session.journal().progress().visited;
    let entry = |page: &Page| PageEntry {
        id: page.id.0.clone(),
        title: page.title.clone(),
        visited: visited.contains(&page.id.0),
    };
    session.workshop().pages.iter().map(entry).collect()
}

pub(super) fn pathway_views(workshop: &Workshop) -> Vec<PathwayView> {
    let view = |pathway: &Pathway| PathwayView {
        name: pathway.name.clone(),
        title: if pathway.title.is_empty() {
            pathway.name.clone()
        } else {
            pathway.title.clone()
        },
        description: pathway.description.clone(),
        pages: pathway.pages as u32,
    };
    workshop.pathways.iter().map(view).collect()
}

pub(super) fn terminal_views(session: &Session) -> Vec<TerminalView> {
    let layout = session
        .workshop()
        .applications
        .terminals
        .map_or(&[][..], |layout| layout.names());
    layout
        .iter()
        .map(|name| TerminalView {
            name: (*name).to_owned(),
            title: format!("Terminal {name}"),
        })
        .collect()
}

/// What cards are drawn from: an open session, or a workshop that is only read.
#[derive(Clone, Copy)]
pub(super) struct Drawn<'a> {
    pub(super) workshop: &'a Workshop,
    pub(super) folders: &'a Folders,
    /// None where nothing runs.
    pub(super) session: Option<&'a Session>,
}

impl<'a> Drawn<'a> {
    /// `workshop` is the session's, as it is now.
    pub(super) fn of(session: &'a Session, workshop: &'a Workshop) -> Self {
        Self {
            workshop,
            folders: session.folders(),
            session: Some(session),
        }
    }
}

/// `revision` is the page's: see [`Session::page_revision`].
pub(super) fn page_view(
    drawn: Drawn<'_>,
    page: &Page,
    rendered: &RenderedPage,
    revision: u32,
) -> PageView {
    let section = |section: &atelier_content::render::Section| SectionView {
        begin: section.begin as u32,
        end: section.end as u32,
        parent: section.parent.map(|parent| parent as u32),
    };
    let action =
        |(index, action): (usize, &PageAction)| action_view(drawn, page, rendered, index, action);
    PageView {
        id: page.id.0.clone(),
        revision,
        title: page.title.clone(),
        heading: page.heading.clone(),
        next_label: page.next_label.clone(),
        html: rendered.html.clone(),
        actions: rendered.actions.iter().enumerate().map(action).collect(),
        sections: rendered.sections.iter().map(section).collect(),
    }
}

fn action_view(
    drawn: Drawn<'_>,
    page: &Page,
    rendered: &RenderedPage,
    index: usize,
    action: &PageAction,
) -> ActionView {
    let options = &action.options;
    let begins = rendered
        .sections
        .iter()
        .position(|section| section.begin == index);
    ActionView {
        id: format!("{}/{index}", page.id),
        kind: action.kind.clone(),
        prefix: action.face.prefix.clone(),
        title: action.face.title.clone(),
        body: action
            .face
            .body
            .as_deref()
            .map(|body| shown(drawn, action, body))
            .or_else(|| drawn.session.and_then(|session| preview(session, action))),
        hidden: options.hidden,
        enabled: options.enabled,
        required: options.required,
        cooldown: match options.cooldown {
            Cooldown::None => CooldownView::None,
            Cooldown::For(time) => CooldownView::For {
                millis: time.as_millis() as u64,
            },
            Cooldown::Forever => CooldownView::Forever,
        },
        queue: queue(action),
        form: form_view(action),
        document: document(drawn, action),
        touches: touches(drawn, action),
        upload: upload(drawn, action),
        problem: problem(drawn.workshop, action),
        note: drawn.session.and_then(|session| session.card_note(action)),
        endless: action.is_endless(),
        section: begins.map(|section| section as u32),
        closes_section: is_end_mark(action),
    }
}

/// What a card shows is what its click does: the reference's folders are this session's.
fn shown(drawn: Drawn<'_>, action: &PageAction, body: &str) -> String {
    let folders = drawn.folders;
    match action.action {
        Ok(Action::Terminal(_) | Action::EditorTerminal(_) | Action::Copy { .. }) => {
            folders.localise_command(body)
        }
        // Text for files goes there as it is written; so it is shown.
        Ok(Action::Editor(_)) => body.to_owned(),
        _ => folders.localise(body),
    }
}

/// Actions on the same thing run one after another.
fn queue(action: &PageAction) -> Option<String> {
    let name = match action.action.as_ref().ok()? {
        Action::Terminal(
            TerminalAction::Execute {
                session: Target::One(name),
                ..
            }
            | TerminalAction::Input {
                session: Target::One(name),
                ..
            },
        ) => format!("terminal:{name}"),
        Action::Editor(_) => "editor".to_owned(),
        // An interrupt must not wait for what it interrupts to be typed.
        Action::EditorTerminal(action) if action.verb != EditorTerminalVerb::Interrupt => {
            format!("editor-terminal:{}", action.session)
        }
        Action::Dashboard(DashboardAction::OpenUrl { .. }) => return None,
        Action::Dashboard(_) => "dashboard".to_owned(),
        _ => return None,
    };
    Some(name)
}

fn document(drawn: Drawn<'_>, action: &PageAction) -> Option<String> {
    match action.action.as_ref().ok()? {
        Action::Editor(editor) => {
            perform::document(editor, drawn.folders).map(|path| drawn.folders.display(&path))
        }
        _ => None,
    }
}

fn touches(drawn: Drawn<'_>, action: &PageAction) -> Vec<String> {
    let folders = drawn.folders;
    match &action.action {
        Ok(Action::Editor(editor)) => perform::touched(editor, folders)
            .iter()
            .map(|path| folders.display(path))
            .collect(),
        _ => Vec::new(),
    }
}

fn upload(drawn: Drawn<'_>, action: &PageAction) -> Option<UploadView> {
    let Ok(Action::Files(FilesAction::Upload { upload, .. })) = &action.action else {
        return None;
    };
    let uploads = drawn.workshop.applications.uploads.as_ref()?;
    let folder = drawn.folders.home.join(uploads);
    let (to, several) = match upload {
        Upload::File { path } => (folder.join(path), false),
        Upload::Files { directory } if directory.is_empty() => (folder, true),
        Upload::Files { directory } => (folder.join(directory), true),
    };
    Some(UploadView {
        to: drawn.folders.display(&to).trim_end_matches('/').to_owned(),
        several,
    })
}

fn preview(session: &Session, action: &PageAction) -> Option<String> {
    match &action.action {
        Ok(Action::Files(files)) => session.preview(files),
        _ => None,
    }
}

/// The actions of a page whose cards show a file that a web server may have.
pub(super) fn web_previews(page: &RenderedPage, id: &PageId) -> Vec<(ActionId, FilesAction)> {
    let actions = page.actions.iter().enumerate();
    let shown = actions.filter_map(|(index, action)| match &action.action {
        Ok(Action::Files(
            files @ (FilesAction::Download {
                preview: true,
                source: FileSource::Url(_),
                ..
            }
            | FilesAction::Copy {
                preview: true,
                source: FileSource::Url(_),
            }),
        )) => {
            let page = id.clone();
            Some((ActionId { page, index }, files.clone()))
        }
        _ => None,
    });
    shown.collect()
}

fn problem(workshop: &Workshop, action: &PageAction) -> Option<ActionProblem> {
    let broken = action.action.as_ref().err()?;
    let source = workshop.sources.file(broken.span.file);
    let at = workshop.sources.position(&broken.span);
    Some(ActionProblem {
        message: broken.message.clone(),
        file: source.path().to_string(),
        line: at.line as u32,
        column: at.column as u32,
        source: source
            .text()
            .get(action.span.range.clone())
            .unwrap_or_default()
            .to_owned(),
    })
}

pub(super) fn diagnostic_views(
    workshop: &Workshop,
    diagnostics: &[Diagnostic],
) -> Vec<DiagnosticView> {
    let view = |diagnostic: &Diagnostic| {
        let place = diagnostic.span().map(|span| {
            (
                workshop.sources.file(span.file),
                workshop.sources.position(span),
            )
        });
        DiagnosticView {
            code: diagnostic.code.to_owned(),
            severity: match diagnostic.severity {
                Severity::Error => "error".to_owned(),
                Severity::Warning => "warning".to_owned(),
                Severity::Note => "note".to_owned(),
            },
            message: diagnostic.message.clone(),
            help: diagnostic.help.clone(),
            file: place.as_ref().map(|(source, _)| source.path().to_string()),
            line: place.as_ref().map(|(_, at)| at.line as u32),
            column: place.as_ref().map(|(_, at)| at.column as u32),
            page: diagnostic.span().and_then(|span| {
                let mut pages = workshop.pages.iter().chain(&workshop.unlisted);
                let page = pages.find(|page| page.file() == span.file && !page.missing)?;
                Some(page.id.0.clone())
            }),
        }
    };
    diagnostics.iter().map(view).collect()
}

/// Whether an action is the mark that ends a section, which never shows.
pub(super) fn is_end_mark(action: &PageAction) -> bool {
    matches!(action.action, Ok(Action::Section(SectionMark::End { .. })))
}
