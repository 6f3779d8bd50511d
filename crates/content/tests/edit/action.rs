//! An editor action of a recorded case as the operation it means.

use atelier_content::edit::{Context, Count, EditOp, LineRange, Pattern};
use serde_json::{Map, Value};

/// What a recorded action does to its file.
pub(crate) enum Recorded {
    /// `editor:open-file`.
    Open { line: i64 },
    /// Any other act on text.
    Edit(EditOp),
}

/// Whether an action is one of those that this test plays: no YAML, no file management.
pub(crate) fn is_about_text(action: &str) -> bool {
    const OTHERS: [&str; 5] = [
        "editor:copy-file",
        "editor:rename-file",
        "editor:close-file",
        "editor:delete-file",
        "editor:create-directory",
    ];
    !action.contains("yaml") && !OTHERS.contains(&action)
}

/// Reads the properties; scalars of other types are taken as what they say. `Err` is a missing property.
pub(crate) fn read(action: &str, args: &Map<String, Value>) -> Result<Recorded, String> {
    let args = Args(args);
    let text = args.string("text").unwrap_or_default();
    let op = match action {
        "editor:open-file" => {
            let line = args.integer("line").unwrap_or(1);
            return Ok(Recorded::Open { line });
        }
        "editor:create-file" => EditOp::CreateFile { text },
        "editor:append-lines-to-file" => EditOp::AppendLines { text },
        "editor:prepend-lines-to-file" => EditOp::PrependLines { text },
        "editor:insert-lines-before-line" => EditOp::InsertBeforeLine {
            line: args.required_integer("line")?,
            text,
        },
        "editor:append-lines-after-line" | "editor:insert-lines-after-line" => {
            EditOp::AppendAfterLine {
                line: args.required_integer("line")?,
                text,
            }
        }
        "editor:append-lines-after-match" => EditOp::AppendAfterMatch {
            matching: args.required("match")?,
            text,
        },
        "editor:insert-lines-before-match" => EditOp::InsertBeforeMatch {
            matching: args.required("match")?,
            text,
        },
        "editor:select-lines-in-range" => EditOp::SelectLines {
            start: args.required_integer("start")?,
            stop: args.stop()?,
        },
        "editor:delete-lines-in-range" => EditOp::DeleteLines {
            start: args.required_integer("start")?,
            stop: args.stop()?,
        },
        "editor:replace-lines-in-range" => EditOp::ReplaceLines {
            start: args.required_integer("start")?,
            stop: args.required_integer("stop")?,
            text,
        },
        "editor:delete-matching-lines" => EditOp::DeleteMatchingLines {
            pattern: args.pattern("match")?,
            before: args.context("before").unwrap_or(Context::Lines(0)),
            after: args.context("after").unwrap_or(Context::Lines(0)),
        },
        "editor:select-matching-text" => EditOp::SelectMatching {
            pattern: args.pattern("text")?,
            lines: args.lines(),
            before: args.context("before"),
            after: args.context("after"),
        },
        "editor:replace-matching-text" => EditOp::ReplaceMatching {
            pattern: args.pattern("match")?,
            lines: args.lines(),
            replacement: args.required("replacement")?,
            count: match args.integer("count").unwrap_or(1) {
                count if count < 0 => Count::All,
                count => Count::First(usize::try_from(count).unwrap_or(usize::MAX)),
            },
        },
        "editor:replace-text-selection" => EditOp::ReplaceSelection { text },
        "editor:delete-text-selection" => EditOp::DeleteSelection,
        "editor:insert-lines-before-selection" => EditOp::InsertBeforeSelection { text },
        "editor:append-lines-after-selection" => EditOp::AppendAfterSelection { text },
        other => return Err(format!("{other} is not an action on text")),
    };
    Ok(Recorded::Edit(op))
}

struct Args<'a>(&'a Map<String, Value>);

impl Args<'_> {
    fn string(&self, name: &str) -> Option<String> {
        match self.0.get(name)? {
            Value::Null => None,
            Value::String(text) => Some(text.clone()),
            other => Some(other.to_string()),
        }
    }

    fn required(&self, name: &str) -> Result<String, String> {
        self.string(name).ok_or(format!("{name} is missing"))
    }

    fn integer(&self, name: &str) -> Option<i64> {
        self.string(name)?.parse().ok()
    }

    fn required_integer(&self, name: &str) -> Result<i64, String> {
        self.integer(name).ok_or(format!("{name} is missing"))
    }

    fn stop(&self) -> Result<i64, String> {
        let stop = self.integer("stop");
        stop.map_or_else(|| self.required_integer("start"), Ok)
    }

    fn pattern(&self, name: &str) -> Result<Pattern, String> {
        Ok(Pattern {
            text: self.required(name)?,
            regex: self.0.get("isRegex") == Some(&Value::Bool(true)),
            group: self
                .integer("group")
                .and_then(|group| usize::try_from(group).ok())
                .unwrap_or(0),
        })
    }

    fn lines(&self) -> LineRange {
        LineRange {
            start: self.integer("start"),
            stop: self.integer("stop"),
        }
    }

    /// All on that side when null or negative.
    fn context(&self, name: &str) -> Option<Context> {
        self.0.get(name)?;
        let count = self.integer(name).and_then(|n| usize::try_from(n).ok());
        Some(count.map_or(Context::All, Context::Lines))
    }
}
