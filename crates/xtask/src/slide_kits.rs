//! The libraries that slides may rely on, packed for `crates/session/assets/slides` from their npm packages.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, ensure};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::report::Report;
use crate::tree::Tree;

/// What is packed: those of `SlideKit::BUNDLED`.
const PACKAGES: [&str; 4] = [
    "reveal.js@3.9.2",
    "reveal.js@4.6.1",
    "reveal.js@5.2.1",
    "impress.js@1.1.0",
];

/// Fetches the packages and writes the archives anew; the same packages give the same bytes.
pub(crate) fn pack(tree: &Tree, report: &Report) -> Result<ExitCode> {
    let assets = tree.root().join("crates/session/assets/slides");
    let scratch = tree.root().join("target/slide-kits");
    fs::create_dir_all(&assets)?;
    for package in PACKAGES {
        let name = package.replace('@', "-");
        let folder = scratch.join(&name);
        fs::create_dir_all(&folder)?;
        // npm itself checks what it fetches against the registry's hashes.
        run(Command::new("npm")
            .args(["pack", "--silent", package])
            .current_dir(&folder))?;
        run(Command::new("tar")
            .args(["-xzf", &format!("{name}.tgz")])
            .current_dir(&folder))?;
        let archive = assets.join(format!("{name}.zip"));
        write(&folder.join("package"), &archive)
            .with_context(|| format!("{} cannot be written", archive.display()))?;
        let size = fs::metadata(&archive)?.len() / 1024;
        report.line(format!("{name}.zip: {size} KiB"));
    }
    Ok(ExitCode::SUCCESS)
}

fn run(command: &mut Command) -> Result<()> {
    let status = command
        .status()
        .with_context(|| format!("{command:?} cannot be started"))?;
    ensure!(status.success(), "{command:?} failed");
    Ok(())
}

fn write(package: &Path, archive: &Path) -> Result<()> {
    let mut files = Vec::new();
    collect(package, package, &mut files)?;
    files.sort();
    let has_product = files.iter().any(|path| path.starts_with("dist"));
    let mut zip = ZipWriter::new(File::create(archive)?);
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(9))
        .last_modified_time(DateTime::default());
    for path in files.iter().filter(|path| is_served(path, has_product)) {
        zip.start_file(path.to_string_lossy(), options)?;
        let mut bytes = Vec::new();
        File::open(package.join(path))?.read_to_end(&mut bytes)?;
        zip.write_all(&bytes)?;
    }
    zip.finish()?;
    Ok(())
}

fn collect(root: &Path, folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(root, &path, files)?;
        } else {
            files.push(path.strip_prefix(root)?.to_owned());
        }
    }
    Ok(())
}

/// Whether a deck may ask for a file; what the libraries are built and tested with stays behind, and so do fonts in formats that
/// no web view of today takes.
fn is_served(path: &Path, has_product: bool) -> bool {
    if path == Path::new("LICENSE") {
        return true;
    }
    let folder = path.components().next().map(|first| first.as_os_str());
    let folders: &[&str] = if has_product {
        &["dist", "plugin"]
    } else {
        &["css", "js", "lib", "plugin", "extras"]
    };
    let extension = path.extension().and_then(|extension| extension.to_str());
    folders.iter().any(|known| folder == Some(known.as_ref()))
        && path.components().count() > 1
        && !matches!(extension, Some("map" | "scss" | "ttf" | "eot" | "md"))
}
