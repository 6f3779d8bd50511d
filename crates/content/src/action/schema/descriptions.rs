//! What the documentation says of actions and their properties.

use std::collections::BTreeMap;

/// Where every action stands, below a heading with its name.
const ACTIONS: &str = include_str!("../../../../../docs/actions.md");
/// Where the keys of `test` stand.
const AUTHORING: &str = include_str!("../../../../../docs/authoring.md");

/// By action, and by action and property; `""` for what every action may carry.
#[derive(Debug, Default)]
pub(super) struct Descriptions {
    actions: BTreeMap<String, String>,
    properties: BTreeMap<(String, String), String>,
    test: BTreeMap<String, String>,
}

impl Descriptions {
    pub(super) fn read() -> Self {
        let mut all = Self::default();
        for section in sections(ACTIONS, "### ") {
            for action in quoted(section.0) {
                all.actions
                    .insert(action.clone(), first_paragraph(section.1));
                all.take_rows(&action, section.1);
            }
        }
        for (heading, text) in sections(ACTIONS, "## ") {
            if heading == "What every action may carry" {
                all.take_rows("", text);
            }
        }
        for (heading, text) in sections(AUTHORING, "## ") {
            if heading == "Telling `test` what you mean" {
                all.test = rows(text, 2).collect();
            }
        }
        all
    }

    pub(super) fn action(&self, name: &str) -> Option<&str> {
        self.actions.get(name).map(String::as_str)
    }

    /// The action's own word, or that for all actions.
    pub(super) fn property(&self, action: &str, property: &str) -> Option<&str> {
        let of = |action: &str| {
            self.properties
                .get(&(action.to_owned(), property.to_owned()))
        };
        of(action).or_else(|| of("")).map(String::as_str)
    }

    pub(super) fn test(&self, key: &str) -> Option<&str> {
        self.test.get(key).map(String::as_str)
    }

    /// Every action and property that is described.
    #[cfg(test)]
    pub(super) fn names(&self) -> impl Iterator<Item = (&str, &str)> {
        let properties = self.properties.keys();
        let properties = properties.map(|(action, property)| (&**action, &**property));
        let actions = self.actions.keys().map(|action| (&**action, ""));
        properties.chain(actions)
    }

    fn take_rows(&mut self, action: &str, text: &str) {
        for (property, meaning) in rows(text, 3) {
            self.properties
                .insert((action.to_owned(), property), meaning);
        }
    }
}

/// The headings of a level, each with the text up to the next heading of this level or above.
fn sections<'a>(page: &'a str, level: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
    let starts = page.match_indices('\n').map(|(at, _)| at + 1);
    starts.filter_map(move |start| {
        let (heading, text) = page[start..].strip_prefix(level)?.split_once('\n')?;
        let ends = |mark: &str| text.find(&format!("\n{mark}"));
        let end = (1..level.len()).filter_map(|depth| ends(&("#".repeat(depth) + " ")));
        Some((heading.trim(), &text[..end.min().unwrap_or(text.len())]))
    })
}

/// What stands in back-ticks.
fn quoted(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split('`').skip(1).step_by(2).map(str::to_owned)
}

fn first_paragraph(text: &str) -> String {
    let lines = text.lines().skip_while(|line| line.trim().is_empty());
    let paragraph: Vec<_> = lines.take_while(|line| !line.trim().is_empty()).collect();
    plain(&paragraph.join(" "))
}

/// Rows of so many cells, of which the first names something: the names, and the last cell.
fn rows(text: &str, width: usize) -> impl Iterator<Item = (String, String)> + '_ {
    let lines = text.lines().filter(|line| line.starts_with("| `"));
    lines.flat_map(move |line| {
        let cells: Vec<_> = line.trim_matches('|').split(" | ").collect();
        let meaning = plain(cells.last().copied().unwrap_or_default());
        if cells.len() != width {
            return Vec::new();
        }
        // `expect: pass` is about `expect`; further words in the cell are its values.
        let names = quoted(cells[0]).filter_map(|name| {
            let name = name.split(':').next().unwrap_or_default().to_owned();
            name.starts_with(char::is_alphabetic).then_some(name)
        });
        names
            .map(move |name| (name, meaning.clone()))
            .collect::<Vec<_>>()
    })
}

/// Links as their text.
fn plain(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text.trim();
    while let Some((before, after)) = rest.split_once("](") {
        match (before.rsplit_once('['), after.split_once(')')) {
            (Some((start, label)), Some((_, tail))) => {
                out.push_str(start);
                out.push_str(label);
                rest = tail;
            }
            _ => break,
        }
    }
    out + rest
}
