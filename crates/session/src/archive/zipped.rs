//! `.zip` and `.workshop`.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};

use zip::ZipArchive;
use zip::result::ZipError;

use super::names::{self, shown};
use super::write::Writer;
use super::{Fault, Limits};

/// Where a link leads is no long text.
const MAX_TARGET: u64 = 4096;
/// The list at the archive's end starts no further from it.
const MAX_END: u64 = 22 + 65_535;

pub(super) fn read(mut file: File, limits: Limits, writer: &mut Writer) -> Result<(), Fault> {
    writer.packed(file.metadata()?.len());
    check_count(&mut file, limits)?;
    let length = file.metadata()?.len();
    let mut end = file.try_clone()?;
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(fault)?;
    check_list(&mut end, length, &archive)?;
    for index in 0..archive.len() {
        writer.entry()?;
        let mut entry = archive.by_index(index).map_err(fault)?;
        let name = entry.name_raw().to_owned();
        if entry.encrypted() {
            return Err(Fault::Refused("it is locked with a password".to_owned()));
        }
        let Some(path) = names::path(&name)? else {
            continue;
        };
        // The upper bits say what it is on systems that have such a thing.
        const KIND: u32 = 0o170_000;
        let mode = entry.unix_mode().unwrap_or(0o644);
        match mode & KIND {
            _ if entry.is_dir() => writer.folder(&path)?,
            0o120_000 => {
                let mut target = String::new();
                let read = entry.by_ref().take(MAX_TARGET).read_to_string(&mut target);
                read.map_err(|_| {
                    Fault::Refused(format!("the link {} cannot be read", shown(&name)))
                })?;
                writer.link(path, target)?;
            }
            0 | 0o100_000 => writer.file(&path, mode & 0o100 != 0, &mut entry)?,
            _ => {
                return Err(Fault::Refused(format!(
                    "{} is neither a file nor a folder",
                    shown(&name)
                )));
            }
        }
    }
    Ok(())
}

/// The library makes room for as many entries as the archive's end claims to have: that is looked at first. A claim of
/// 65535 may stand for any number.
fn check_count(file: &mut File, limits: Limits) -> Result<(), Fault> {
    let length = file.metadata()?.len();
    let tail = length.min(MAX_END);
    file.seek(SeekFrom::Start(length - tail))?;
    let mut bytes = Vec::with_capacity(tail as usize);
    file.by_ref().take(tail).read_to_end(&mut bytes)?;
    file.rewind()?;
    let claimed = bytes
        .windows(12)
        .filter(|window| window.starts_with(b"PK\x05\x06"))
        .map(|window| usize::from(u16::from_le_bytes([window[10], window[11]])))
        .max();
    match claimed {
        None => Err(Fault::Refused("its list of files is missing".to_owned())),
        Some(count) if count > limits.entries => Err(Fault::TooLarge(format!(
            "it holds more than {} files",
            limits.entries
        ))),
        Some(_) => Ok(()),
    }
}

/// The library keeps the last of several entries of one name, other programs the first: what one shows is not what the other
/// unpacks. The list's own count tells, which stands at the very end but for a comment.
fn check_list(
    file: &mut File,
    length: u64,
    archive: &ZipArchive<BufReader<File>>,
) -> Result<(), Fault> {
    let end = length.saturating_sub(22 + archive.comment().len() as u64);
    let mut bytes = Vec::new();
    // The place in the file is the library's as well.
    let before = file.stream_position()?;
    file.seek(SeekFrom::Start(end))?;
    file.by_ref().take(22).read_to_end(&mut bytes)?;
    file.seek(SeekFrom::Start(before))?;
    if bytes.len() < 22 || !bytes.starts_with(b"PK\x05\x06") {
        return Err(Fault::Refused("something stands behind its end".to_owned()));
    }
    let listed = usize::from(u16::from_le_bytes([bytes[10], bytes[11]]));
    if listed != archive.len() {
        return Err(Fault::Refused(
            "its list of files names one of them twice".to_owned(),
        ));
    }
    Ok(())
}

fn fault(error: ZipError) -> Fault {
    match error {
        ZipError::Io(error) if error.kind() != io::ErrorKind::UnexpectedEof => Fault::Io(error),
        ZipError::UnsupportedArchive(why) if why.contains("assword") => {
            Fault::Refused("it is locked with a password".to_owned())
        }
        ZipError::UnsupportedArchive(why) => Fault::Refused(format!(
            "it is packed in a way that is not read here ({why})"
        )),
        error => Fault::Refused(format!("it is damaged ({error})")),
    }
}
