//! The scripts of a session that may set variables (`session.md` section 5): read so that findings can point into them.

use camino::Utf8Path;

use super::files::Files;
use crate::diagnostic::Sources;

/// Reads those that there are.
pub(super) fn read(files: &mut Files, sources: &mut Sources) {
    let folders = ["setup.d", "profile.d", "terminal"].map(|name| files.layout.beside(name));
    for folder in &folders {
        files.scan(folder);
    }
    let single = ["profile", "terminal.sh"].map(|name| files.layout.beside(name));
    let single = single.into_iter().filter(|path| files.is_file(path));
    let mut scripts: Vec<String> = single.collect();
    for folder in &folders {
        let below = files.below(folder).into_iter();
        let own = below.filter(|path| path.parent() == Some(Utf8Path::new(folder)));
        scripts.extend(
            own.filter(|path| path.extension() == Some("sh"))
                .map(|path| path.into_string()),
        );
    }
    for script in scripts {
        files.read(&script, sources);
    }
}
