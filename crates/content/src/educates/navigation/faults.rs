//! What is wrong with the list of pages, and with their titles.

use std::collections::HashMap;

use super::File;
use crate::diagnostic::{Diagnostic, Sources, Span};
use crate::educates::config::Config;
use crate::near::near;
use crate::variables::is_builtin;

/// Titles in `workshop/config.yaml` for pages that are not there.
pub(super) fn unknown_modules(
    config: &Config,
    known: &HashMap<&str, &File>,
    sources: &Sources,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let Some(file) = config.file else { return };
    let text = sources.file(file).text();
    let named = config.modules.keys().chain(config.titles.keys());
    let mut unknown: Vec<_> = named
        .filter(|key| !known.contains_key(key.as_str()))
        // The steps tell of it themselves.
        .filter(|key| !config.steps.contains(key) && !config.other_steps.contains(key))
        .collect();
    unknown.sort_unstable();
    unknown.dedup();
    for key in unknown {
        let at = text.find(key.as_str()).unwrap_or_default();
        let place = Span::new(file, at..(at + key.len()).min(text.len()));
        let message = format!("a title is given for a page `{key}`, which is not there");
        let found = Diagnostic::warning("invalid-config", message).at(place, "no page");
        diagnostics.push(match near(key, known.keys().copied()) {
            Some(meant) => found.did_you_mean(meant, key),
            None => found.help("name a file of workshop/content, without `.md`"),
        });
    }
}

/// Pages that no pathway names, and neither another page nor the definition leads to.
pub(super) fn left_out<'f>(
    found: &'f [File],
    config: &'f Config,
    sources: &'f Sources,
) -> impl Iterator<Item = Diagnostic> + 'f {
    let is_step = |key: &String| config.steps.contains(key) || config.other_steps.contains(key);
    let is_linked = |file: &File| {
        let name = file.key.rsplit('/').next().unwrap_or_default();
        let mut others = found.iter().filter(|other| other.key != file.key);
        let address = format!("/content/{}", file.key);
        let mut definitions = sources.iter().filter(|(_, source)| {
            let folder = source.path().parent();
            folder.is_some_and(|folder| folder == "resources")
        });
        others.any(|other| sources.file(other.id).text().contains(name))
            || definitions.any(|(_, source)| source.text().contains(&address))
    };
    let steps = !config.steps.is_empty();
    found
        .iter()
        .filter(move |file| steps && !file.stray && !is_step(&file.key) && !is_linked(file))
        .map(|file| {
            let message = format!(
                "no pathway names the page `{}`, and no page leads to it",
                file.key
            );
            Diagnostic::warning("stray-page", message)
                .at(Span::new(file.id, 0..0), "learners do not come here")
                .help("add it to the `steps` of workshop/config.yaml, or remove it")
        })
}

/// A page without any title: no heading stands over it, and the list of contents makes one of its file's name.
/// Where others have none either, that is how the author wants it.
pub(super) fn untitled(
    file: &File,
    found: &[File],
    config: &Config,
    text: &str,
) -> Option<Diagnostic> {
    let start = file.header.body;
    let is_empty = text[start..].trim().is_empty() || file.header.problem.is_some();
    if is_empty || file.unreadable.is_some() || has_title(file, config) {
        return None;
    }
    let titled = found.iter().filter(|other| has_title(other, config));
    if found.len() < 3 || titled.count() + 1 < found.len() {
        return None;
    }
    let misspelt = keys(&text[..start]).find(|key| near(key, ["title"]).is_some());
    let found = Diagnostic::warning(
        "missing-title",
        format!("the page `{}` has no title", file.key),
    )
    .at(Span::new(file.id, 0..0), "no heading stands above it");
    Some(
        match misspelt.filter(|key| !key.eq_ignore_ascii_case("title")) {
            Some(key) => found.help(format!("write `title` instead of `{key}`")),
            None => found.help("begin the file with three lines: `---`, `title: …` and `---`"),
        },
    )
}

fn has_title(file: &File, config: &Config) -> bool {
    file.header.title.is_some()
        || file.heading.title.is_some()
        || config.modules.contains_key(&file.key)
        || config.titles.contains_key(&file.key)
}

fn keys(header: &str) -> impl Iterator<Item = &str> {
    let pairs = header
        .lines()
        .filter_map(|line| line.split_once([':', '=']));
    pairs.map(|(key, _)| key.trim())
}

/// Titles are shown as they are written: a variable in one is not put in.
pub(super) fn unplayed_title(file: &File, text: &str) -> Option<Diagnostic> {
    let title = file.header.title.as_deref()?;
    let mark = ["{{", "$(", "${"]
        .into_iter()
        .find(|mark| is_put_in(title, mark))?;
    let at = text[..file.header.body].find(mark)?;
    let line = text[at..].lines().next().unwrap_or_default();
    Some(
        Diagnostic::warning("shortcode-in-title", "the title is shown as it is written")
            .at(
                Span::new(file.id, at..at + line.trim_end().len()),
                "nothing is put in here",
            )
            .help("write the title without shortcodes and variables"),
    )
}

/// Whether a title has a shortcode behind one of these marks, or the name of a variable. `{{ .Values }}` and `${HOME}` may be
/// what the page is about.
fn is_put_in(title: &str, mark: &str) -> bool {
    title.match_indices(mark).any(|(at, _)| {
        let inner = title[at + mark.len()..].trim_start_matches(' ');
        let end = inner.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        let name = &inner[..end.unwrap_or(inner.len())];
        let is_template = mark == "{{";
        is_builtin(name) || is_template && (inner.starts_with(['<', '%']) || name.contains('_'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_may_be_about_templates() {
        for (title, told) in [
            ("A {{< param x >}}", true),
            ("A {{% param x %}}", true),
            ("A {{ session_name }}", true),
            ("A {{my_name}}", true),
            ("A $(session_name)", true),
            ("Use {{ .Values }}", false),
            ("Use {{ é }}", false),
            ("Set ${JAVA_HOME}", false),
            ("Run $(pwd)", false),
            ("Open {{", false),
        ] {
            let found = ["{{", "$(", "${"].iter().any(|mark| is_put_in(title, mark));
            assert_eq!(found, told, "{title}");
        }
    }
}
