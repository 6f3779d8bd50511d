//! Finds the fenced blocks of a page of Markdown.

/// A fenced block.
pub(crate) struct Fence {
    /// What stands behind the fence's marks.
    pub(crate) info: String,
    pub(crate) body: String,
    /// Of its first line, from 1.
    pub(crate) line: usize,
    /// How many marks it has.
    pub(crate) marks: usize,
    /// What the comment above it says: `wrong: no-match`.
    pub(crate) comment: Option<String>,
}

/// The fenced blocks of a text, outermost only; the indentation of a list goes.
pub(crate) fn fences(text: &str) -> Vec<Fence> {
    let mut found: Vec<Fence> = Vec::new();
    let mut open: Option<(usize, char)> = None;
    let mut comment = None;
    for (number, line) in text.lines().enumerate() {
        let bare = line.trim_start();
        let mark = bare.chars().next().filter(|mark| matches!(mark, '`' | '~'));
        let marks = bare.chars().take_while(|c| Some(*c) == mark).count();
        if let Some((indentation, kind)) = open {
            let fence = found.last_mut().expect("an open one");
            if mark == Some(kind) && marks >= fence.marks && bare.trim_end().len() == marks {
                open = None;
            } else {
                let spaces = line.len() - bare.len();
                fence.body.push_str(&line[spaces.min(indentation)..]);
                fence.body.push('\n');
            }
        } else if let (3.., Some(kind)) = (marks, mark) {
            open = Some((line.len() - bare.len(), kind));
            found.push(Fence {
                info: bare[marks..].trim().to_owned(),
                body: String::new(),
                line: number + 1,
                marks,
                comment: comment.take(),
            });
        } else if let Some(said) = bare.strip_prefix("<!--") {
            comment = said.strip_suffix("-->").map(|said| said.trim().to_owned());
        } else if !bare.is_empty() {
            comment = None;
        }
    }
    found
}

#[test]
fn fences_are_found_where_they_stand() {
    let text = "a\n```one x\nb\n```\n- item\n\n  ~~~~two\n  ```three\n  ```\n  ~~~~\n<!-- wrong: code -->\n\n```four\n```\n";
    let found: Vec<_> = fences(text)
        .into_iter()
        .map(|fence| (fence.info, fence.body, fence.line, fence.comment))
        .collect();
    let expected = [
        ("one x", "b\n", 2, None),
        ("two", "```three\n```\n", 7, None),
        ("four", "", 13, Some("wrong: code".to_owned())),
    ];
    let expected = expected
        .map(|(info, body, line, comment)| (info.to_owned(), body.to_owned(), line, comment));
    assert_eq!(found, expected);
}
