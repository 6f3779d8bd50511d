//! A workshop that is only read: its pages are rendered, and that is all. It has no session, no folder and no process, so that
//! nothing can run or be written by way of it.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use atelier_content::action::Options;
use atelier_content::render::safe_url;
use atelier_content::{PageId, RenderedPage, Variables, Workshop, render};
use camino::Utf8Path;

use super::library::Library;
use super::open::file_of;
use super::views::{Drawn, diagnostic_views, is_end_mark, page_view, pathway_views};
use crate::allowances::Allowances;
use crate::error::SessionError;
use crate::folders::Folders;
use crate::ingress::Routes;
use crate::isolation::Isolation;
use crate::protocol::{
    ChecksView, DiagnosticView, PageEntry, PageState, PageView, SectionState, SessionView,
    SetupPhase, SetupView, ViewState,
};
use crate::urls::{Addresses, Place};

const BY_ITSELF: &str = "Runs by itself as soon as the page, or the part it stands in, is shown.";
const NOT_SEEN: &str = "Not seen in a session: it runs by itself, after another step.";

/// A workshop whose pages are read. Nothing of it need be trusted.
#[derive(Debug)]
pub struct Reading {
    workshop: Workshop,
    /// As they would be, with placeholders for what only a session has.
    variables: Variables,
    /// Where they would be; none of them is made.
    folders: Folders,
    addresses: Addresses,
    rendered: Mutex<HashMap<PageId, Arc<RenderedPage>>>,
    problems: Vec<DiagnosticView>,
}

impl Reading {
    /// Opens the pages of a workshop, along a pathway if one is named.
    ///
    /// # Errors
    /// When the folder is no workshop.
    pub fn open(
        library: &Library,
        path: &Utf8Path,
        pathway: Option<&str>,
    ) -> Result<Self, SessionError> {
        let loaded = library.load_pathway(path, pathway, false)?;
        let variables = Variables::for_preview(&loaded.workshop);
        let problems = diagnostic_views(&loaded.workshop, &crate::check(&loaded, &variables));
        let workshop = loaded.workshop;
        let value = |name: &str| variables.get(name).unwrap_or_default().to_owned();
        let name = value("session_name");
        let lookup = |name: &str| variables.get(name).map(str::to_owned);
        let expand = |text: &str| crate::expand::expand(text, lookup);
        let addresses = Addresses {
            routes: Arc::new(Routes::new(&name, &workshop.ingresses, expand)),
            session: name,
            port: value("ingress_port").parse().unwrap_or_default(),
            slides: false,
            files: false,
        };
        Ok(Self {
            folders: Folders::new(library.place_of(&workshop), None),
            addresses,
            rendered: Mutex::default(),
            problems,
            variables,
            workshop,
        })
    }

    /// What the window shows: pages, and nothing beside them.
    pub fn view(&self) -> SessionView {
        let workshop = &self.workshop;
        let entry = |page: &atelier_content::Page| PageEntry {
            id: page.id.0.clone(),
            title: page.title.clone(),
            visited: false,
        };
        let pages: Vec<_> = workshop.pages.iter().map(entry).collect();
        SessionView {
            name: String::new(),
            workshop_path: workshop.root.to_string(),
            title: workshop.title.clone(),
            description: workshop.description.clone(),
            contents_title: workshop.contents_title.clone(),
            pathways: pathway_views(workshop),
            pathway: workshop.pathway.clone(),
            current_page: pages
                .first()
                .map(|page| page.id.clone())
                .unwrap_or_default(),
            pages,
            resumed: false,
            author_mode: false,
            read_only: true,
            isolation: Isolation::Folder,
            setup: SetupView {
                phase: SetupPhase::Ended,
                steps: Vec::new(),
                interrupted: false,
            },
            programs: Vec::new(),
            terminals: Vec::new(),
            dashboards: Vec::new(),
            editor: false,
            files_root: String::new(),
            checks: ChecksView::default(),
            notices: Vec::new(),
            differences: Vec::new(),
            may_be_allowed: false,
            allowed: Allowances::default(),
            watched: false,
            view: ViewState::default(),
            problems: self.problems.clone(),
            restart: Vec::new(),
            offer: crate::protocol::OfferView::default(),
        }
    }

    /// A page to show, with the cards of all its actions, those that run by themselves too.
    ///
    /// # Errors
    /// When there is none of this name.
    pub fn page(&self, id: &str) -> Result<PageView, SessionError> {
        let (page, rendered) = self.rendered(id)?;
        let drawn = Drawn {
            workshop: &self.workshop,
            folders: &self.folders,
            session: None,
        };
        let mut view = page_view(drawn, page, &rendered, 0);
        for (shown, action) in view.actions.iter_mut().zip(&rendered.actions) {
            let Options {
                hidden, autostart, ..
            } = action.options;
            if is_end_mark(action) {
                continue;
            }
            shown.hidden = false;
            shown.note = match (hidden, autostart) {
                (_, true) => Some(BY_ITSELF.to_owned()),
                (true, false) => Some(NOT_SEEN.to_owned()),
                (false, false) => None,
            };
        }
        Ok(view)
    }

    /// How a page stands that is read: every section is open, and nothing starts.
    ///
    /// # Errors
    /// When there is none of this name.
    pub fn enter(&self, id: &str) -> Result<PageState, SessionError> {
        let (_, rendered) = self.rendered(id)?;
        let sections = 0..rendered.sections.len() as u32;
        Ok(PageState {
            actions: BTreeMap::new(),
            ended: BTreeMap::new(),
            forms: BTreeMap::new(),
            sections: sections
                .map(|section| SectionState {
                    section,
                    open: true,
                })
                .collect(),
            autostart: Vec::new(),
            scroll: 0.0,
        })
    }

    /// A file of the workshop, for an image.
    ///
    /// # Errors
    /// When the path leads out of the workshop, or the file cannot be read.
    pub fn workshop_file(&self, path: &str) -> Result<Vec<u8>, SessionError> {
        file_of(&self.workshop, path)
    }

    /// The address for a browser of a link that leads out of the workshop.
    ///
    /// # Errors
    /// [`SessionError::ReadOnly`] for what a session would have to run or show; otherwise with a sentence that says that it leads
    /// nowhere.
    pub fn browser_address(&self, url: &str) -> Result<String, SessionError> {
        let nowhere =
            || SessionError::Address(format!("{url} is no address that could be opened."));
        if url.starts_with("mailto:") {
            return Ok(url.to_owned());
        }
        match self.addresses.place(url) {
            Place::Remote(url) => safe_url(&url).ok_or_else(nowhere),
            Place::Absent(message) => Err(SessionError::Address(message)),
            Place::Unusable(_) => Err(nowhere()),
            Place::Terminal(_)
            | Place::Terminals
            | Place::Ingress { .. }
            | Place::Local(_)
            | Place::Own(..) => Err(SessionError::ReadOnly),
        }
    }

    fn rendered(
        &self,
        id: &str,
    ) -> Result<(&atelier_content::Page, Arc<RenderedPage>), SessionError> {
        let id = PageId(id.to_owned());
        let page = self.workshop.page(&id);
        let page = page.ok_or_else(|| SessionError::UnknownPage(id.0.clone()))?;
        let mut rendered = self.rendered.lock().unwrap_or_else(PoisonError::into_inner);
        let rendered = rendered
            .entry(id)
            .or_insert_with(|| Arc::new(render(&self.workshop, page, &self.variables)));
        Ok((page, Arc::clone(rendered)))
    }
}
