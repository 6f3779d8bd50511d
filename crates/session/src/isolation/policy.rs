//! What an isolated session sees of the machine, place by place.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// What a session's programs find at a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum View {
    /// What is there, not to be changed.
    ReadOnly,
    /// Another folder or file of this machine.
    Shown {
        /// Which one.
        source: PathBuf,
        /// Whether it may be changed.
        writable: bool,
    },
    /// An empty folder.
    Empty,
    /// An empty file.
    Nothing,
    /// A symbolic link.
    Link(PathBuf),
}

/// The places of a session. A place within another one lies on top of it; what is in no place is not there.
#[derive(Debug, Clone, Default)]
pub(super) struct Places {
    views: BTreeMap<PathBuf, View>,
}

impl Places {
    /// The places, each after those that it lies in.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&Path, &View)> {
        self.views.iter().map(|(path, view)| (path.as_path(), view))
    }

    /// The places within another one, without itself.
    pub(super) fn within<'a>(
        &'a self,
        path: &'a Path,
    ) -> impl Iterator<Item = (&'a Path, &'a View)> {
        self.iter()
            .filter(move |(place, _)| *place != path && place.starts_with(path))
    }

    /// Whether something was said of this very path.
    pub(super) fn has(&self, path: &Path) -> bool {
        self.views.contains_key(path)
    }

    /// Whether what this machine has at a path is seen there too.
    pub(super) fn shows(&self, path: &Path) -> bool {
        match self.around(path) {
            Some((_, View::ReadOnly)) => true,
            Some((place, View::Shown { source, .. })) => source == place,
            _ => false,
        }
    }

    /// Shows what is at a path, if there is anything, not to be changed.
    pub(super) fn show(&mut self, path: &Path) {
        if path.is_absolute() && path.exists() && !self.shows(path) {
            self.put(path, View::ReadOnly);
        }
    }

    /// As [`Self::show`], by the name that was given and by the one that it really has: links lead to either.
    pub(super) fn show_both(&mut self, path: &Path) {
        self.show(path);
        if let Ok(real) = path.canonicalize() {
            self.show(&real);
        }
    }

    /// Shows a folder or file of the session's own.
    pub(super) fn bind(&mut self, path: &Path, source: &Path, writable: bool) {
        let source = source.to_path_buf();
        self.put(path, View::Shown { source, writable });
    }

    /// Hides what is at a path, where it would be seen.
    pub(super) fn hide(&mut self, path: &Path) {
        for path in [Some(path.to_path_buf()), path.canonicalize().ok()] {
            let Some(path) = path.filter(|path| self.shows(path)) else {
                continue;
            };
            match fs::metadata(&path) {
                Ok(meta) if meta.is_dir() => self.put(&path, View::Empty),
                Ok(_) => self.put(&path, View::Nothing),
                Err(_) => {}
            }
        }
    }

    /// Puts a view at a path, and makes room for it: a folder of the machine into which nothing can be put without changing it
    /// becomes one of the session's, with the same entries.
    pub(super) fn put(&mut self, path: &Path, view: View) {
        while let Some(parent) = path.parent() {
            let Some((place, around)) = self.around(parent) else {
                break;
            };
            let place = place.to_path_buf();
            let can_hold = match around {
                View::ReadOnly => {
                    // A link at the very place would lead what is put there elsewhere.
                    fs::symlink_metadata(path).is_ok_and(|meta| !meta.is_symlink())
                }
                View::Link(_) | View::Nothing => false,
                View::Empty | View::Shown { .. } => true,
            };
            if can_hold || !self.split(&place) {
                break;
            }
        }
        self.views.insert(path.to_path_buf(), view);
    }

    fn split(&mut self, place: &Path) -> bool {
        let Ok(entries) = fs::read_dir(place) else {
            return false;
        };
        self.views.insert(place.to_path_buf(), View::Empty);
        for entry in entries.flatten() {
            let path = entry.path();
            self.views
                .entry(path)
                .or_insert_with_key(|path| match fs::read_link(path) {
                    Ok(target) => View::Link(target),
                    Err(_) => View::ReadOnly,
                });
        }
        true
    }

    /// The innermost place that a path lies in, or is.
    fn around(&self, path: &Path) -> Option<(&Path, &View)> {
        path.ancestors().find_map(|place| {
            let (place, view) = self.views.get_key_value(place)?;
            Some((place.as_path(), view))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn makes_room_without_touching_the_disk() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path();
        for folder in ["opt/tool", "opt/workshop-old"] {
            fs::create_dir_all(root.join(folder)).unwrap();
        }
        std::os::unix::fs::symlink("tool", root.join("opt/link")).unwrap();
        let mut places = Places::default();
        places.show(&root.join("opt"));
        places.bind(&root.join("opt/workshop"), Path::new("/s/workshop"), true);
        let found: Vec<_> = places
            .iter()
            .map(|(path, view)| (path.strip_prefix(root).unwrap().to_owned(), view.clone()))
            .collect();
        let shown = View::Shown {
            source: "/s/workshop".into(),
            writable: true,
        };
        assert_eq!(
            found,
            [
                ("opt".into(), View::Empty),
                ("opt/link".into(), View::Link("tool".into())),
                ("opt/tool".into(), View::ReadOnly),
                ("opt/workshop".into(), shown),
                ("opt/workshop-old".into(), View::ReadOnly),
            ]
        );
    }

    #[test]
    fn hides_and_shows_by_every_name() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().canonicalize().unwrap();
        fs::create_dir_all(root.join("var/home/ada/.ssh")).unwrap();
        fs::create_dir_all(root.join("var/home/ada/sdk/bin")).unwrap();
        fs::write(root.join("var/mail"), "").unwrap();
        std::os::unix::fs::symlink("var/home", root.join("home")).unwrap();
        let mut places = Places::default();
        places.show(&root.join("var"));
        places.hide(&root.join("home/ada"));
        places.hide(&root.join("var/mail"));
        places.hide(&root.join("var/nothing"));
        places.show_both(&root.join("home/ada/sdk"));
        for (path, seen) in [
            ("var/home", true),
            ("var/home/ada", false),
            ("var/home/ada/.ssh", false),
            ("var/mail", false),
            ("var/home/ada/sdk/bin", true),
            ("home/ada/sdk", true),
            ("home/ada/.ssh", false),
        ] {
            assert_eq!(places.shows(&root.join(path)), seen, "{path}");
        }
    }
}
