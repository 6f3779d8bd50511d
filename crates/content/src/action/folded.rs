//! Lines below `>`, of which YAML makes one.

use super::read::Block;
use crate::diagnostic::Diagnostic;

/// Files of running text, and of kinds to which the end of a line is a blank: their lines may be joined.
const PROSE: [&str; 12] = [
    "adoc", "css", "htm", "html", "json", "markdown", "md", "rst", "svg", "tex", "txt", "xml",
];
/// Files of running text whose names have no ending.
const PROSE_NAMES: [&str; 5] = ["AUTHORS", "CHANGELOG", "LICENSE", "NOTICE", "README"];

impl Block<'_> {
    /// Tells of lines of a program, or of several commands, that become one line.
    pub(super) fn report_folded(&mut self, file: Option<&str>) {
        let text = self.yaml_text();
        let mut lines = text.lines().peekable();
        while let Some(line) = lines.next() {
            let Some((key, header)) = line.split_once(':') else {
                continue;
            };
            if !header.trim().starts_with('>') || !matches!(key, "text" | "command") {
                continue;
            }
            let mut block = Vec::new();
            while let Some(next) = lines.next_if(|next| next.is_empty() || next.starts_with(' ')) {
                block.push(next);
            }
            let is_wrong = match key {
                "text" => !file.is_none_or(is_prose) && are_joined(&block),
                _ => are_joined(&block) && are_commands(&block),
            };
            if is_wrong {
                let found = Diagnostic::warning(
                    "folded-lines",
                    format!("the lines of `{key}` become one line"),
                )
                .at(self.key_span(key), "`>` joins the lines below it")
                .help(format!("write `{key}: |`"));
                self.diagnostics.push(found);
            }
        }
    }
}

fn is_prose(file: &str) -> bool {
    let name = file.rsplit('/').next().unwrap_or_default();
    match name.rsplit_once('.') {
        Some((_, extension)) => PROSE.contains(&extension.to_ascii_lowercase().as_str()),
        None => PROSE_NAMES.contains(&name.to_ascii_uppercase().as_str()),
    }
}

/// Whether two lines stand below each other, neither deeper than the first.
fn are_joined(lines: &[&str]) -> bool {
    let depth = |line: &str| line.len() - line.trim_start().len();
    let first = lines.iter().find(|line| !line.trim().is_empty());
    let first = first.map_or(0, |line| depth(line));
    let plain = |line: &&str| !line.trim().is_empty() && depth(line) == first;
    lines.windows(2).any(|pair| pair.iter().all(plain))
}

/// Whether each line begins with the program that the first one begins with, as no continued line does.
fn are_commands(lines: &[&str]) -> bool {
    let mut programs = lines
        .iter()
        .filter_map(|line| line.split_whitespace().next());
    let Some(first) = programs.next() else {
        return false;
    };
    let goes_on = |line: &&str| line.trim_end().ends_with(['\\', '|', '&', ';']);
    let rest: Vec<_> = programs.collect();
    !rest.is_empty() && rest.iter().all(|program| *program == first) && !lines.iter().any(goes_on)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn running_text_may_be_joined() {
        for file in ["~/README", "a/notes.MD", "x.json", "License"] {
            assert!(is_prose(file), "{file}");
        }
        for file in ["main.py", "Makefile", "a.md/run", "x.yaml"] {
            assert!(!is_prose(file), "{file}");
        }
    }

    #[test]
    fn a_blank_line_keeps_commands_apart() {
        let joined = |lines: &[&str]| are_joined(lines) && are_commands(lines);
        assert!(joined(&["  echo a", "  echo b"]));
        assert!(!joined(&["  echo a", "", "  echo b"]));
        assert!(!joined(&["  docker run", "  -e A=1", "  -e B=2"]));
        assert!(!joined(&["  echo a &&", "  echo b"]));
    }
}
