//! Values that a portal would make up: `request.parameters` with an expression (`session.md` 7.2).
//!
//! An expression is text in which `[RANGES]{COUNT}` stands for so many random characters: `user-[a-z0-9]{6}`. Ranges are
//! characters, `a-z`, `\w` (letters, digits, `_`), `\d`, `\a` (letters and digits) and `\A` (punctuation).

use std::collections::BTreeMap;
use std::io;

use atelier_content::Workshop;

use crate::error::SessionError;
use crate::folders::Folders;
use crate::store;

/// No part of a value is longer, in characters.
const LONGEST: usize = 255;

/// The generated values of a session, made on first use and kept.
///
/// # Errors
/// When they cannot be kept, or the system has no random numbers.
pub(crate) fn values(
    workshop: &Workshop,
    folders: &Folders,
) -> Result<Vec<(String, String)>, SessionError> {
    if workshop.generated.is_empty() {
        return Ok(Vec::new());
    }
    let path = folders.state.join("generated.json");
    let mut kept: BTreeMap<String, String> = std::fs::read(&path)
        .ok()
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .unwrap_or_default();
    let mut values = Vec::new();
    let mut is_new = false;
    for (name, expression) in &workshop.generated {
        let value = match kept.get(name) {
            Some(value) => value.clone(),
            None => {
                let value = generate(expression, &mut below).map_err(SessionError::io(&path))?;
                kept.insert(name.clone(), value.clone());
                is_new = true;
                value
            }
        };
        values.push((name.clone(), value));
    }
    if is_new {
        let text = serde_json::to_vec(&kept).unwrap_or_default();
        store::write_private(&path, &text).map_err(SessionError::io(&path))?;
    }
    Ok(values)
}

/// A random number below another, all equally likely.
fn below(limit: usize) -> io::Result<usize> {
    let limit = limit as u64;
    loop {
        let number = getrandom::u64().map_err(io::Error::other)?;
        if number < u64::MAX - u64::MAX % limit {
            return Ok((number % limit) as usize);
        }
    }
}

/// A value of an expression. What is not understood stays as it is.
fn generate(
    expression: &str,
    random: &mut dyn FnMut(usize) -> io::Result<usize>,
) -> io::Result<String> {
    let mut out = String::new();
    let mut rest = expression;
    while let Some(at) = rest.find('[') {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        match part(from) {
            Some((characters, count, after)) => {
                for _ in 0..count {
                    out.push(characters[random(characters.len())?]);
                }
                rest = after;
            }
            None => {
                out.push('[');
                rest = &from[1..];
            }
        }
    }
    out.push_str(rest);
    Ok(out)
}

/// `[RANGES]{COUNT}` at the start of a text: its characters, the count, and what follows.
fn part(text: &str) -> Option<(Vec<char>, usize, &str)> {
    let (ranges, after) = text.strip_prefix('[')?.split_once("]{")?;
    let (count, after) = after.split_once('}')?;
    let count = count
        .parse()
        .ok()
        .filter(|count| (1..=LONGEST).contains(count))?;
    let characters = characters(ranges);
    (!characters.is_empty()).then_some((characters, count, after))
}

fn characters(ranges: &str) -> Vec<char> {
    let mut found = Vec::new();
    let mut rest = ranges.chars();
    while let Some(c) = rest.next() {
        let ascii = ('!'..='~').filter(|c| c.is_ascii());
        if c == '\\' {
            match rest.next() {
                Some('w') => found.extend(ascii.filter(|c| c.is_alphanumeric() || *c == '_')),
                Some('d') => found.extend('0'..='9'),
                Some('a') => found.extend(ascii.filter(|c| c.is_alphanumeric())),
                Some('A') => found.extend(ascii.filter(|c| c.is_ascii_punctuation())),
                Some(other) => found.push(other),
                None => found.push('\\'),
            }
            continue;
        }
        let mut ahead = rest.clone();
        match (ahead.next(), ahead.next()) {
            (Some('-'), Some(last)) if c.is_ascii() && last.is_ascii() && last != '\\' => {
                found.extend(c..=last);
                rest = ahead;
            }
            _ => found.push(c),
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn follows_the_expression() {
        let generated = |expression: &str| {
            let mut at = 0;
            let mut next = |limit: usize| {
                at += 1;
                Ok((at - 1) % limit)
            };
            generate(expression, &mut next).unwrap()
        };
        for (expression, value) in [
            ("plain", "plain"),
            ("user-[a-c]{4}!", "user-abca!"),
            (r"[\d]{11}", "01234567890"),
            (r"[a-b0-1_]{5}-[x]{2}", "01_ab-xx"),
            (
                "[z-a]{2} [a]{0} [a]{256} [a] [",
                "[z-a]{2} [a]{0} [a]{256} [a] [",
            ),
            (r"[\]\\]{2}", r"\]"),
            ("[a-]{2}", "-a"),
        ] {
            assert_eq!(generated(expression), value, "{expression}");
        }
        let all = generated(r"[\w]{63}");
        assert!(all.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'));
        assert_eq!(characters(r"\a").len(), 62);
        assert_eq!(characters(r"\A").len(), 32);
    }

    proptest::proptest! {
        #[test]
        fn ends_with_any_expression(expression in r"[\[\]{}a-z0-9\\-]{0,30}") {
            let value = generate(&expression, &mut below).unwrap();
            proptest::prop_assert!(value.chars().count() <= 30 * LONGEST);
        }
    }
}
