//! Which slide library a definition asks for (`session.md` 12.2).

use semver::{Version, VersionReq};

use super::yaml::{Document, field};
use crate::workshop::{SlideKit, SlideLibrary};

/// reveal.js is tried first; both never combine. Where no bundled version fits, another one of the same kind stands in; where
/// there is none, the slides are shown as a list. The learner is told of both.
pub(super) fn kit(document: &Document<'_>, missing: &mut Vec<String>) -> Option<SlideKit> {
    let slides = document.get("spec.session.applications.slides")?;
    let libraries = [SlideLibrary::Reveal, SlideLibrary::Impress];
    let (library, wanted) = libraries
        .into_iter()
        .find_map(|library| Some((library, field(slides.get(library.name())?, "version")?)))?;
    let name = library.name();
    match choose(library, &wanted) {
        Some((kit, true)) => Some(kit),
        Some((kit, false)) => {
            missing.push(format!(
                "The slides ask for {name} {wanted} and are shown with {name} {}.",
                kit.version
            ));
            Some(kit)
        }
        None => {
            missing.push(format!(
                "The slides ask for {name} {wanted}, which Atelier does not have. Unless they bring it themselves, they are shown below one another, as plain text."
            ));
            None
        }
    }
}

/// The newest bundled version that fits, or one of the same major version, and whether it fits.
fn choose(library: SlideLibrary, wanted: &str) -> Option<(SlideKit, bool)> {
    let bundled = SlideKit::BUNDLED.into_iter().rev();
    let mut bundled = bundled.filter(|kit| kit.library == library).peekable();
    let newest = *bundled.peek()?;
    let candidates: Vec<_> = bundled
        .filter_map(|kit| Some((kit, Version::parse(kit.version).ok()?)))
        .collect();
    let ranges: Vec<VersionReq> = wanted.split("||").filter_map(range).collect();
    let fitting =
        |(_, version): &&(SlideKit, Version)| ranges.iter().any(|range| range.matches(version));
    if let Some((kit, _)) = candidates.iter().find(fitting) {
        return Some((*kit, true));
    }
    let major = wanted
        .trim_start_matches(|c: char| !c.is_ascii_digit())
        .split(|c: char| !c.is_ascii_digit())
        .next()
        .and_then(|major| major.parse::<u64>().ok());
    // What is no number at all, such as a tag, is taken for the newest.
    let Some(major) = major else {
        return Some((newest, false));
    };
    let near = candidates
        .iter()
        .find(|(_, version)| version.major == major)?;
    Some((near.0, false))
}

/// A range as npm writes it: parts apart by blanks, and a bare version means exactly that one.
fn range(written: &str) -> Option<VersionReq> {
    let written = written.trim();
    if let Ok(exact) = Version::parse(written) {
        return VersionReq::parse(&format!("={exact}")).ok();
    }
    let parts: Vec<_> = written.split_whitespace().collect();
    VersionReq::parse(&parts.join(",")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_the_newest_that_fits() {
        use SlideLibrary::{Impress, Reveal};
        for (library, wanted, taken, fits) in [
            (Reveal, "3.X", "3.9.2", true),
            (Reveal, "3", "3.9.2", true),
            (Reveal, "4.6.1", "4.6.1", true),
            (Reveal, "^4.1", "4.6.1", true),
            (Reveal, ">=3 <5", "4.6.1", true),
            (Reveal, "3.x || 4.x", "4.6.1", true),
            (Reveal, "*", "5.2.1", true),
            (Reveal, "3.8.0", "3.9.2", false),
            (Reveal, "newest", "5.2.1", false),
            (Impress, "1.X", "1.1.0", true),
        ] {
            let (kit, does) = choose(library, wanted).unwrap();
            assert_eq!((kit.version, does), (taken, fits), "{wanted}");
        }
        for (library, wanted) in [(Reveal, "9"), (Reveal, "2.6.2"), (Impress, "2.0.0")] {
            assert_eq!(choose(library, wanted), None, "{wanted}");
        }
    }
}
