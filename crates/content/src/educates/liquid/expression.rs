//! Expressions, filters and conditions, read and worked out by the `liquid` library.

use std::fmt;
use std::io;
use std::ops::Range;
use std::sync::LazyLock;

use liquid_core::model::ScalarCow;
use liquid_core::parser::{ParseFilter, ParseTag};
use liquid_core::{Error, Language, Renderable, Value};
use liquid_lib::stdlib;

use super::limits::{Limited, check_size};
use super::scope::Scope;

/// A longer expression is none.
const MAX_LENGTH: usize = 4096;
/// `a[b[c[d]]]`: the library reads these by recursion.
const MAX_BRACKETS: usize = 16;

static LANGUAGE: LazyLock<Language> = LazyLock::new(|| {
    let mut language = Language::empty();
    let assign: Box<dyn ParseTag> = Box::new(stdlib::AssignTag);
    language.tags.register("assign".to_owned(), assign);
    language
        .blocks
        .register("if".to_owned(), Box::new(stdlib::IfBlock));
    for (name, filter) in filters() {
        let filter: Box<dyn ParseFilter> = Box::new(Limited(filter));
        language.filters.register(name.to_owned(), filter);
    }
    language
});

fn filters() -> Vec<(&'static str, Box<dyn ParseFilter>)> {
    macro_rules! named {
        ($($name:literal $filter:ident),* $(,)?) => {
            vec![$(($name, Box::new(stdlib::$filter) as Box<dyn ParseFilter>)),*]
        };
    }
    named![
        "abs" Abs, "append" Append, "at_least" AtLeast, "at_most" AtMost, "capitalize" Capitalize, "ceil" Ceil,
        "compact" Compact, "concat" Concat, "date" Date, "default" Default, "divided_by" DividedBy,
        "downcase" Downcase, "escape" Escape, "escape_once" EscapeOnce, "first" First, "floor" Floor, "join" Join,
        "last" Last, "lstrip" Lstrip, "map" Map, "minus" Minus, "modulo" Modulo, "newline_to_br" NewlineToBr,
        "plus" Plus, "prepend" Prepend, "remove" Remove, "remove_first" RemoveFirst, "replace" Replace,
        "replace_first" ReplaceFirst, "reverse" Reverse, "round" Round, "rstrip" Rstrip, "size" Size,
        "slice" Slice, "sort" Sort, "sort_natural" SortNatural, "split" Split, "strip" Strip,
        "strip_html" StripHtml, "strip_newlines" StripNewlines, "times" Times, "truncate" Truncate,
        "truncatewords" TruncateWords, "uniq" Uniq, "upcase" Upcase, "url_decode" UrlDecode,
        "url_encode" UrlEncode, "where" Where,
    ]
}

/// The names of the filters.
pub(super) fn filter_names() -> impl Iterator<Item = &'static str> {
    static NAMES: LazyLock<Vec<&'static str>> =
        LazyLock::new(|| filters().into_iter().map(|(name, _)| name).collect());
    NAMES.iter().copied()
}

/// A value and its filters.
pub(super) enum Chain {
    /// A plain name: the library takes `nil_x` for `nil` and something else.
    Name(String),
    /// `{% assign value = … %}`
    Read(Vec<Box<dyn Renderable>>),
}

/// A condition.
pub(super) struct Condition(Vec<Box<dyn Renderable>>);

/// A filter that does not exist, as bytes of the expression.
pub(super) struct UnknownFilter(pub(super) Range<usize>);

impl Chain {
    /// Reads an expression. Filters that do not exist leave the value as it is (`instructions.md` 7.3).
    pub(super) fn read(text: &str) -> Result<(Self, Vec<UnknownFilter>), String> {
        if is_name(text) {
            return Ok((Self::Name(text.to_owned()), Vec::new()));
        }
        let (known, unknown) = known_filters(text);
        let read = library(&format!("{{% assign value = {known} %}}"), &known)?;
        Ok((Self::Read(read), unknown))
    }

    /// Works the value out.
    pub(super) fn value(&self, scope: &Scope<'_>) -> Result<Value, String> {
        match self {
            Self::Name(name) => Ok(scope.lookup(&[ScalarCow::new(name.as_str())])),
            Self::Read(read) => {
                for part in read {
                    part.render_to(&mut io::sink(), scope).map_err(reason)?;
                }
                Ok(scope.take_value())
            }
        }
    }
}

impl Condition {
    pub(super) fn read(text: &str) -> Result<Self, String> {
        library(&format!("{{% if {} %}}1{{% endif %}}", plain(text)), text).map(Self)
    }

    pub(super) fn holds(&self, scope: &Scope<'_>) -> Result<bool, String> {
        let mut out = Vec::new();
        for part in &self.0 {
            part.render_to(&mut out, scope).map_err(reason)?;
        }
        Ok(!out.is_empty())
    }
}

/// Whether two values are the same, as `==` sees it.
pub(super) fn same(a: &Value, b: &Value) -> bool {
    liquid_core::model::ValueViewCmp::new(a.as_view())
        == liquid_core::model::ValueViewCmp::new(b.as_view())
}

/// Gives a text to the library, which panics on numbers beyond 64 bits and recurses into brackets.
fn library(template: &str, text: &str) -> Result<Vec<Box<dyn Renderable>>, String> {
    let longest = text
        .split(|c: char| !c.is_ascii_digit())
        .map(str::len)
        .max()
        .unwrap_or_default();
    if longest > 18 {
        return Err("the number is too large".to_owned());
    }
    if text.len() > MAX_LENGTH || text.matches('[').count() > MAX_BRACKETS {
        return Err("the expression is too long".to_owned());
    }
    liquid_core::parser::parse(template, &LANGUAGE).map_err(|_| "it cannot be read".to_owned())
}

/// What the library says, without its preamble and its trace.
fn reason(error: Error) -> String {
    let text = error.to_string();
    let first = text.lines().next().unwrap_or_default();
    let cause = text
        .lines()
        .find_map(|line| line.trim().strip_prefix("cause="));
    let line = cause.unwrap_or(first.strip_prefix("liquid: ").unwrap_or(first));
    let mut reason: String = line.chars().take(120).collect();
    if let Some(first) = reason.get_mut(..1) {
        first.make_ascii_lowercase();
    }
    reason
}

/// Whether a text is one name, and not a word with a meaning of its own.
pub(super) fn is_name(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes
        .next()
        .is_some_and(|b| b.is_ascii_alphabetic() || b == b'_')
        && bytes.all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
        && !matches!(text, "nil" | "null" | "empty" | "blank" | "true" | "false")
}

/// A text with line ends and tabs as the blanks that the library knows, its quoted parts untouched.
fn plain(text: &str) -> String {
    let mut quote = None;
    text.chars()
        .map(|c| {
            match quote {
                Some(open) if c == open => quote = None,
                None if matches!(c, '\'' | '"') => quote = Some(c),
                _ => {}
            }
            if c.is_whitespace() && quote.is_none() {
                ' '
            } else {
                c
            }
        })
        .collect()
}

/// Splits a text at a character outside of quotes.
pub(super) fn split(text: &str, at: char) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let (mut quote, mut start) = (None, 0);
    for (index, c) in text.char_indices() {
        match quote {
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None if matches!(c, '\'' | '"') => quote = Some(c),
            None if c == at => {
                parts.push(start..index);
                start = index + c.len_utf8();
            }
            None => {}
        }
    }
    parts.push(start..text.len());
    parts
}

/// An expression without the filters that do not exist, and where those stand.
fn known_filters(text: &str) -> (String, Vec<UnknownFilter>) {
    let (mut known, mut unknown) = (String::new(), Vec::new());
    for (number, range) in split(text, '|').into_iter().enumerate() {
        let part = &text[range.clone()];
        if number > 0 {
            let name = part.trim_start();
            let length = name
                .find(|c: char| !(c.is_alphanumeric() || c == '_'))
                .unwrap_or(name.len());
            let start = range.end - name.len();
            if length > 0 && !filter_names().any(|filter| filter == &name[..length]) {
                unknown.push(UnknownFilter(start..start + length));
                continue;
            }
            known.push('|');
        }
        known.push_str(&plain(part));
    }
    (known, unknown)
}

/// Checks a value before it gets a name.
pub(super) fn keepable(value: Value) -> Result<Value, String> {
    check_size(&value).map_err(reason)?;
    Ok(value)
}

impl fmt::Debug for Chain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => f.write_str(name),
            Self::Read(read) => write!(f, "{read:?}"),
        }
    }
}

impl fmt::Debug for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}
