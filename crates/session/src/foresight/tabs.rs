//! The tabs of the work area: which there are when an action asks for one, and whether their addresses lead anywhere.

use std::collections::BTreeMap;

use atelier_content::action::{DashboardAction, PageAction};
use atelier_content::{Diagnostic, Span, Workshop};

use super::declared::{self, Address};
use super::{closest, covered};
use crate::dashboards::{EDITOR, INSTRUCTIONS, SLIDES, TERMINALS, slug};
use crate::ingress::DOMAIN;

/// The tabs, by what actions call them.
#[derive(Debug)]
pub(super) struct Tabs {
    titles: BTreeMap<String, String>,
    /// The terminals that have a tab of their own, and what actions call it.
    terminals: BTreeMap<String, String>,
    /// The layout, where it has no tab for the terminals.
    tabless: Option<String>,
    /// Names of the learner's servers.
    ingresses: Vec<String>,
    /// More servers may have names: those of a cluster.
    more: bool,
    /// What an action that cannot be read makes is not known.
    unsure: bool,
}

impl Tabs {
    pub(super) fn new(workshop: &Workshop) -> Self {
        let applications = &workshop.applications;
        let built_in = [
            (TERMINALS, applications.terminals.is_some()),
            (EDITOR, applications.editor),
            (SLIDES, applications.slides),
            (INSTRUCTIONS, applications.instructions_tab),
        ];
        let built_in = built_in
            .into_iter()
            .filter(|(_, on)| *on)
            .map(|(id, _)| (id.to_owned(), id.to_owned()));
        let unavailable = applications
            .unavailable
            .iter()
            .map(|name| (slug(name), name.clone()));
        let declared = workshop
            .dashboards
            .iter()
            .filter(|tab| covered::has_tab(tab, workshop))
            .map(|tab| (slug(&tab.name), tab.name.clone()));
        let mut tabs = Self {
            terminals: BTreeMap::new(),
            tabless: covered::tabless_layout(workshop).map(str::to_owned),
            titles: built_in.chain(unavailable).chain(declared).collect(),
            ingresses: workshop
                .ingresses
                .iter()
                .map(|ingress| ingress.name.clone())
                .collect(),
            unsure: false,
            more: !workshop.missing_features.is_empty(),
        };
        for tab in &workshop.dashboards {
            tabs.note_terminal(&tab.name, &tab.url);
        }
        tabs
    }

    /// Any tab may be there from here on.
    pub(super) fn forget(&mut self) {
        self.unsure = true;
    }

    fn note_terminal(&mut self, name: &str, url: &str) {
        if let Some(terminal) = url.strip_prefix("terminal:") {
            self.terminals.insert(terminal.to_owned(), slug(name));
        }
    }

    /// What a tab is called on the screen.
    pub(super) fn title(&self, id: &str) -> String {
        match id {
            TERMINALS => "Terminal".to_owned(),
            EDITOR => "Editor".to_owned(),
            _ => self.titles.get(id).map_or(id, String::as_str).to_owned(),
        }
    }

    pub(super) fn has(&self, id: &str) -> bool {
        self.titles.contains_key(id)
    }

    /// The tab in which a terminal stands.
    pub(super) fn of_terminal(&self, name: &str) -> Option<String> {
        let own = self.terminals.get(name).cloned();
        own.or_else(|| self.of_terminals())
    }

    /// The tab of the terminals.
    pub(super) fn of_terminals(&self) -> Option<String> {
        let has_tab = self.tabless.is_none() && self.has(TERMINALS);
        has_tab.then(|| TERMINALS.to_owned())
    }

    /// What the definition says of its tabs and would not work.
    pub(super) fn declared(&self, workshop: &Workshop) -> Vec<Diagnostic> {
        let definition = workshop.sources.iter().find(|(_, source)| {
            let folder = source.path().parent();
            folder.is_some_and(|folder| folder == "resources")
        });
        let Some((file, source)) = definition else {
            return Vec::new();
        };
        let written = workshop.dashboards.iter().filter_map(|tab| {
            let at = source
                .text()
                .find(&tab.url)
                .filter(|_| !tab.url.is_empty())?;
            let place = Span::new(file, at..at + tab.url.len());
            match declared::address(&tab.url) {
                Address::Ingress(name) => self.unknown_ingress(name, place),
                Address::Wrong(why) => Some(self.wrong_address(why, place)),
                Address::Other => None,
            }
        });
        written.collect()
    }

    fn wrong_address(&self, why: &'static str, place: Span) -> Diagnostic {
        let name = self.ingresses.first().map_or("NAME", String::as_str);
        Diagnostic::warning("invalid-address", why)
            .at(place, "this address leads nowhere")
            .help(format!(
                "write `$(ingress_protocol)://{name}-$(session_name).$(ingress_domain)$(ingress_port_suffix)/`"
            ))
    }

    /// An action on a tab. `place` is where its name or address is written.
    pub(super) fn take(
        &mut self,
        action: &DashboardAction,
        of_page: &PageAction,
        session: &str,
        place: impl Fn(&str, &str) -> Span,
    ) -> Option<Diagnostic> {
        match action {
            DashboardAction::Open { name } | DashboardAction::Delete { name } => {
                let problem = self.unknown(name, || place("name", name)).or_else(|| {
                    let layout = self.tabless.as_deref()?;
                    let is_hidden =
                        slug(name) == TERMINALS && matches!(action, DashboardAction::Open { .. });
                    is_hidden.then(|| covered::no_terminal_tab(layout, place("name", name)))
                });
                if matches!(action, DashboardAction::Delete { .. }) {
                    self.titles.remove(&slug(name));
                }
                problem
            }
            DashboardAction::Create { name, url, .. } => {
                self.titles.insert(slug(name), name.clone());
                self.note_terminal(name, url);
                self.address(url, session, || of_page.span.clone())
            }
            DashboardAction::Reload {
                name,
                url: Some(url),
                ..
            } => {
                self.titles.insert(slug(name), name.clone());
                self.address(url, session, || of_page.span.clone())
            }
            DashboardAction::Reload {
                name, url: None, ..
            } => self.unknown(name, || place("name", name)),
            DashboardAction::OpenUrl { url } => self.address(url, session, || of_page.span.clone()),
        }
    }

    fn unknown(&self, name: &str, place: impl Fn() -> Span) -> Option<Diagnostic> {
        let id = slug(name);
        if self.unsure || self.titles.contains_key(&id) {
            return None;
        }
        let close = closest(&id, self.titles.keys());
        let help = match close.and_then(|close| self.titles.get(close.name)) {
            _ if id == "workshop" => {
                "remove the action: the instructions have no tab here, and stand beside the others"
                    .to_owned()
            }
            Some(title) => format!("did you mean `{title}`?"),
            None => "declare it below `spec.session.dashboards`, or create it in an earlier action"
                .to_owned(),
        };
        Some(
            Diagnostic::warning(
                "unknown-dashboard",
                format!("there is no dashboard `{name}` when this action runs"),
            )
            .at(place(), "it will fail")
            .help(help),
        )
    }

    fn address(&self, url: &str, session: &str, place: impl Fn() -> Span) -> Option<Diagnostic> {
        let host = url.split_once("://")?.1.split(['/', '?', '#']).next()?;
        let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
        let name = name.strip_suffix(&format!(".{DOMAIN}"))?;
        let name = name
            .strip_suffix(&format!("-{session}"))
            .or_else(|| name.strip_prefix(&format!("{session}-")))?;
        self.unknown_ingress(name, place())
    }

    fn unknown_ingress(&self, name: &str, place: Span) -> Option<Diagnostic> {
        if self.ingresses.iter().any(|known| known == name) {
            return None;
        }
        let help = match closest(name, self.ingresses.iter()) {
            Some(close) => format!("did you mean `{}`?", close.name),
            None if self.more => return None,
            None => format!("declare `{name}` with its port below `spec.session.ingresses`"),
        };
        Some(
            Diagnostic::warning("unknown-ingress", format!("there is no ingress `{name}`"))
                .at(place, "this address leads nowhere")
                .help(help),
        )
    }
}
