//! Lines below `>`, of which YAML makes one.

use super::read::Block;
use crate::diagnostic::Diagnostic;

/// Files of running text, whose lines may be joined.
const PROSE: [&str; 6] = ["adoc", "htm", "html", "md", "rst", "txt"];

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
                _ => are_commands(&block),
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
    let extension = name.rsplit_once('.').map(|(_, extension)| extension);
    extension.is_some_and(|extension| PROSE.contains(&extension.to_ascii_lowercase().as_str()))
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
