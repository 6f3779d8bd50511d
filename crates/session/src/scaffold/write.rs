//! Writes a new workshop: whole or not at all, and never over anything.

use std::fs;
use std::io;

use camino::{Utf8Path, Utf8PathBuf};

use super::{Made, Plan, WrongName, check_name};
use crate::unfinished::{self, Unfinished};

/// How many of the files that are in the way are named.
const NAMED: usize = 5;

/// Why there is no new workshop.
#[derive(Debug, thiserror::Error)]
pub enum NewError {
    /// The name is none.
    #[error(transparent)]
    Name(#[from] WrongName),
    /// The title or description is none.
    #[error("the {0} must be one line of text, no longer than 200 characters")]
    Line(&'static str),
    /// Something is in the way.
    #[error(
        "{path} is not empty: it holds {}. Nothing was written; name a folder that is not there yet", listed(.holds)
    )]
    NotEmpty {
        /// The folder.
        path: Utf8PathBuf,
        /// What it holds.
        holds: Vec<String>,
    },
    /// There is a file where the folder is to be.
    #[error("{0} is a file; name a folder that is not there yet")]
    File(Utf8PathBuf),
    /// The system refused.
    #[error("{path}: {}", crate::refusal::told_of_named(source))]
    Io {
        /// Which file.
        path: Utf8PathBuf,
        /// What it said.
        source: io::Error,
    },
}

fn listed(holds: &[String]) -> String {
    let named = holds.iter().take(NAMED).cloned().collect::<Vec<_>>();
    match holds.len().saturating_sub(NAMED) {
        0 => named.join(", "),
        more => format!("{} and {more} more", named.join(", ")),
    }
}

fn failed(path: &Utf8Path) -> impl FnOnce(io::Error) -> NewError + use<> {
    let path = path.to_owned();
    move |source| NewError::Io { path, source }
}

/// Deletes what has been left half built in a folder and beside it, by processes that were killed.
fn clear_unfinished(folder: &Utf8Path) {
    let beside = match folder.parent() {
        Some(beside) if beside.as_str().is_empty() => Utf8Path::new("."),
        Some(beside) => beside,
        None => folder,
    };
    for folder in [folder, beside] {
        unfinished::clear(folder.as_std_path(), unfinished::WORKSHOP, &mut |_| true);
    }
}

/// Whether a workshop may be written here: the folder is not there, or it is empty. What a process that was killed has left of one
/// is cleared away before.
///
/// # Errors
/// When something is in the way.
pub fn check_target(folder: &Utf8Path) -> Result<(), NewError> {
    clear_unfinished(folder);
    match fs::symlink_metadata(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(failed(folder)(error)),
        Ok(_) => {}
    }
    if !folder.is_dir() {
        return Err(NewError::File(folder.to_owned()));
    }
    let entries = folder.read_dir_utf8().map_err(failed(folder))?;
    let mut holds: Vec<_> = entries
        .flatten()
        .map(|entry| entry.file_name().to_owned())
        .collect();
    if holds.is_empty() {
        return Ok(());
    }
    holds.sort();
    Err(NewError::NotEmpty {
        path: folder.to_owned(),
        holds,
    })
}

/// Writes the workshop into a folder that is not there yet, or is empty. It is built beside and then renamed; an empty folder
/// stays the one that it was, and gets what was built, or nothing.
///
/// # Errors
/// When the plan is none, something is in the way, or the system refuses; then nothing is left behind.
pub fn write(plan: &Plan, folder: &Utf8Path) -> Result<(), NewError> {
    check_name(&plan.name)?;
    for (what, text) in [("title", &plan.title), ("description", &plan.description)] {
        let fits = text.chars().count() <= 200 && !text.chars().any(char::is_control);
        if text.trim().is_empty() || !fits {
            return Err(NewError::Line(what));
        }
    }
    check_target(folder)?;
    let folder = camino::absolute_utf8(folder).map_err(failed(folder))?;
    let is_there = folder.is_dir();
    let parent = folder.parent().unwrap_or(&folder);
    // What lies above is made as well, and stays: folders that are empty harm nobody.
    fs::create_dir_all(parent).map_err(failed(parent))?;
    // An empty folder may be the only one that may be written to.
    let beside = if is_there { folder.as_path() } else { parent };
    let building = Unfinished::folder_in(beside.as_std_path(), unfinished::WORKSHOP)
        .map_err(failed(beside))?;
    let root = Utf8Path::from_path(building.path())
        .ok_or_else(|| failed(beside)(io::ErrorKind::InvalidData.into()))?;
    let built = root.join(&plan.name);
    fs::create_dir(&built).map_err(failed(&built))?;
    for file in plan.files() {
        write_one(&built, &file)?;
    }
    if is_there {
        fill(&built, &folder)
    } else {
        // A folder that came into being meanwhile is not replaced unless it is empty.
        fs::rename(&built, &folder).map_err(failed(&folder))
    }
}

fn write_one(root: &Utf8Path, file: &Made) -> Result<(), NewError> {
    let path = root.join(&file.path);
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(failed(folder))?;
    }
    fs::write(&path, &file.text).map_err(failed(&path))?;
    if file.executable {
        make_executable(&path).map_err(failed(&path))?;
    }
    Ok(())
}

/// Moves what was built into an empty folder; when that ends half-way, out of it again.
fn fill(built: &Utf8Path, folder: &Utf8Path) -> Result<(), NewError> {
    let mut moved = Vec::new();
    let entries = built.read_dir_utf8().map_err(failed(built))?;
    for entry in entries {
        let entry = entry.map_err(failed(built))?;
        let to = folder.join(entry.file_name());
        let done = if fs::symlink_metadata(&to).is_ok() {
            Err(io::ErrorKind::AlreadyExists.into())
        } else {
            fs::rename(entry.path(), &to)
        };
        if let Err(error) = done {
            for name in &moved {
                let _ = fs::rename(folder.join(name), built.join(name));
            }
            return Err(failed(&to)(error));
        }
        moved.push(entry.file_name().to_owned());
    }
    Ok(())
}

#[cfg(unix)]
fn make_executable(path: &Utf8Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    // Whoever may read it may run it.
    let mode = fs::metadata(path)?.permissions().mode();
    fs::set_permissions(path, fs::Permissions::from_mode(mode | (mode & 0o444) >> 2))
}

#[cfg(not(unix))]
fn make_executable(_: &Utf8Path) -> io::Result<()> {
    Ok(())
}
