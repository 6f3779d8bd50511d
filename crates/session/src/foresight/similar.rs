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

/// Whether two paths are the same but for endings of the same length.
pub(super) fn differ_in_kind(one: &Utf8Path, other: &Utf8Path) -> bool {
    one.with_extension("") == other.with_extension("")
        && one.extension().map(str::len) == other.extension().map(str::len)
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
    let distance = strsim::damerau_levenshtein(one, other);
    (distance <= MAX_DISTANCE).then_some(distance)
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
        let named = |path: &str| only_of_name(known(), Utf8Path::new(path)).map(Utf8Path::as_str);
        assert_eq!(named("x/main.py"), Some("app/main.py"));
        assert_eq!(named("x/util.py"), None);
    }
}
