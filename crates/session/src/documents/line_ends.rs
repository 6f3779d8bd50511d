//! The line ends and the byte order mark of a file, which an editor does not see.

const BOM: &str = "\u{feff}";

/// A carriage return alone ends a line too, as it does for every editor.
pub(super) fn to_editor(text: &str) -> String {
    let text = text.strip_prefix(BOM).unwrap_or(text);
    text.replace("\r\n", "\n").replace('\r', "\n")
}

/// How the lines of a file end.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum LineEnds {
    Lf,
    Crlf,
}

impl LineEnds {
    /// What most lines have, as the reference counts them.
    pub(super) fn of(text: &str) -> Self {
        let returns = text.matches('\r').count();
        if returns * 2 > to_editor(text).matches('\n').count() {
            Self::Crlf
        } else {
            Self::Lf
        }
    }
}

/// Puts the file's own mark back and gives every line its line end. A text that was not changed stays what it was.
pub(super) fn from_editor(text: &str, old: &str, ends: LineEnds) -> String {
    if to_editor(old) == text {
        return old.to_owned();
    }
    let mark = if old.starts_with(BOM) { BOM } else { "" };
    match ends {
        LineEnds::Crlf => format!("{mark}{}", text.replace('\n', "\r\n")),
        LineEnds::Lf => format!("{mark}{text}"),
    }
}
