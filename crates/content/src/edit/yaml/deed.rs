//! What an action does to the data of a document, apart from how it is written.

use serde_yaml::{Mapping, Value};

use super::find::{self, Found, Route, Wanted};
use super::path::{Segment, YamlPath};
use super::problem::Problem;
use super::tree::{Document, Kind, MappingStyle, Node};

/// One change of the data. Routes are those of the document before.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Deed {
    /// The empty document becomes this.
    Fill { value: Value },
    /// A node becomes this.
    Replace { route: Route, value: Value },
    /// A mapping gets these entries at its end.
    Entries { route: Route, entries: Mapping },
    /// A sequence gets these items before that number.
    Items {
        route: Route,
        index: usize,
        items: Vec<Value>,
    },
    /// An entry or an item goes.
    Remove { route: Route },
}

/// `editor:set-yaml-value`.
pub(super) fn set(
    document: &Document<'_>,
    path: &YamlPath,
    value: &Value,
) -> Result<Deed, Problem> {
    if path.is_root() {
        return Err(Problem::WholeDocument);
    }
    let Some(root) = &document.root else {
        let value = grown(path, 0, value)?;
        return Ok(Deed::Fill { value });
    };
    let found = find::follow(root, path, Wanted::Scalar)?;
    if found.is_complete(path) {
        return Ok(Deed::Replace {
            route: found.route,
            value: value.clone(),
        });
    }
    let node = node(root, &found.route)?;
    let Some(first) = path.segment(found.followed) else {
        return Err(Problem::Unfaithful);
    };
    match &node.kind {
        Kind::Sequence { items, .. } => Ok(Deed::Items {
            index: items.len(),
            items: vec![grown(path, found.followed + 1, value)?],
            route: found.route,
        }),
        Kind::Mapping { .. } => {
            let Segment::Key(key) = first else {
                return Err(missing(path));
            };
            let value = grown(path, found.followed + 1, value)?;
            let entries = std::iter::once((Value::from(key.clone()), value)).collect();
            Ok(Deed::Entries {
                route: found.route,
                entries,
            })
        }
        _ => Ok(Deed::Replace {
            value: grown(path, found.followed, value)?,
            route: found.route,
        }),
    }
}

/// The collections that lead from a segment to a value.
fn grown(path: &YamlPath, from: usize, value: &Value) -> Result<Value, Problem> {
    let mut value = value.clone();
    for (count, segment) in path
        .segments()
        .enumerate()
        .skip(from)
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
    {
        let prefix = || path.prefix(count).to_owned();
        value = match segment {
            Segment::Key(key) => {
                Value::Mapping(std::iter::once((Value::from(key.clone()), value)).collect())
            }
            Segment::Index(0) => Value::Sequence(vec![value]),
            Segment::Index(index) => {
                return Err(Problem::NewListStartsAtZero {
                    path: prefix(),
                    index: *index,
                });
            }
            Segment::Item { key, value } => {
                return Err(Problem::NoItem {
                    path: prefix(),
                    key: key.clone(),
                    value: value.clone(),
                });
            }
        };
    }
    Ok(value)
}

/// `editor:add-yaml-item` and `editor:insert-yaml-item`; without an index at the end, negative from the end.
pub(super) fn insert(
    document: &Document<'_>,
    path: &YamlPath,
    index: Option<i64>,
    value: &Value,
) -> Result<Deed, Problem> {
    let alone = || Value::Sequence(vec![value.clone()]);
    let Some(root) = &document.root else {
        return match path.is_root() {
            true => Ok(Deed::Fill { value: alone() }),
            false => Err(missing(path)),
        };
    };
    let route = existing(root, path)?;
    let target = node(root, &route)?;
    match &target.kind {
        Kind::Sequence { items, .. } => {
            let count = items.len();
            let index = match index {
                None => count,
                Some(index) if index < 0 => count
                    .saturating_sub(usize::try_from(index.unsigned_abs()).unwrap_or(usize::MAX)),
                Some(index) => usize::try_from(index).unwrap_or(usize::MAX).min(count),
            };
            Ok(Deed::Items {
                route,
                index,
                items: vec![value.clone()],
            })
        }
        _ if target.is_null() => Ok(Deed::Replace {
            route,
            value: alone(),
        }),
        _ => Err(Problem::NotAList {
            path: path.to_string(),
        }),
    }
}

/// `editor:replace-yaml-item`.
pub(super) fn replace(
    document: &Document<'_>,
    path: &YamlPath,
    value: &Value,
) -> Result<Deed, Problem> {
    if path.is_root() {
        return Err(Problem::WholeDocument);
    }
    let root = document.root.as_ref().ok_or_else(|| missing(path))?;
    Ok(Deed::Replace {
        route: existing(root, path)?,
        value: value.clone(),
    })
}

/// `editor:delete-yaml-value`.
pub(super) fn remove(document: &Document<'_>, path: &YamlPath) -> Result<Deed, Problem> {
    if path.is_root() {
        return Err(Problem::WholeDocument);
    }
    let root = document.root.as_ref().ok_or_else(|| missing(path))?;
    Ok(Deed::Remove {
        route: existing(root, path)?,
    })
}

/// `editor:merge-yaml-values`: shallow.
pub(super) fn merge(
    document: &Document<'_>,
    path: &YamlPath,
    values: &Mapping,
) -> Result<Vec<Deed>, Problem> {
    let all = || Value::Mapping(values.clone());
    let Some(root) = &document.root else {
        return match path.is_root() {
            true => Ok(vec![Deed::Fill { value: all() }]),
            false => Err(missing(path)),
        };
    };
    let route = existing(root, path)?;
    let target = node(root, &route)?;
    let entries = match &target.kind {
        Kind::Mapping { entries, .. } => entries,
        _ if target.is_null() => {
            return Ok(vec![Deed::Replace {
                route,
                value: all(),
            }]);
        }
        _ => {
            return Err(Problem::NotAMapping {
                path: path.to_string(),
            });
        }
    };
    let mut deeds = Vec::new();
    let mut new = Mapping::new();
    for (key, value) in values {
        let name = crate::yaml::js_text(key).unwrap_or_else(|| "null".to_owned());
        match find::entry_number(entries, &name) {
            Some(index) => {
                let mut route = route.clone();
                route.push(index);
                // Keys that read alike are the same key; the later one counts.
                deeds.retain(
                    |deed| !matches!(deed, Deed::Replace { route: other, .. } if *other == route),
                );
                deeds.push(Deed::Replace {
                    route,
                    value: value.clone(),
                });
            }
            None => {
                new.insert(key.clone(), value.clone());
            }
        }
    }
    if !new.is_empty() {
        deeds.push(Deed::Entries {
            route,
            entries: new,
        });
    }
    Ok(deeds)
}

/// What `editor:insert-value-into-yaml` finds at its path.
pub(super) enum Insertion {
    Deed(Deed),
    /// A place that takes nothing: the reference passes over it in silence.
    Nothing,
}

/// `editor:insert-value-into-yaml`: items into a list, entries into a mapping.
pub(super) fn insert_value(
    document: &Document<'_>,
    path: &YamlPath,
    value: &Value,
) -> Result<Insertion, Problem> {
    let root = document.root.as_ref().ok_or_else(|| match path.is_root() {
        true => Problem::NoValue,
        false => missing(path),
    })?;
    let found = find::follow(root, path, Wanted::Text)?;
    let target = node(root, &found.route)?;
    if !found.is_complete(path) {
        let last = found.followed + 1 == path.len();
        return match &target.kind {
            Kind::Sequence { .. } if last => Ok(Insertion::Nothing),
            _ => Err(missing(path)),
        };
    }
    let Found { route, .. } = found;
    match (&target.kind, value) {
        (Kind::Sequence { items, .. }, value) => Ok(Insertion::Deed(Deed::Items {
            route,
            index: items.len(),
            items: match value {
                Value::Sequence(items) => items.clone(),
                value => vec![value.clone()],
            },
        })),
        (Kind::Mapping { entries, .. }, Value::Mapping(new)) => {
            for key in new.keys().filter_map(crate::yaml::js_text) {
                if find::entry_number(entries, &key).is_some() {
                    return Err(Problem::KeyExists {
                        path: path.to_string(),
                        key,
                    });
                }
            }
            Ok(Insertion::Deed(Deed::Entries {
                route,
                entries: new.clone(),
            }))
        }
        (Kind::Mapping { .. }, _) => Err(Problem::OnlyEntriesFit {
            path: path.to_string(),
        }),
        _ => Ok(Insertion::Nothing),
    }
}

/// The route to what is there.
pub(super) fn existing(root: &Node, path: &YamlPath) -> Result<Route, Problem> {
    let found = find::follow(root, path, Wanted::Scalar)?;
    match found.is_complete(path) {
        true => Ok(found.route),
        false => Err(Problem::Missing {
            path: path.prefix(found.followed + 1).to_owned(),
        }),
    }
}

fn missing(path: &YamlPath) -> Problem {
    Problem::Missing {
        path: path.to_string(),
    }
}

pub(super) fn node<'a>(root: &'a Node, route: &[usize]) -> Result<&'a Node, Problem> {
    root.at(route).ok_or(Problem::Unfaithful)
}

impl Deed {
    /// Where what was changed is afterwards, the first and the last of it.
    pub(super) fn result(&self, document: &Document<'_>) -> Option<(Route, Route)> {
        let children = |route: &Route, first: usize, count: usize| {
            let child = |index: usize| {
                let mut route = route.clone();
                route.push(index);
                route
            };
            Some((child(first), child(first + count.checked_sub(1)?)))
        };
        match self {
            Deed::Fill { value } => match value {
                Value::Mapping(entries) => children(&Vec::new(), 0, entries.len()),
                _ => Some((Vec::new(), Vec::new())),
            },
            Deed::Replace { route, .. } => Some((route.clone(), route.clone())),
            Deed::Entries { route, entries } => {
                let first = match &document.root.as_ref()?.at(route)?.kind {
                    Kind::Mapping { entries, .. } => entries.len(),
                    _ => 0,
                };
                children(route, first, entries.len())
            }
            Deed::Items {
                route,
                index,
                items,
            } => children(route, *index, items.len()),
            Deed::Remove { .. } => None,
        }
    }
}

/// Whether a mapping stands in a list without braces.
pub(super) fn is_pair(node: &Node) -> bool {
    matches!(
        node.kind,
        Kind::Mapping {
            style: MappingStyle::Pair,
            ..
        }
    )
}
