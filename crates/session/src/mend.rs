//! Applies what mends the findings of a check to the workshop's files.
//!
//! A file is written anew beside itself and renamed, with its mode, its line ends and its mark in front. Of changes that
//! overlap, the first one is made and the others wait for the next run.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::ops::Range;

use atelier_content::diagnostic::{Applicability, Change, FileId, Fix};
use atelier_content::{Diagnostic, Workshop};
use camino::{Utf8Path, Utf8PathBuf};

/// What was mended.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Mended {
    /// For each finding that is mended, its place in the list that was given.
    pub findings: Vec<usize>,
    /// How many files were changed.
    pub files: usize,
}

/// Why a fix could not be applied.
#[derive(Debug, thiserror::Error)]
pub enum MendError {
    /// The file is another one by now.
    #[error("{0} was changed while it was checked; check it again")]
    Changed(Utf8PathBuf),
    /// A fix is for a file that is not the workshop's.
    #[error("{0} is a link or lies outside the workshop, and is not changed")]
    Outside(Utf8PathBuf),
    /// It cannot be read or written.
    #[error("{path} cannot be changed: {reason}")]
    Io {
        /// Which.
        path: Utf8PathBuf,
        /// Why.
        reason: std::io::Error,
    },
}

/// The replacements in one file, in the order of their places.
type Replacements<'a> = BTreeMap<usize, (Range<usize>, &'a str)>;

/// Applies every fix of `found` that needs no question; those of files behind links are left out.
///
/// # Errors
/// When a file cannot be read or written, or has changed since it was loaded. Files that were mended before stay so.
pub fn mend(workshop: &Workshop, found: &[Diagnostic]) -> Result<Mended, MendError> {
    let mut edits: BTreeMap<FileId, Replacements<'_>> = BTreeMap::new();
    let mut modes: Vec<&Utf8Path> = Vec::new();
    let mut mended = Mended::default();
    for (number, finding) in found.iter().enumerate() {
        let fix = finding.fix.as_deref();
        let Some(fix) = fix.filter(|fix| is_safe(fix) && is_own(workshop, fix)) else {
            continue;
        };
        if fix.changes.iter().any(|change| overlaps(change, &edits)) {
            continue;
        }
        for change in &fix.changes {
            match change {
                Change::Replace { span, text } => {
                    let replacement = (span.range.clone(), text.as_str());
                    edits
                        .entry(span.file)
                        .or_default()
                        .insert(span.range.start, replacement);
                }
                Change::MakeExecutable { path } if !modes.contains(&path.as_path()) => {
                    modes.push(path);
                }
                Change::MakeExecutable { .. } | Change::Word { .. } => {}
            }
        }
        mended.findings.push(number);
    }
    for (file, replacements) in &edits {
        rewrite(workshop, *file, replacements)?;
    }
    for path in &modes {
        make_executable(&own(workshop, path)?)?;
    }
    mended.files = edits.len() + modes.len();
    Ok(mended)
}

fn is_safe(fix: &Fix) -> bool {
    fix.applicability == Applicability::Safe
        && !fix.changes.is_empty()
        && fix
            .changes
            .iter()
            .all(|change| !matches!(change, Change::Word { .. }))
}

/// Whether everything that a fix changes is the workshop's own; what a link leads to may be anybody's.
fn is_own(workshop: &Workshop, fix: &Fix) -> bool {
    let mut paths = fix.changes.iter().map(|change| match change {
        Change::Replace { span, .. } | Change::Word { within: span, .. } => {
            workshop.sources.file(span.file).path()
        }
        Change::MakeExecutable { path } => path.as_path(),
    });
    paths.all(|path| !matches!(own(workshop, path), Err(MendError::Outside(_))))
}

/// Whether a change touches what another one replaces.
fn overlaps(change: &Change, edits: &BTreeMap<FileId, Replacements<'_>>) -> bool {
    let Change::Replace { span, .. } = change else {
        return false;
    };
    edits.get(&span.file).is_some_and(|replacements| {
        let mut ranges = replacements.values().map(|(range, _)| range);
        ranges.any(|range| {
            range.start < span.range.end && span.range.start < range.end
                || range.start == span.range.start
        })
    })
}

/// A file of the workshop's folder that is not reached through a link.
fn own(workshop: &Workshop, path: &Utf8Path) -> Result<Utf8PathBuf, MendError> {
    let outside = || MendError::Outside(path.to_owned());
    let whole = workshop.root.join(path);
    let io = |reason| MendError::Io {
        path: path.to_owned(),
        reason,
    };
    let root = workshop.root.canonicalize_utf8().map_err(io)?;
    let real = whole.canonicalize_utf8().map_err(io)?;
    if real == root.join(path) {
        Ok(real)
    } else {
        Err(outside())
    }
}

fn rewrite(
    workshop: &Workshop,
    file: FileId,
    replacements: &Replacements<'_>,
) -> Result<(), MendError> {
    let source = workshop.sources.file(file);
    let path = own(workshop, source.path())?;
    let io = |reason| MendError::Io {
        path: source.path().to_owned(),
        reason,
    };
    let mut bytes = fs::read(&path).map_err(io)?;
    if !source.is_of(&bytes) {
        return Err(MendError::Changed(source.path().to_owned()));
    }
    // From the end on: what comes before keeps its place.
    for (range, text) in replacements.values().rev() {
        let place = source.offset_in_file(range.start)..source.offset_in_file(range.end);
        let text = if source.has_returns() {
            text.replace('\n', "\r\n")
        } else {
            (*text).to_owned()
        };
        bytes.splice(place, text.into_bytes());
    }
    let folder = path.parent().unwrap_or(&workshop.root);
    let permissions = fs::metadata(&path).map_err(io)?.permissions();
    let mut beside = tempfile::NamedTempFile::new_in(folder).map_err(io)?;
    beside.write_all(&bytes).map_err(io)?;
    beside.as_file().set_permissions(permissions).map_err(io)?;
    beside.as_file().sync_all().map_err(io)?;
    beside.persist(&path).map_err(|error| io(error.error))?;
    Ok(())
}

#[cfg(unix)]
fn make_executable(path: &Utf8Path) -> Result<(), MendError> {
    use std::os::unix::fs::PermissionsExt;
    let io = |reason| MendError::Io {
        path: path.to_owned(),
        reason,
    };
    let mut permissions = fs::metadata(path).map_err(io)?.permissions();
    // Whoever may read it may run it.
    let mode = permissions.mode();
    permissions.set_mode(mode | (mode & 0o444) >> 2);
    fs::set_permissions(path, permissions).map_err(io)
}

#[cfg(not(unix))]
fn make_executable(_: &Utf8Path) -> Result<(), MendError> {
    Ok(())
}

#[cfg(test)]
mod tests;
