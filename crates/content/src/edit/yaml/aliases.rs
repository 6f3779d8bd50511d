//! What aliases refer to stays.

use super::deed::{Deed, node};
use super::problem::Problem;
use super::tree::{Document, Holder, Kind, Node};

impl Deed {
    /// Refuses what would leave an alias without its anchor. An anchor on the replaced node itself stays.
    pub(super) fn check_aliases(&self, document: &Document<'_>) -> Result<(), Problem> {
        let (Deed::Replace { route, .. } | Deed::Remove { route }, Some(root)) =
            (self, &document.root)
        else {
            return Ok(());
        };
        if !document.aliases {
            return Ok(());
        }
        let gone = node(root, route)?;
        let mut ids = Vec::new();
        if let Deed::Remove { .. } = self {
            ids.extend(gone.anchor.as_ref().map(|anchor| anchor.id));
            if let Some(Holder::Entry(_, entry)) = root.holder(route) {
                anchors(&entry.key, &mut ids);
            }
        }
        // Only a mapping can be merged with `<<`.
        if let (Deed::Replace { value, .. }, Some(anchor)) = (self, &gone.anchor)
            && !value.is_mapping()
            && is_merged(root, anchor.id)
        {
            ids.push(anchor.id);
        }
        for child in gone.children() {
            anchors(child, &mut ids);
        }
        let outside = |at: usize| at < gone.outer || at >= gone.end;
        match alias_to(root, &ids, &outside) {
            Some((name, at)) => Err(Problem::AnchorInUse {
                name: name.to_owned(),
                line: document.line_number(at),
            }),
            None => Ok(()),
        }
    }
}

fn is_merged(node: &Node, id: usize) -> bool {
    let refers = |node: &Node| matches!(&node.kind, Kind::Alias { id: other, .. } if *other == id);
    let own = match &node.kind {
        Kind::Mapping { entries, .. } => entries.iter().any(|entry| {
            matches!(&entry.key.kind, Kind::Scalar { text, .. } if text == "<<")
                && (refers(&entry.value) || entry.value.children().into_iter().any(refers))
        }),
        _ => false,
    };
    own || node
        .children()
        .into_iter()
        .any(|child| is_merged(child, id))
}

fn anchors(node: &Node, ids: &mut Vec<usize>) {
    ids.extend(node.anchor.as_ref().map(|anchor| anchor.id));
    for child in node.children() {
        anchors(child, ids);
    }
}

fn alias_to<'a>(
    node: &'a Node,
    ids: &[usize],
    outside: &impl Fn(usize) -> bool,
) -> Option<(&'a str, usize)> {
    if let Kind::Alias { id, name } = &node.kind
        && ids.contains(id)
        && outside(node.start)
    {
        return Some((name, node.start));
    }
    node.children()
        .into_iter()
        .find_map(|child| alias_to(child, ids, outside))
}
