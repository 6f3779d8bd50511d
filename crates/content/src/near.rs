//! Did you mean: the known name that was probably meant.

/// A known name close to one that nobody knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Near<'n> {
    /// The closest.
    pub name: &'n str,
    /// No other known name is close enough to have been meant: it may be put in without asking.
    pub is_only: bool,
}

/// The known name that is closest to `name`, if one is close enough: one slip of the keyboard, and one more for every four
/// letters.
pub fn near<'n>(name: &str, known: impl IntoIterator<Item = &'n str>) -> Option<Near<'n>> {
    near_within(name, known, |known| 1 + known.len().min(name.len()) / 4)
}

/// As [`near`], with as many slips as `allowed` says for each known name.
pub fn near_within<'n>(
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
    let is_only = close[1..].iter().all(|(other, _)| *other > distance)
        && (close.len() == 1 || distance <= 1);
    Some(Near {
        name: first,
        is_only,
    })
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
}
