//! Data variables: `session_name` and friends (`instructions.md` section 6).

use std::collections::BTreeMap;

use crate::workshop::Workshop;

/// Values that pages may ask for by name. Lookup as the formats need it: exact, or without regard to case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Variables {
    values: BTreeMap<String, String>,
}

impl Variables {
    /// Placeholder values, for rendering without a session: those of `instructions.md` 6.2, with a fixed port and
    /// password, and the defaults of what the author declared.
    pub fn for_preview(workshop: &Workshop) -> Self {
        let builtins = Self::from_iter([
            ("session_name", "workshop"),
            ("session_namespace", "workshop"),
            ("session_id", "s001"),
            ("session_hostname", "workshop.localhost"),
            ("session_url", "http://workshop.localhost:10081"),
            ("ingress_protocol", "http"),
            ("ingress_domain", "localhost"),
            ("ingress_port", "10081"),
            ("ingress_port_suffix", ":10081"),
            ("services_password", "preview0password"),
            ("config_password", "preview0password"),
            ("restart_url", "atelier:finish"),
        ]);
        resolve(workshop, builtins, &|_| None)
    }

    /// Sets a variable; a later value replaces an earlier one.
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.values.insert(name.into(), value.into());
    }

    /// The value of exactly this name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    /// The value of this name, however it is capitalised (Hugo's lookup).
    pub(crate) fn get_ignoring_case(&self, name: &str) -> Option<&str> {
        self.get(name).or_else(|| {
            self.values
                .iter()
                .find(|(key, _)| key.eq_ignore_ascii_case(name))
                .map(|(_, value)| value.as_str())
        })
    }

    /// Every name and value, in alphabetical order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.values
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

/// Builds the variables of a session: what the author declared, each from the environment or its default, under the
/// built-in ones, which always win (`instructions.md` 6.1 to 6.3). `builtins` holds what the session knows; every
/// other built-in name gets its value from the workshop, or the empty text. What the environment has under a built-in name
/// in capitals, as set-up scripts may set it (`REGISTRY_HOST`), beats all that.
pub fn resolve(
    workshop: &Workshop,
    builtins: Variables,
    environment: &dyn Fn(&str) -> Option<String>,
) -> Variables {
    let mut variables = Variables::default();
    for parameter in &workshop.parameters {
        let value = parameter
            .aliases
            .iter()
            .chain(std::iter::once(&parameter.name))
            .find_map(|name| environment(name))
            .unwrap_or_else(|| parameter.value.clone());
        variables.set(&parameter.name, value);
    }
    for name in BUILTIN {
        variables.set(*name, "");
    }
    for (name, value) in DEFAULTS {
        variables.set(*name, *value);
    }
    variables.set("workshop_name", &workshop.name);
    variables.set("workshop_title", &workshop.contents_title);
    variables.set("workshop_description", pathway_description(workshop));
    variables.set("pathway_name", &workshop.pathway);
    variables.set("platform_arch", platform());
    for (name, value) in builtins.values {
        variables.set(name, value);
    }
    let defaults = DEFAULTS.iter().map(|(name, _)| name);
    for name in BUILTIN
        .iter()
        .chain(defaults)
        .chain(&["workshop_name", "platform_arch"])
    {
        let exported = environment(&name.to_uppercase());
        if let Some(value) = exported.filter(|_| !OWN.contains(name)) {
            variables.set(*name, value);
        }
    }
    variables
}

/// A pathway's description overrides the workshop's (`instructions.md` 3.3).
fn pathway_description(workshop: &Workshop) -> &str {
    workshop
        .pathways
        .iter()
        .find(|pathway| pathway.name == workshop.pathway)
        .map(|pathway| pathway.description.as_str())
        .filter(|description| !description.is_empty())
        .unwrap_or(&workshop.description)
}

fn platform() -> &'static str {
    match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    }
}

/// Whether a name, however it is capitalised, is that of a built-in variable.
pub(crate) fn is_builtin(name: &str) -> bool {
    let known = |builtin: &str| builtin.eq_ignore_ascii_case(name);
    BUILTIN.iter().any(|name| known(name))
        || DEFAULTS.iter().any(|(name, _)| known(name))
        || [
            "workshop_name",
            "workshop_title",
            "workshop_description",
            "pathway_name",
            "platform_arch",
        ]
        .iter()
        .any(|name| known(name))
}

/// Whether `$(name)` has a value in a definition.
pub(crate) fn is_expanded(name: &str) -> bool {
    let shown_only = ["workshop_title", "workshop_description", "pathway_name"];
    (is_builtin(name) && !shown_only.contains(&name) && name == name.to_lowercase())
        || DEFINITION_ONLY.contains(&name)
}

/// What a definition may name (`session.md` section 11): the variables of the pages, and a few more.
pub fn of_definition(workshop: &Workshop, variables: &Variables) -> Variables {
    let mut all = variables.clone();
    let account = variables.get("session_name").unwrap_or_default();
    for (name, value) in DEFINITION_ONLY.iter().zip([
        workshop.about.version.as_deref().unwrap_or("latest"),
        workshop.about.image.as_deref().unwrap_or_default(),
        "",
        account,
    ]) {
        all.set(*name, value);
    }
    all
}

/// Built-in names with the same value everywhere on a laptop.
const DEFAULTS: &[(&str, &str)] = &[
    ("environment_name", "workshop"),
    ("workshop_namespace", "workshop"),
    ("training_portal", "workshop"),
    ("cluster_domain", "cluster.local"),
    ("policy_engine", "none"),
    // Names of before 2020: this one leads to a terminal, the others nowhere.
    ("terminal_url", "/terminal"),
];

/// Built-in names of which the environment is not asked: they are about the window.
const OWN: &[&str] = &[
    "restart_url",
    "terminal_url",
    "base_url",
    "console_url",
    "slides_url",
    "google_tracking_id",
    "clarity_tracking_id",
    "amplitude_tracking_id",
];

/// Names that a definition may expand besides the built-in ones (`session.md` section 11).
const DEFINITION_ONLY: &[&str] = &[
    "workshop_version",
    "workshop_image",
    "ingress_secret",
    "service_account",
];

/// Built-in names that are empty unless a session knows better.
const BUILTIN: &[&str] = &[
    "session_name",
    "session_namespace",
    "session_id",
    "session_hostname",
    "session_url",
    "ingress_protocol",
    "ingress_domain",
    "ingress_port",
    "ingress_port_suffix",
    "ingress_class",
    "storage_class",
    "policy_name",
    "image_repository",
    "oci_image_cache",
    "assets_repository",
    "services_password",
    "config_password",
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
    "restart_url",
    "google_tracking_id",
    "clarity_tracking_id",
    "amplitude_tracking_id",
    "base_url",
    "console_url",
    "slides_url",
];

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for Variables {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Self {
        let mut variables = Self::default();
        for (name, value) in pairs {
            variables.set(name, value);
        }
        variables
    }
}
