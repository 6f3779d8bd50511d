//! The data variables and environment that a session gives its workshop (`instructions.md` 6.2, `session.md` section 4).

use atelier_content::{Variables, Workshop};

use crate::environment::{Environment, is_on};
use crate::folders::Folders;
use crate::ingress::DOMAIN;

/// Values that are made once for a session and kept.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Identity {
    /// The session's name: its folder's.
    pub(crate) session: String,
    /// `services_password` and `config_password`.
    pub(crate) password: String,
}

/// Variables that the session's programs get as well, under the same names in capitals.
const EXPORTED: &[&str] = &[
    "workshop_name",
    "session_name",
    "session_namespace",
    "session_id",
    "session_hostname",
    "session_url",
    "environment_name",
    "workshop_namespace",
    "training_portal",
    "ingress_protocol",
    "ingress_domain",
    "ingress_port",
    "ingress_port_suffix",
    "ingress_class",
    "storage_class",
    "cluster_domain",
    "policy_engine",
    "policy_name",
    "platform_arch",
    "image_repository",
    "oci_image_cache",
    "assets_repository",
    "services_password",
    "config_password",
];

/// What only the session knows; every other built-in variable has its value from the workshop, or none. `port` is that of
/// the session's listener.
pub(crate) fn variables(identity: &Identity, port: u16) -> Variables {
    let session = &identity.session;
    let host = format!("{session}.{DOMAIN}");
    let mut variables: Variables = [
        ("session_id", "s001"),
        ("ingress_protocol", "http"),
        ("ingress_domain", DOMAIN),
        ("restart_url", "atelier:finish"),
    ]
    .into_iter()
    .collect();
    variables.set("session_name", session);
    variables.set("session_namespace", session);
    variables.set("ingress_port", port.to_string());
    variables.set("ingress_port_suffix", format!(":{port}"));
    variables.set("session_url", format!("http://{host}:{port}"));
    variables.set("session_hostname", host);
    variables.set("services_password", &identity.password);
    variables.set("config_password", &identity.password);
    variables
}

/// Adds the session's own values to its environment, then `generated` ones, then the author's in file order. `variables` are
/// those that a definition may name.
pub(crate) fn extend_environment(
    environment: &mut Environment,
    workshop: &Workshop,
    folders: &Folders,
    variables: &Variables,
    generated: Vec<(String, String)>,
) {
    for name in EXPORTED {
        environment.set(name.to_uppercase(), variables.get(name).unwrap_or_default());
    }
    environment.set(
        "WORKSHOP_VERSION",
        variables.get("workshop_version").unwrap_or_default(),
    );
    let applications = &workshop.applications;
    for (name, folder) in [
        ("FILES_DIR", applications.files.as_ref()),
        ("UPLOADS_DIR", applications.uploads.as_ref()),
    ] {
        if let Some(folder) = folder {
            // Without the slash that joining an empty path leaves.
            let path: camino::Utf8PathBuf = folders.home.join(folder).components().collect();
            environment.set(name, path.as_str());
        }
    }
    if applications.slides {
        environment.set("SLIDES_DIR", folders.workshop.join("slides").as_str());
    }
    let path = environment.get("PATH").unwrap_or_default();
    let docker = applications.docker && is_on(path, "docker");
    for (name, enabled) in [
        ("WORKSHOP", true),
        ("TERMINAL", applications.terminals.is_some()),
        ("EDITOR", applications.editor),
        ("EXAMINER", applications.examiner),
        ("FILES", applications.files.is_some()),
        ("UPLOADS", applications.uploads.is_some()),
        ("SLIDES", applications.slides),
        ("DOCKER", docker),
        ("CONSOLE", false),
        ("GIT", false),
        ("REGISTRY", false),
        ("SSHD", false),
        ("VCLUSTER", false),
        ("WEBDAV", false),
    ] {
        environment.set(format!("ENABLE_{name}"), enabled.to_string());
    }
    environment.extend(generated);
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
    // What the learner chose beats what the author set.
    if !workshop.pathway.is_empty() {
        environment.set("PATHWAY_NAME", &workshop.pathway);
    }
}

/// What is known once set-up is over: it may have made the exercises, or given them another name.
pub(crate) fn settle(environment: &mut Environment, folders: &mut Folders) {
    folders.start_in(environment.get("EXERCISES_DIR"));
    let start = folders.exercises();
    for name in ["TERMINAL_HOME", "EDITOR_HOME"] {
        environment.set(name, start.as_str());
    }
}
