//! What set-up has changed of the environment, kept for the next start.

use std::fs;

use super::Session;
use crate::environment::Environment;
use crate::error::SessionError;
use crate::folders::Folders;
use crate::store;

impl Session {
    /// Keeps what set-up changed, for the next start.
    pub(super) fn keep_environment(&self, environment: &Environment) -> Result<(), SessionError> {
        let before = &self.before_setup;
        let set = environment
            .iter()
            .filter(|(name, value)| before.get(name) != Some(value))
            .map(|(name, value)| (name, Some(value)));
        let removed = before
            .iter()
            .filter(|(name, _)| environment.get(name).is_none())
            .map(|(name, _)| (name, None));
        let changed: Vec<(&str, Option<&str>)> = set.chain(removed).collect();
        let bytes = serde_json::to_vec(&changed).unwrap_or_default();
        let path = kept_environment(&self.folders);
        store::write_private(&path, &bytes).map_err(SessionError::io(&path))
    }
}

/// Where the changes of set-up to the environment lie.
fn kept_environment(folders: &Folders) -> camino::Utf8PathBuf {
    folders.state.join("environment.json")
}

/// Whether an earlier set-up came so far that it had something to leave.
pub(super) fn has_left_environment(folders: &Folders) -> bool {
    kept_environment(folders).is_file()
}

/// What an earlier set-up has changed: a variable without a value was taken away.
pub(super) fn earlier_environment(folders: &Folders) -> Vec<(String, Option<String>)> {
    fs::read(kept_environment(folders))
        .ok()
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .unwrap_or_default()
}
