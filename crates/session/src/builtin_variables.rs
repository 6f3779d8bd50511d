//! The data variables and environment that a session gives its workshop (`instructions.md` 6.2, `session.md` section 4).

use atelier_content::{Variables, Workshop};

use crate::environment::Environment;
use crate::folders::Folders;

/// Values that are made once for a session and kept.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Identity {
    /// The session's name: its folder's.
    pub(crate) session: String,
    /// `services_password` and `config_password`.
    pub(crate) password: String,
}

/// Domain of the addresses of the session's servers.
const DOMAIN: &str = "localhost";

/// Name of the variable, value. Environment variables have the same names in capitals.
fn built_in(identity: &Identity, workshop: &Workshop) -> Vec<(&'static str, String)> {
    let session = &identity.session;
    let host = format!("{session}.{DOMAIN}");
    let arch = match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    };
    vec![
        ("workshop_name", workshop.name.clone()),
        ("session_name", session.clone()),
        ("session_namespace", session.clone()),
        ("session_id", "s001".to_owned()),
        ("session_hostname", host.clone()),
        ("session_url", format!("http://{host}")),
        ("environment_name", "workshop".to_owned()),
        ("workshop_namespace", "workshop".to_owned()),
        ("training_portal", "workshop".to_owned()),
        ("ingress_protocol", "http".to_owned()),
        ("ingress_domain", DOMAIN.to_owned()),
        ("ingress_port", "80".to_owned()),
        ("ingress_port_suffix", String::new()),
        ("ingress_class", String::new()),
        ("storage_class", String::new()),
        ("cluster_domain", "cluster.local".to_owned()),
        ("policy_engine", "none".to_owned()),
        ("policy_name", String::new()),
        ("platform_arch", arch.to_owned()),
        ("image_repository", String::new()),
        ("oci_image_cache", String::new()),
        ("assets_repository", String::new()),
        ("services_password", identity.password.clone()),
        ("config_password", identity.password.clone()),
    ]
}

/// What pages may ask for, before the author's own parameters are resolved.
pub(crate) fn variables(identity: &Identity, workshop: &Workshop) -> Variables {
    let mut variables: Variables = built_in(identity, workshop).into_iter().collect();
    variables.set("workshop_title", workshop.title.as_str());
    variables.set("workshop_description", workshop.description.as_str());
    variables.set("pathway_name", workshop.pathway.as_str());
    variables.set("restart_url", "atelier:finish");
    let names = [
        "kubernetes_api_url",
        "kubernetes_token",
        "kubernetes_ca_crt",
        "ssh_private_key",
        "ssh_public_key",
        "registry_host",
        "registry_username",
        "registry_password",
        "registry_auth_token",
        "registry_secret",
        "registry_auth_file",
        "git_protocol",
        "git_host",
        "git_username",
        "git_password",
        "git_auth_token",
        "google_tracking_id",
        "clarity_tracking_id",
        "amplitude_tracking_id",
    ];
    for name in names {
        variables.set(name, "");
    }
    variables
}

/// Adds the session's own values to its environment, then the author's `session.env` in file order.
pub(crate) fn extend_environment(
    environment: &mut Environment,
    identity: &Identity,
    workshop: &Workshop,
    folders: &Folders,
    variables: &Variables,
) {
    for (name, value) in built_in(identity, workshop) {
        environment.set(name.to_uppercase(), value);
    }
    let applications = &workshop.applications;
    environment.set(
        "WORKSHOP_VERSION",
        workshop.about.version.as_deref().unwrap_or("latest"),
    );
    environment.set("TERMINAL_HOME", folders.exercises().as_str());
    environment.set("EDITOR_HOME", folders.exercises().as_str());
    for (name, enabled) in [
        ("TERMINAL", applications.terminals.is_some()),
        ("EDITOR", applications.editor),
        ("EXAMINER", applications.examiner),
    ] {
        environment.set(format!("ENABLE_{name}"), enabled.to_string());
    }
    for (name, value) in &workshop.environment {
        let lookup = |name: &str| {
            variables
                .get(name)
                .or_else(|| environment.get(name))
                .map(str::to_owned)
        };
        let value = folders.localise(&crate::expand::expand(value, lookup));
        environment.set(name, value);
    }
}
