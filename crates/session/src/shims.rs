//! Programs that workshops call and that their usual surroundings bring, first on the session's `PATH` (`session.md`
//! section 6). Here they say what to do instead.

use std::io;

use camino::Utf8Path;

use crate::folders::Folders;
use crate::state_files;
use crate::terminal::shell::quote;

/// Name, what it says, and its exit status.
const SAYING: &[(&str, &str, u8)] = &[
    (
        "update-workshop",
        "The workshop's files are copied when a session begins. To begin again with the files as they are now, choose \"Start over…\" in the menu of Atelier's window.",
        0,
    ),
    (
        "rebuild-workshop",
        "The set-up of the workshop is run from Atelier's window: choose \"Run the set-up again\" in its menu.",
        0,
    ),
    (
        "rebuild-content",
        "Nothing needs to be built: Atelier renders each page when it is shown. To read the workshop's files anew, close the workshop and open it again.",
        0,
    ),
    (
        "restart-workshop",
        "The workshop is started again from Atelier's window: close it and open it again. The learner's files and progress stay.",
        0,
    ),
    (
        "code-server",
        "There is no code-server here: the editor is part of Atelier's window, and takes no extensions.",
        1,
    ),
    (
        "download-workshop",
        "Nothing is downloaded here: the workshop's files come from the folder that was opened in Atelier.",
        1,
    ),
    (
        "merge-workshop",
        "There is nothing to merge here: the workshop's files were put into their places when the session began.",
        1,
    ),
];

/// Writes them; what lies there under another name stays.
///
/// # Errors
/// When one cannot be written.
pub(crate) fn write(folders: &Folders) -> io::Result<()> {
    for (name, words, status) in SAYING {
        let stream = if *status == 0 { "" } else { " >&2" };
        let text = format!(
            "#!/bin/sh\nprintf '%s\\n' {}{stream}\nexit {status}\n",
            quote(words)
        );
        program(&folders.bin.join(name), &text)?;
    }
    let definition = quote(state_files::definition(folders));
    program(
        &folders.bin.join("workshop-definition"),
        &format!("#!/bin/sh\nexec cat {definition}\n"),
    )
}

fn program(path: &Utf8Path, text: &str) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    if std::fs::read(path).is_ok_and(|now| now == text.as_bytes()) {
        return Ok(());
    }
    // Not written in place: a program that runs cannot be.
    let folder = path.parent().unwrap_or(path);
    let mut file = crate::store::temporary_in(folder.as_std_path())?;
    io::Write::write_all(&mut file, text.as_bytes())?;
    std::fs::set_permissions(file.path(), std::fs::Permissions::from_mode(0o755))?;
    file.persist(path)?;
    Ok(())
}
