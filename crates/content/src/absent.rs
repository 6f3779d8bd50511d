//! What is said of a path that leads nowhere.

use std::fmt;

use camino::{Utf8Path, Utf8PathBuf};

use crate::near::near;

/// In a folder with more names than this none is looked for that was meant.
const MAX_NAMES: usize = 1000;

/// The first part of a path that is not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Absent {
    /// The name that nothing has; empty for an empty path.
    name: String,
    /// Where it was looked for; none for what cannot be told.
    folder: Option<Utf8PathBuf>,
    /// The name there that was probably meant.
    near: Option<String>,
    /// Where the link of this name leads.
    link: Option<Utf8PathBuf>,
}

impl Absent {
    /// None when something is there, or when that cannot be known.
    pub fn of(path: &Utf8Path) -> Option<Self> {
        let missing = |path: &Utf8Path| matches!(path.try_exists(), Ok(false));
        if !missing(path) {
            return None;
        }
        let first = path
            .ancestors()
            .take_while(|part| !part.as_str().is_empty() && missing(part))
            .last()
            .unwrap_or(path);
        let name = first.file_name().unwrap_or(first.as_str()).to_owned();
        let parent = match first.parent() {
            Some(parent) if !parent.as_str().is_empty() => parent,
            _ => Utf8Path::new("."),
        };
        let folder = parent.canonicalize_utf8().ok();
        let names = siblings(parent);
        let near = near(&name, names.iter().map(String::as_str)).map(|near| near.name.to_owned());
        Some(Self {
            link: first.read_link_utf8().ok(),
            name,
            folder,
            near,
        })
    }
}

fn siblings(folder: &Utf8Path) -> Vec<String> {
    let Ok(entries) = folder.read_dir_utf8() else {
        return Vec::new();
    };
    let names: Vec<_> = entries
        .flatten()
        .take(MAX_NAMES + 1)
        .map(|entry| entry.file_name().to_owned())
        .collect();
    if names.len() > MAX_NAMES {
        return Vec::new();
    }
    names
}

impl fmt::Display for Absent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, .. } = self;
        if name.is_empty() {
            return write!(f, "the path is empty; name the folder of a workshop");
        }
        if let Some(target) = &self.link {
            return write!(f, "`{name}` is a link to {target}, which is not there");
        }
        write!(f, "there is no file or folder `{name}`")?;
        if let Some(folder) = &self.folder {
            write!(f, " in {folder}")?;
        }
        match &self.near {
            Some(near) => write!(f, "; did you mean `{near}`?"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn said(path: &Utf8Path) -> Option<String> {
        Absent::of(path).map(|absent| absent.to_string())
    }

    #[test]
    fn names_the_first_part_that_is_missing_and_what_was_meant() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = Utf8Path::from_path(folder.path()).expect("UTF-8");
        let root = root.canonicalize_utf8().expect("it is there");
        fs::create_dir_all(root.join("lab-git/workshop")).expect("made");
        assert_eq!(said(&root.join("lab-git")), None);
        assert_eq!(
            said(&root.join("lab-gti/workshop")),
            Some(format!(
                "there is no file or folder `lab-gti` in {root}; did you mean `lab-git`?"
            ))
        );
        assert_eq!(
            said(&root.join("lab-git/else")),
            Some(format!(
                "there is no file or folder `else` in {root}/lab-git"
            ))
        );
        assert_eq!(
            said(Utf8Path::new("")),
            Some("the path is empty; name the folder of a workshop".to_owned())
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_link_to_nowhere_is_no_missing_name() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = Utf8Path::from_path(folder.path()).expect("UTF-8");
        std::os::unix::fs::symlink("gone", root.join("lab")).expect("linked");
        assert_eq!(
            said(&root.join("lab")),
            Some("`lab` is a link to gone, which is not there".to_owned())
        );
    }
}
