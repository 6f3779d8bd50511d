//! What lies about in a folder without belonging to the workshop, and what its author would not want to hand on.

use std::fs::File;
use std::io::{self, Read};

use camino::Utf8Path;

/// Folders that tools make anew.
const FOLDERS: [&str; 8] = [
    ".git",
    ".hg",
    ".svn",
    ".ipynb_checkpoints",
    ".mypy_cache",
    ".pytest_cache",
    ".ruff_cache",
    "__pycache__",
];
const FILES: [&str; 4] = [".DS_Store", ".hugo_build.lock", "Thumbs.db", "desktop.ini"];
const ENDINGS: [&str; 4] = [".pyc", ".swp", "~", ".workshop"];

/// Whether a file, by its path below the workshop's folder, is left by a tool or a system. `workshop` is the folder of the
/// instructions.
pub(super) fn is_litter(path: &Utf8Path, workshop: &Utf8Path) -> bool {
    let name = path.file_name().unwrap_or_default();
    // A bundle of before is litter at the top; elsewhere it may be the matter of an exercise.
    let at_top = path.components().count() == 1;
    path.components()
        .any(|part| FOLDERS.contains(&part.as_str()))
        || FILES.contains(&name)
        || ENDINGS
            .iter()
            .any(|ending| name.ends_with(ending) && (*ending != ".workshop" || at_top))
        // Where Hugo writes the pages to, outside of a session.
        || path.starts_with(workshop.join("public"))
}

/// Names of files that hold credentials, whatever stands in them.
const CREDENTIALS: [&str; 12] = [
    ".env",
    ".git-credentials",
    ".netrc",
    ".pgpass",
    ".pypirc",
    "_netrc",
    "id_dsa",
    "id_ecdsa",
    "id_ed25519",
    "id_rsa",
    "kubeconfig",
    "service-account.json",
];
/// The same, with the folder that they lie in.
const IN_FOLDERS: [&str; 3] = [".aws/credentials", ".docker/config.json", ".kube/config"];
const KEY_STORES: [&str; 4] = ["jks", "keystore", "p12", "pfx"];
/// Examples of a `.env` are made to be handed on.
const EXAMPLES: [&str; 5] = ["dist", "example", "sample", "template", "test"];

/// Whether a file looks like a secret: by its name, or because it is a private key.
pub(super) fn is_secret(path: &Utf8Path, file: &Utf8Path) -> io::Result<bool> {
    let name = path.file_name().unwrap_or_default();
    let environment = name
        .strip_prefix(".env.")
        .is_some_and(|rest| !EXAMPLES.contains(&rest));
    let named = environment
        || CREDENTIALS.contains(&name)
        || IN_FOLDERS.iter().any(|ending| path.ends_with(ending))
        || path
            .extension()
            .is_some_and(|ending| KEY_STORES.contains(&ending) || ending == "kubeconfig");
    if named {
        return Ok(true);
    }
    let mut head = Vec::new();
    File::open(file)?.take(4096).read_to_end(&mut head)?;
    let text = String::from_utf8_lossy(&head);
    let first = text.trim_start().lines().next().unwrap_or_default().trim();
    let key = first.starts_with("-----BEGIN ") && first.ends_with("PRIVATE KEY-----");
    let token = name == ".npmrc" && ["_authToken", "_password"].iter().any(|t| text.contains(t));
    Ok(key || token)
}
