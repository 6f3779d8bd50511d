//! Where the learner's servers are, and whether they answer.

use std::time::Duration;

use super::OpenSession;
use crate::ingress::accepts;
use crate::protocol::{AddressView, DashboardContent};

impl OpenSession {
    /// The web pages of the tabs, then the servers of the workshop that no tab shows; each is asked once whether it answers.
    pub async fn addresses(&self) -> Vec<AddressView> {
        let tabs = self
            .session
            .with_dashboards(|dashboards| dashboards.views());
        let mut found: Vec<AddressView> = tabs
            .into_iter()
            .filter_map(|tab| {
                let (url, port) = match tab.content {
                    DashboardContent::Web { url, port } => (url, port),
                    DashboardContent::External { url } => (url, None),
                    DashboardContent::Terminal { .. } | DashboardContent::Notice { .. } => {
                        return None;
                    }
                };
                Some(AddressView {
                    title: tab.title,
                    url,
                    port,
                    answers: None,
                })
            })
            .collect();
        let addresses = self.session.addresses();
        let shown: Vec<_> = found.iter().map(|tab| tab.url.clone()).collect();
        found.extend(
            addresses
                .servers_beside(&shown)
                .map(|(title, url, port)| AddressView {
                    title: title.to_owned(),
                    url,
                    port: Some(port),
                    answers: None,
                }),
        );
        for address in &mut found {
            if let Some(port) = address.port {
                address.answers = Some(accepts(port, Duration::ZERO).await);
            }
        }
        found
    }
}
