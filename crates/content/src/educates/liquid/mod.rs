//! A classic page's source → Markdown or AsciiDoc with Liquid played (`instructions.md` 6.5 and 7.3).
//!
//! The `liquid` library reads and works out expressions, filters and conditions. Blocks, loops and included files are
//! played here: every piece of text keeps its way back to the file, one bad tag leaves the others alone, and nothing
//! of it is endless (`limits`).

mod arguments;
mod expression;
mod lexer;
mod limits;
mod looping;
mod node;
mod play;
mod scope;
#[cfg(test)]
mod tests;
mod tree;

use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::diagnostic::Sources;
use crate::page::Page;
use crate::render::{Builder, Expanded, Markup};
use crate::variables::Variables;

/// Expands a page's body.
pub(super) fn expand(
    page: &Page,
    sources: &Sources,
    markup: Markup,
    variables: &Variables,
) -> Expanded {
    let source = sources.file(page.file()).text();
    let mut player = play::Player {
        sources,
        variables,
        scope: scope::Scope::new(variables),
        builder: Builder::new(source, markup, 0),
        page: page.file(),
        home: Vec::new(),
        captures: Vec::new(),
        trees: BTreeMap::new(),
        reported: HashSet::new(),
        cycles: BTreeMap::new(),
        loops: 0,
        exhausted: false,
    };
    player.page(page.body.range.clone());
    player.builder.finish()
}

/// The files that a text includes by name, and whether it includes one whose name only shows when it is played.
pub(super) fn included(text: &str) -> (BTreeSet<String>, bool) {
    let (mut names, mut computed) = (BTreeSet::new(), false);
    for token in lexer::tokens(text, 0..text.len()) {
        let lexer::Token::Tag {
            name, arguments, ..
        } = token
        else {
            continue;
        };
        if !matches!(&text[name], "include" | "render") {
            continue;
        }
        let file = text[arguments].trim_start();
        let quoted = file
            .chars()
            .next()
            .filter(|c| matches!(c, '\'' | '"'))
            .and_then(|quote| file[1..].split_once(quote));
        match quoted {
            Some((file, _)) => {
                names.insert(file.to_owned());
            }
            None => computed = true,
        }
    }
    (names, computed)
}
