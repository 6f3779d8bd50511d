//! `dashboard:*` (`actions.md` section 7).

use atelier_content::action::DashboardAction;

use super::outcome::{Effect, Outcome};
use crate::dashboards::{DashboardError, Dashboards};
use crate::urls::{Addresses, Place};

/// Performs a dashboard action on the session's tabs.
pub(super) fn perform(
    action: &DashboardAction,
    dashboards: &mut Dashboards,
    addresses: &Addresses,
) -> Outcome {
    let show = |id: String| Effect::ShowDashboard { id };
    let effects = match action {
        DashboardAction::Open { name } | DashboardAction::Reload { name, .. }
            if dashboards.is_instructions(name) =>
        {
            Ok(Vec::new())
        }
        DashboardAction::Open { name } => dashboards.open(name).map(|id| vec![show(id)]),
        // Only a reload may leave a tab without an address.
        DashboardAction::Create { url, .. } if url.trim().is_empty() => {
            Err(DashboardError::Address(url.clone()))
        }
        DashboardAction::Create { name, url, focus } => dashboards
            .create(name, url, addresses)
            .map(|id| if *focus { vec![show(id)] } else { Vec::new() }),
        DashboardAction::Reload { name, url, focus } => dashboards
            .reload(name, url.as_deref(), addresses)
            .map(|id| {
                let reload = Effect::ReloadDashboard { id: id.clone() };
                if *focus {
                    vec![show(id), reload]
                } else {
                    vec![reload]
                }
            }),
        DashboardAction::Delete { name } => dashboards.delete(name).map(|()| Vec::new()),
        DashboardAction::OpenUrl { url } => {
            browser(url, addresses).map(|url| vec![Effect::OpenUrl { url }])
        }
    };
    match effects {
        Ok(effects) => Outcome::done(effects),
        Err(error) => Outcome::failed(error.to_string()),
    }
}

/// The address that a browser is given for a written one.
pub(crate) fn browser(url: &str, addresses: &Addresses) -> Result<String, DashboardError> {
    match addresses.place(url) {
        Place::Ingress { browser, .. } => Ok(browser),
        Place::Local(url) | Place::Remote(url) | Place::Own(_, url) => Ok(url),
        Place::Absent(message) => Err(DashboardError::Absent(message)),
        Place::Terminal(_) | Place::Terminals | Place::Unusable(_) => {
            Err(DashboardError::Address(url.to_owned()))
        }
    }
}
