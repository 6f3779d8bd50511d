//! Which files go into a bundle, and under which names.

use std::collections::BTreeSet;
use std::fs;

use atelier_content::Workshop;
use camino::{Utf8Path, Utf8PathBuf};

use super::litter::{is_litter, is_secret};
use super::{Bundle, BundleError, Entry, published};
use crate::archive::{Limits, Spellings, megabytes, problem_of_name};
use crate::dashboards::slug;
use crate::received::{self, Kind, Received};

/// At the top of a collection, what belongs to all of its workshops.
const OF_ALL: [&str; 7] = [
    "COPYING",
    "LICENSE",
    "LICENSE.md",
    "NOTICE",
    "README.md",
    "resources/training-portal.yaml",
    "resources/trainingportal.yaml",
];

/// The bundle of a workshop: what a session receives, and what tells what the workshop is. In it the workshop lies in a
/// folder of its name.
///
/// # Errors
/// When a link leaves the folder, a file cannot be read, or the bundle could not be opened.
pub fn of_workshop(workshop: &Workshop) -> Result<Bundle, BundleError> {
    let mut bundle = Bundle::empty(&workshop.name);
    let top = Utf8PathBuf::from(&bundle.name);
    bundle.add_workshop(workshop, &top, Utf8Path::new(""))?;
    bundle.checked()
}

/// The bundle of several workshops below a folder, each where it lies there. The title is the collection's; without one the
/// folder's name counts.
///
/// # Errors
/// As [`of_workshop`].
pub fn of_collection(
    folder: &Utf8Path,
    title: Option<&str>,
    workshops: &[Workshop],
) -> Result<Bundle, BundleError> {
    let real = folder
        .canonicalize_utf8()
        .map_err(BundleError::io(folder))?;
    let name = slug(title.or_else(|| real.file_name()).unwrap_or_default());
    let mut bundle = Bundle::empty(&name);
    let top = Utf8PathBuf::from(&bundle.name);
    for workshop in workshops {
        let root = workshop
            .root
            .canonicalize_utf8()
            .map_err(BundleError::io(&workshop.root))?;
        let below = root.strip_prefix(&real).map_err(|_| {
            BundleError::Received(received::ReceiveError::LinkOutside {
                link: workshop.root.clone(),
                target: root.clone(),
            })
        })?;
        bundle.add_workshop(workshop, &top, below)?;
    }
    for path in OF_ALL.map(Utf8Path::new) {
        if real.join(path).is_file() && !real.join(path).is_symlink() {
            bundle.add_file(&real.join(path), &top, path)?;
        }
    }
    bundle.checked()
}

/// What Educates would publish of a workshop: `publish.files`, else the whole folder, at the top of the archive.
///
/// # Errors
/// As [`of_workshop`], and when it takes vendir to put it together, or it holds a link.
pub fn as_published(workshop: &Workshop) -> Result<Bundle, BundleError> {
    let selection = published::selection(workshop)?;
    let mut bundle = Bundle::empty(&workshop.name);
    let top = Utf8Path::new("");
    for entry in received::list_published(&workshop.root, &selection)? {
        if matches!(entry.kind, Kind::Link(_)) {
            return Err(BundleError::PublishedLink(entry.path));
        }
        bundle.add(workshop, entry, top, top)?;
    }
    bundle.checked()
}

impl Bundle {
    fn empty(name: &str) -> Self {
        let name = if name.is_empty() { "workshop" } else { name };
        Self {
            name: name.to_owned(),
            left_out: Vec::new(),
            secrets: Vec::new(),
            dangling: Vec::new(),
            entries: Default::default(),
        }
    }

    fn add_workshop(
        &mut self,
        workshop: &Workshop,
        top: &Utf8Path,
        below: &Utf8Path,
    ) -> Result<(), BundleError> {
        let mut received = received::list(workshop)?;
        let listed: BTreeSet<_> = received.iter().map(|entry| entry.path.clone()).collect();
        // The definition need not be among what a session receives.
        let read = workshop.sources.iter().map(|(_, source)| source.path());
        let ignored = Utf8Path::new(".eduk8signore");
        let more: BTreeSet<_> = read
            .chain([ignored])
            .filter(|path| !listed.contains(*path) && workshop.root.join(path).is_file())
            .map(Utf8Path::to_owned)
            .collect();
        received.extend(more.into_iter().map(|path| Received {
            path,
            kind: Kind::File,
        }));
        let packed: BTreeSet<_> = received.iter().map(|entry| entry.path.clone()).collect();
        for entry in received {
            if let Kind::Link(target) = &entry.kind
                && !leads_to_one_of(&entry.path, target, &packed)
            {
                self.dangling
                    .push((below.join(&entry.path), target.clone()));
            }
            self.add(workshop, entry, top, below)?;
        }
        Ok(())
    }

    fn add(
        &mut self,
        workshop: &Workshop,
        entry: Received,
        top: &Utf8Path,
        below: &Utf8Path,
    ) -> Result<(), BundleError> {
        if is_litter(&entry.path, &workshop.workshop_dir) {
            self.left_out.push(below.join(entry.path));
            return Ok(());
        }
        let path = below.join(&entry.path);
        match entry.kind {
            Kind::File => self.add_file(&workshop.root.join(&entry.path), top, &path)?,
            Kind::EmptyFolder => {
                self.entries.insert(top.join(path), Entry::EmptyFolder);
            }
            Kind::Link(target) => {
                self.entries.insert(top.join(path), Entry::Link(target));
            }
        }
        Ok(())
    }

    fn add_file(
        &mut self,
        from: &Utf8Path,
        top: &Utf8Path,
        path: &Utf8Path,
    ) -> Result<(), BundleError> {
        let about = fs::metadata(from).map_err(BundleError::io(from))?;
        if is_secret(path, from).map_err(BundleError::io(from))? {
            self.secrets.push(path.to_owned());
        }
        let entry = Entry::File {
            from: from.to_owned(),
            size: about.len(),
            executable: is_executable(&about),
        };
        self.entries.insert(top.join(path), entry);
        Ok(())
    }

    /// The bundle, if it could be opened.
    fn checked(self) -> Result<Self, BundleError> {
        let limits = Limits::default();
        let mut spellings = Spellings::default();
        for (path, entry) in &self.entries {
            if let Some(reason) = problem_of_name(path) {
                return Err(BundleError::Name {
                    path: path.clone(),
                    reason,
                });
            }
            if spellings.has_twin(path) {
                return Err(BundleError::Twins(path.clone()));
            }
            if let Entry::File { size, .. } = entry
                && *size > limits.file
            {
                let most = megabytes(limits.file);
                return Err(BundleError::TooLarge(format!(
                    "{path} is larger than {most}"
                )));
            }
        }
        if spellings.count() > limits.entries {
            let most = limits.entries;
            return Err(BundleError::TooLarge(format!(
                "the workshop holds more than {most} files and folders"
            )));
        }
        if self.bytes() > limits.unpacked {
            let most = megabytes(limits.unpacked);
            return Err(BundleError::TooLarge(format!(
                "the workshop holds more than {most}"
            )));
        }
        Ok(self)
    }
}

/// Whether a link leads to something that is packed, or to a folder with something packed in it.
fn leads_to_one_of(link: &Utf8Path, target: &Utf8Path, packed: &BTreeSet<Utf8PathBuf>) -> bool {
    let mut place = link.parent().unwrap_or(Utf8Path::new("")).to_owned();
    for part in target.components() {
        match part.as_str() {
            ".." => {
                place.pop();
            }
            "." => {}
            part => place.push(part),
        }
    }
    packed.iter().any(|path| path.starts_with(&place))
}

#[cfg(unix)]
fn is_executable(about: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    about.permissions().mode() & 0o100 != 0
}

#[cfg(not(unix))]
fn is_executable(_: &fs::Metadata) -> bool {
    false
}
