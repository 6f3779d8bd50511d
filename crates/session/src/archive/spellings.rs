//! Names that differ only in upper and lower case, or in how letters with accents are put together: on many computers they
//! are one file.

use std::collections::HashMap;

use camino::Utf8Path;
use icu_normalizer::ComposingNormalizerBorrowed;

/// The spellings of everything that an archive holds, the folders on the way there too.
#[derive(Debug, Default)]
pub(crate) struct Spellings {
    /// As the computers that know the fewest differences spell it, and as it is spelled.
    seen: HashMap<String, String>,
}

impl Spellings {
    /// Notes a path and the folders that it lies in. Whether one of them is there already in another spelling.
    pub(crate) fn has_twin(&mut self, path: &Utf8Path) -> bool {
        for place in path.ancestors().filter(|place| !place.as_str().is_empty()) {
            let spelled = place.as_str();
            let folded = folded(spelled);
            match self.seen.get(&folded) {
                // With it came the folders above.
                Some(known) if known == spelled => return false,
                Some(_) => return true,
                None => {
                    self.seen.insert(folded, spelled.to_owned());
                }
            }
        }
        false
    }

    /// How many files, links and folders there are, those that are named by the way too.
    pub(crate) fn count(&self) -> usize {
        self.seen.len()
    }
}

/// In lower case, every letter with its accents in one character.
fn folded(spelled: &str) -> String {
    if spelled.is_ascii() {
        return spelled.to_ascii_lowercase();
    }
    let composed = ComposingNormalizerBorrowed::new_nfc();
    composed.normalize(&spelled.to_lowercase()).into_owned()
}
