//! Paths that were probably meant by others. Every file of a workshop is a candidate for every path that leads nowhere: what is
//! compared letter by letter is first what can be close at all.

use camino::Utf8Path;

/// Names of files further apart than this were hardly meant for one another.
const MAX_DISTANCE: usize = 2;

/// The only path with the same last part.
pub(super) fn only_of_name<'p>(
    known: impl Iterator<Item = &'p Utf8Path>,
    path: &Utf8Path,
) -> Option<&'p Utf8Path> {
    let name = split(path).1;
    let mut same = known.filter(|known| split(known).1 == name);
    let first = same.next()?;
    same.next().is_none().then_some(first)
}

/// The path that is closest, of those that are as close as a slip or two.
pub(super) fn closest<'p>(
    known: impl Iterator<Item = &'p Utf8Path>,
    path: &Utf8Path,
    is_meant: impl Fn(&&'p Utf8Path) -> bool,
) -> Option<&'p Utf8Path> {
    let close = known.filter_map(|known| Some((distance(known, path)?, known)));
    let close = close.filter(|(distance, known)| {
        let stem = |path: &Utf8Path| path.file_stem().map_or(0, str::len);
        let shared = stem(known).min(stem(path));
        *distance <= MAX_DISTANCE.min(shared / 2) && is_meant(known)
    });
    close.min().map(|(_, known)| known)
}

/// Whether two paths are the same but for endings of the same length and of other letters: `a.o` and `a.c`, not `a.yp` and
/// `a.PY`.
pub(super) fn differ_in_kind(one: &Utf8Path, other: &Utf8Path) -> bool {
    let letters = |path: &Utf8Path| {
        let mut letters = path
            .extension()
            .unwrap_or_default()
            .to_ascii_lowercase()
            .into_bytes();
        letters.sort_unstable();
        letters
    };
    one.file_stem() == other.file_stem()
        && one.parent() == other.parent()
        && one.extension().map(str::len) == other.extension().map(str::len)
        && letters(one) != letters(other)
}

/// How many slips lie between two paths, where they differ in their names or in their folders alone; `None` when that is too
/// many.
fn distance(one: &Utf8Path, other: &Utf8Path) -> Option<usize> {
    let ((folder, name), (other_folder, other_name)) = (split(one), split(other));
    let (one, other) = if folder == other_folder {
        (name, other_name)
    } else if name == other_name {
        (folder, other_folder)
    } else {
        return None;
    };
    if one.len().abs_diff(other.len()) > MAX_DISTANCE {
        return None;
    }
    if one.eq_ignore_ascii_case(other) {
        return Some(1);
    }
    let (one, other) = without_same_ends(one, other);
    // So few slips leave most letters: what has others is not compared letter by letter, as that takes long.
    if letters_apart(one, other) > 2 * MAX_DISTANCE as u32 {
        return None;
    }
    let distance = strsim::damerau_levenshtein(one, other);
    (distance <= MAX_DISTANCE).then_some(distance)
}

/// Two texts without what both begin and end with, which is no slip.
fn without_same_ends<'t>(one: &'t str, other: &'t str) -> (&'t str, &'t str) {
    let pairs = one.chars().zip(other.chars());
    let start: usize = pairs
        .take_while(|(a, b)| a == b)
        .map(|(a, _)| a.len_utf8())
        .sum();
    let (one, other) = (&one[start..], &other[start..]);
    let pairs = one.chars().rev().zip(other.chars().rev());
    let end: usize = pairs
        .take_while(|(a, b)| a == b)
        .map(|(a, _)| a.len_utf8())
        .sum();
    (&one[..one.len() - end], &other[..other.len() - end])
}

/// How many letters, of 32 kinds, stand in one of two texts alone: a slip makes two at most.
fn letters_apart(one: &str, other: &str) -> u32 {
    let kinds = |text: &str| {
        let bits = text.bytes().map(|byte| 1_u32 << (byte & 31));
        bits.fold(0, |all, bit| all | bit)
    };
    (kinds(one) ^ kinds(other)).count_ones()
}

/// The folder and the name of a relative path.
fn split(path: &Utf8Path) -> (&str, &str) {
    path.as_str()
        .rsplit_once('/')
        .unwrap_or(("", path.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_in_the_name_or_in_the_folder_is_close() {
        let known = ["app/main.py", "app/util.py", "docs/a.md", "lib/util.py"];
        let known = || known.iter().map(|path| Utf8Path::new(*path));
        let close = |path: &str| {
            let path = Utf8Path::new(path);
            closest(known(), path, |_| true).map(Utf8Path::as_str)
        };
        assert_eq!(close("app/mian.py"), Some("app/main.py"));
        assert_eq!(close("apps/main.py"), Some("app/main.py"));
        assert_eq!(close("apps/mian.py"), None);
        assert_eq!(close("docs/b.md"), None);
        assert_eq!(close("app/mainé.py"), Some("app/main.py"));
        assert_eq!(close("app/MAIN.PY"), Some("app/main.py"));
        assert_eq!(close("app/mina.yp"), None);
        let named = |path: &str| only_of_name(known(), Utf8Path::new(path)).map(Utf8Path::as_str);
        assert_eq!(named("x/main.py"), Some("app/main.py"));
        assert_eq!(named("x/util.py"), None);
    }

    #[test]
    fn endings_of_other_letters_are_other_kinds() {
        let differ =
            |one: &str, other: &str| differ_in_kind(Utf8Path::new(one), Utf8Path::new(other));
        assert!(differ("a/main.c", "a/main.o"));
        assert!(differ("main.html", "main.scss"));
        assert!(!differ("main.html", "main.thml"));
        assert!(!differ("main.py", "main.PY"));
        assert!(!differ("main.py", "mian.py"));
    }
}
