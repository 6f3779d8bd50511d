//! `dashboard:*` (`actions.md` section 7).

use atelier_content::Workshop;
use atelier_content::action::DashboardAction;

use super::outcome::{Effect, Outcome};
use crate::dashboards::{DashboardError, Dashboards};
use crate::urls::{Place, place};

/// Performs a dashboard action on the session's tabs.
pub(super) fn perform(
    action: &DashboardAction,
    dashboards: &mut Dashboards,
    session: &str,
    workshop: &Workshop,
) -> Outcome {
    let show = |id: String| Effect::ShowDashboard { id };
    let effects = match action {
        DashboardAction::Open { name } => dashboards.open(name).map(|id| vec![show(id)]),
        DashboardAction::Create { name, url, focus } => dashboards
            .create(name, url, session, workshop)
            .map(|id| if *focus { vec![show(id)] } else { Vec::new() }),
        DashboardAction::Reload { name, url, focus } => dashboards
            .reload(name, url.as_deref(), session, workshop)
            .map(|id| {
                let reload = Effect::ReloadDashboard { id: id.clone() };
                if *focus {
                    vec![show(id), reload]
                } else {
                    vec![reload]
                }
            }),
        DashboardAction::Delete { name } => dashboards.delete(name).map(|()| Vec::new()),
        DashboardAction::OpenUrl { url } => match place(url, session, workshop) {
            Place::Local(url) | Place::Remote(url) => Ok(vec![Effect::OpenUrl { url }]),
            Place::Terminal(_) | Place::OwnHost(_) | Place::Unusable(_) => {
                Err(DashboardError::Address(url.clone()))
            }
        },
    };
    match effects {
        Ok(effects) => Outcome::done(effects),
        Err(error) => Outcome::failed(error.to_string()),
    }
}
