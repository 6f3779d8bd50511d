//! Tabs of the work area: which there are, and what the dashboard actions do to them (`actions.md` section 7).

use atelier_content::Workshop;

use crate::protocol::{DashboardContent, DashboardView};
use crate::urls::{Place, place};

/// The area of the terminals, as an action names it.
pub const TERMINALS: &str = "terminal";
/// The editor, as an action names it.
pub const EDITOR: &str = "editor";

/// The tabs of a session.
#[derive(Debug)]
pub struct Dashboards {
    tabs: Vec<Tab>,
    terminals: bool,
    editor: bool,
}

#[derive(Debug, Clone)]
struct Tab {
    id: String,
    title: String,
    content: DashboardContent,
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
    /// Terminal and editor cannot be deleted.
    #[error("\"{0}\" is part of the window and cannot be deleted")]
    BuiltIn(String),
    /// The address is none.
    #[error("\"{0}\" is not an address that a dashboard can show")]
    Address(String),
}

impl Dashboards {
    /// The tabs that the workshop declares. `expand` replaces `$(name)` in addresses.
    pub fn new(workshop: &Workshop, session: &str, expand: impl Fn(&str) -> String) -> Self {
        let applications = &workshop.applications;
        let mut dashboards = Self {
            tabs: Vec::new(),
            terminals: applications.terminals.is_some(),
            editor: applications.editor,
        };
        for spec in &workshop.dashboards {
            let url = expand(&spec.url);
            let id = slug(&spec.name);
            if url.is_empty() || dashboards.is_built_in(&id) || dashboards.position(&id).is_some() {
                continue;
            }
            if let Ok(content) = content(&url, session, workshop) {
                dashboards.tabs.push(Tab {
                    id,
                    title: spec.name.clone(),
                    content,
                });
            }
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
        let built_in = (id == TERMINALS && self.terminals) || (id == EDITOR && self.editor);
        if built_in || self.position(&id).is_some() {
            return Ok(id);
        }
        let mut known: Vec<_> = self
            .tabs
            .iter()
            .map(|tab| format!("\"{}\"", tab.title))
            .collect();
        if self.editor {
            known.insert(0, "\"Editor\"".to_owned());
        }
        if self.terminals {
            known.insert(0, "\"Terminal\"".to_owned());
        }
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
        session: &str,
        workshop: &Workshop,
    ) -> Result<String, DashboardError> {
        let id = slug(name);
        if self.is_built_in(&id) || self.position(&id).is_some() {
            return Err(DashboardError::Exists(name.to_owned()));
        }
        let content = content(url, session, workshop)?;
        self.tabs.push(Tab {
            id: id.clone(),
            title: name.to_owned(),
            content,
        });
        Ok(id)
    }

    /// Points a tab at a new address (or the one it has), and makes it when there is none; returns its id.
    ///
    /// # Errors
    /// When the address is none.
    pub fn reload(
        &mut self,
        name: &str,
        url: Option<&str>,
        session: &str,
        workshop: &Workshop,
    ) -> Result<String, DashboardError> {
        let id = slug(name);
        if self.is_built_in(&id) {
            return self.open(name);
        }
        match (self.position(&id), url) {
            (None, Some(url)) => return self.create(name, url, session, workshop),
            (None, None) => return self.open(name),
            // A terminal's tab stays one: its address does not count.
            (Some(at), Some(url))
                if !matches!(self.tabs[at].content, DashboardContent::Terminal { .. }) =>
            {
                self.tabs[at].content = content(url, session, workshop)?;
            }
            (Some(_), _) => {}
        }
        Ok(id)
    }

    /// Removes a tab.
    ///
    /// # Errors
    /// When there is none, or it is part of the window.
    pub fn delete(&mut self, name: &str) -> Result<(), DashboardError> {
        let id = slug(name);
        if self.is_built_in(&id) {
            return Err(DashboardError::BuiltIn(name.to_owned()));
        }
        match self.position(&id) {
            Some(at) => {
                self.tabs.remove(at);
                Ok(())
            }
            None => self.open(name).map(drop),
        }
    }

    /// What a tab shows.
    pub fn content(&self, id: &str) -> Option<&DashboardContent> {
        self.position(id).map(|at| &self.tabs[at].content)
    }

    fn position(&self, id: &str) -> Option<usize> {
        self.tabs.iter().position(|tab| tab.id == id)
    }

    fn is_built_in(&self, id: &str) -> bool {
        id == TERMINALS || id == EDITOR
    }
}

fn content(
    url: &str,
    session: &str,
    workshop: &Workshop,
) -> Result<DashboardContent, DashboardError> {
    Ok(match place(url, session, workshop) {
        Place::Terminal(name) => DashboardContent::Terminal { name },
        Place::Local(url) => DashboardContent::Web { url },
        Place::Remote(url) => DashboardContent::External { url },
        Place::OwnHost(path) => DashboardContent::Notice {
            message: format!("{path} is served by a cluster; it is not available here."),
        },
        Place::Unusable(url) => return Err(DashboardError::Address(url)),
    })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_slugs() {
        for (name, id) in [
            ("Terminal#4", "terminal4"),
            ("  My  App -1 ", "my-app-1"),
            ("Terminal", "terminal"),
            ("--", ""),
        ] {
            assert_eq!(slug(name), id);
        }
    }
}
