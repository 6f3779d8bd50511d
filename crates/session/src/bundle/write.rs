//! Writes bundles: a zip, or a packed tar.

use std::fs::File;
use std::io::{self, BufWriter, Seek, Write};

use camino::Utf8Path;
use flate2::write::GzEncoder;
use flate2::{Compression, GzBuilder};
use tar::{EntryType, Header};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::{Bundle, BundleError, Entry};
use crate::archive::{Limits, is_archive, megabytes};
use crate::unfinished;

/// Kinds of bundles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// `.workshop`, `.zip`.
    Zip,
    /// `.tar.gz`.
    TarGz,
    /// A container image in a tarball, as `skopeo` and its like read it: `oci-archive`.
    Image,
}

/// A bundle on the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// Bytes of the file.
    pub packed: u64,
}

impl Format {
    /// The kind of bundle that a name stands for.
    pub fn of(path: &Utf8Path) -> Self {
        let name = path.file_name().unwrap_or_default();
        if name.ends_with(".tar.gz") || name.ends_with(".tgz") {
            Self::TarGz
        } else {
            Self::Zip
        }
    }
}

impl Bundle {
    /// Writes it whole or not at all; an archive of this name gives way.
    ///
    /// # Errors
    /// When something else has this name, a file cannot be read, the disk refuses, or the result could not be opened.
    pub fn write(&self, target: &Utf8Path, format: Format) -> Result<Written, BundleError> {
        if target.exists() && !is_archive(target).map_err(BundleError::io(target))? {
            return Err(BundleError::Taken(target.to_owned()));
        }
        let folder = match target.parent() {
            Some(folder) if !folder.as_str().is_empty() => folder,
            _ => Utf8Path::new("."),
        };
        let failed = || BundleError::io(target);
        let building = unfinished::file_in(folder.as_std_path(), unfinished::BUNDLE)
            .map_err(BundleError::io(folder))?;
        let out = BufWriter::new(building.as_file());
        match format {
            Format::Zip => self.write_zip(out, target)?,
            Format::TarGz => self.write_tar(out, target)?,
            Format::Image => self.write_image(out, target, folder)?,
        }
        let packed = building.as_file().metadata().map_err(failed())?.len();
        if packed > Limits::default().packed {
            let most = megabytes(Limits::default().packed);
            return Err(BundleError::TooLarge(format!(
                "the bundle is larger than {most}"
            )));
        }
        readable_for_all(building.as_file()).map_err(failed())?;
        building.as_file().sync_all().map_err(failed())?;
        building
            .persist(target)
            .map_err(|error| failed()(error.error))?;
        Ok(Written { packed })
    }

    fn write_zip(&self, out: impl Write + Seek, target: &Utf8Path) -> Result<(), BundleError> {
        let refused = |error: zip::result::ZipError| BundleError::io(target)(error.into());
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .compression_level(Some(6))
            .last_modified_time(DateTime::default());
        let mut zip = ZipWriter::new(out);
        for (path, entry) in &self.entries {
            match entry {
                Entry::EmptyFolder => zip
                    .add_directory(path.as_str(), options.unix_permissions(0o755))
                    .map_err(refused)?,
                Entry::Link(to) => zip
                    .add_symlink(path.as_str(), to.as_str(), options)
                    .map_err(refused)?,
                Entry::File {
                    from, executable, ..
                } => {
                    let options = options.unix_permissions(mode(*executable));
                    zip.start_file(path.as_str(), options).map_err(refused)?;
                    let mut file = File::open(from).map_err(BundleError::io(from))?;
                    io::copy(&mut file, &mut zip).map_err(BundleError::io(from))?;
                }
            }
        }
        let mut out = zip.finish().map_err(refused)?;
        out.flush().map_err(BundleError::io(target))
    }

    fn write_tar(&self, out: impl Write, target: &Utf8Path) -> Result<(), BundleError> {
        let failed = || BundleError::io(target);
        let mut tar = tar::Builder::new(packer(out));
        self.append_to(&mut tar, target, Modes::OfAll)?;
        let packer = tar.into_inner().map_err(failed())?;
        let mut out = packer.finish().map_err(failed())?;
        out.flush().map_err(failed())
    }

    pub(super) fn append_to(
        &self,
        tar: &mut tar::Builder<impl Write>,
        target: &Utf8Path,
        modes: Modes,
    ) -> Result<(), BundleError> {
        let failed = || BundleError::io(target);
        for (path, entry) in &self.entries {
            let mut header = header();
            header.set_mode(modes.of(true));
            match entry {
                Entry::EmptyFolder => {
                    header.set_entry_type(EntryType::Directory);
                    tar.append_data(&mut header, path, io::empty())
                        .map_err(failed())?;
                }
                Entry::Link(to) => {
                    header.set_entry_type(EntryType::Symlink);
                    tar.append_link(&mut header, path, to).map_err(failed())?;
                }
                Entry::File {
                    from, executable, ..
                } => {
                    let file = File::open(from).map_err(BundleError::io(from))?;
                    let size = file.metadata().map_err(BundleError::io(from))?.len();
                    header.set_mode(modes.of(*executable));
                    header.set_size(size);
                    // A file that grows meanwhile must not spill into the next entry.
                    tar.append_data(&mut header, path, io::Read::take(file, size))
                        .map_err(BundleError::io(from))?;
                }
            }
        }
        Ok(())
    }
}

/// Who may read what is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Modes {
    /// Everybody.
    OfAll,
    /// Its owner, as in the images that Educates publishes.
    OfOwner,
}

impl Modes {
    fn of(self, executable: bool) -> u32 {
        match self {
            Self::OfAll => mode(executable),
            Self::OfOwner => mode(executable) & 0o700,
        }
    }
}

/// Without the time and the system of whoever packs.
pub(super) fn packer<W: Write>(out: W) -> GzEncoder<W> {
    GzBuilder::new()
        .mtime(0)
        .operating_system(255)
        .write(out, Compression::new(6))
}

/// Of an empty file, of no time and nobody's.
pub(super) fn header() -> Header {
    let mut header = Header::new_gnu();
    header.set_entry_type(EntryType::Regular);
    header.set_mode(0o644);
    header.set_mtime(0);
    header.set_uid(0);
    header.set_gid(0);
    header.set_size(0);
    header
}

fn mode(executable: bool) -> u32 {
    if executable { 0o755 } else { 0o644 }
}

/// Temporary files are their owner's alone; a bundle is to be handed on.
#[cfg(unix)]
fn readable_for_all(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn readable_for_all(_: &File) -> io::Result<()> {
    Ok(())
}
