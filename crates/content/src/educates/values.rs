//! Shortcodes that print a text, and what they print in code (`instructions.md` 5.2 and 5.3).

use super::expand::{Context, Site};
use super::lint;
use super::shortcodes::{Tag, Token};
use crate::diagnostic::Diagnostic;
use crate::render::{Builder, LinkTarget, SlotKind};

impl Context<'_> {
    /// The shortcodes that print a text. Says whether it was one.
    pub(super) fn value(&self, builder: &mut Builder<'_>, tag: &Tag<'_>) -> bool {
        let value = match tag.name {
            "param" => self.param(builder, tag),
            "baseurl" => Some(super::links::base_url(self.variables)),
            "ref" | "relref" => self.reference(builder, tag),
            _ => return false,
        };
        if let Some(value) = value {
            if tag.percent {
                builder.replace_encoded(&value, tag.range.clone());
            } else {
                builder.slot(SlotKind::Text(value), tag.range.clone());
            }
        }
        true
    }

    /// `param`: the value of a variable, looked up whatever its case; an unknown one prints nothing.
    fn param(&self, builder: &mut Builder<'_>, tag: &Tag<'_>) -> Option<String> {
        let Some(name) = tag.arguments.at(0) else {
            let diagnostic =
                Diagnostic::error("invalid-shortcode", "`param` needs the name of a variable")
                    .at(self.span(&tag.range), "no name");
            self.chip(builder, diagnostic, &tag.range);
            return None;
        };
        match self.variables.get_ignoring_case(name) {
            Some(value) => Some(value.trim_end().to_owned()),
            None => {
                let found = lint::undefined(name, self.span(&tag.range), self.variables);
                builder.report(if self.begins_code(tag.range.start) {
                    found.suggested()
                } else {
                    found
                });
                Some(String::new())
            }
        }
    }

    /// Whether a place begins a line of a block: with a value there, the block may be read otherwise, as properties of an action.
    fn begins_code(&self, at: usize) -> bool {
        let line = self.source[..at].rfind('\n').map_or(0, |end| end + 1);
        self.source[line..at].trim().is_empty() && lint::is_code(self.source, line)
    }

    /// `ref` and `relref`: the address of a page, by its key or file name.
    fn reference(&self, builder: &mut Builder<'_>, tag: &Tag<'_>) -> Option<String> {
        let target = tag
            .arguments
            .named("path")
            .or(tag.arguments.at(0))
            .unwrap_or_default();
        if let LinkTarget::Page { id, anchor } = super::links::by_name(self.format, target) {
            let anchor = anchor.map_or_else(String::new, |anchor| format!("#{anchor}"));
            return Some(format!("/workshop/content/{id}/{anchor}"));
        }
        let diagnostic = Diagnostic::error("broken-link", format!("there is no page `{target}`"))
            .at(self.span(&tag.range), "leads nowhere");
        let keys = self.format.keys.iter().map(|key| key.0.as_str());
        let diagnostic = crate::render::with_meant_page(diagnostic, target, keys);
        self.chip(builder, diagnostic, &tag.range);
        None
    }

    /// The body of a `highlight`, values filled in.
    pub(super) fn code(&self, site: Site<'_>) -> String {
        let mut code = String::new();
        for token in &self.tokens[site.body()] {
            match token {
                Token::Text(range) => code.push_str(&self.source[range.clone()]),
                Token::Literal(_, text) => code.push_str(text),
                Token::Broken(range, _) => code.push_str(&self.source[range.clone()]),
                Token::Tag(tag) if tag.name == "param" => {
                    let value = tag
                        .arguments
                        .at(0)
                        .and_then(|name| self.variables.get_ignoring_case(name));
                    code.push_str(value.unwrap_or_default());
                }
                Token::Tag(tag) => code.push_str(&self.source[tag.range.clone()]),
            }
        }
        let code = code.strip_prefix('\n').unwrap_or(&code);
        crate::render::without_marks(code).into_owned()
    }
}
