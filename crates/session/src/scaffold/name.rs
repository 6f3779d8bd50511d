//! Names of workshops: what a cluster takes as one, an RFC 1123 label.

/// No label is longer.
const LONGEST: usize = 63;

/// Why a name is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{name:?} cannot be the name of a workshop: a name has lower-case letters, digits and dashes, begins and ends with a letter \
     or digit, and is no longer than 63 characters; {suggestion:?} would do"
)]
pub struct WrongName {
    /// The name.
    pub name: String,
    /// One that is close to it.
    pub suggestion: String,
}

/// Whether a cluster takes a name.
///
/// # Errors
/// When it does not.
pub fn check_name(name: &str) -> Result<(), WrongName> {
    let bytes = name.as_bytes();
    let plain = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let fits = bytes.len() <= LONGEST
        && bytes.first().is_some_and(plain)
        && bytes.last().is_some_and(plain)
        && bytes.iter().all(|byte| plain(byte) || *byte == b'-');
    if fits {
        return Ok(());
    }
    Err(WrongName {
        name: name.to_owned(),
        suggestion: suggest_name(name),
    })
}

/// The name that comes closest to a text; it is always one.
pub fn suggest_name(text: &str) -> String {
    let mut name = String::new();
    for c in text.to_lowercase().chars() {
        match c {
            'a'..='z' | '0'..='9' => name.push(c),
            // What an apostrophe or an accent on its own cuts in two is still one word.
            '\'' | '’' | '\u{300}'..='\u{36f}' => {}
            _ if name.is_empty() || name.ends_with('-') => {}
            _ => name.push('-'),
        }
    }
    name.truncate(LONGEST);
    let name = name.trim_end_matches('-');
    if name.is_empty() {
        "workshop".to_owned()
    } else {
        name.to_owned()
    }
}
