//! Documents that are YAML and are refused all the same.

use std::collections::{HashMap, HashSet};

use super::problem::Problem;
use super::scalar::is_no_text;
use super::tree::{Document, Kind, Node, ScalarStyle};

/// Nodes that a document may have once every alias is followed.
const MAX_EXPANDED: u64 = 1_000_000;

/// The reference refuses documents with a key that stands twice in a mapping.
pub(super) fn check_keys(document: &Document<'_>, node: &Node) -> Result<(), Problem> {
    if let Kind::Mapping { entries, .. } = &node.kind {
        let mut seen = HashSet::new();
        for entry in entries {
            let Kind::Scalar { text, style } = &entry.key.kind else {
                continue;
            };
            let plain = *style == ScalarStyle::Plain && is_no_text(text);
            if !seen.insert((plain, text)) {
                return Err(Problem::DuplicateKey {
                    key: text.clone(),
                    line: document.line_number(entry.start),
                });
            }
        }
    }
    node.children()
        .into_iter()
        .try_for_each(|child| check_keys(document, child))
}

/// Aliases of aliases of aliases: small to write, too large for every program that reads the file.
pub(super) fn check_size(root: &Node) -> Result<(), Problem> {
    let mut sizes = HashMap::new();
    expanded(root, &mut sizes).map(|_| ())
}

fn expanded(node: &Node, sizes: &mut HashMap<usize, u64>) -> Result<u64, Problem> {
    let mut size: u64 = 1;
    if let Kind::Alias { id, .. } = &node.kind {
        size = sizes.get(id).copied().unwrap_or(1);
    }
    for child in node.children() {
        size = size.saturating_add(expanded(child, sizes)?);
        if size > MAX_EXPANDED {
            return Err(Problem::TooManyAliases);
        }
    }
    if let Some(anchor) = &node.anchor {
        sizes.insert(anchor.id, size);
    }
    Ok(size)
}
