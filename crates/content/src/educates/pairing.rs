//! Which opening shortcode a closing one belongs to (`instructions.md` 5.1).

use std::collections::HashMap;

use super::builtin::Inner;
use super::shortcodes::{Form, Token};

/// What a tag is, by its place among its neighbours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Stands for itself.
    Single,
    /// Opens a body that the tag at this index closes.
    Opens(usize),
    /// Closes a body.
    Closes,
    /// Should open a body that nothing closes.
    Unclosed,
    /// Closes what was never opened.
    Stray,
}

/// The role of every token; text is [`Role::Single`]. `inner` tells which shortcodes have a body.
pub(super) fn roles(tokens: &[Token<'_>], inner: impl Fn(&str) -> Inner) -> Vec<Role> {
    let mut roles = vec![Role::Single; tokens.len()];
    let mut open: Vec<usize> = Vec::new();
    // For each name, how deep in `open` its tags are: closing a deep one must not search the whole stack.
    let mut depths: HashMap<&str, Vec<usize>> = HashMap::new();
    for (at, token) in tokens.iter().enumerate() {
        let Token::Tag(tag) = token else {
            continue;
        };
        let inner = inner(tag.name);
        match tag.form {
            Form::Open if inner != Inner::Never => {
                depths.entry(tag.name).or_default().push(open.len());
                open.push(at);
                if inner == Inner::Always {
                    roles[at] = Role::Unclosed;
                }
            }
            Form::Close => {
                let Some(depth) = depths.get_mut(tag.name).and_then(Vec::pop) else {
                    roles[at] = Role::Stray;
                    continue;
                };
                // What was opened after it and never closed stays as it is.
                for left in open.drain(depth + 1..) {
                    if let Token::Tag(left) = &tokens[left]
                        && let Some(depths) = depths.get_mut(left.name)
                    {
                        depths.pop();
                    }
                }
                if let Some(opened) = open.pop() {
                    roles[opened] = Role::Opens(at);
                    roles[at] = Role::Closes;
                }
            }
            _ => {}
        }
    }
    roles
}
