//! Every action name there is (`actions.md` section 3).

use super::properties::{Problem, Properties};
use super::{Action, clipboard, dashboard, editor, examiner, section, terminal};

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
    /// The name is known, and not played by this version. The text is the card's title.
    Unavailable(&'static str),
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
    CATALOG.iter().find(|entry| entry.name == name)
}

/// A catalogue name that an unknown name was probably meant to be.
pub(super) fn nearest(name: &str) -> Option<&'static str> {
    let lower = name.to_ascii_lowercase();
    CATALOG
        .iter()
        .map(|entry| (strsim::damerau_levenshtein(&lower, entry.name), entry.name))
        .min_by_key(|(distance, _)| *distance)
        .filter(|(distance, _)| *distance <= 2.max(name.len() / 4))
        .map(|(_, name)| name)
}

/// Whether a name that is not in the catalogue was clearly meant as an action: `editor:open`, `Terminal:execute`.
pub(super) fn looks_like_an_action(name: &str) -> bool {
    name.split_once(':').is_some_and(|(family, _)| {
        let family = family.to_ascii_lowercase();
        [
            "terminal",
            "workshop",
            "dashboard",
            "editor",
            "examiner",
            "files",
            "section",
        ]
        .contains(&&*family)
    })
}

const fn yaml(
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

const fn raw(
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

const fn editor(
    name: &'static str,
    properties: &'static [&'static str],
    read: fn(&mut Properties) -> Result<Meaning, Problem>,
) -> Entry {
    yaml(name, "Editor", 3, properties, read)
}

const fn later(
    name: &'static str,
    prefix: &'static str,
    title: &'static str,
    properties: &'static [&'static str],
) -> Entry {
    Entry {
        name,
        prefix,
        cooldown: 3,
        properties,
        reader: Reader::Unavailable(title),
    }
}

const MATCH: &[&str] = &["file", "match", "text"];
const LINE: &[&str] = &["file", "line", "text"];
const YAML_VALUE: &[&str] = &["file", "path", "value"];

/// The catalogue, in the order of the specification.
pub(super) static CATALOG: &[Entry] = &[
    raw("execute", "Terminal", 1, |body| terminal::raw(body, "1")),
    raw("execute-1", "Terminal", 1, |body| terminal::raw(body, "1")),
    raw("execute-2", "Terminal", 1, |body| terminal::raw(body, "2")),
    raw("execute-3", "Terminal", 1, |body| terminal::raw(body, "3")),
    raw("execute-all", "Terminal", 1, terminal::raw_all),
    yaml(
        "terminal:execute",
        "Terminal",
        1,
        &["command", "session", "clear"],
        terminal::execute,
    ),
    yaml(
        "terminal:execute-all",
        "Terminal",
        1,
        &["command", "clear"],
        terminal::execute_all,
    ),
    yaml(
        "terminal:input",
        "Terminal",
        1,
        &["text", "session", "endl"],
        terminal::input,
    ),
    yaml(
        "terminal:interrupt",
        "Terminal",
        1,
        &["session"],
        terminal::interrupt,
    ),
    yaml(
        "terminal:interrupt-all",
        "Terminal",
        1,
        &[],
        terminal::interrupt_all,
    ),
    yaml(
        "terminal:clear",
        "Terminal",
        1,
        &["session"],
        terminal::clear,
    ),
    yaml(
        "terminal:clear-all",
        "Terminal",
        1,
        &[],
        terminal::clear_all,
    ),
    yaml(
        "terminal:select",
        "Terminal",
        1,
        &["session"],
        terminal::select,
    ),
    raw("copy", "Workshop", 0, |body| clipboard::raw(body, false)),
    raw("copy-and-edit", "Workshop", 0, |body| {
        clipboard::raw(body, true)
    }),
    yaml("workshop:copy", "Workshop", 0, &["text"], |p| {
        clipboard::copy(p, false)
    }),
    yaml("workshop:copy-and-edit", "Workshop", 0, &["text"], |p| {
        clipboard::copy(p, true)
    }),
    yaml(
        "dashboard:open-dashboard",
        "Dashboard",
        1,
        &["name"],
        dashboard::open,
    ),
    yaml(
        "dashboard:expose-dashboard",
        "Dashboard",
        1,
        &["name"],
        dashboard::expose,
    ),
    yaml(
        "dashboard:create-dashboard",
        "Dashboard",
        1,
        &["name", "url", "focus"],
        dashboard::create,
    ),
    yaml(
        "dashboard:reload-dashboard",
        "Dashboard",
        1,
        &["name", "url", "focus"],
        dashboard::reload,
    ),
    yaml(
        "dashboard:delete-dashboard",
        "Dashboard",
        1,
        &["name"],
        dashboard::delete,
    ),
    yaml(
        "dashboard:open-url",
        "Dashboard",
        3,
        &["url"],
        dashboard::open_url,
    ),
    editor("editor:open-file", &["file", "line"], editor::open_file),
    editor("editor:create-file", &["file", "text"], editor::create_file),
    editor(
        "editor:create-directory",
        &["directory"],
        editor::create_directory,
    ),
    editor(
        "editor:append-lines-to-file",
        &["file", "text"],
        editor::append_lines,
    ),
    editor(
        "editor:prepend-lines-to-file",
        &["file", "text"],
        editor::prepend_lines,
    ),
    editor(
        "editor:insert-lines-before-line",
        LINE,
        editor::insert_before_line,
    ),
    editor(
        "editor:append-lines-after-line",
        LINE,
        editor::append_after_line,
    ),
    editor(
        "editor:insert-lines-after-line",
        LINE,
        editor::insert_after_line,
    ),
    editor(
        "editor:append-lines-after-match",
        MATCH,
        editor::append_after_match,
    ),
    editor(
        "editor:insert-lines-before-match",
        MATCH,
        editor::insert_before_match,
    ),
    editor(
        "editor:select-lines-in-range",
        &["file", "start", "stop"],
        editor::select_lines,
    ),
    editor(
        "editor:delete-lines-in-range",
        &["file", "start", "stop"],
        editor::delete_lines,
    ),
    editor(
        "editor:replace-lines-in-range",
        &["file", "start", "stop", "text"],
        editor::replace_lines,
    ),
    editor(
        "editor:delete-matching-lines",
        &["file", "match", "isRegex", "before", "after"],
        editor::delete_matching,
    ),
    later(
        "editor:copy-file",
        "Editor",
        "Copy file",
        &["src", "dest", "open"],
    ),
    later(
        "editor:rename-file",
        "Editor",
        "Rename file",
        &["src", "dest", "open"],
    ),
    later("editor:close-file", "Editor", "Close file", &["file"]),
    later("editor:delete-file", "Editor", "Delete file", &["file"]),
    editor(
        "editor:select-matching-text",
        &[
            "file", "text", "isRegex", "group", "start", "stop", "before", "after",
        ],
        editor::select_matching,
    ),
    editor(
        "editor:replace-matching-text",
        &[
            "file",
            "match",
            "replacement",
            "isRegex",
            "group",
            "start",
            "stop",
            "count",
        ],
        editor::replace_matching,
    ),
    editor(
        "editor:replace-text-selection",
        &["file", "text"],
        editor::replace_selection,
    ),
    editor(
        "editor:delete-text-selection",
        &["file"],
        editor::delete_selection,
    ),
    editor(
        "editor:insert-lines-before-selection",
        &["file", "text"],
        editor::insert_before_selection,
    ),
    editor(
        "editor:append-lines-after-selection",
        &["file", "text"],
        editor::append_after_selection,
    ),
    later(
        "editor:set-yaml-value",
        "Editor",
        "Set YAML value",
        YAML_VALUE,
    ),
    later(
        "editor:add-yaml-item",
        "Editor",
        "Add item to YAML",
        YAML_VALUE,
    ),
    later(
        "editor:insert-yaml-item",
        "Editor",
        "Insert item into YAML",
        &["file", "path", "index", "value"],
    ),
    later(
        "editor:replace-yaml-item",
        "Editor",
        "Replace item in YAML",
        YAML_VALUE,
    ),
    later(
        "editor:delete-yaml-value",
        "Editor",
        "Delete YAML value",
        &["file", "path"],
    ),
    later(
        "editor:merge-yaml-values",
        "Editor",
        "Merge YAML values",
        YAML_VALUE,
    ),
    later(
        "editor:select-yaml-path",
        "Editor",
        "Select YAML path",
        &["file", "path"],
    ),
    later(
        "editor:insert-value-into-yaml",
        "Editor",
        "Insert value into YAML file",
        YAML_VALUE,
    ),
    later(
        "editor:open-terminal",
        "Editor",
        "Open terminal",
        &["session"],
    ),
    later(
        "editor:send-to-terminal",
        "Editor",
        "Send text to terminal",
        &["session", "text", "endl"],
    ),
    later(
        "editor:interrupt-terminal",
        "Editor",
        "Interrupt terminal",
        &["session"],
    ),
    later(
        "editor:clear-terminal",
        "Editor",
        "Clear terminal",
        &["session"],
    ),
    later(
        "editor:close-terminal",
        "Editor",
        "Close terminal",
        &["session"],
    ),
    later(
        "editor:execute-command",
        "Editor",
        "Execute command",
        &["command", "args"],
    ),
    yaml(
        "examiner:execute-test",
        "Examiner",
        1,
        &[
            "name", "args", "timeout", "retries", "delay", "url", "inputs",
        ],
        examiner::execute_test,
    ),
    later(
        "files:download-file",
        "Files",
        "Download file",
        &["path", "url", "download", "preview"],
    ),
    later(
        "files:copy-file",
        "Files",
        "Copy file to paste buffer",
        &["path", "url", "download", "preview"],
    ),
    later(
        "files:upload-file",
        "Files",
        "Upload file",
        &["path", "upload"],
    ),
    later(
        "files:upload-files",
        "Files",
        "Upload files",
        &["directory"],
    ),
    yaml(
        "section:begin",
        "Section",
        1,
        &["name", "open"],
        section::begin,
    ),
    yaml(
        "section:end",
        "Section",
        1,
        &["name", "toggle"],
        section::end,
    ),
    yaml("section:heading", "Section", 1, &["name"], section::heading),
];
