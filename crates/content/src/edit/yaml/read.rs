//! Text → tree. The parser says what there is and where; the indicators between are found by looking.

use std::ops::Range;

use granit_parser::{
    Event, Options, Parser, ScalarStyle as Scanned, ScanError, Span, StructureStyle, options,
};

use super::limits::{check_keys, check_size};
use super::problem::Problem;
use super::tree::{Anchor, Document, Entry, Item, Kind, MappingStyle, Node, ScalarStyle, Tag};

/// Collections in collections, at most: what comes after recurses.
const MAX_DEPTH: usize = 100;

/// Reads the first document; the others are not even looked at.
pub(super) fn read(text: &str) -> Result<Document<'_>, Problem> {
    let mut builder = Builder::new(text);
    let options: Options = options! { emit_anchor_events: true };
    let mut parser = Parser::new_from_str_with_options(text, options).peekable();
    while let Some(next) = parser.next() {
        let (event, span) = next.map_err(|error| builder.syntax(&error))?;
        let anchor = match parser.peek() {
            Some(Ok((Event::Anchor(id, name), span))) => Some(Anchor {
                id: *id,
                name: name.to_string(),
                range: bytes(span),
            }),
            _ => None,
        };
        if builder.take(event, span, anchor)? {
            break;
        }
    }
    let document = builder.document;
    if let Some(root) = &document.root {
        check_keys(&document, root)?;
        check_size(root)?;
    }
    Ok(document)
}

struct Builder<'t> {
    document: Document<'t>,
    /// Collections that are open.
    stack: Vec<Frame>,
    /// After what was read last.
    at: usize,
}

struct Frame {
    node: Node,
    /// The dash or key of what comes next.
    start: usize,
    /// A key that waits for its value, with its colon.
    key: Option<(usize, Node, Option<usize>)>,
}

impl<'t> Builder<'t> {
    fn new(text: &'t str) -> Self {
        Self {
            document: Document {
                text,
                root: None,
                start: 0,
                end: text.len(),
                aliases: false,
            },
            stack: Vec::new(),
            at: 0,
        }
    }

    /// Takes an event; `true` at the end of the document.
    fn take(
        &mut self,
        event: Event<'_>,
        span: Span,
        anchor: Option<Anchor>,
    ) -> Result<bool, Problem> {
        let range = bytes(&span);
        let tag = event.tag().map(|tag| Tag {
            name: tag.original(),
            range: span
                .tag_span()
                .map_or(range.start..range.start, |span| bytes(&span)),
        });
        match event {
            Event::DocumentStart(true, _) => {
                self.at = range.end;
                self.document.start = range.end;
            }
            Event::DocumentEnd => {
                self.document.end = self.end_of_document();
                return Ok(true);
            }
            Event::Scalar(text, style, ..) => {
                let mut node = self.begin(anchor, tag, range.start);
                self.scalar(&mut node, range, style, text.into_owned());
                self.complete(node);
            }
            Event::Alias(id) => {
                self.document.aliases = true;
                let mut node = self.begin(None, None, range.start);
                let name = self.document.text[range.clone()]
                    .trim_start_matches('*')
                    .to_owned();
                node.kind = Kind::Alias { id, name };
                (node.start, node.end) = (range.start, range.end);
                self.complete(node);
            }
            Event::SequenceStart(style, ..) => {
                let flow = style == StructureStyle::Flow;
                let items = Vec::new();
                self.open(Kind::Sequence { flow, items }, range, anchor, tag)?;
            }
            Event::MappingStart(style, ..) => {
                let style = match style {
                    StructureStyle::Flow if range.is_empty() => MappingStyle::Pair,
                    StructureStyle::Flow => MappingStyle::Flow,
                    _ => MappingStyle::Block,
                };
                let entries = Vec::new();
                self.open(Kind::Mapping { style, entries }, range, anchor, tag)?;
            }
            Event::SequenceEnd | Event::MappingEnd => {
                if let Some(Frame { mut node, .. }) = self.stack.pop() {
                    // The end of a block collection is where the next thing begins.
                    node.end = if range.is_empty() { self.at } else { range.end };
                    node.full_end = node
                        .children()
                        .last()
                        .map_or(node.end, |last| last.full_end.max(node.end));
                    self.complete(node);
                }
            }
            _ => {}
        }
        Ok(false)
    }

    /// A node that starts here, its content at `start`; passes the indicator before it.
    fn begin(&mut self, anchor: Option<Anchor>, tag: Option<Tag>, start: usize) -> Node {
        self.pass_indicator();
        let node = Node {
            outer: self.at,
            start,
            end: start,
            full_end: 0,
            anchor,
            tag,
            kind: Kind::Scalar {
                text: String::new(),
                style: ScalarStyle::Plain,
            },
        };
        if let Some(end) = node.properties_end() {
            self.at = self.at.max(end);
        }
        node
    }

    fn pass_indicator(&mut self) {
        let text = self.document.text;
        let next = skip_blank(text, self.at);
        let byte = |at: usize| text.as_bytes().get(at).copied();
        let Some(frame) = self.stack.last_mut() else {
            return;
        };
        match (&frame.node.kind, &mut frame.key) {
            (Kind::Sequence { flow: false, .. }, _) => {
                frame.start = next;
                self.at = next + usize::from(byte(next) == Some(b'-'));
            }
            (Kind::Sequence { flow: true, .. }, _) => {
                self.at = if byte(next) == Some(b',') {
                    skip_blank(text, next + 1)
                } else {
                    next
                };
                frame.start = self.at;
            }
            (_, None) => {
                let next = if byte(next) == Some(b',') {
                    skip_blank(text, next + 1)
                } else {
                    next
                };
                frame.start = next;
                let explicit = byte(next) == Some(b'?')
                    && byte(next + 1).is_none_or(|byte| byte.is_ascii_whitespace());
                self.at = next + usize::from(explicit);
            }
            (_, Some((.., colon))) => {
                if byte(next) == Some(b':') {
                    *colon = Some(next);
                    self.at = next + 1;
                }
            }
        }
    }

    fn scalar(&mut self, node: &mut Node, range: Range<usize>, style: Scanned, text: String) {
        let source = self.document.text;
        let style = match style {
            Scanned::Plain => ScalarStyle::Plain,
            Scanned::SingleQuoted | Scanned::DoubleQuoted => ScalarStyle::Quoted,
            _ => ScalarStyle::Block,
        };
        (node.start, node.end) = match style {
            _ if style != ScalarStyle::Block && range.is_empty() => (self.at, self.at),
            ScalarStyle::Block => {
                let header = skip_blank(source, self.at);
                let end = header_end(source, header).max(content_end(source, &range));
                if source[header..header_end(source, header)].contains('+') {
                    // The blanks before the next key may be reported as a part of it.
                    let line = self.document.line_start(range.end);
                    let blank = super::tree::is_blank(&source[line..range.end]);
                    node.full_end = if blank { line } else { range.end };
                }
                (header, end)
            }
            _ => (range.start, range.end),
        };
        node.kind = Kind::Scalar { text, style };
    }

    fn open(
        &mut self,
        kind: Kind,
        range: Range<usize>,
        anchor: Option<Anchor>,
        tag: Option<Tag>,
    ) -> Result<(), Problem> {
        if self.stack.len() == MAX_DEPTH {
            return Err(Problem::TooDeep {
                line: self.document.line_number(range.start),
                depth: MAX_DEPTH,
            });
        }
        let mut node = self.begin(anchor, tag, range.start);
        node.kind = kind;
        // Where a block collection begins is not always where it is reported.
        let block = !node.is_flow();
        if block {
            node.start = skip_blank(self.document.text, self.at);
        }
        place(&mut node);
        self.at = if block { node.start } else { range.end };
        self.stack.push(Frame {
            start: range.start,
            node,
            key: None,
        });
        Ok(())
    }

    /// Puts a finished node where it belongs.
    fn complete(&mut self, mut node: Node) {
        place(&mut node);
        node.full_end = node.full_end.max(node.end);
        self.at = self.at.max(node.end);
        let end = self.at;
        let Some(frame) = self.stack.last_mut() else {
            self.document.root.get_or_insert(node);
            return;
        };
        let start = frame.start;
        match &mut frame.node.kind {
            Kind::Sequence { items, .. } => items.push(Item { start, end, node }),
            Kind::Mapping { entries, .. } => match frame.key.take() {
                None => frame.key = Some((start, node, None)),
                Some((start, key, colon)) => entries.push(Entry {
                    start,
                    end,
                    key,
                    colon,
                    value: node,
                }),
            },
            _ => {}
        }
    }

    /// At the mark that ends it or begins another one; an implicit end is not reported there.
    fn end_of_document(&self) -> usize {
        let full_end = self
            .document
            .root
            .as_ref()
            .map_or(self.at, |root| root.full_end);
        let from = full_end.max(self.at);
        let text = self.document.text;
        let mut line = if from == 0 || text[..from].ends_with('\n') {
            from
        } else {
            self.document.next_line(from)
        };
        while line < text.len() {
            let is_mark = |mark: &str| {
                text[line..]
                    .strip_prefix(mark)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace))
            };
            if is_mark("---") || is_mark("...") {
                return line;
            }
            line = self.document.next_line(line);
        }
        text.len()
    }

    fn syntax(&self, error: &ScanError) -> Problem {
        let mark = error.marker();
        Problem::Syntax {
            line: mark.line(),
            column: mark.col() + 1,
            reason: error.info().to_string(),
        }
    }
}

/// A node with an anchor or a tag begins there; an empty one lies after them.
fn place(node: &mut Node) {
    let properties = [
        node.anchor.as_ref().map(|anchor| anchor.range.start),
        node.tag.as_ref().map(|tag| tag.range.start),
    ];
    node.outer = properties.into_iter().flatten().min().unwrap_or(node.start);
}

fn bytes(span: &Span) -> Range<usize> {
    span.byte_range().unwrap_or_default()
}

/// After blanks, newlines and comments.
fn skip_blank(text: &str, mut at: usize) -> usize {
    let bytes = text.as_bytes();
    while let Some(byte) = bytes.get(at) {
        match byte {
            b' ' | b'\t' | b'\n' | b'\r' => at += 1,
            b'#' if at == 0 || bytes[at - 1].is_ascii_whitespace() => {
                at += text[at..].find('\n').unwrap_or(text.len() - at);
            }
            _ => break,
        }
    }
    at
}

/// After `|2-`.
fn header_end(text: &str, start: usize) -> usize {
    let header = text[start..]
        .bytes()
        .take_while(|byte| matches!(byte, b'|' | b'>' | b'+' | b'-' | b'0'..=b'9'));
    start + header.count()
}

/// The end of a block scalar's last line that holds something.
fn content_end(text: &str, range: &Range<usize>) -> usize {
    let content = &text[range.clone()];
    let lines = content.split_inclusive('\n');
    let mut end = range.start;
    let mut at = range.start;
    for line in lines {
        at += line.len();
        if !line.trim().is_empty() {
            end = at - (line.len() - line.trim_end_matches(['\n', '\r']).len());
        }
    }
    if end == range.start { 0 } else { end }
}
