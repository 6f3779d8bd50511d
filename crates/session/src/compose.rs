//! Containers that stand beside a session: `docker.compose` of the definition (`session.md` section 14).

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use camino::{Utf8Path, Utf8PathBuf};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::error::SessionError;
use crate::examiner::tail;
use crate::folders::Folders;
use crate::launch::{Ending, Finished, Launcher, Program, RunOptions};
use crate::protocol::{SetupStatus, SetupStepView};
use crate::store;

/// The file that Docker reads, below `state`.
const FILE: &str = "shared/compose.json";
/// Names the services, below `state`, for as long as their containers may run.
const RUNNING: &str = "containers.json";
/// What the step of the set-up is called.
pub(crate) const STEP: &str = "containers";
/// How much of what Docker says a step shows, in bytes.
const SHOWN: usize = 16 * 1024;
/// How long taking the containers down may take.
const DOWN: Duration = Duration::from_secs(60);

/// The containers of a session that may use Docker.
#[derive(Debug)]
pub(crate) struct Compose {
    /// The file that Docker reads.
    file: Utf8PathBuf,
    running: Utf8PathBuf,
    services: Vec<String>,
    home: Utf8PathBuf,
    project: String,
    env: BTreeMap<String, String>,
}

impl Compose {
    /// Writes the file for these services; `expand` fills in `$(name)`.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(crate) fn new(
        services: &Value,
        folders: &Folders,
        project: &str,
        env: BTreeMap<String, String>,
        expand: impl Fn(&str) -> String,
    ) -> Result<Self, SessionError> {
        let file = folders.state.join(FILE);
        let all = services.get("services").and_then(Value::as_object);
        let names = all.map_or_else(Vec::new, |all| all.keys().cloned().collect());
        let text = serde_json::to_vec_pretty(&translated(services, folders, &expand));
        store::write_private(&file, &text.unwrap_or_default()).map_err(SessionError::io(&file))?;
        Ok(Self {
            file,
            running: folders.state.join(RUNNING),
            services: names,
            home: folders.home.clone(),
            project: project.to_owned(),
            env,
        })
    }

    /// Starts the containers; how that went is a step of the set-up.
    ///
    /// # Errors
    /// When it was cancelled.
    pub(crate) async fn up(
        &self,
        launcher: &Launcher,
        cancel: &CancellationToken,
    ) -> Result<SetupStepView, SessionError> {
        let names = serde_json::to_vec(&self.services).unwrap_or_default();
        store::write_private(&self.running, &names).map_err(SessionError::io(&self.running))?;
        let started = Instant::now();
        let options = RunOptions {
            cancel: cancel.clone(),
            keep: SHOWN,
            ..RunOptions::default()
        };
        let run = launcher.run(&self.docker(&["up", "-d"]), options).await;
        let mut step = SetupStepView {
            name: STEP.to_owned(),
            status: SetupStatus::Failed,
            exit_code: None,
            millis: started.elapsed().as_millis() as u64,
            log: String::new(),
        };
        match run {
            Ok(run) if run.ending == Ending::Cancelled => return Err(SessionError::Cancelled),
            Ok(run) => {
                step.log = tail(&run.output, SHOWN);
                step.exit_code = run.status.and_then(|status| status.code());
                if step.exit_code == Some(0) {
                    step.status = SetupStatus::Passed;
                }
            }
            Err(error) => step.log = error.to_string(),
        }
        Ok(step)
    }

    /// Takes the containers down. What cannot be taken down stays, and so does the file that tells of it.
    pub(crate) async fn down(&self, launcher: &Launcher) {
        let options = RunOptions {
            timeout: Some(DOWN),
            ..RunOptions::default()
        };
        let run = launcher.run(&self.docker(&["down"]), options).await;
        let ended = |run: Finished| run.status.is_some_and(|status| status.success());
        if run.is_ok_and(ended) {
            // Still there, it would only be told of once too often.
            let _ = std::fs::remove_file(&self.running);
        }
    }

    fn docker(&self, verb: &[&str]) -> Program {
        let mut program = Program::new("docker", self.home.as_std_path());
        let about = [
            "compose",
            "-f",
            self.file.as_str(),
            "--project-directory",
            self.home.as_str(),
            "-p",
            &self.project,
        ];
        program.args = about.iter().chain(verb).map(Into::into).collect();
        program.env = self.env.clone();
        program
    }
}

/// The services of a session, by name, whose containers may run although nobody has the session open.
pub(crate) fn left_behind(state: &Utf8Path) -> Vec<String> {
    let names = std::fs::read(state.join(RUNNING)).unwrap_or_default();
    serde_json::from_slice(&names).unwrap_or_default()
}

/// What the learner is told of them.
pub(crate) fn told(session: &str, services: &[String]) -> String {
    format!(
        "Containers of this session may still run ({}): Atelier could not end them. `docker compose -p {session} down` in a terminal of your own ends them.",
        services.join(", ")
    )
}

/// The definition's services as Docker reads them: the volume `workshop` is the session's home.
fn translated(value: &Value, folders: &Folders, expand: &dyn Fn(&str) -> String) -> Value {
    match value {
        // A `$` that is left would be a variable of Docker's own, as it is upstream.
        Value::String(text) => Value::String(folders.localise_place(&expand(text))),
        Value::Array(items) => {
            let items = items.iter().map(|item| translated(item, folders, expand));
            Value::Array(items.collect())
        }
        Value::Object(map)
            if map.get("type") == Some(&json!("volume"))
                && map.get("source") == Some(&json!("workshop")) =>
        {
            let mut mount = map.clone();
            mount.insert("type".to_owned(), json!("bind"));
            mount.insert("source".to_owned(), json!(folders.home));
            Value::Object(mount)
        }
        Value::Object(map) => {
            let entries = map
                .iter()
                .map(|(name, value)| (name.clone(), translated(value, folders, expand)));
            Value::Object(entries.collect())
        }
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_workshops_volume_is_the_home() {
        let folders = Folders::new("/s".into(), None);
        let services = json!({"services": {"db": {
            "image": "$(image)", "ports": [5432],
            "volumes": [{"type": "volume", "source": "workshop", "target": "/mnt"}, "data:/data", "/home/eduk8s/x:/x"],
        }}});
        let expand = |text: &str| text.replace("$(image)", "postgres:17");
        assert_eq!(
            translated(&services, &folders, &expand),
            json!({"services": {"db": {
                "image": "postgres:17", "ports": [5432],
                "volumes": [{"type": "bind", "source": "/s/home", "target": "/mnt"}, "data:/data", "/s/home/x:/x"],
            }}})
        );
    }
}
