//! Tabs of the work area: which there are, and what the dashboard actions do to them (`actions.md` section 7).

mod restore;
#[cfg(test)]
mod tests;

use atelier_content::Workshop;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::protocol::{DashboardContent, DashboardView};
use crate::urls::{Addresses, Place};

/// The area of the terminals, as an action names it.
pub const TERMINALS: &str = "terminal";
/// The editor, as an action names it.
pub const EDITOR: &str = "editor";
/// The tab of the slides.
pub const SLIDES: &str = "slides";
/// The tab that the instructions have elsewhere. Here they are in sight in any layout.
pub const INSTRUCTIONS: &str = "workshop";

/// The tabs of a session.
#[derive(Debug)]
pub struct Dashboards {
    tabs: Vec<Tab>,
    terminals: bool,
    editor: bool,
    instructions: bool,
    /// What actions have done that the next start must do again.
    changes: Vec<DashboardChange>,
}

#[derive(Debug, Clone)]
struct Tab {
    id: String,
    title: String,
    content: DashboardContent,
    built_in: bool,
}

/// What an action did to the tabs. Kept in the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DashboardChange {
    /// The tab's name.
    pub name: String,
    /// Its address; none when it was deleted.
    pub url: Option<String>,
}

/// Why a dashboard action cannot be done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DashboardError {
    /// No tab of this name.
    #[error("there is no dashboard \"{name}\"; there is {known}")]
    Missing {
        /// As the action says.
        name: String,
        /// Those that there are.
        known: String,
    },
    /// A tab of this name exists.
    #[error("there is a dashboard \"{0}\" already")]
    Exists(String),
    /// Terminal, editor and slides cannot be deleted.
    #[error("\"{0}\" is part of the window and cannot be deleted")]
    BuiltIn(String),
    /// A name without a letter or digit names no tab.
    #[error("\"{0}\" is no name for a dashboard; it needs a letter or a digit")]
    Name(String),
    /// The address is none.
    #[error("\"{0}\" is not an address that a dashboard can show")]
    Address(String),
    /// The address leads to what only a cluster has.
    #[error("{0}")]
    Absent(String),
    /// A tab that shows pages stays one.
    #[error(
        "\"{0}\" shows web pages and cannot become a terminal; create another dashboard for it"
    )]
    NoTerminal(String),
}

impl Dashboards {
    /// The tabs that the workshop declares. `expand` replaces `$(name)` in addresses.
    pub fn new(
        workshop: &Workshop,
        addresses: &Addresses,
        expand: impl Fn(&str) -> String,
    ) -> Self {
        let applications = &workshop.applications;
        let mut dashboards = Self {
            tabs: Vec::new(),
            terminals: applications.terminals.is_some(),
            editor: applications.editor,
            instructions: applications.instructions_tab,
            changes: Vec::new(),
        };
        let slides = slides_tab(addresses);
        let is_built_in = |id: &str| {
            (id == TERMINALS && dashboards.terminals)
                || (id == EDITOR && dashboards.editor)
                || (id == SLIDES && slides.is_some())
                || dashboards.is_instructions(id)
        };
        // An entry that names a part of the window says where it stands; without one they come first.
        let mut names = workshop.dashboards.iter().map(|spec| slug(&spec.name));
        let (first, last) = if names.any(|name| is_built_in(&name)) {
            (None, slides.clone())
        } else {
            (slides.clone(), None)
        };
        dashboards.tabs.extend(first);
        for spec in &workshop.dashboards {
            let id = slug(&spec.name);
            let url = expand(&spec.url);
            if id.is_empty() || dashboards.position(&id).is_some() {
                continue;
            }
            if id == SLIDES && slides.is_some() {
                dashboards.tabs.extend(slides.clone());
            } else if !url.is_empty() && !dashboards.is_area(&id) {
                dashboards
                    .tabs
                    .push(declared(id, &spec.name, &url, addresses));
            }
        }
        if dashboards.position(SLIDES).is_none() {
            dashboards.tabs.extend(last);
        }
        dashboards
    }

    /// What the window shows.
    pub fn views(&self) -> Vec<DashboardView> {
        let view = |tab: &Tab| DashboardView {
            id: tab.id.clone(),
            title: tab.title.clone(),
            content: tab.content.clone(),
        };
        self.tabs.iter().map(view).collect()
    }

    /// Names of the terminals that have a tab.
    pub fn terminals(&self) -> impl Iterator<Item = &str> {
        self.tabs.iter().filter_map(|tab| match &tab.content {
            DashboardContent::Terminal { name } => Some(name.as_str()),
            _ => None,
        })
    }

    /// The id of the tab, or area, of this name.
    ///
    /// # Errors
    /// When there is none.
    pub fn open(&self, name: &str) -> Result<String, DashboardError> {
        let id = slug(name);
        let area = (id == TERMINALS && self.terminals) || (id == EDITOR && self.editor);
        if area || self.position(&id).is_some() {
            return Ok(id);
        }
        let areas = [
            ("\"Terminal\"", self.terminals),
            ("\"Editor\"", self.editor),
        ];
        let areas = areas.iter().filter(|(_, is_there)| *is_there);
        let known: Vec<_> = areas
            .map(|(name, _)| (*name).to_owned())
            .chain(self.tabs.iter().map(|tab| format!("\"{}\"", tab.title)))
            .collect();
        let known = if known.is_empty() {
            "none".to_owned()
        } else {
            known.join(", ")
        };
        Err(DashboardError::Missing {
            name: name.to_owned(),
            known,
        })
    }

    /// Adds a tab and returns its id.
    ///
    /// # Errors
    /// When there is one of this name, or the address is none.
    pub fn create(
        &mut self,
        name: &str,
        url: &str,
        addresses: &Addresses,
    ) -> Result<String, DashboardError> {
        let id = slug(name);
        if id.is_empty() {
            return Err(DashboardError::Name(name.to_owned()));
        }
        if self.is_area(&id) || self.position(&id).is_some() {
            return Err(DashboardError::Exists(name.to_owned()));
        }
        let content = content(url, addresses)?;
        self.tabs.push(Tab {
            id: id.clone(),
            title: name.trim().to_owned(),
            content,
            built_in: false,
        });
        self.changed(name, Some(url));
        Ok(id)
    }

    /// Points a tab at a new address (or the one it has), and makes it when there is none; returns its id.
    ///
    /// # Errors
    /// When the address is none, or would make a terminal of a tab that shows pages.
    pub fn reload(
        &mut self,
        name: &str,
        url: Option<&str>,
        addresses: &Addresses,
    ) -> Result<String, DashboardError> {
        let id = slug(name);
        if self.is_area(&id) {
            return self.open(name);
        }
        let Some(at) = self.position(&id) else {
            return self.create(name, url.unwrap_or_default(), addresses);
        };
        // A terminal's tab stays one: its address does not count.
        if let Some(url) = url
            && !matches!(self.tabs[at].content, DashboardContent::Terminal { .. })
        {
            let content = content(url, addresses)?;
            if matches!(content, DashboardContent::Terminal { .. }) {
                return Err(DashboardError::NoTerminal(name.to_owned()));
            }
            self.tabs[at].content = content;
            self.changed(name, Some(url));
        }
        Ok(id)
    }

    /// Removes a tab.
    ///
    /// # Errors
    /// When there is none, or it is part of the window.
    pub fn delete(&mut self, name: &str) -> Result<(), DashboardError> {
        let id = slug(name);
        if self.is_area(&id) {
            return Err(DashboardError::BuiltIn(name.to_owned()));
        }
        match self.position(&id) {
            Some(at) if self.tabs[at].built_in => Err(DashboardError::BuiltIn(name.to_owned())),
            Some(at) => {
                self.tabs.remove(at);
                self.changed(name, None);
                Ok(())
            }
            None => self.open(name).map(drop),
        }
    }

    /// Whether a tab's name means the instructions, which are in sight.
    pub fn is_instructions(&self, name: &str) -> bool {
        self.instructions && slug(name) == INSTRUCTIONS
    }

    /// Whether a name is that of a part of the window. Terminals and editor keep theirs where they are switched off.
    fn is_area(&self, id: &str) -> bool {
        is_area(id) || self.is_instructions(id)
    }

    /// What a tab shows.
    pub fn content(&self, id: &str) -> Option<&DashboardContent> {
        self.position(id).map(|at| &self.tabs[at].content)
    }

    /// Whether a tab shows a page of this origin, as browsers write it.
    pub fn shows_origin(&self, id: &str, origin: &str) -> bool {
        let Some(DashboardContent::Web { url, .. }) = self.content(id) else {
            return false;
        };
        Url::parse(url).is_ok_and(|url| url.origin().ascii_serialization() == origin)
    }

    /// What was done since the last call, to be kept.
    pub fn take_changes(&mut self) -> Vec<DashboardChange> {
        std::mem::take(&mut self.changes)
    }

    fn changed(&mut self, name: &str, url: Option<&str>) {
        self.changes.push(DashboardChange {
            name: name.to_owned(),
            url: url.map(str::to_owned),
        });
    }

    fn position(&self, id: &str) -> Option<usize> {
        self.tabs.iter().position(|tab| tab.id == id)
    }
}

fn is_area(id: &str) -> bool {
    id == TERMINALS || id == EDITOR
}

fn slides_tab(addresses: &Addresses) -> Option<Tab> {
    let content = addresses
        .slides
        .then(|| content("/slides/", addresses).ok())??;
    Some(Tab {
        id: SLIDES.to_owned(),
        title: "Slides".to_owned(),
        content,
        built_in: true,
    })
}

/// A tab that the definition declares is there, even if it can only say why it shows nothing.
fn declared(id: String, name: &str, url: &str, addresses: &Addresses) -> Tab {
    let content = content(url, addresses).unwrap_or_else(|error| DashboardContent::Notice {
        message: error.to_string(),
    });
    Tab {
        id,
        title: name.to_owned(),
        content,
        built_in: false,
    }
}

fn content(url: &str, addresses: &Addresses) -> Result<DashboardContent, DashboardError> {
    if url.trim().is_empty() {
        return Ok(DashboardContent::Notice {
            message: "This tab has no address yet.".to_owned(),
        });
    }
    Ok(match addresses.place(url) {
        Place::Terminal(name) => DashboardContent::Terminal { name },
        Place::Ingress { tab, port, .. } => DashboardContent::Web {
            url: tab,
            port: Some(port),
        },
        Place::Own(_, url) => DashboardContent::Web { url, port: None },
        Place::Local(url) => DashboardContent::Web {
            port: port_of(&url),
            url,
        },
        Place::Remote(url) => DashboardContent::External { url },
        Place::Terminals => DashboardContent::Notice {
            message: "The terminals have an area of their own in this window.".to_owned(),
        },
        Place::Absent(message) => return Err(DashboardError::Absent(message)),
        Place::Unusable(url) => return Err(DashboardError::Address(url)),
    })
}

fn port_of(url: &str) -> Option<u16> {
    Url::parse(url).ok()?.port_or_known_default()
}

/// `Terminal#4` → `terminal4`: names that are equal after this are the same tab (`actions.md` 7.1).
pub fn slug(name: &str) -> String {
    let kept = name.trim().to_lowercase();
    let kept = kept
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || matches!(c, ' ' | '-'));
    let dashed: String = kept.map(|c| if c == ' ' { '-' } else { c }).collect();
    dashed
        .split('-')
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("-")
}
