//! `dashboard:*` (`actions.md` 3.3).

use super::catalog::{Entry, Meaning, yaml};
use super::properties::{Problem, Properties};
use super::{Action, DashboardAction};

/// In the order of the specification.
pub(super) const ENTRIES: &[Entry] = &[
    yaml("dashboard:open-dashboard", "Dashboard", 1, &["name"], open),
    yaml(
        "dashboard:expose-dashboard",
        "Dashboard",
        1,
        &["name"],
        expose,
    ),
    yaml(
        "dashboard:create-dashboard",
        "Dashboard",
        1,
        &["name", "url", "focus"],
        create,
    ),
    yaml(
        "dashboard:reload-dashboard",
        "Dashboard",
        1,
        &["name", "url", "focus"],
        reload,
    ),
    yaml(
        "dashboard:delete-dashboard",
        "Dashboard",
        1,
        &["name"],
        delete,
    ),
    yaml("dashboard:open-url", "Dashboard", 3, &["url"], open_url),
];

pub(super) fn open(properties: &mut Properties) -> Result<Meaning, Problem> {
    let name = properties.required_strict("name")?;
    let title = format!("Open dashboard \"{name}\"");
    Ok(say(DashboardAction::Open { name }, title))
}

pub(super) fn expose(properties: &mut Properties) -> Result<Meaning, Problem> {
    let name = properties.required_strict("name")?;
    let title = format!("Expose dashboard \"{name}\"");
    Ok(say(DashboardAction::Open { name }, title))
}

pub(super) fn create(properties: &mut Properties) -> Result<Meaning, Problem> {
    let name = properties.required_strict("name")?;
    let url = properties.required("url")?;
    let title = format!("Create dashboard \"{name}\"");
    let body = url.clone();
    Ok(say(
        DashboardAction::Create {
            name,
            url,
            focus: properties.unless_false("focus"),
        },
        title,
    )
    .with_body(body))
}

pub(super) fn reload(properties: &mut Properties) -> Result<Meaning, Problem> {
    let name = properties.required_strict("name")?;
    let url = properties.text("url")?.filter(|url| !url.is_empty());
    let title = format!("Reload dashboard \"{name}\"");
    let body = url.clone();
    let meaning = say(
        DashboardAction::Reload {
            name,
            url,
            focus: properties.unless_false("focus"),
        },
        title,
    );
    Ok(Meaning { body, ..meaning })
}

pub(super) fn delete(properties: &mut Properties) -> Result<Meaning, Problem> {
    let name = properties.required_strict("name")?;
    let title = format!("Delete dashboard \"{name}\"");
    Ok(say(DashboardAction::Delete { name }, title))
}

pub(super) fn open_url(properties: &mut Properties) -> Result<Meaning, Problem> {
    let url = properties.required("url")?;
    let body = url.clone();
    Ok(say(DashboardAction::OpenUrl { url }, "Open URL in browser").with_body(body))
}

fn say(action: DashboardAction, title: impl Into<String>) -> Meaning {
    Meaning::new(Action::Dashboard(action), title)
}
