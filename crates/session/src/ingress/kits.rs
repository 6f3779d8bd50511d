//! The libraries for slides that come with Atelier, in the program itself: both programs have them, installed or not.

use std::io::{Cursor, Read};

use atelier_content::workshop::{SlideKit, SlideLibrary};
use zip::ZipArchive;

/// No file of a library is larger.
const LARGEST: u64 = 4 * 1024 * 1024;

/// A file of a library by its path in the package; none when the library has no such file.
pub(super) fn file(kit: SlideKit, path: &str) -> Option<Vec<u8>> {
    let mut archive = ZipArchive::new(Cursor::new(archive(kit)?)).ok()?;
    let file = archive.by_name(path).ok()?;
    let mut bytes = Vec::new();
    file.take(LARGEST).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

/// Shows slides below one another, where a deck looks for a library that it does not bring and that is not here.
const PLAIN: &str = include_str!("plain_slides.js");

/// What stands in for a library's script when there is none; none for any other file.
pub(super) fn stand_in(path: &str) -> Option<String> {
    match path.rsplit('/').next()? {
        "reveal.js" | "reveal.min.js" | "impress.js" | "impress.min.js" => Some(PLAIN.to_owned()),
        "reveal.esm.js" | "reveal.mjs" => Some(format!("{PLAIN}export default window.Reveal;\n")),
        _ => None,
    }
}

/// Packed by `cargo xtask slide-kits`.
fn archive(kit: SlideKit) -> Option<&'static [u8]> {
    macro_rules! packed {
        ($name:literal) => {
            Some(include_bytes!(concat!("../../assets/slides/", $name, ".zip")).as_slice())
        };
    }
    match (kit.library, kit.version) {
        (SlideLibrary::Reveal, "3.9.2") => packed!("reveal.js-3.9.2"),
        (SlideLibrary::Reveal, "4.6.1") => packed!("reveal.js-4.6.1"),
        (SlideLibrary::Reveal, "5.2.1") => packed!("reveal.js-5.2.1"),
        (SlideLibrary::Impress, "1.1.0") => packed!("impress.js-1.1.0"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_library_is_there_with_its_licence() {
        for kit in SlideKit::BUNDLED {
            let text = |path| String::from_utf8(file(kit, path).unwrap_or_default()).unwrap();
            assert!(
                text("LICENSE").contains("Permission is hereby granted"),
                "{kit:?}"
            );
            let script = match (kit.library, &kit.version[..1]) {
                (SlideLibrary::Reveal, "3") => "js/reveal.js",
                (SlideLibrary::Reveal, _) => "dist/reveal.js",
                (SlideLibrary::Impress, _) => "js/impress.js",
            };
            assert!(text(script).len() > 10_000, "{kit:?}");
            assert_eq!(file(kit, "../LICENSE"), None);
        }
    }
}
