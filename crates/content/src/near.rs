//! Did you mean: the known name that was probably meant.

/// A known name close to one that nobody knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Near<'n> {
    /// The closest.
    pub name: &'n str,
    /// No other known name is close enough to have been meant.
    pub is_only: bool,
    /// It is one slip in the letters away, and every other name is further: it may be put in without asking.
    pub is_sure: bool,
}

/// The known name that is closest to `name`, if one is close enough: one slip of the keyboard, and one more for every four
/// letters.
pub fn near<'n>(name: &str, known: impl IntoIterator<Item = &'n str>) -> Option<Near<'n>> {
    near_within(name, known, |known| 1 + known.len().min(name.len()) / 4)
}

/// As [`near`], with as many slips as `allowed` says for each known name.
pub(crate) fn near_within<'n>(
    name: &str,
    known: impl IntoIterator<Item = &'n str>,
    allowed: impl Fn(&str) -> usize,
) -> Option<Near<'n>> {
    let mut close: Vec<_> = known
        .into_iter()
        .map(|known| (strsim::damerau_levenshtein(name, known), known))
        .filter(|(distance, known)| *distance <= allowed(known))
        .collect();
    close.sort_unstable();
    close.dedup();
    let (distance, first) = *close.first()?;
    // One slip tells enough, unless another name is one slip away too.
    let is_closest = close[1..].iter().all(|(other, _)| *other > distance);
    Some(Near {
        name: first,
        is_only: is_closest && (close.len() == 1 || distance <= 1),
        // `step2` beside `step1` is a name of its own.
        is_sure: is_closest && distance <= 1 && digits(name).eq(digits(first)),
    })
}

fn digits(name: &str) -> impl Iterator<Item = char> {
    name.chars().filter(char::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_closest_name_is_meant() {
        let known = ["session", "command", "clear", "cleat"];
        let found = |name| near(name, known).map(|near| (near.name, near.is_only));
        assert_eq!(found("sesion"), Some(("session", true)));
        assert_eq!(found("clea"), Some(("clear", false)));
        assert_eq!(found("claer"), Some(("clear", true)));
        assert_eq!(found("window"), None);
    }

    #[test]
    fn one_slip_in_the_letters_leaves_no_doubt() {
        let is_sure = |name, known: &[&str]| {
            near(name, known.iter().copied()).map(|near| (near.is_only, near.is_sure))
        };
        assert_eq!(is_sure("sesion", &["session"]), Some((true, true)));
        assert_eq!(is_sure("sesoin", &["session"]), Some((true, false)));
        assert_eq!(is_sure("step-2", &["step-1"]), Some((true, false)));
        assert_eq!(is_sure("clea", &["clear", "cleat"]), Some((false, false)));
    }
}
