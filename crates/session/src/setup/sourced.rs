//! Sourcing a file in a shell and taking up the environment that it leaves.

use std::collections::BTreeMap;
use std::ffi::OsString;

use camino::Utf8Path;

use super::MARK;
use crate::anchor::Anchor;
use crate::environment::Environment;
use crate::launch::SESSION_VARIABLE;
use crate::terminal::shell::quote;

/// What a shell changes for itself, or the session for one step.
const OWN: [&str; 7] = [
    "_",
    "SHLVL",
    "PWD",
    "OLDPWD",
    "WORKSHOP_ENV",
    MARK,
    SESSION_VARIABLE,
];

/// One file, sourced once.
pub(super) struct Sourcing<'a> {
    pub(super) file: &'a Utf8Path,
    /// Where the shell leaves its environment.
    pub(super) left: &'a Utf8Path,
    /// The folder of the session's in which that is.
    pub(super) folder: &'a Utf8Path,
    /// Every assignment counts, not only what is exported; and what it does is not traced.
    pub(super) exports_all: bool,
}

impl Sourcing<'_> {
    /// Bash's arguments. Whatever ends the shell, it leaves its environment: what was exported before a failure counts.
    pub(super) fn arguments(&self) -> Vec<OsString> {
        let (file, left) = (quote(self.file), quote(self.left));
        // The function is made before anything is exported by itself.
        let leave = format!(
            "atelier_leave() {{ {{ set +x; }} 2>/dev/null; command -p env -0 >{left}; }}; trap atelier_leave EXIT"
        );
        // A failing command of `profile.d` ends the start of the reference; here it ends its own file.
        let options = if self.exports_all {
            "set -a"
        } else {
            "set -ex"
        };
        vec![
            "-c".into(),
            format!("{leave}; {options}; . {file}").into(),
            "bash".into(),
        ]
    }

    /// Takes up what the shell has left.
    ///
    /// # Errors
    /// Says why there is nothing to take up.
    pub(super) fn take_up(&self, environment: &mut Environment) -> Result<(), String> {
        let bytes = Anchor::within(self.folder, self.left)
            .and_then(|place| place.read_all())
            .unwrap_or_default();
        if bytes.is_empty() {
            return Err("It left no environment that could be read.".to_owned());
        }
        let entries = bytes.split(|byte| *byte == 0);
        let left: BTreeMap<&str, &str> = entries
            .filter_map(|entry| std::str::from_utf8(entry).ok()?.split_once('='))
            .filter(|(name, _)| !OWN.contains(name))
            .collect();
        let gone: Vec<String> = environment
            .iter()
            .map(|(name, _)| name)
            .filter(|name| !OWN.contains(name) && !left.contains_key(name))
            .map(str::to_owned)
            .collect();
        for name in gone {
            environment.remove(&name);
        }
        for (name, value) in left {
            if environment.get(name) != Some(value) {
                environment.set(name, value);
            }
        }
        Ok(())
    }
}
