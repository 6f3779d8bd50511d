//! Fenced block → action. A minimal reader: names and sections only.

use super::{Action, BrokenAction, Face, Options, PageAction, SectionMark, Target, TerminalAction};
use crate::diagnostic::{Diagnostic, SourceMap, Span};

/// A fenced block of a page.
#[derive(Debug)]
pub struct Fence<'a> {
    /// The info string.
    pub info: &'a str,
    /// What stands between the fences.
    pub body: &'a str,
    /// From offsets of the body to the page's file.
    pub map: &'a SourceMap,
    /// The whole block, fence lines included.
    pub span: Span,
}

/// Reads a fence as an action; `None` when its name is no action (an ordinary code block).
pub fn read(fence: &Fence<'_>, diagnostics: &mut Vec<Diagnostic>) -> Option<PageAction> {
    let kind = fence.info.split_whitespace().next()?;
    let raw = matches!(
        kind,
        "execute"
            | "execute-1"
            | "execute-2"
            | "execute-3"
            | "execute-all"
            | "copy"
            | "copy-and-edit"
    );
    let family = kind.split_once(':').map(|(family, _)| family);
    if !raw
        && !matches!(
            family,
            Some(
                "terminal" | "workshop" | "dashboard" | "editor" | "examiner" | "files" | "section"
            )
        )
    {
        return None;
    }
    let value = if raw {
        Ok(serde_yaml::Value::Null)
    } else {
        serde_yaml::from_str::<serde_yaml::Value>(fence.body)
    };
    let action = match value {
        Err(error) => {
            let at = error.location().map_or(0, |place| place.index());
            let at = at.min(fence.body.len());
            let range = fence.map.to_source(at..(at + 1).min(fence.body.len()));
            let span = Span::new(fence.span.file, range);
            let message = error.to_string();
            diagnostics
                .push(Diagnostic::error("invalid-yaml", message.clone()).at(span.clone(), ""));
            Err(BrokenAction { message, span })
        }
        Ok(value) => {
            let text = |key| {
                value
                    .get(key)
                    .and_then(|v| v.as_str())
                    .unwrap_or_default()
                    .to_owned()
            };
            let flag = |key| value.get(key).and_then(serde_yaml::Value::as_bool);
            Ok(match kind {
                "section:begin" => Action::Section(SectionMark::Begin {
                    name: text("name"),
                    open: flag("open") == Some(true),
                }),
                "section:end" => Action::Section(SectionMark::End {
                    name: text("name"),
                    toggle: flag("toggle") != Some(false),
                }),
                "section:heading" => Action::Section(SectionMark::Heading),
                "copy" | "copy-and-edit" => Action::Copy {
                    text: fence.body.trim().to_owned(),
                },
                "terminal:execute" => Action::Terminal(TerminalAction::Execute {
                    command: text("command"),
                    session: Target::One("1".to_owned()),
                    clear: false,
                }),
                _ if raw => Action::Terminal(TerminalAction::Execute {
                    command: fence.body.trim().to_owned(),
                    session: Target::One("1".to_owned()),
                    clear: false,
                }),
                _ => Action::Unavailable,
            })
        }
    };
    Some(PageAction {
        kind: kind.to_owned(),
        action,
        options: Options::default(),
        face: Face::default(),
        span: fence.span.clone(),
    })
}
