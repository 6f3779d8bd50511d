//! `.tar`, packed or not.

use std::io::{self, Read};

use tar::{Archive, EntryType};

use super::names::{self, shown};
use super::write::{Writer, damaged};
use super::{Fault, Limits};

/// Headers of long names are no content; more of them than this is no archive that anybody made.
const OVERHEAD: u64 = 64 << 20;

pub(super) fn read(from: impl Read, limits: Limits, writer: &mut Writer) -> Result<(), Fault> {
    // Whatever the headers claim, no more is read: the library keeps long names in memory.
    let mut archive = Archive::new(from.take(limits.unpacked + OVERHEAD));
    for entry in archive.entries().map_err(|error| damaged(&error))? {
        let mut entry = entry.map_err(|error| damaged(&error))?;
        writer.entry()?;
        let name = entry.path_bytes().into_owned();
        let kind = entry.header().entry_type();
        if matches!(kind, EntryType::XGlobalHeader | EntryType::XHeader) {
            continue;
        }
        let Some(path) = names::path(&name)? else {
            continue;
        };
        match kind {
            EntryType::Directory => writer.folder(&path)?,
            EntryType::Regular | EntryType::Continuous | EntryType::GNUSparse => {
                let mode = entry.header().mode().unwrap_or(0o644);
                writer.file(&path, mode & 0o100 != 0, &mut entry)?;
            }
            EntryType::Symlink => {
                let target = entry.link_name_bytes().unwrap_or_default().into_owned();
                let target = String::from_utf8(target).map_err(|_| {
                    Fault::Refused(format!("the link {} is not UTF-8", shown(&name)))
                })?;
                writer.link(path, target)?;
            }
            _ => {
                return Err(Fault::Refused(format!(
                    "{} is neither a file nor a folder",
                    shown(&name)
                )));
            }
        }
    }
    // What is packed carries its sum at the end.
    io::copy(&mut archive.into_inner(), &mut io::sink()).map_err(|error| damaged(&error))?;
    Ok(())
}
