//! A hugo page's source → Markdown with slots (`instructions.md` 5 and 15).

use std::cell::{Cell, RefCell};
use std::ops::Range;

use super::Educates;
use super::builtin::{self, Inner};
use super::lint;
use super::pairing::{self, Role};
use super::shortcodes::{Form, Tag, Token, tokens};
use super::template::Call;
use crate::diagnostic::{Diagnostic, FileId, Span};
use crate::page::Page;
use crate::render::{BoxKind, Builder, Dialect, Expanded, Markup, SlotKind};
use crate::variables::Variables;

/// The templates of a page take no more steps together.
const PAGE_STEPS: usize = 200_000;
/// Bodies deeper than this are not read.
const MAX_DEPTH: usize = 16;

/// Expands a range of a page's file.
pub(super) fn expand(
    format: &Educates,
    source: &str,
    range: Range<usize>,
    page: &Page,
    variables: &Variables,
) -> Expanded {
    let file = page.file();
    let tokens = tokens(source, range);
    let roles = pairing::roles(&tokens, |name| match format.templates.contains_key(name) {
        true => Inner::Perhaps,
        false => builtin::inner(name),
    });
    let all = 0..tokens.len();
    let context = Context {
        format,
        source,
        file,
        variables,
        tokens,
        roles,
        page,
        budget: Cell::new(PAGE_STEPS),
        calls: Cell::new(0),
        stack: RefCell::default(),
    };
    context.body(all, 0, 0)
}

pub(super) struct Context<'a> {
    pub(super) format: &'a Educates,
    pub(super) source: &'a str,
    file: FileId,
    pub(super) variables: &'a Variables,
    pub(super) tokens: Vec<Token<'a>>,
    roles: Vec<Role>,
    pub(super) page: &'a Page,
    /// How many steps the templates of this page may still take.
    pub(super) budget: Cell<usize>,
    /// How many templates the page has called so far.
    pub(super) calls: Cell<usize>,
    /// The calls of templates that are being written, the innermost first.
    pub(super) stack: RefCell<Vec<Call>>,
}

/// A call of a shortcode, and where it stands.
#[derive(Clone, Copy)]
pub(super) struct Site<'t> {
    pub(super) tag: &'t Tag<'t>,
    /// Its token.
    pub(super) at: usize,
    /// The token that closes it, where it has a body.
    pub(super) close: Option<usize>,
    /// How many shortcodes are around it.
    pub(super) depth: usize,
}

impl Site<'_> {
    /// The tokens between its tags.
    pub(super) fn body(self) -> Range<usize> {
        self.close
            .map_or(self.at..self.at, |close| self.at + 1..close)
    }
}

impl Context<'_> {
    /// Expands some tokens; every line loses up to `dedent` columns of leading white space.
    fn body(&self, range: Range<usize>, depth: usize, dedent: usize) -> Expanded {
        let mut builder = Builder::new(self.source, Markup::Markdown(Dialect::HUGO), dedent);
        self.tokens_into(&mut builder, range, depth);
        builder.finish()
    }

    /// Writes some tokens into a builder.
    pub(super) fn tokens_into(&self, builder: &mut Builder<'_>, range: Range<usize>, depth: usize) {
        let mut at = range.start;
        while at < range.end {
            match &self.tokens[at] {
                Token::Text(text) => {
                    lint::classic_variables(self.source, text, self.file, self.variables, builder);
                    builder.copy(text.clone());
                }
                Token::Literal(place, text) => {
                    builder.slot(SlotKind::Text(text.clone()), place.clone());
                }
                Token::Broken(place, reason) => {
                    let diagnostic = Diagnostic::error("unclosed-shortcode", *reason)
                        .at(self.span(place), "opens here")
                        .help("write `{{</* name */>}}` to show a shortcode instead of using it");
                    self.chip(builder, diagnostic, place);
                }
                Token::Tag(tag) => {
                    let close = match self.roles[at] {
                        Role::Opens(close) => Some(close),
                        _ => None,
                    };
                    let site = Site {
                        tag,
                        at,
                        close,
                        depth,
                    };
                    self.tag(builder, site);
                    at = close.unwrap_or(at);
                }
            }
            at += 1;
        }
    }

    fn tag(&self, builder: &mut Builder<'_>, site: Site<'_>) {
        let Site { tag, close, .. } = site;
        match self.roles[site.at] {
            Role::Stray => {
                let diagnostic = Diagnostic::error(
                    "stray-shortcode-end",
                    format!("`{}` is closed here and was not opened", tag.name),
                )
                .at(self.span(&tag.range), "closes nothing");
                return self.chip(builder, diagnostic, &tag.range);
            }
            Role::Unclosed => {
                let diagnostic = Diagnostic::error(
                    "unclosed-shortcode",
                    format!("`{}` is not closed", tag.name),
                )
                .at(self.span(&tag.range), "opens here")
                .help(format!("write `{{{{< /{} >}}}}` after its text", tag.name));
                return self.chip(builder, diagnostic, &tag.range);
            }
            _ if site.depth >= MAX_DEPTH && close.is_some() => {
                let diagnostic = Diagnostic::error(
                    "nested-too-deep",
                    format!("shortcodes are nested more than {MAX_DEPTH} levels deep"),
                )
                .at(self.span(&tag.range), "not read");
                return self.chip(builder, diagnostic, &tag.range);
            }
            _ => {}
        }
        let own = self.format.templates.contains_key(tag.name);
        if tag.form == Form::Alone && !own && builtin::inner(tag.name) == Inner::Never {
            builder.report(
                Diagnostic::warning(
                    "self-closed-shortcode",
                    format!("`{}` has no body and must not close itself", tag.name),
                )
                .at(self.span(&tag.range), "the reference refuses this")
                .help("leave out the `/`"),
            );
        }
        if own {
            self.custom(builder, site);
        } else if !self.value(builder, tag) {
            self.block(builder, site);
        }
    }

    /// The shortcodes that print a block, and those that nobody knows.
    fn block(&self, builder: &mut Builder<'_>, site: Site<'_>) {
        let tag = site.tag;
        let known = builtin::NAMES.contains(&tag.name);
        if known && tag.percent {
            // Its output would be raw HTML in Markdown, and the reference drops that.
            builder.report(
                Diagnostic::warning(
                    "shortcode-delimiters",
                    format!("`{{{{% {} %}}}}` shows nothing", tag.name),
                )
                .at(self.span(&tag.range), "dropped")
                .help(format!("write `{{{{< {} >}}}}`", tag.name)),
            );
            return;
        }
        let inner = || Box::new(self.inner(site));
        let title = |default: &str| {
            let title = tag.arguments.named("title").unwrap_or_default();
            if title.is_empty() {
                default.to_owned()
            } else {
                title.to_owned()
            }
        };
        let boxed = |kind, title| SlotKind::Box {
            kind,
            title,
            body: inner(),
        };
        let kind = match tag.name {
            "copy" => SlotKind::Copy,
            "note" => boxed(BoxKind::Note, title("Note")),
            "warning" => boxed(BoxKind::Warning, title("Warning")),
            "danger" => boxed(BoxKind::Danger, title("Danger")),
            "details" => {
                let summary = tag.arguments.named("summary").or(tag.arguments.at(0));
                boxed(BoxKind::Details, summary.unwrap_or("Details").to_owned())
            }
            "pathway" => {
                let wanted = tag.arguments.at(0).unwrap_or_default();
                if self.variables.get("pathway_name").unwrap_or_default() != wanted {
                    return;
                }
                SlotKind::Group(inner())
            }
            "figure" => builtin::figure(self.source, tag),
            "highlight" => {
                let (lines, wrong) = builtin::code_lines(&tag.arguments);
                let language = tag.arguments.named("lang").or(tag.arguments.at(0));
                SlotKind::Code {
                    language: language.unwrap_or_default().to_owned(),
                    code: self.code(site),
                    lines,
                    wrong,
                }
            }
            name if known => match builtin::embedded(name, &tag.arguments) {
                Some(url) => SlotKind::LinkCard { url },
                None => {
                    let diagnostic = Diagnostic::warning(
                        "unsupported-shortcode",
                        format!("`{name}` is not played"),
                    )
                    .at(self.span(&tag.range), "shown as it is written");
                    return self.chip(builder, diagnostic, &tag.range);
                }
            },
            _ => return self.unknown(builder, site),
        };
        builder.slot(kind, self.whole(site));
    }

    /// A shortcode that nobody has written is an error; its body is shown.
    fn unknown(&self, builder: &mut Builder<'_>, site: Site<'_>) {
        let tag = site.tag;
        let own = self.format.templates.keys().map(String::as_str);
        let names = builtin::NAMES.into_iter().chain(own);
        let diagnostic = Diagnostic::error(
            "unknown-shortcode",
            format!("there is no shortcode `{}`", tag.name),
        )
        .at(self.span(&tag.range), "not known");
        let diagnostic = match builtin::closest(tag.name, names) {
            Some(close) => diagnostic.help(format!("did you mean `{close}`?")),
            None => diagnostic,
        };
        self.broken(builder, diagnostic, site);
    }

    /// A call that cannot be played: its body stands for it; one without a body is a mark.
    pub(super) fn broken(&self, builder: &mut Builder<'_>, diagnostic: Diagnostic, site: Site<'_>) {
        if site.close.is_none() {
            return self.chip(builder, diagnostic, &site.tag.range);
        }
        let kind = SlotKind::BrokenGroup {
            message: diagnostic.message.clone(),
            label: self.source[site.tag.range.clone()].to_owned(),
            body: Box::new(self.inner(site)),
        };
        builder.report(diagnostic);
        builder.slot(kind, self.whole(site));
    }

    pub(super) fn inner(&self, site: Site<'_>) -> Expanded {
        self.body(site.body(), site.depth + 1, self.indent(site.at))
    }

    /// The columns before a tag that opens its line: a box in a list item is indented with it, and its text should
    /// not turn into code for that.
    pub(super) fn indent(&self, at: usize) -> usize {
        let Token::Tag(tag) = &self.tokens[at] else {
            return 0;
        };
        let before = &self.source.as_bytes()[..tag.range.start];
        let blank = before
            .iter()
            .rev()
            .take_while(|b| matches!(b, b' ' | b'\t'))
            .count();
        match before.len().checked_sub(blank + 1) {
            Some(at) if before[at] != b'\n' => 0,
            _ => blank,
        }
    }

    /// Where a tag starts.
    pub(super) fn start(&self, at: usize) -> usize {
        match &self.tokens[at] {
            Token::Tag(tag) => tag.range.start,
            Token::Text(range) | Token::Literal(range, _) | Token::Broken(range, _) => range.start,
        }
    }

    /// From the tag to the one that closes it.
    pub(super) fn whole(&self, site: Site<'_>) -> Range<usize> {
        let start = site.tag.range.start;
        start
            ..site
                .close
                .map_or(site.tag.range.end, |close| self.end(close))
    }

    fn end(&self, at: usize) -> usize {
        match &self.tokens[at] {
            Token::Tag(tag) => tag.range.end,
            Token::Text(range) | Token::Literal(range, _) | Token::Broken(range, _) => range.end,
        }
    }

    /// A mark in the text for something that is wrong.
    pub(super) fn chip(
        &self,
        builder: &mut Builder<'_>,
        diagnostic: Diagnostic,
        place: &Range<usize>,
    ) {
        let kind = SlotKind::Chip {
            message: diagnostic.message.clone(),
            label: self.source[place.clone()].to_owned(),
        };
        builder.report(diagnostic);
        builder.slot(kind, place.clone());
    }

    pub(super) fn span(&self, range: &Range<usize>) -> Span {
        Span::new(self.file, range.clone())
    }
}
