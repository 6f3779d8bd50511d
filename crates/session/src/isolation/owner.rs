//! What of the owner's an isolated session sees: the programs of the `PATH`, toolchains, and what was allowed.

use std::fs;
use std::path::{Path, PathBuf};

use super::machine::is_private_home;
use super::policy::Places;
use crate::allowances::{self, Allowances};
use crate::environment::toolchains;

/// Looks up the environment of the person who runs Atelier.
pub(super) type Owner<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Where programs of `~/.local/bin` have what they consist of.
const INSTALLED: &[&str] = &[
    ".local/pipx/venvs",
    ".local/share/pipx/venvs",
    ".local/share/uv/tools",
];

/// Variables that are handed on to a session and name a file or folder that its programs read.
const NAMED: &[&str] = &[
    "CURL_CA_BUNDLE",
    "DOTNET_ROOT",
    "GIT_SSL_CAINFO",
    "GOROOT",
    "JAVA_HOME",
    "NODE_EXTRA_CA_CERTS",
    "PIP_CERT",
    "REQUESTS_CA_BUNDLE",
    "SSL_CERT_DIR",
    "SSL_CERT_FILE",
];

/// Where containers are asked for, when nothing else is said.
const DOCKER_SOCKETS: &[&str] = &["/run/docker.sock", "/var/run/docker.sock"];

/// What is never shown, wherever it lies in what is: names below any folder of the owner's.
const SECRET: &[&str] = &[
    ".aws",
    ".azure",
    ".bash_history",
    ".config/gcloud",
    ".config/gh",
    ".docker",
    ".git-credentials",
    ".gnupg",
    ".kube",
    ".local/share/keyrings",
    ".mozilla",
    ".netrc",
    ".npmrc",
    ".password-store",
    ".pypirc",
    ".ssh",
    "credentials",
    "credentials.toml",
];

/// Hides the owner's home, also where it lies in a place of the system's.
pub(super) fn hide_home(places: &mut Places, owner: Owner<'_>) {
    for home in home(owner) {
        places.hide(&home);
    }
    // Where the desktop's services listen.
    if let Some(folder) = owner("XDG_RUNTIME_DIR") {
        places.hide(Path::new(&folder));
    }
}

/// Shows programs of the owner's, without their secrets.
pub(super) fn show_programs(places: &mut Places, owner: Owner<'_>) {
    let homes = home(owner);
    let mut shown: Vec<PathBuf> = toolchains::read_only(owner);
    let path = owner("PATH").unwrap_or_default();
    for folder in std::env::split_paths(&path) {
        shown.extend(installation(&folder, &homes));
    }
    shown.extend(
        NAMED
            .iter()
            .filter_map(|name| owner(name).map(PathBuf::from)),
    );
    if let Some(home) = homes.first() {
        shown.extend(INSTALLED.iter().map(|below| home.join(below)));
    }
    // A folder of programs can be a link, or hold links to where the programs are.
    shown.sort();
    shown.dedup();
    for folder in &shown {
        let real = folder.canonicalize().unwrap_or_else(|_| folder.clone());
        let is_too_much = |folder: &Path| {
            folder.parent().is_none() || homes.iter().any(|home| home.starts_with(folder))
        };
        if is_too_much(folder) || is_too_much(&real) {
            continue;
        }
        places.show_both(folder);
        for name in SECRET {
            places.hide(&folder.join(name));
            places.hide(&real.join(name));
        }
    }
}

/// What a program in `bin` finds beside that folder, wherever it is installed.
const BESIDE: &[&str] = &[
    "boot",
    "conf",
    "include",
    "jars",
    "lib",
    "lib32",
    "lib64",
    "libexec",
    "libs",
    "platform",
    "pyvenv.cfg",
    "sdk",
    "share",
];

/// What only the folder of a toolchain has that is to be seen as a whole: those of Homebrew, conda, Java and Go.
const TOOLCHAINS: &[&str] = &["Cellar", "conda-meta", "jre/lib", "pkg/tool"];

/// Java's own, in one file. A project may have a folder of that name.
const OF_JAVA: &str = "lib/modules";

/// What a folder has in which somebody works.
const WORKED_IN: &[&str] = &[".git", ".hg", ".jj", ".svn"];

/// A folder of the `PATH`, and what its programs consist of. It can be a project's own, of which nothing more is shown.
fn installation(folder: &Path, homes: &[PathBuf]) -> Vec<PathBuf> {
    let mut parts = vec![folder.to_path_buf()];
    let is_for_all = |parent: &Path| {
        homes
            .iter()
            .any(|home| home.join(".local") == parent || home.starts_with(parent))
    };
    let parent = folder
        .parent()
        .filter(|parent| folder.ends_with("bin") && !is_for_all(parent));
    if let Some(parent) = parent {
        let has = |name: &&str| parent.join(name).exists();
        if TOOLCHAINS.iter().any(has) || parent.join(OF_JAVA).is_file() {
            return vec![parent.to_path_buf()];
        }
        if !WORKED_IN.iter().any(has) {
            parts.extend(
                BESIDE
                    .iter()
                    .filter(|name| has(name))
                    .map(|name| parent.join(name)),
            );
        }
    }
    parts
}

/// Shows what the learner has allowed to this content.
pub(super) fn show_allowed(places: &mut Places, owner: Owner<'_>, allowed: Allowances) {
    if allowed.docker {
        let named = [allowances::docker_address(owner), owner("CONTAINER_HOST")];
        let named = named.iter().flatten();
        let named = named.filter_map(|host| host.strip_prefix("unix://"));
        for socket in DOCKER_SOCKETS.iter().copied().chain(named) {
            places.show_both(Path::new(socket));
        }
    }
    if allowed.cluster
        && let Some(found) = allowances::kubeconfig(owner)
    {
        for file in std::env::split_paths(&found.files) {
            places.show_both(&file);
            for named in files_of(&file) {
                places.show_both(&named);
            }
        }
    }
}

/// Certificates, keys and tokens that a kubeconfig names.
fn files_of(kubeconfig: &Path) -> Vec<PathBuf> {
    const KEYS: [&str; 4] = [
        "certificate-authority:",
        "client-certificate:",
        "client-key:",
        "tokenFile:",
    ];
    let text = fs::read_to_string(kubeconfig).unwrap_or_default();
    let folder = kubeconfig.parent().unwrap_or(Path::new("/"));
    let value = |line: &str| {
        let line = line.trim().trim_start_matches("- ");
        let value = KEYS.iter().find_map(|key| line.strip_prefix(key))?;
        Some(folder.join(value.trim().trim_matches(['"', '\''])))
    };
    text.lines()
        .filter_map(value)
        .filter(|file| file.is_file())
        .collect()
}

/// The owner's home, by the name that is in use and by its real one.
fn home(owner: Owner<'_>) -> Vec<PathBuf> {
    let named = owner("HOME").map(PathBuf::from);
    let mut homes: Vec<_> = named
        .into_iter()
        .filter(|home| is_private_home(home))
        .collect();
    if let Some(real) = homes.first().and_then(|home| home.canonicalize().ok()) {
        homes.push(real);
    }
    homes.dedup();
    homes
}
