//! What stands after the name of a tag.

use super::expression::{Chain, is_name, split};

/// `{% for item in list limit: 2 reversed %}`
#[derive(Debug)]
pub(super) struct Loop {
    pub(super) name: String,
    pub(super) over: Over,
    pub(super) limit: Option<Chain>,
    pub(super) offset: Option<Chain>,
    pub(super) reversed: bool,
    /// `tablerow`: the items become cells.
    pub(super) is_table: bool,
    pub(super) columns: Option<Chain>,
}

/// What a loop goes over.
#[derive(Debug)]
pub(super) enum Over {
    Range(Chain, Chain),
    Value(Chain),
}

/// `{% include 'file', name: value %}`
#[derive(Debug)]
pub(super) struct Partial {
    pub(super) file: Chain,
    pub(super) arguments: Vec<(String, Chain)>,
    /// `render`: the file sees nothing but its arguments.
    pub(super) isolated: bool,
}

/// `{% cycle 'group': 'a', 'b' %}`
#[derive(Debug)]
pub(super) struct Cycle {
    pub(super) group: String,
    pub(super) values: Vec<Chain>,
}

impl Loop {
    pub(super) fn read(text: &str, is_table: bool) -> Result<Self, String> {
        let wanted = || "a loop is written `for NAME in LIST`".to_owned();
        let (item, rest) = text.split_once(char::is_whitespace).ok_or_else(wanted)?;
        let item = name(item)?;
        let rest = rest.trim_start().strip_prefix("in").ok_or_else(wanted)?;
        if !rest.starts_with([' ', '\t', '\n', '(']) {
            return Err(wanted());
        }
        let rest = rest.trim_start();
        let (over, rest) = if let Some(inner) = rest.strip_prefix('(') {
            let (range, rest) = inner.split_once(')').ok_or("the range is not closed")?;
            let (first, last) = range
                .split_once("..")
                .ok_or("a range is written `(1..3)`")?;
            (Over::Range(chain(first)?, chain(last)?), rest)
        } else {
            let end = word_end(rest);
            (Over::Value(chain(&rest[..end])?), &rest[end..])
        };
        let mut found = Self {
            name: item,
            over,
            limit: None,
            offset: None,
            reversed: false,
            is_table,
            columns: None,
        };
        let mut rest = rest.trim_start();
        while !rest.is_empty() {
            rest = found
                .option(rest)?
                .trim_start_matches([' ', '\t', '\n', ',']);
        }
        Ok(found)
    }

    fn option<'t>(&mut self, text: &'t str) -> Result<&'t str, String> {
        let end = text
            .find(|c: char| c.is_whitespace() || c == ':')
            .unwrap_or(text.len());
        let (key, rest) = text.split_at(end);
        if key == "reversed" {
            self.reversed = true;
            return Ok(rest);
        }
        let value = rest.trim_start().strip_prefix(':').map(str::trim_start);
        let Some(value) = value else {
            return Err(format!("`{key}` is nothing that a loop knows"));
        };
        let end = word_end(value);
        let chain = chain(&value[..end])?;
        match key {
            "limit" => self.limit = Some(chain),
            "offset" => self.offset = Some(chain),
            "cols" => self.columns = Some(chain),
            _ => return Err(format!("`{key}` is nothing that a loop knows")),
        }
        Ok(&value[end..])
    }
}

impl Partial {
    pub(super) fn read(text: &str, isolated: bool) -> Result<Self, String> {
        let mut parts = split(text, ',').into_iter().map(|range| &text[range]);
        let first = parts.next().unwrap_or_default().trim();
        if first.is_empty() {
            return Err("a file is named in quotes, such as `'part.md'`".to_owned());
        }
        let end = word_end(first);
        let (file, rest) = first.split_at(end);
        let mut arguments = Vec::new();
        let rest = rest.trim();
        if let Some(value) = rest.strip_prefix("with ") {
            let (value, alias) = value.split_once(" as ").unwrap_or((value, ""));
            let alias = if alias.is_empty() {
                stem(file)
            } else {
                alias.trim()
            };
            arguments.push((name(alias)?, chain(value)?));
        } else if !rest.is_empty() {
            // `include 'file' a: 1` without a comma is welcome too.
            arguments.push(argument(rest)?);
        }
        for part in parts {
            arguments.push(argument(part)?);
        }
        // A name without quotes is that of a file too, if no variable has it.
        Ok(Self {
            file: if is_path(file) {
                chain(&format!("'{file}'"))?
            } else {
                chain(file)?
            },
            arguments,
            isolated,
        })
    }
}

/// A path that was written without quotes; a variable's name has no slash.
fn is_path(text: &str) -> bool {
    text.contains('/') && !text.contains(['\'', '"', '|', '['])
}

impl Cycle {
    pub(super) fn read(text: &str) -> Result<Self, String> {
        let parts = split(text, ':');
        let (group, list) = match parts.as_slice() {
            [group, rest] => (text[group.clone()].trim(), &text[rest.clone()]),
            _ => (text.trim(), text),
        };
        Ok(Self {
            group: group.to_owned(),
            values: values(list)?,
        })
    }
}

/// Values between commas or `or`.
pub(super) fn values(text: &str) -> Result<Vec<Chain>, String> {
    let text = text.replace(" or ", ", ");
    split(&text, ',')
        .into_iter()
        .map(|range| chain(&text[range]))
        .collect()
}

/// A name that something can be assigned to; quotes around it are welcome.
pub(super) fn name(text: &str) -> Result<String, String> {
    let name = text.trim().trim_matches(['\'', '"']);
    if is_name(name) {
        Ok(name.to_owned())
    } else {
        Err(format!("`{text}` is no name"))
    }
}

fn argument(text: &str) -> Result<(String, Chain), String> {
    let (key, value) = text
        .split_once([':', '='])
        .ok_or_else(|| format!("`{}` has no value", text.trim()))?;
    Ok((name(key)?, chain(value)?))
}

fn chain(text: &str) -> Result<Chain, String> {
    let text = text.trim();
    let (chain, unknown) = Chain::read(text).map_err(|reason| format!("`{text}`: {reason}"))?;
    if unknown.is_empty() {
        Ok(chain)
    } else {
        Err(format!("`{text}` has a filter that does not exist"))
    }
}

/// The end of the first word; blanks in quotes and brackets do not end it.
fn word_end(text: &str) -> usize {
    let (mut quote, mut depth) = (None, 0_usize);
    for (at, c) in text.char_indices() {
        match quote {
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None => match c {
                '\'' | '"' => quote = Some(c),
                '[' => depth += 1,
                ']' => depth = depth.saturating_sub(1),
                c if depth == 0 && (c.is_whitespace() || c == ',') => return at,
                _ => {}
            },
        }
    }
    text.len()
}

/// `'parts/note.md'` → `note`
fn stem(file: &str) -> &str {
    let file = file.trim_matches(['\'', '"']);
    let file = file.rsplit('/').next().unwrap_or(file);
    file.split('.').next().unwrap_or(file)
}
