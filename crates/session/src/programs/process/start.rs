//! Starts a process, or says why it cannot be started.

use super::task::{Task, Went};
use crate::launch::{Kept, LaunchError};
use crate::programs::plan::{self, Start};
use crate::programs::words;

impl Task {
    pub(super) fn spawn(&self) -> Result<Kept, Went> {
        let hopeless = |reason: &str, message: String| Went::Hopeless {
            reason: reason.to_owned(),
            message,
        };
        let Start { program, apart } = plan::start(self.number, &self.spec, &self.ground)
            .map_err(|problem| hopeless("bad configuration", words::sentence(&problem)))?;
        self.ground
            .launcher
            .spawn_kept(&program, apart)
            .map_err(|error| {
                use std::io::ErrorKind::{NotFound, PermissionDenied};
                let name = program.program.to_string_lossy();
                match &error {
                    LaunchError::Closed(_) => Went::Stopped,
                    LaunchError::Refused { kind: NotFound, .. } => hopeless(
                        &format!("can't find command '{name}'"),
                        words::not_found(&name),
                    ),
                    LaunchError::Refused {
                        kind: PermissionDenied,
                        ..
                    } => hopeless(
                        &format!("command at '{name}' is not executable"),
                        words::not_executable(&name),
                    ),
                    LaunchError::NoFolder { .. } => hopeless(
                        "can't chdir to its directory",
                        words::sentence(&error.to_string()),
                    ),
                    _ => Went::Failed {
                        reason: "unknown error during spawn".to_owned(),
                        message: words::sentence(&error.to_string()),
                    },
                }
            })
    }
}
