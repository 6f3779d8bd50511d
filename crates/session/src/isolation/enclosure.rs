//! The walls of one isolated session.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::Mechanism;
use super::policy::{Places, View};
use super::{bubblewrap, filter, landlock, machine, owner};
use crate::allowances::Allowances;
use crate::folders::Folders;
use crate::store::Store;

/// What an isolated session sees, and by what means it is held to that.
#[derive(Debug, Clone)]
pub struct Enclosure {
    mechanism: Mechanism,
    asked: Asked,
}

/// Who asks for an enclosure, and for what.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    /// The session's folders, which must exist.
    pub(crate) folders: Folders,
    /// This program, which the session starts again for some of its own.
    pub(crate) player: PathBuf,
    /// The owner's environment.
    pub(crate) owner: HashMap<String, String>,
    /// What of the owner's the workshop may use.
    pub(crate) allowed: Allowances,
}

impl Enclosure {
    /// The walls of a session.
    pub(crate) fn new(mechanism: Mechanism, asked: Asked) -> Self {
        Self { mechanism, asked }
    }

    /// What is seen. Looks at the machine's folders and the owner's toolchains as they are now.
    fn places(&self) -> Places {
        let asked = &self.asked;
        let owner = |name: &str| asked.owner.get(name).cloned();
        let mut places = Places::default();
        machine::show(&mut places);
        machine::hide_private(&mut places);
        owner::hide_home(&mut places, &owner);
        owner::show_programs(&mut places, &owner);
        owner::show_allowed(&mut places, &owner, asked.allowed);
        places.show_both(&asked.player);
        // An AppImage has its libraries beside the program.
        if let Some(folder) = owner("APPDIR") {
            places.show_both(Path::new(&folder));
        }
        hide_player(&mut places, asked);
        show_session(&mut places, &asked.folders);
        places
    }

    /// A command that starts `program` within the walls; its arguments, environment and streams are still to be said. What it
    /// starts is within them too. Under bubblewrap it is process 1 of the session.
    ///
    /// The walls are drawn anew each time, around what the owner has installed until then.
    ///
    /// # Errors
    /// When the kernel does not take the rules.
    pub fn command(&self, program: &Path) -> io::Result<Command> {
        let places = self.places();
        match &self.mechanism {
            Mechanism::Bubblewrap { program: bwrap } => {
                let mut command = Command::new(bwrap);
                command.args(bubblewrap::arguments(&places)).arg(program);
                landlock::scope(&mut command);
                filter::apply(&mut command, false);
                Ok(command)
            }
            Mechanism::Landlock { .. } => {
                let mut command = Command::new(program);
                landlock::restrict(&mut command, &places)?;
                filter::apply(&mut command, true);
                Ok(command)
            }
        }
    }
}

/// Other sessions, what was trusted, journals: wherever they would be seen.
fn hide_player(places: &mut Places, asked: &Asked) {
    if let Some(sessions) = asked.folders.root.parent() {
        places.hide(sessions.as_std_path());
    }
    let named = asked
        .owner
        .get("ATELIER_HOME")
        .filter(|home| !home.is_empty());
    if let Some(home) = named {
        places.hide(Path::new(home));
    }
    if let Ok(store) = Store::of_owner() {
        places.hide(store.root().as_std_path());
    }
}

/// The session's own folders: by their real names, and where the workshop expects them.
fn show_session(places: &mut Places, folders: &Folders) {
    let root = folders.root.as_std_path();
    let real = root.canonicalize().unwrap_or_else(|_| root.to_path_buf());
    let mut roots = vec![root, &*real];
    roots.dedup();
    for at in roots {
        places.put(at, View::Empty);
        for (folder, writable) in [
            (&folders.home, true),
            (&folders.workshop, true),
            (&folders.tmp, true),
            (&folders.downloads, true),
            (&folders.bin, false),
            (&folders.shell, false),
            (&folders.shared(), false),
        ] {
            if let Ok(below) = folder.strip_prefix(&folders.root) {
                let at = at.join(below);
                places.bind(&at, &at, writable);
            }
        }
    }
    if !folders.home.starts_with(&folders.root) {
        let home = folders.home.as_std_path();
        places.bind(home, home, true);
        if let Ok(real) = home.canonicalize() {
            places.bind(&real, &real, true);
        }
    }
    for (written, folder) in folders.moved() {
        places.bind(Path::new(written), folder.as_std_path(), true);
    }
    for written in ["/tmp", "/var/tmp"] {
        places.bind(Path::new(written), folders.tmp.as_std_path(), true);
    }
}
