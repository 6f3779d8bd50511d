//! Lines that stand less deep in a file than was meant: YAML has taken the indentation that all lines of a block share.

use atelier_content::edit::TextEdit;
use atelier_content::{Diagnostic, Span};
use camino::Utf8Path;

/// Languages in which the depth of a line says what it belongs to.
const BY_INDENTATION: [&str; 3] = ["py", "yaml", "yml"];

/// What is wrong with the depth of the lines that an edit puts in. `block` is the source of the action.
pub(super) fn lost(
    path: &Utf8Path,
    before: &str,
    edit: &TextEdit,
    block: &str,
    place: Span,
) -> Option<Diagnostic> {
    let [change] = &edit.changes[..] else {
        return None;
    };
    let whole_lines = change.range.start == 0 || before[..change.range.start].ends_with('\n');
    if !whole_lines || change.insert.trim().is_empty() {
        return None;
    }
    let is_filled = |line: &&str| !line.trim().is_empty();
    let above = before[..change.range.start].lines().rev().find(is_filled);
    let below = before[change.range.end..].lines().find(is_filled);
    let first = change.insert.lines().find(is_filled)?;
    let message = if by_extension(path) {
        by_depth(path, &change.insert, first, above, below)
    } else {
        None
    };
    let message = message.or_else(|| {
        let was_as_deep = written_depth(block).is_some_and(|(written, step)| {
            let neighbours = [above, below].into_iter().flatten().map(depth);
            let mut deep = neighbours.filter(|deep| *deep > 0);
            depth(first) == 0
                && deep.any(|deep| deep == written || written > step && deep == written - step)
        });
        was_as_deep.then_some("the new lines are not as deep as the lines they stand between")
    })?;
    Some(
        Diagnostic::warning("lost-indentation", message)
            .at(place, "YAML takes the indentation that all lines of a block share")
            .help("say how deep the block stands in the YAML, `text: |2`, and indent its lines further"),
    )
}

fn by_extension(path: &Utf8Path) -> bool {
    let extension = path.extension();
    extension.is_some_and(|extension| BY_INDENTATION.contains(&extension))
}

fn by_depth(
    path: &Utf8Path,
    insert: &str,
    first: &str,
    above: Option<&str>,
    below: Option<&str>,
) -> Option<&'static str> {
    let is_python = path.extension() == Some("py");
    let deeper = |line: Option<&str>| line.is_some_and(|line| depth(line) > depth(first));
    let below_opening =
        above.is_some_and(|above| is_python && opens(above) && depth(first) <= depth(above));
    if deeper(above) && deeper(below) || below_opening {
        return Some("the new lines are not as deep as the lines they stand between");
    }
    if !is_python {
        return None;
    }
    let mut open = 0_isize;
    let mut quoted = false;
    let mut last: Option<&str> = None;
    for line in insert.lines() {
        let code = line.split(" #").next().unwrap_or(line);
        let goes_on =
            open > 0 || quoted || last.is_some_and(|last| last.trim_end().ends_with('\\'));
        let is_comment = line.trim().is_empty() || line.trim_start().starts_with('#');
        if let Some(last) = last.filter(|_| !goes_on && !is_comment) {
            if opens(last) && depth(line) <= depth(last) {
                return Some(
                    "a new line is no deeper than the one before it, which begins a block",
                );
            }
            if !opens(last) && depth(line) > depth(last) {
                return Some("a new line is not as deep as the next one, and opens nothing");
            }
        }
        let marks = line.matches("\"\"\"").count() + line.matches("'''").count();
        let was_quoted = quoted;
        quoted ^= marks % 2 == 1;
        if !was_quoted && !quoted {
            open += code.matches(['(', '[', '{']).count() as isize;
            open -= code.matches([')', ']', '}']).count() as isize;
        }
        if was_quoted != quoted || goes_on {
            // What a text or a bracket over several lines ends with opens nothing that could be told from it.
            last = None;
        } else if !is_comment {
            last = Some(line);
        }
    }
    None
}

fn depth(line: &str) -> usize {
    line.len() - line.trim_start_matches([' ', '\t']).len()
}

fn opens(line: &str) -> bool {
    let code = line.split(" #").next().unwrap_or(line).trim_end();
    code.ends_with(':')
}

/// How deep the text of a block stands below its key, where the YAML leaves that to its first line, and what a step is there;
/// `None` for text that is no deeper than one step.
fn written_depth(block: &str) -> Option<(usize, usize)> {
    let strip = |line: &str| line.trim_start_matches([' ', '>']).len();
    let mut lines = block.lines();
    let head = lines.by_ref().find(|line| {
        let line = line.trim();
        let named = ["text:", "replacement:"]
            .iter()
            .any(|key| line.starts_with(key));
        named && (line.ends_with('|') || line.ends_with("|-") || line.ends_with("|+"))
    })?;
    let first = lines.find(|line| !line.trim().is_empty())?;
    let key = head.len() - strip(head);
    let written = (first.len() - strip(first)).checked_sub(key)?;
    (written >= 4).then_some((written, 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn python_that_does_not_hang_together_is_told() {
        let told = |text: &str| {
            let first = text.lines().next().unwrap_or_default();
            by_depth(Utf8Path::new("a.py"), text, first, None, None).is_some()
        };
        for text in [
            "class A:\ndef f(self):\n    pass\n",
            "x = 1\n    y = 2\n",
            "def f():\n    if x:\n    y = 1\n",
        ] {
            assert!(told(text), "{text}");
        }
        for text in [
            "def f(\n    a,\n    b,\n):\n    return a\n",
            "x = {\n    1: 2,\n}\ny = 3\n",
            "def f():\n    \"\"\"Says:\n\n    more:\n    \"\"\"\n    return 1\n",
            "class A:\n    # one\n\n    x = 1\n\n\ny = 2\n",
            "x = 1 + \\\n    2\ny = 3\n",
            "try:\n    a()\nexcept E:\n    b()\n",
            "if x: y()\nz()\n",
            "@a\ndef f(): return 1\n",
            "text = f\"\"\"\n    a:\nb\n\"\"\"\nz = 1\n",
        ] {
            assert!(!told(text), "{text}");
        }
    }
}
