//! Titles of pages that have none: from the first heading, or from the key (`instructions.md` 3.4 and 4.2).

use pulldown_cmark::{Event, Parser};

/// The first heading of a body.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct FirstHeading {
    /// The plain text of the first heading of the first level.
    pub(super) title: Option<String>,
    /// The body starts with it.
    pub(super) leads: bool,
}

/// Finds the first heading of the first level, outside of code.
pub(super) fn first_heading(body: &str) -> FirstHeading {
    let mut fence: Option<(char, usize)> = None;
    let mut previous = "";
    let mut seen_text = false;
    for line in body.lines() {
        let trimmed = line.trim_start();
        let indented = line.len() - trimmed.len() > 3;
        if let Some((mark, length)) = fence {
            let closes =
                trimmed.trim_end().chars().all(|c| c == mark) && trimmed.trim_end().len() >= length;
            if closes && !indented {
                fence = None;
            }
            continue;
        }
        let marks = |mark: char| trimmed.chars().take_while(|c| *c == mark).count();
        if !indented {
            let opened = ['`', '~'].into_iter().find(|mark| marks(*mark) >= 3);
            if let Some(mark) = opened {
                fence = Some((mark, marks(mark)));
                seen_text = true;
                continue;
            }
            if trimmed == "#" || trimmed.starts_with("# ") || trimmed.starts_with("#\t") {
                return FirstHeading {
                    title: plain(&trimmed[1..]),
                    leads: !seen_text,
                };
            }
            let underline = !trimmed.is_empty() && trimmed.trim_end().bytes().all(|b| b == b'=');
            if underline && !previous.trim().is_empty() {
                return FirstHeading {
                    title: plain(previous),
                    leads: body.trim_start().starts_with(previous.trim_start()),
                };
            }
        }
        seen_text |= !trimmed.is_empty();
        previous = line;
    }
    FirstHeading::default()
}

/// A line of Markdown without its markup; nothing when nothing is left.
fn plain(line: &str) -> Option<String> {
    let line = line.trim();
    let line = match line.rfind(" {#") {
        Some(at) if line.ends_with('}') => &line[..at],
        _ => line,
    };
    let closing = line.trim_end_matches('#');
    let line = if closing.is_empty() || closing.ends_with(' ') {
        closing
    } else {
        line
    };
    let mut text = String::new();
    for event in Parser::new(&without_shortcodes(line)) {
        if let Event::Text(piece) | Event::Code(piece) = event {
            text.push_str(&piece);
        }
    }
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    (!text.is_empty()).then_some(text)
}

fn without_shortcodes(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some(at) = rest.find("{{") {
        out.push_str(&rest[..at]);
        match rest[at..].find("}}") {
            Some(end) => rest = &rest[at + end + 2..],
            None => {
                rest = &rest[at..];
                break;
            }
        }
    }
    out.push_str(rest);
    out
}

/// A title from a page's key, as the classic renderer makes it: `exercises/step_1` → `Step 1`.
pub(super) fn humanize(key: &str) -> String {
    let last = key.rsplit('/').next().unwrap_or(key);
    let mut spaced = String::with_capacity(last.len() + 8);
    let mut before: Option<char> = None;
    for c in last.chars() {
        let hump = c.is_uppercase()
            && before.is_some_and(|before| before.is_lowercase() || before.is_ascii_digit());
        if hump {
            spaced.push(' ');
        }
        spaced.push(if matches!(c, '_' | '-') { ' ' } else { c });
        before = Some(c);
    }
    let lower = spaced.to_lowercase();
    let words: Vec<&str> = lower.split_whitespace().collect();
    let words = match words.as_slice() {
        [head @ .., "id"] if !head.is_empty() => head,
        words => words,
    };
    words
        .iter()
        .map(|word| {
            let mut letters = word.chars();
            match letters.next() {
                Some(first) => first.to_uppercase().collect::<String>() + letters.as_str(),
                None => String::new(),
            }
        })
        .collect::<Vec<_>>()
        .join(" ")
}

/// The same without a leading number: `01-docker-basics` → `Docker Basics`.
pub(super) fn humanize_unnumbered(key: &str) -> String {
    let title = humanize(key);
    let stripped = title.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ' '));
    if stripped.is_empty() {
        title
    } else {
        stripped.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn humanizes_as_the_reference_does() {
        for (key, title) in [
            ("00-workshop-overview", "00 Workshop Overview"),
            ("exercises/step_1", "Step 1"),
            ("01-kubernetesAPI", "01 Kubernetes Api"),
            ("README", "Readme"),
            ("user_id", "User"),
        ] {
            assert_eq!(humanize(key), title);
        }
        assert_eq!(
            humanize_unnumbered("02-x/01-docker-basics"),
            "Docker Basics"
        );
        assert_eq!(humanize_unnumbered("01"), "01");
    }

    #[test]
    fn finds_the_first_heading() {
        let check = |body: &str, title: Option<&str>, leads: bool| {
            let found = first_heading(body);
            assert_eq!(
                (found.title.as_deref(), found.leads),
                (title, leads),
                "{body:?}"
            );
        };
        check("\n# A `b` *c* #\n", Some("A b c"), true);
        check("text\n\n# A {#id}\n", Some("A"), false);
        check("```\n# no\n```\n## B\n# A\n", Some("A"), false);
        check("A [x](y)\n===\n", Some("A x"), true);
        check("## B\n", None, false);
        check("# Hi {{< param x >}}!\n", Some("Hi !"), true);
        check("", None, false);
    }
}
