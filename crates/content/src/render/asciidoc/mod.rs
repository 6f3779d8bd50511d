//! AsciiDoc → the same events as Markdown, so that everything after them is shared (`instructions.md` 7.4).
//!
//! The `asciidoc-parser` library reads the text; it touches no file, has no clock here, and bounds its nesting.

mod blocks;
mod code;
mod inlines;
mod lists;
mod media;
mod places;
mod tables;

use std::collections::{BTreeMap, HashSet};
use std::ops::Range;

use asciidoc_parser::attributes::Attrlist;
use asciidoc_parser::blocks::FindBlocks;
use asciidoc_parser::parser::{
    IncludeContent, IncludeFileHandler, IncludeResolution, ModificationContext,
};
use asciidoc_parser::warnings::{WarningSeverity, WarningType};
use asciidoc_parser::{Parser, ReferenceTime, SafeMode};

use super::dialect::Events;
use super::expanded::{Expanded, escape};
use super::html::Writer;
use crate::diagnostic::{Diagnostic, Span};
use places::Places;

/// A longer page is shown as it is.
const MAX_PAGE: usize = 512 * 1024;
/// So is one with more lines of attributes in a row: reading them takes the square of their number.
const MAX_ATTRIBUTE_LINES: usize = 64;
/// And one with more blocks that begin with a heading.
const MAX_HEADINGS: usize = 2000;
/// More included files belong to no page.
const MAX_INCLUDES: usize = 200;

/// The library's names of its limits. Values that are made of values grow without end.
const VALUE_SIZE: &str = "max-attribute-value-size";
const INCLUDE_DEPTH: &str = "max-include-depth";

/// Texts that a page may include, by their path from the folder of the pages, and the page's own folder in it.
#[derive(Debug, Clone, Default)]
pub struct Includes {
    /// Path → text.
    pub files: BTreeMap<String, String>,
    /// `exercises`, or empty.
    pub folder: String,
}

/// A page as events.
#[derive(Debug, Default)]
pub(super) struct Reading {
    pub(super) events: Events<'static>,
    /// Events with HTML of our own, by number.
    pub(super) trusted: HashSet<usize>,
    pub(super) findings: Vec<Finding>,
}

/// Something that the page's author should fix.
#[derive(Debug)]
pub(super) struct Finding {
    pub(super) code: &'static str,
    pub(super) place: Range<usize>,
    pub(super) message: String,
}

/// Reads a page; nothing when it is too large to be read in reasonable time.
pub(super) fn read(text: &str, includes: &Includes) -> Option<Reading> {
    if is_too_much(text) {
        return None;
    }
    let mut parser = Parser::new()
        .with_safe_mode(SafeMode::Server)
        // A page looks the same every day.
        .with_reference_time(ReferenceTime::from_unix_timestamp(0))
        .with_intrinsic_attribute("experimental", "", ModificationContext::Anywhere)
        .with_intrinsic_attribute(VALUE_SIZE, "4096", ModificationContext::ApiOnly)
        .with_intrinsic_attribute(INCLUDE_DEPTH, "16", ModificationContext::ApiOnly);
    if text.contains("include::") {
        parser = parser.with_include_file_handler(Files {
            includes: includes.clone(),
            left: std::cell::Cell::new(MAX_INCLUDES),
        });
    }
    let document = parser.parse(text);
    let mut emitter = blocks::Emitter::new(&document, Places::new(text, &document));
    for block in document.child_blocks() {
        emitter.block(block);
    }
    emitter.footnotes();
    let mut reading = emitter.reading;
    let places = Places::new(text, &document);
    for warning in document.warnings() {
        if warning.severity != WarningSeverity::Warning {
            continue;
        }
        let place = places.range(warning.source);
        let code = match &warning.warning {
            WarningType::IncludeFileNotFound(_) | WarningType::IncludeFileNotReadable(_) => {
                "missing-include"
            }
            _ => "invalid-asciidoc",
        };
        reading.findings.push(Finding {
            code,
            place,
            message: warning.warning.to_string(),
        });
    }
    Some(reading)
}

impl Writer<'_> {
    /// Reads AsciiDoc; a page that is too large for it is shown as it is.
    pub(super) fn asciidoc(&mut self, expanded: &Expanded) -> Option<Reading> {
        let Some(reading) = read(&expanded.text, &expanded.includes) else {
            let message = "this AsciiDoc page is too large to be set";
            self.diagnostics.push(
                Diagnostic::warning("unsupported-asciidoc", message)
                    .at(self.page.body.clone(), "shown as plain text")
                    .help("take the page apart"),
            );
            self.card("This page is too large to be set: this is its source");
            self.out.push_str("<pre class=\"source\"><code>");
            self.out.push_str(&escape(&expanded.text));
            self.out.push_str("</code></pre>\n");
            return None;
        };
        for finding in &reading.findings {
            let place = Span::new(
                self.page.file(),
                expanded.map.to_source(finding.place.clone()),
            );
            let found = Diagnostic::warning(finding.code, finding.message.clone());
            self.diagnostics.push(found.at(place, "here"));
        }
        Some(reading)
    }
}

fn is_too_much(text: &str) -> bool {
    let (mut run, mut headings) = (0, 0);
    text.len() > MAX_PAGE
        || text.lines().any(|line| {
            run = if line.starts_with('[') { run + 1 } else { 0 };
            headings += usize::from(line.starts_with(['=', '#']));
            run > MAX_ATTRIBUTE_LINES || headings > MAX_HEADINGS
        })
}

#[derive(Debug)]
struct Files {
    includes: Includes,
    left: std::cell::Cell<usize>,
}

impl IncludeFileHandler for Files {
    fn resolve_target<'src>(
        &self,
        source: Option<&str>,
        target: &str,
        _attributes: &Attrlist<'src>,
        _parser: &Parser,
    ) -> IncludeResolution {
        let folder = source.map_or(self.includes.folder.as_str(), |path| {
            path.rsplit_once('/').map_or("", |(folder, _)| folder)
        });
        let Some(left) = self.left.get().checked_sub(1) else {
            return IncludeResolution::NotReadable;
        };
        self.left.set(left);
        // Beside the file that includes it, else from the folder of the pages.
        let found = [folder, ""]
            .into_iter()
            .find_map(|folder| self.includes.files.get(&join(folder, target)));
        match found {
            Some(text) => IncludeResolution::Found(IncludeContent::new(text.clone())),
            None => IncludeResolution::NotFound,
        }
    }
}

/// Joins and resolves `.` and `..`; a path that climbs out stays at the root.
pub(crate) fn join(folder: &str, path: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}
