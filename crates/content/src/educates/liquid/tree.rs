//! Tokens → a tree of what is to be played. What cannot be read becomes a node of its own, and the rest stays.

use std::ops::Range;

use super::arguments::{self, Cycle, Loop, Partial};
use super::expression::{Chain, Condition, filter_names};
use super::lexer::{Token, tokens};
use super::node::{Branch, Node, Test, Tree};
use crate::diagnostic::{Diagnostic, FileId, Span};
use crate::educates::builtin;

/// Blocks deeper than this are not read.
const MAX_DEPTH: usize = 64;

/// Further findings come without a suggestion.
const MAX_HELPED: usize = 200;

/// Reads a range of a file.
pub(super) fn read(source: &str, range: Range<usize>, file: FileId) -> Tree {
    let mut reader = Reader {
        source,
        file,
        tree: Tree::default(),
        open: Vec::new(),
    };
    for token in tokens(source, range) {
        reader.token(token);
    }
    while let Some(block) = reader.open.pop() {
        reader.unclosed(block);
    }
    reader.tree
}

/// A block whose end has not come yet.
struct Block {
    tag: Range<usize>,
    kind: Kind,
    /// The tag and the test of the branch that is being read.
    branch: (Range<usize>, Test),
    branches: Vec<Branch>,
    nodes: Vec<Node>,
}

enum Kind {
    If,
    Unless,
    Case(Chain),
    For(Box<Loop>),
    Capture(String),
}

impl Kind {
    fn name(&self) -> &'static str {
        match self {
            Self::If => "if",
            Self::Unless => "unless",
            Self::Case(_) => "case",
            Self::For(it) if it.is_table => "tablerow",
            Self::For(_) => "for",
            Self::Capture(_) => "capture",
        }
    }
}

struct Reader<'s> {
    source: &'s str,
    file: FileId,
    tree: Tree,
    open: Vec<Block>,
}

/// What is wrong with a tag: a code, and a sentence.
type Wrong = (&'static str, String);

impl Reader<'_> {
    fn token(&mut self, token: Token) {
        match token {
            Token::Text(range) => self.push(Node::Text(range)),
            Token::Output { inner, whole } => self.output(inner, whole),
            Token::Tag {
                name,
                arguments,
                whole,
            } => {
                let name = &self.source[name];
                if let Err((code, message)) = self.tag(name, arguments, whole.clone()) {
                    self.broken(code, message, whole);
                }
            }
            Token::Unclosed(whole) => {
                let message = format!("`{}` is not closed", &self.source[whole.clone()]);
                self.broken("unclosed-liquid", message, whole);
            }
        }
    }

    fn output(&mut self, inner: Range<usize>, whole: Range<usize>) {
        let text = &self.source[inner.clone()];
        if matches!(text, "copy" | "< copy >" | "<copy>" | "< copy>" | "<copy >") {
            if text != "copy" {
                self.report(
                    Diagnostic::warning("shortcode-in-classic", "classic pages have no shortcodes")
                        .at(self.span(whole.clone()), "prints `false` elsewhere")
                        .help("write `{{copy}}`"),
                );
            }
            return self.push(Node::Copy(whole));
        }
        if text.starts_with('<') && text.ends_with('>') {
            let inner = text.trim_matches(['<', '>', ' ', '/']);
            let help = match inner.strip_prefix("param ") {
                Some(name) => format!("write `{{{{ {} }}}}`", name.trim_matches([' ', '"'])),
                None => "write it in Markdown".to_owned(),
            };
            self.report(
                Diagnostic::warning("shortcode-in-classic", "classic pages have no shortcodes")
                    .at(self.span(whole), "prints nothing")
                    .help(help),
            );
            return;
        }
        if text.is_empty() {
            return self.broken("invalid-liquid", "`{{ }}` names nothing".to_owned(), whole);
        }
        match self.chain(inner) {
            Ok(chain) => self.push(Node::Output(whole, chain)),
            // What the reference cannot make sense of prints nothing (`instructions.md` 7.3).
            Err(reason) => {
                let written = self.source[whole.clone()].to_owned();
                self.report(
                    Diagnostic::warning("invalid-liquid", format!("`{written}`: {reason}"))
                        .at(self.span(whole), "prints nothing")
                        .help("write `{% raw %}` before and `{% endraw %}` after text that is no Liquid"),
                );
            }
        }
    }

    fn tag(&mut self, name: &str, at: Range<usize>, whole: Range<usize>) -> Result<(), Wrong> {
        let text = self.source[at.clone()].trim();
        match name {
            "#" => {}
            "if" | "unless" | "elsif" if text.is_empty() => {
                return Err(invalid(format!("`{{% {name} %}}` needs a condition")));
            }
            "if" => {
                let test = Test::If(self.condition(text)?);
                self.open(Kind::If, test, whole)?;
            }
            "unless" => {
                let test = Test::Unless(self.condition(text)?);
                self.open(Kind::Unless, test, whole)?;
            }
            "case" => {
                let kind = Kind::Case(self.chain_of(at)?);
                self.open(kind, Test::When(Vec::new()), whole)?;
            }
            "for" | "tablerow" => {
                let found = Loop::read(text, name == "tablerow").map_err(invalid)?;
                self.open(Kind::For(Box::new(found)), Test::Always, whole)?;
            }
            "capture" => {
                let name = arguments::name(text).map_err(invalid)?;
                self.open(Kind::Capture(name), Test::Always, whole)?;
            }
            "elsif" | "else" | "when" => self.branch(name, text, whole)?,
            "assign" => {
                let (target, value) = text
                    .split_once('=')
                    .ok_or_else(|| invalid("`assign` needs a name, `=` and a value".to_owned()))?;
                let target = arguments::name(target.trim()).map_err(invalid)?;
                let start = at.end - value.len();
                let chain = self.chain_of(start..at.end)?;
                self.push(Node::Assign(whole, target, chain));
            }
            "echo" => {
                let chain = self.chain_of(at)?;
                self.push(Node::Output(whole, chain));
            }
            "increment" | "decrement" => {
                let by = if name == "increment" { 1 } else { -1 };
                let counter = arguments::name(text).map_err(invalid)?;
                self.push(Node::Count(whole, counter, by));
            }
            "cycle" => {
                let cycle = Cycle::read(text).map_err(invalid)?;
                self.push(Node::Cycle(whole, cycle));
            }
            "break" => self.push(Node::Break),
            "continue" => self.push(Node::Continue),
            "include" | "render" => {
                let partial = Partial::read(text, name == "render").map_err(invalid)?;
                self.push(Node::Partial(whole, Box::new(partial)));
            }
            "layout" | "block" | "endblock" | "liquid" => {
                return Err((
                    "unsupported-liquid",
                    format!("`{{% {name} %}}` is not played"),
                ));
            }
            _ => match name.strip_prefix("end") {
                Some(name) if BLOCKS.contains(&name) => self.close(name)?,
                _ => {
                    let close = builtin::closest(name, TAGS.into_iter());
                    let message = format!("there is no tag `{{% {name} %}}`");
                    let mut found = Diagnostic::error("unknown-liquid-tag", message.clone())
                        .at(self.span(whole.clone()), "shown as it is written");
                    if let Some(close) = close {
                        found = found.help(format!("did you mean `{{% {close} %}}`?"));
                    }
                    self.report(found);
                    self.mark(message, whole);
                }
            },
        }
        Ok(())
    }

    fn open(&mut self, kind: Kind, test: Test, tag: Range<usize>) -> Result<(), Wrong> {
        if self.open.len() >= MAX_DEPTH {
            let message = format!("blocks are nested more than {MAX_DEPTH} deep");
            return Err(("nested-too-deep", message));
        }
        self.open.push(Block {
            branch: (tag.clone(), test),
            tag,
            kind,
            branches: Vec::new(),
            nodes: Vec::new(),
        });
        Ok(())
    }

    /// `elsif`, `else` and `when`: the next branch of the innermost block.
    fn branch(&mut self, name: &str, text: &str, whole: Range<usize>) -> Result<(), Wrong> {
        let test = match name {
            "elsif" => Test::If(self.condition(text)?),
            "when" => {
                let values = arguments::values(text).map_err(invalid)?;
                Test::When(values)
            }
            _ => Test::Always,
        };
        let fits = |kind: &Kind| match kind {
            Kind::If | Kind::Unless => name != "when",
            Kind::Case(_) => name != "elsif",
            Kind::For(_) => name == "else",
            Kind::Capture(_) => false,
        };
        match self.open.last_mut().filter(|block| fits(&block.kind)) {
            Some(block) => {
                let body = std::mem::take(&mut block.nodes);
                let (tag, test) = std::mem::replace(&mut block.branch, (whole, test));
                block.branches.push(Branch { tag, test, body });
                Ok(())
            }
            None => Err(stray(name)),
        }
    }

    fn close(&mut self, name: &str) -> Result<(), Wrong> {
        let Some(at) = self.open.iter().rposition(|it| it.kind.name() == name) else {
            return Err(stray(&format!("end{name}")));
        };
        while self.open.len() > at + 1 {
            if let Some(block) = self.open.pop() {
                self.unclosed(block);
            }
        }
        if let Some(mut block) = self.open.pop() {
            let body = std::mem::take(&mut block.nodes);
            let (tag, test) = block.branch;
            block.branches.push(Branch { tag, test, body });
            let node = match block.kind {
                Kind::If | Kind::Unless => Node::If(block.branches),
                Kind::Case(subject) => Node::Case(block.tag, subject, block.branches),
                Kind::For(found) => Node::For(block.tag, found, block.branches),
                Kind::Capture(name) => {
                    let bodies = block.branches.into_iter().map(|branch| branch.body);
                    Node::Capture(block.tag, name, bodies.flatten().collect())
                }
            };
            self.push(node);
        }
        Ok(())
    }

    /// A block without an end: its tag is marked, and what follows is played as if the tag were not there.
    fn unclosed(&mut self, block: Block) {
        let message = format!("`{{% {} %}}` is not closed", block.kind.name());
        let nodes = block.nodes;
        self.broken("unclosed-liquid", message, block.tag);
        for branch in block.branches {
            for node in branch.body {
                self.push(node);
            }
        }
        for node in nodes {
            self.push(node);
        }
    }

    fn condition(&self, text: &str) -> Result<Condition, Wrong> {
        Condition::read(text).map_err(|reason| invalid(format!("the condition `{text}`: {reason}")))
    }

    fn chain_of(&mut self, range: Range<usize>) -> Result<Chain, Wrong> {
        let text = self.source[range.clone()].trim();
        let written = text.to_owned();
        let start = range.end - self.source[range.clone()].trim_start().len();
        self.chain(start..start + text.len())
            .map_err(|reason| invalid(format!("the value `{written}`: {reason}")))
    }

    fn chain(&mut self, range: Range<usize>) -> Result<Chain, String> {
        let (chain, unknown) = Chain::read(&self.source[range.clone()])?;
        for filter in unknown {
            let place = range.start + filter.0.start..range.start + filter.0.end;
            let name = &self.source[place.clone()];
            let found = Diagnostic::warning(
                "unknown-liquid-filter",
                format!("there is no filter `{name}`"),
            )
            .at(self.span(place), "the value is left as it is");
            // Comparing takes its time, and nobody reads that many.
            let close = (self.tree.diagnostics.len() < MAX_HELPED)
                .then(|| builtin::closest(name, filter_names()))
                .flatten();
            self.report(match close {
                Some(close) => found.help(format!("did you mean `{close}`?")),
                None => found,
            });
        }
        Ok(chain)
    }

    fn broken(&mut self, code: &'static str, message: String, whole: Range<usize>) {
        self.report(
            Diagnostic::error(code, message.clone())
                .at(self.span(whole.clone()), "shown as it is written"),
        );
        self.mark(message, whole);
    }

    fn mark(&mut self, message: String, whole: Range<usize>) {
        self.tree
            .problem
            .get_or_insert_with(|| format!("This page has an error: {message}"));
        self.push(Node::Broken(whole, message));
    }

    fn push(&mut self, node: Node) {
        match self.open.last_mut() {
            Some(block) => block.nodes.push(node),
            None => self.tree.nodes.push(node),
        }
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        self.tree.diagnostics.push(diagnostic);
    }

    fn span(&self, range: Range<usize>) -> Span {
        Span::new(self.file, range)
    }
}

fn invalid(message: String) -> Wrong {
    ("invalid-liquid", message)
}

fn stray(name: &str) -> Wrong {
    (
        "stray-liquid-end",
        format!("`{{% {name} %}}` belongs to no block that is open"),
    )
}

/// Tags with an end.
const BLOCKS: [&str; 8] = [
    "if", "unless", "case", "for", "tablerow", "capture", "raw", "comment",
];

/// Every tag, for the closest name.
const TAGS: [&str; 19] = [
    "if",
    "elsif",
    "else",
    "endif",
    "unless",
    "case",
    "when",
    "for",
    "endfor",
    "tablerow",
    "assign",
    "capture",
    "raw",
    "comment",
    "include",
    "render",
    "increment",
    "cycle",
    "echo",
];
