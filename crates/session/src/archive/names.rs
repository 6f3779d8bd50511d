//! Names of entries: plain relative paths, or none at all.

use camino::{Utf8Path, Utf8PathBuf};

use super::Fault;

/// No name is longer, in bytes.
const MAX_NAME: usize = 1024;
/// No part of a name is longer: what file systems take.
const MAX_PART: usize = 255;
/// No folder is nested deeper.
const MAX_DEPTH: usize = 32;

/// The path of an entry below the folder that is unpacked into; nothing for what systems leave in archives by the way.
pub(super) fn path(name: &[u8]) -> Result<Option<Utf8PathBuf>, Fault> {
    let shown = || shown(name);
    let Ok(text) = std::str::from_utf8(name) else {
        return Err(Fault::Refused(format!("the name {} is not UTF-8", shown())));
    };
    if text.len() > MAX_NAME {
        return Err(Fault::Refused(format!("the name {} is too long", shown())));
    }
    if text
        .chars()
        .any(|c| c.is_control() || c == '\\' || turns(c))
    {
        return Err(Fault::Refused(format!(
            "the name {} has characters that no name has",
            shown()
        )));
    }
    let bytes = text.as_bytes();
    let is_drive = bytes.get(1) == Some(&b':') && bytes[0].is_ascii_alphabetic();
    if text.starts_with('/') || is_drive {
        return Err(Fault::Refused(format!(
            "{} is to be written outside of its folder",
            shown()
        )));
    }
    let mut path = Utf8PathBuf::new();
    for part in text.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                return Err(Fault::Refused(format!(
                    "{} is to be written outside of its folder",
                    shown()
                )));
            }
            part if part.len() > MAX_PART => {
                return Err(Fault::Refused(format!("the name {} is too long", shown())));
            }
            part => path.push(part),
        }
    }
    if path.components().count() > MAX_DEPTH {
        return Err(Fault::Refused(format!("{} is nested too deep", shown())));
    }
    let is_litter = path.as_str().is_empty()
        || path.starts_with("__MACOSX")
        || path.file_name() == Some(".DS_Store");
    Ok((!is_litter).then_some(path))
}

/// What is wrong with a name, as [`path`] judges it; nothing when an archive may have it.
pub(crate) fn problem(path: &Utf8Path) -> Option<String> {
    match self::path(path.as_str().as_bytes()) {
        Ok(_) => None,
        Err(Fault::Refused(reason) | Fault::TooLarge(reason)) => Some(reason),
        Err(Fault::Io(error)) => Some(error.to_string()),
    }
}

/// Characters that are not seen, and have the text around them read from the other side: `txt.exe` may look like `exe.txt`.
fn turns(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Whether a link at this place leads to something below the folder.
pub(super) fn stays_inside(link: &Utf8Path, target: &str) -> bool {
    if target.starts_with('/') || target.contains(['\\', '\0']) || target.is_empty() {
        return false;
    }
    let mut depth = link.components().count().saturating_sub(1);
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." if depth == 0 => return false,
            ".." => depth -= 1,
            _ => depth += 1,
        }
    }
    true
}

/// A name as a message can show it: short, and without anything that a terminal would obey.
pub(super) fn shown(name: &[u8]) -> String {
    let text = String::from_utf8_lossy(name);
    let short: String = text.chars().take(80).collect();
    let dots = if text.chars().count() > 80 { "…" } else { "" };
    format!("`{}{dots}`", short.escape_debug())
}
