//! What the values of a program's keys mean.

use std::fmt::Display;
use std::ops::RangeInclusive;
use std::str::FromStr;

use super::Findings;
use super::ini::{Entry, Section};
use crate::programs::{LogPlace, Restart};

/// The signal of an ordinary end.
pub(super) const TERM: i32 = 15;
/// How large a log becomes unless its author says otherwise, in bytes.
pub(super) const LOG_BYTES: u64 = 4 * 1024 * 1024;
/// How many logs are kept beside it.
pub(super) const LOG_BACKUPS: u32 = 1;

/// What a value should have been, in a few words.
pub(super) struct Failed(pub(super) String);

type Read<T> = Result<T, Failed>;

/// Reads the entries of a section; what has no sense is reported, and the default stands.
pub(super) struct Reading<'s, 'f> {
    section: &'s Section,
    found: &'f mut Findings,
}

impl<'s, 'f> Reading<'s, 'f> {
    pub(super) fn new(section: &'s Section, found: &'f mut Findings) -> Self {
        Self { section, found }
    }

    /// The last of several says it.
    fn entry(&self, key: &str) -> Option<&'s Entry> {
        self.section.entries.iter().rfind(|entry| entry.key == key)
    }

    pub(super) fn text(&self, key: &str) -> Option<&'s str> {
        let entry = self.entry(key)?;
        (!entry.value.is_empty()).then_some(&*entry.value)
    }

    pub(super) fn value<T>(&mut self, key: &str, default: T, read: fn(&str) -> Read<T>) -> T {
        let Some(text) = self.text(key) else {
            return default;
        };
        read(text).unwrap_or_else(|Failed(wanted)| {
            self.complain(key, &format!("it must be {wanted}"));
            default
        })
    }

    pub(super) fn flag(&mut self, key: &str, default: bool) -> bool {
        self.value(key, default, flag)
    }

    pub(super) fn number<T>(&mut self, key: &str, default: T, range: RangeInclusive<T>) -> T
    where
        T: FromStr + PartialOrd + Display,
    {
        let Some(text) = self.text(key) else {
            return default;
        };
        match text.parse::<T>() {
            Ok(number) if range.contains(&number) => number,
            _ => {
                let (least, most) = range.into_inner();
                self.complain(key, &format!("it must be a number from {least} to {most}"));
                default
            }
        }
    }

    /// Points at a key, or at the section when that has none.
    pub(super) fn complain(&mut self, key: &str, reason: &str) {
        let name = &self.section.name;
        match self.entry(key) {
            Some(entry) => {
                let message = format!("`{key}` of `{name}` has no sense: {reason}");
                self.found.error(message, entry.span.clone(), "this key");
            }
            None => {
                let message = format!("`{name}` cannot run: {reason}");
                self.found
                    .error(message, self.section.span.clone(), "this program");
            }
        }
    }
}

fn flag(text: &str) -> Read<bool> {
    match text.to_lowercase().as_str() {
        "true" | "yes" | "on" | "1" => Ok(true),
        "false" | "no" | "off" | "0" => Ok(false),
        _ => Err(Failed("`true` or `false`".to_owned())),
    }
}

pub(super) fn restart(text: &str) -> Read<Restart> {
    if text.eq_ignore_ascii_case("unexpected") {
        return Ok(Restart::Unexpected);
    }
    match flag(text) {
        Ok(true) => Ok(Restart::Always),
        Ok(false) => Ok(Restart::Never),
        Err(_) => Err(Failed("`true`, `false` or `unexpected`".to_owned())),
    }
}

pub(super) fn exit_codes(text: &str) -> Read<Vec<i32>> {
    let codes = text
        .split(',')
        .map(str::trim)
        .filter(|code| !code.is_empty());
    let read = codes.map(|code| code.parse().ok().filter(|code| (0..=255).contains(code)));
    let wanted = || Failed("numbers from 0 to 255, with commas between them".to_owned());
    read.collect::<Option<_>>().ok_or_else(wanted)
}

/// By the numbers that every Unix gives these.
pub(super) fn signal(text: &str) -> Read<i32> {
    let name = text.to_uppercase();
    match name.strip_prefix("SIG").unwrap_or(&name) {
        "HUP" | "1" => Ok(1),
        "INT" | "2" => Ok(2),
        "QUIT" | "3" => Ok(3),
        "KILL" | "9" => Ok(9),
        "TERM" | "15" => Ok(TERM),
        // Their numbers differ between systems.
        "USR1" => Ok(USR1),
        "USR2" => Ok(USR2),
        _ => Err(Failed(
            "one of TERM, HUP, INT, QUIT, KILL, USR1 and USR2".to_owned(),
        )),
    }
}

#[cfg(target_os = "linux")]
const USR1: i32 = 10;
#[cfg(target_os = "linux")]
const USR2: i32 = 12;
#[cfg(not(target_os = "linux"))]
const USR1: i32 = 30;
#[cfg(not(target_os = "linux"))]
const USR2: i32 = 31;

pub(super) fn umask(text: &str) -> Read<Option<u32>> {
    u32::from_str_radix(text, 8)
        .ok()
        .filter(|mask| *mask <= 0o777)
        .map(Some)
        .ok_or_else(|| Failed("an octal number such as 022".to_owned()))
}

pub(super) fn bytes(text: &str) -> Read<u64> {
    let text = text.to_uppercase();
    let units = [("KB", 1 << 10), ("MB", 1 << 20), ("GB", 1 << 30)];
    let unit = units
        .iter()
        .find_map(|(unit, size)| Some((text.strip_suffix(unit)?, *size)));
    let (number, size) = unit.unwrap_or((&text, 1_u64));
    let number = number.trim().parse::<u64>().ok();
    number
        .and_then(|number| number.checked_mul(size))
        .ok_or_else(|| Failed("a size such as 10MB".to_owned()))
}

/// The container's own output is the session's log of the program.
pub(super) fn log_place(text: &str) -> LogPlace {
    match text.to_lowercase().as_str() {
        "none" | "off" | "/dev/null" => return LogPlace::Nowhere,
        "auto" | "syslog" => return LogPlace::Own,
        _ => {}
    }
    let is_container = |rest: &str| rest == "stdout" || rest == "stderr" || rest.starts_with("fd/");
    let device = text.strip_prefix("/dev/").is_some_and(is_container);
    let process = text
        .strip_prefix("/proc/")
        .and_then(|rest| rest.split_once('/'))
        .is_some_and(|(_, rest)| is_container(rest));
    if device || process {
        LogPlace::Own
    } else {
        LogPlace::File(text.to_owned())
    }
}

/// `A="1",B='2'`, also over several lines.
pub(super) fn pairs(text: &str) -> Read<Vec<(String, String)>> {
    let wanted = || Failed("`NAME=\"value\"` pairs with commas between them".to_owned());
    let mut pairs: Vec<(String, String)> = Vec::new();
    let mut rest = text.trim_start_matches(is_between);
    while !rest.is_empty() {
        let (name, after) = rest.split_once('=').ok_or_else(wanted)?;
        let name = name.trim();
        let is_name = |c: char| c.is_ascii_alphanumeric() || "_.-".contains(c);
        if name.is_empty() || !name.chars().all(is_name) {
            return Err(wanted());
        }
        let (value, after) = value(after.trim_start_matches([' ', '\t'])).ok_or_else(wanted)?;
        pairs.push((name.to_owned(), value));
        let next = after.trim_start_matches([' ', '\t']);
        if !next.is_empty() && !next.starts_with([',', '\n']) {
            return Err(wanted());
        }
        rest = next.trim_start_matches(is_between);
    }
    Ok(pairs)
}

fn is_between(c: char) -> bool {
    c == ',' || c.is_whitespace()
}

/// A value in quotes or without, and what follows it.
fn value(text: &str) -> Option<(String, &str)> {
    for quote in ['"', '\''] {
        if let Some(from) = text.strip_prefix(quote) {
            let mut value = String::new();
            let mut chars = from.char_indices();
            while let Some((at, c)) = chars.next() {
                match c {
                    '\\' if quote == '"' => match chars.next()? {
                        (_, escaped @ ('"' | '\\')) => value.push(escaped),
                        (_, other) => value.extend(['\\', other]),
                    },
                    c if c == quote => return Some((value, &from[at + 1..])),
                    c => value.push(c),
                }
            }
            return None;
        }
    }
    let end = text.find([',', '\n']).unwrap_or(text.len());
    Some((text[..end].trim_end().to_owned(), &text[end..]))
}
