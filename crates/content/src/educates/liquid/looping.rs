//! What loops go over, and what they tell of each turn.

use std::ops::Range;

use liquid_core::model::ValueView;
use liquid_core::{Object, Value};

use super::arguments::{Loop, Over};
use super::expression::Chain;
use super::node::Branch;
use super::play::{Flow, Player, Text};

impl<'a> Player<'a> {
    pub(super) fn repeat(
        &mut self,
        found: &Loop,
        branches: &[Branch],
        whole: &Range<usize>,
        text: Text<'a>,
    ) {
        let Some((body, otherwise)) = branches.split_first() else {
            return;
        };
        let items = self.items(found, whole, text);
        let length = items.length();
        if length == 0 {
            for branch in otherwise {
                self.nodes(&branch.body, text);
            }
            return;
        }
        let columns = match &found.columns {
            Some(columns) => self.number(columns, whole, text).max(1),
            None => length,
        };
        self.scope.enter(false);
        self.loops += 1;
        for index in 0..length {
            if !self.step(whole, text) {
                break;
            }
            let item = items.at(index, found.reversed);
            self.scope.set_inner(&found.name, item);
            let about = forloop(index, length);
            if found.is_table {
                let (row, column) = (index / columns + 1, index % columns + 1);
                let opens = match (index, column) {
                    (0, _) => format!("<tr class=\"row1\">\n<td class=\"col{column}\">"),
                    (_, 1) => format!("</tr>\n<tr class=\"row{row}\"><td class=\"col1\">"),
                    _ => format!("<td class=\"col{column}\">"),
                };
                self.put(&opens, whole, text);
                self.scope.set_inner("tablerowloop", about);
            } else {
                self.scope.set_inner("forloop", about);
            }
            let flow = self.nodes(&body.body, text);
            if found.is_table {
                self.put("</td>", whole, text);
            }
            if flow == Flow::Break {
                break;
            }
        }
        if found.is_table {
            self.put("</tr>\n", whole, text);
        }
        self.loops -= 1;
        self.scope.leave();
    }

    fn items(&mut self, found: &Loop, whole: &Range<usize>, text: Text<'a>) -> Items {
        let mut items = match &found.over {
            Over::Range(first, last) => {
                let bound = |value: Value| value.as_scalar().and_then(|it| it.to_integer());
                let first = bound(self.value(first, whole, text, true));
                let last = bound(self.value(last, whole, text, true));
                match (first, last) {
                    (Some(first), Some(last)) => Items::Range(first, last),
                    _ => Items::List(Vec::new()),
                }
            }
            Over::Value(chain) => Items::List(match self.value(chain, whole, text, true) {
                Value::Array(items) => items,
                Value::Object(object) => object
                    .into_iter()
                    .map(|(key, value)| Value::array([Value::scalar(key), value]))
                    .collect(),
                Value::Scalar(value) if value.to_kstr().is_empty() => Vec::new(),
                Value::Scalar(value) => vec![Value::Scalar(value)],
                _ => Vec::new(),
            }),
        };
        if let Some(offset) = &found.offset {
            items.skip(self.number(offset, whole, text));
        }
        if let Some(limit) = &found.limit {
            items.limit(self.number(limit, whole, text));
        }
        items
    }

    fn number(&mut self, chain: &Chain, whole: &Range<usize>, text: Text<'a>) -> usize {
        let value = self.value(chain, whole, text, true);
        let number = value.as_scalar().and_then(|it| it.to_integer());
        usize::try_from(number.unwrap_or_default()).unwrap_or_default()
    }
}

/// What a loop goes over, by number.
pub(super) enum Items {
    List(Vec<Value>),
    Range(i64, i64),
}

impl Items {
    /// How many there are.
    pub(super) fn length(&self) -> usize {
        match self {
            Self::List(items) => items.len(),
            Self::Range(first, last) => last
                .checked_sub(*first)
                .and_then(|length| usize::try_from(length).ok())
                .map_or(0, |length| length.saturating_add(1)),
        }
    }

    /// Leaves out the first ones.
    pub(super) fn skip(&mut self, count: usize) {
        match self {
            Self::List(items) => drop(items.drain(..count.min(items.len()))),
            Self::Range(first, _) => *first = first.saturating_add_unsigned(count as u64),
        }
    }

    /// Leaves out all but the first ones.
    pub(super) fn limit(&mut self, count: usize) {
        match self {
            Self::List(items) => items.truncate(count),
            Self::Range(first, last) => {
                *last = (*last).min(
                    first
                        .saturating_add_unsigned(count as u64)
                        .saturating_sub(1),
                );
            }
        }
    }

    /// The item of a turn.
    pub(super) fn at(&self, index: usize, reversed: bool) -> Value {
        let index = if reversed {
            self.length() - 1 - index
        } else {
            index
        };
        match self {
            Self::List(items) => items.get(index).cloned().unwrap_or(Value::Nil),
            Self::Range(first, _) => Value::scalar(first.saturating_add_unsigned(index as u64)),
        }
    }
}

/// What a page can ask about a turn.
pub(super) fn forloop(index: usize, length: usize) -> Value {
    let number = |value: usize| Value::scalar(i64::try_from(value).unwrap_or(i64::MAX));
    Value::Object(Object::from_iter([
        ("index".into(), number(index.saturating_add(1))),
        ("index0".into(), number(index)),
        ("rindex".into(), number(length - index)),
        ("rindex0".into(), number(length - index - 1)),
        ("first".into(), Value::scalar(index == 0)),
        ("last".into(), Value::scalar(index + 1 == length)),
        ("length".into(), number(length)),
    ]))
}
