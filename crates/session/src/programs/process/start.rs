//! Starts a process, or says why it cannot be started.

use super::Started;
use super::task::{Failure, Task, Went};
use crate::launch::{Kept, LaunchError};
use crate::programs::plan::{self, Start};
use crate::programs::words;

impl Task {
    pub(super) fn spawn(&self) -> Result<Kept, Went> {
        let Start { program, apart } =
            plan::start(self.number, &self.spec, &self.ground).map_err(|problem| {
                Went::Hopeless(Failure::not_spawned("bad configuration", &problem))
            })?;
        let spawned = self.ground.launcher.spawn_kept(&program, apart);
        spawned.map_err(|error| why(&error, &program.program.to_string_lossy()))
    }
}

/// What to make of a launcher's refusal to start a command.
fn why(error: &LaunchError, command: &str) -> Went {
    use std::io::ErrorKind::{NotFound, PermissionDenied};
    let kind = match error {
        LaunchError::Closed(_) => return Went::Stopped,
        LaunchError::NoFolder { .. } => {
            let reason = "can't chdir to its directory";
            return Went::Hopeless(Failure::not_spawned(reason, &error.to_string()));
        }
        LaunchError::Refused { kind, .. } => Some(*kind),
        _ => None,
    };
    match kind {
        Some(NotFound) => Went::Hopeless(Failure {
            reason: format!("can't find command '{command}'"),
            message: words::not_found(command),
            started: Started::NoFile,
        }),
        Some(PermissionDenied) => Went::Hopeless(Failure {
            reason: format!("command at '{command}' is not executable"),
            message: words::not_executable(command),
            started: Started::NotExecutable,
        }),
        _ => Went::Failed(Failure::not_spawned(
            "unknown error during spawn",
            &error.to_string(),
        )),
    }
}

impl Failure {
    fn not_spawned(reason: &str, problem: &str) -> Self {
        Self {
            reason: reason.to_owned(),
            message: words::sentence(problem),
            started: Started::NotSpawned,
        }
    }
}
