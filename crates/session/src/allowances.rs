//! What of the owner's a workshop may use when it was allowed: Docker, and the cluster of the kubeconfig (`session.md` 14, 15).
//!
//! This keeps a workshop from using them by accident. It is no wall: what runs as the learner can find the daemon's socket, which
//! is why nothing runs before it is trusted.

use std::fs;
use std::io;
use std::path::Path;

use atelier_content::needs::CONTAINERS;
use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use ts_rs::TS;

use crate::environment::Environment;
use crate::folders::Folders;
use crate::machine::Machine;

/// What of the owner's a workshop may use.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Allowances {
    /// Docker and its like on this machine.
    pub docker: bool,
    /// The Kubernetes cluster of the owner's kubeconfig.
    pub cluster: bool,
}

/// A socket of this name, where there is none, is what programs for containers are shown otherwise: they name it in their
/// complaint.
const REFUSED: &str = "docker-is-not-allowed-in-this-session";
/// First line of the programs that stand in for those that may not be used.
const STAND_IN: &str = "#!/bin/sh\n# Stands in for a program that this session may not use.\n";

impl Allowances {
    /// Gives the session's programs what is allowed, and keeps the rest from them. `owner` looks up the owner's environment.
    ///
    /// # Errors
    /// When the session's own files cannot be written.
    pub(crate) fn apply(
        self,
        folders: &Folders,
        environment: &mut Environment,
        owner: &dyn Fn(&str) -> Option<String>,
    ) -> io::Result<()> {
        let machine = Machine::new(&owner("PATH").unwrap_or_default(), &[]);
        for name in CONTAINERS {
            let stand_in = folders.bin.join(name);
            if !self.docker && machine.find(name).is_some() {
                write_program(&stand_in, &refusal(name))?;
            } else if fs::read_to_string(&stand_in).is_ok_and(|text| text.starts_with(STAND_IN)) {
                fs::remove_file(&stand_in)?;
            }
        }
        if self.docker {
            for (name, value) in [
                ("DOCKER_HOST", docker_address(owner)),
                ("CONTAINER_HOST", owner("CONTAINER_HOST")),
            ] {
                if let Some(value) = value {
                    environment.set(name, value);
                }
            }
        } else {
            let nowhere = format!("unix://{}", folders.state.join(REFUSED));
            environment.set("DOCKER_HOST", nowhere.clone());
            environment.set("CONTAINER_HOST", nowhere);
        }
        if self.cluster
            && let Some(found) = kubeconfig(owner)
        {
            environment.set("KUBECONFIG", found.files);
        }
        Ok(())
    }
}

/// The owner's kubeconfig.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kubeconfig {
    /// As `KUBECONFIG` names it.
    pub files: String,
    /// The name of its current context.
    pub context: String,
}

/// The owner's kubeconfig, when it has a current context.
pub fn kubeconfig(owner: &dyn Fn(&str) -> Option<String>) -> Option<Kubeconfig> {
    let files = owner("KUBECONFIG")
        .filter(|files| !files.is_empty())
        .or_else(|| Some(format!("{}/.kube/config", owner("HOME")?)))?;
    let context = std::env::split_paths(&files).find_map(|file| {
        let text = fs::read_to_string(file).ok()?;
        let line = text
            .lines()
            .find_map(|line| line.strip_prefix("current-context:"))?;
        let name = line.trim().trim_matches(['"', '\'']);
        (!name.is_empty()).then(|| name.to_owned())
    })?;
    Some(Kubeconfig { files, context })
}

/// What tells programs where the owner's Docker listens, when it has to be told.
pub(crate) fn docker_address(owner: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    owner("DOCKER_HOST").or_else(|| docker_host(owner))
}

/// Where the owner's Docker listens when it is not the usual place: a session has a home of its own, in which the `docker`
/// command finds no settings.
fn docker_host(owner: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    let settings = Utf8PathBuf::from(format!("{}/.docker", owner("HOME")?));
    let read = |path: &Utf8Path| -> Option<serde_json::Value> {
        serde_json::from_slice(&fs::read(path).ok()?).ok()
    };
    let chosen = owner("DOCKER_CONTEXT").or_else(|| {
        let config = read(&settings.join("config.json"))?;
        Some(config.get("currentContext")?.as_str()?.to_owned())
    });
    if let Some(context) = chosen.filter(|context| context != "default") {
        let folder: String = Sha256::digest(context.as_bytes())
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let about = read(
            &settings
                .join("contexts/meta")
                .join(folder)
                .join("meta.json"),
        )?;
        let host = about.pointer("/Endpoints/docker/Host")?.as_str()?;
        return Some(host.to_owned());
    }
    let own = format!("{}/docker.sock", owner("XDG_RUNTIME_DIR")?);
    let is_usual = Path::new("/var/run/docker.sock").exists();
    (!is_usual && Path::new(&own).exists()).then(|| format!("unix://{own}"))
}

fn refusal(name: &str) -> String {
    format!(
        "{STAND_IN}echo '{name}: this workshop may not use Docker on this computer.' >&2\n\
         echo 'To allow it, see \"Session\" in the menu of the window; with `atelier test`, say `--allow docker`.' >&2\n\
         exit 125\n"
    )
}

#[cfg(unix)]
fn write_program(path: &Utf8Path, text: &str) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::write(path, text)?;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
fn write_program(path: &Utf8Path, text: &str) -> io::Result<()> {
    fs::write(path, text)
}
