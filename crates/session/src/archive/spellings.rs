//! Names that differ in upper and lower case only: on many computers they are one file.

use std::collections::HashMap;

use camino::Utf8Path;

/// The spellings of everything that an archive holds, the folders on the way there too.
#[derive(Debug, Default)]
pub(crate) struct Spellings {
    /// In lower case, and as it is spelled.
    seen: HashMap<String, String>,
}

impl Spellings {
    /// Notes a path and the folders that it lies in. Whether one of them is there already in another spelling.
    pub(crate) fn has_twin(&mut self, path: &Utf8Path) -> bool {
        for place in path.ancestors().filter(|place| !place.as_str().is_empty()) {
            let spelled = place.as_str();
            match self.seen.get(&spelled.to_lowercase()) {
                // With it came the folders above.
                Some(known) if known == spelled => return false,
                Some(_) => return true,
                None => {
                    self.seen.insert(spelled.to_lowercase(), spelled.to_owned());
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
