//! How a case ended.

use std::collections::BTreeMap;

use atelier_content::action::{Action, Fence, PageAction, read};
use atelier_content::diagnostic::SourceMap;
use atelier_content::{Sources, Span};

use super::case::{Case, Place, Selection};
use super::home::Home;

/// What came of the actions of a case.
#[derive(Debug, Clone)]
pub struct Ending {
    /// Whether every action was done.
    pub ok: bool,
    /// Whether one of them warned.
    pub warned: bool,
    /// The files of the home directory.
    pub files: BTreeMap<String, String>,
    /// Its folders, where they are known; without a final `/`.
    pub folders: Option<Vec<String>>,
    /// What is selected in the file that was shown last.
    pub selection: Option<Selection>,
    /// What was said, for people.
    pub messages: Vec<String>,
}

const ELSEWHERE: [&str; 5] = [
    "editor:copy-file",
    "editor:rename-file",
    "editor:close-file",
    "editor:delete-file",
    "editor:create-directory",
];

/// Plans the actions of a case on files in memory; `None` when it has actions on whole files.
pub fn in_memory(case: &Case) -> Option<Ending> {
    if case
        .actions
        .iter()
        .any(|action| ELSEWHERE.contains(&&*action.action))
    {
        return None;
    }
    let mut home = Home::new(&serde_json::to_value(&case.files).expect("files are JSON"));
    let mut ending = Ending {
        ok: true,
        warned: false,
        files: BTreeMap::new(),
        folders: None,
        selection: None,
        messages: Vec::new(),
    };
    for action in &case.actions {
        let body = serde_json::to_string_pretty(&action.args).expect("arguments are JSON");
        let planned = match meaning(&action.action, &body) {
            Ok(Action::Editor(action)) => home.perform(&action),
            Ok(_) => Err("not an editor action".to_owned()),
            Err(message) => Err(message),
        };
        match planned {
            Ok(plan) => {
                ending.warned |= plan.warning.is_some();
                ending
                    .messages
                    .extend(plan.warning.map(|warning| warning.to_string()));
            }
            Err(message) => {
                ending.messages.push(message);
                ending.ok = false;
                break;
            }
        }
    }
    let (start, end) = home.selection(&home.active);
    let place = |(line, character): (u64, u64)| Place {
        line: u32::try_from(line).unwrap_or(u32::MAX),
        character: u32::try_from(character).unwrap_or(u32::MAX),
    };
    ending.selection = (!home.active.is_empty()).then(|| Selection {
        file: home.active.clone(),
        start: place(start),
        end: place(end),
    });
    ending.files = home.files;
    Some(ending)
}

/// An action as it is read from a page.
fn meaning(name: &str, body: &str) -> Result<Action, String> {
    let block = format!("```{name}\n{body}\n```");
    let mut sources = Sources::default();
    let file = sources.add("page.md", &block);
    let start = name.len() + 4;
    let map = SourceMap::verbatim(start..start + body.len() + 1);
    let fence = Fence {
        info: name,
        body: &format!("{body}\n"),
        map: &map,
        span: Span::new(file, 0..block.len()),
    };
    let action: Option<PageAction> = read(&fence, &mut Vec::new());
    let action = action.ok_or_else(|| format!("{name} is no action"))?;
    action.action.map_err(|broken| broken.message)
}
