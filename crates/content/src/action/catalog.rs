//! Every action name there is (`actions.md` section 3).

use super::properties::{Problem, Properties};
use super::{
    Action, clipboard, dashboard, editor, editor_command, editor_files, editor_terminal,
    editor_yaml, examiner, files, section, terminal,
};
use crate::near::{Near, near_within};

/// One name of the catalogue.
pub(super) struct Entry {
    pub(super) name: &'static str,
    /// Default prefix of the card.
    pub(super) prefix: &'static str,
    /// Default cooldown, in seconds.
    pub(super) cooldown: u64,
    /// Properties besides the common ones.
    pub(super) properties: &'static [&'static str],
    pub(super) reader: Reader,
}

/// How a body becomes an action.
pub(super) enum Reader {
    /// The whole body is the payload.
    Raw(fn(&str) -> Meaning),
    /// The body is a mapping.
    Yaml(fn(&mut Properties) -> Result<Meaning, Problem>),
}

/// What a body means, with the card's default face.
pub(super) struct Meaning {
    pub(super) action: Action,
    pub(super) title: String,
    pub(super) body: Option<String>,
}

impl Meaning {
    pub(super) fn new(action: Action, title: impl Into<String>) -> Self {
        Self {
            action,
            title: title.into(),
            body: None,
        }
    }

    pub(super) fn with_body(self, body: impl Into<String>) -> Self {
        Self {
            body: Some(body.into()),
            ..self
        }
    }
}

/// What every action may carry besides its own properties (`actions.md` 2.1), and the key that authors use to end a block
/// scalar.
pub(super) const COMMON: &[&str] = &[
    "prefix",
    "title",
    "description",
    "autostart",
    "cascade",
    "pause",
    "cooldown",
    "hidden",
    "event",
    "enabled",
    "required",
    "timeout",
    "test",
    "eot",
];

/// The entry of exactly this name.
pub(super) fn find(name: &str) -> Option<&'static Entry> {
    entries().find(|entry| entry.name == name)
}

/// What an author is to write in the place of a name that is kept for older workshops (`actions.md` 3.5 and 3.8).
pub(super) fn replacement(name: &str) -> Option<&'static str> {
    Some(match name {
        "editor:insert-lines-after-line" => {
            "write `editor:append-lines-after-line`, which does the same"
        }
        "editor:insert-value-into-yaml" => {
            "write `editor:add-yaml-item` for a list, `editor:merge-yaml-values` for a mapping"
        }
        _ => return None,
    })
}

/// A catalogue name that an unknown name was probably meant to be.
pub(super) fn nearest(name: &str) -> Option<Near<'static>> {
    let lower = name.to_ascii_lowercase();
    // A `-` in place of the colon, or capitals, leave no doubt.
    let exact = lower.replacen(SEPARATORS, ":", 1);
    if let Some(entry) = find(&lower).or_else(|| find(&exact)) {
        let name = entry.name;
        return Some(Near {
            name,
            is_only: true,
            is_sure: true,
        });
    }
    let names = entries().map(|entry| entry.name);
    near_within(&lower, names, |_| 2.max(name.len() / 4))
}

/// Whether a name that is not in the catalogue was clearly meant as an action: `editor:open`, `Terminal:execute`,
/// `worksop:copy`, `dashbord:open`, `exceute`, `exectue-1`.
pub(super) fn looks_like_an_action(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    if let Some((family, _)) = lower.split_once(':')
        && near_within(family, FAMILIES, slips).is_some()
    {
        return true;
    }
    let names = entries().map(|entry| entry.name);
    if lower.contains(':') {
        return near_within(&lower, names, |_| 2).is_some();
    }
    let number = lower.rsplit_once('-');
    let starts = FAMILIES.iter().any(|family| {
        let rest = lower.strip_prefix(family);
        rest.is_some_and(|rest| rest.starts_with(SEPARATORS))
    });
    number.is_some_and(|(name, number)| {
        number.parse::<u8>().is_ok() && near_within(name, ["execute"], |_| 2).is_some()
    }) || starts && nearest(&lower).is_some_and(|near| near.is_only)
        || lower.len() > 5
            && near_within(&lower, ["execute", "execute-all", "copy-and-edit"], |_| 2).is_some()
}

/// What is written instead of the colon.
const SEPARATORS: [char; 8] = ['-', '_', '.', ';', ',', '/', '|', '='];

/// The action that a block was meant to be whose name lacks its family or is nothing but one: `create-file`, `:clear`,
/// `interrupt`, `examiner`. A body of nothing but properties of the action tells, where the name alone could be a language.
pub(super) fn half_named(
    name: &str,
    properties: impl FnOnce() -> Vec<String>,
) -> Option<Near<'static>> {
    let lower = name.to_ascii_lowercase().replace('_', "-");
    // `shell:execute`: a family that there is none of.
    let is_wide = lower.contains('：');
    let (half, is_foreign) = match lower.split_once([':', '：']) {
        Some((family, verb))
            if !family.is_empty()
                && !verb.is_empty()
                && (is_wide || !FAMILIES.contains(&family)) =>
        {
            (verb, true)
        }
        _ => (lower.trim_matches(':'), false),
    };
    let halves = |entry: &&Entry| {
        let parts = entry.name.split_once(':');
        parts.is_some_and(|(family, verb)| half == verb || half == family)
    };
    entries().find(halves)?;
    let properties = properties();
    let fits = |entry: &Entry| {
        let known = |key: &String| {
            COMMON.contains(&key.as_str()) || entry.properties.contains(&key.as_str())
        };
        let own = |key: &String| entry.properties.contains(&key.as_str());
        properties.iter().all(known) && properties.iter().any(own)
    };
    let mut meant = entries().filter(|entry| {
        entry.name.split_once(':').is_some_and(|(family, verb)| {
            half == verb
                && (verb.contains('-') && !is_foreign || lower.starts_with(':') || fits(entry))
                || half == family && fits(entry)
        })
    });
    let first = meant.next()?;
    let is_only = meant.next().is_none();
    Some(Near {
        name: first.name,
        is_only,
        is_sure: is_only && !is_foreign && lower.split(':').next() != first.name.split(':').next(),
    })
}

/// How many slips a family is known past. Short ones are words that blocks of code begin with: `file:main.py`.
fn slips(family: &str) -> usize {
    family.len().saturating_sub(4) / 2
}

const FAMILIES: [&str; 7] = [
    "terminal",
    "workshop",
    "dashboard",
    "editor",
    "examiner",
    "files",
    "section",
];

pub(super) const fn yaml(
    name: &'static str,
    prefix: &'static str,
    cooldown: u64,
    properties: &'static [&'static str],
    read: fn(&mut Properties) -> Result<Meaning, Problem>,
) -> Entry {
    Entry {
        name,
        prefix,
        cooldown,
        properties,
        reader: Reader::Yaml(read),
    }
}

pub(super) const fn raw(
    name: &'static str,
    prefix: &'static str,
    cooldown: u64,
    read: fn(&str) -> Meaning,
) -> Entry {
    Entry {
        name,
        prefix,
        cooldown,
        properties: &[],
        reader: Reader::Raw(read),
    }
}

pub(super) const fn editor(
    name: &'static str,
    properties: &'static [&'static str],
    read: fn(&mut Properties) -> Result<Meaning, Problem>,
) -> Entry {
    yaml(name, "Editor", 3, properties, read)
}

/// The catalogue, one list for each family.
static CATALOG: &[&[Entry]] = &[
    terminal::ENTRIES,
    clipboard::ENTRIES,
    dashboard::ENTRIES,
    editor_files::ENTRIES,
    editor::ENTRIES,
    editor_yaml::ENTRIES,
    editor_terminal::ENTRIES,
    editor_command::ENTRIES,
    examiner::ENTRIES,
    files::ENTRIES,
    section::ENTRIES,
];

/// Every entry there is.
pub(super) fn entries() -> impl Iterator<Item = &'static Entry> {
    CATALOG.iter().copied().flatten()
}
