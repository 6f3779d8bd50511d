//! Pairs the marks of sections and wraps what lies between them (`actions.md` 2.7).

use std::collections::HashMap;

use super::Section;
use crate::action::{Action, PageAction, SectionMark};
use crate::diagnostic::Diagnostic;

/// Where an action's placeholder stands in the page's HTML.
#[derive(Debug, Clone, Copy)]
pub(super) struct Placeholder {
    /// What the placeholder stands in: a list item, a quote, a box, or the page (0).
    pub(super) container: usize,
    /// Its first byte.
    pub(super) start: usize,
    /// The byte after it.
    pub(super) end: usize,
}

/// Pairs marks that stand in the same container, properly nested. Unpaired marks are reported.
pub(super) fn pair(
    actions: &[PageAction],
    placeholders: &[Placeholder],
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Section> {
    let mut open: HashMap<usize, Vec<(usize, &str)>> = HashMap::new();
    // How many sections of a name are open in a container: an end without a begin must not search them all.
    let mut names: HashMap<(usize, &str), usize> = HashMap::new();
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for (index, (action, placeholder)) in actions.iter().zip(placeholders).enumerate() {
        let Ok(Action::Section(mark)) = &action.action else {
            continue;
        };
        let stack = open.entry(placeholder.container).or_default();
        match mark {
            SectionMark::Begin { name, .. } => {
                let same = names.entry((placeholder.container, name)).or_default();
                *same += 1;
                if name.is_empty() && *same > 1 {
                    diagnostics.push(
                        Diagnostic::warning(
                            "ambiguous-section",
                            "a section without a name lies in another one without a name",
                        )
                        .at(action.span.clone(), "here")
                        .help("give each nested section a `name` of its own; elsewhere its end closes the wrong one"),
                    );
                }
                stack.push((index, name));
            }
            SectionMark::End { name, .. } => {
                let key = (placeholder.container, name.as_str());
                let is_open = names.get(&key).is_some_and(|count| *count > 0);
                let found = is_open
                    .then(|| stack.iter().rposition(|(_, opened)| opened == name))
                    .flatten();
                let found = match found {
                    None if stack.len() == 1 => {
                        diagnostics.push(
                            Diagnostic::warning(
                                "ambiguous-section",
                                "the begin and the end of a section have different names",
                            )
                            .at(action.span.clone(), "ends here")
                            .at(actions[stack[0].0].span.clone(), "begins here"),
                        );
                        Some(0)
                    }
                    found => found,
                };
                let Some(found) = found else {
                    diagnostics.push(unbalanced(
                        action,
                        "a section ends here that does not begin",
                    ));
                    continue;
                };
                for (left, name) in stack.drain(found + 1..) {
                    names
                        .entry((placeholder.container, name))
                        .and_modify(|count| *count -= 1);
                    diagnostics.push(unbalanced(&actions[left], "this section does not end"));
                }
                if let Some((begin, name)) = stack.pop() {
                    names
                        .entry((placeholder.container, name))
                        .and_modify(|count| *count -= 1);
                    pairs.push((begin, index));
                }
            }
            SectionMark::Heading => {}
        }
    }
    let mut left: Vec<usize> = open
        .into_values()
        .flatten()
        .map(|(index, _)| index)
        .collect();
    left.sort_unstable();
    for index in left {
        diagnostics.push(unbalanced(&actions[index], "this section does not end"));
    }
    pairs.sort_unstable();
    // A mark whose name is misspelt is told of there; its counterpart is not at fault.
    let misspelt = diagnostics.iter().any(|found| {
        let meant = found.help.as_deref().unwrap_or_default();
        found.code == "unknown-action" && meant.contains("`section:")
    });
    if misspelt {
        diagnostics.retain(|found| found.code != "unbalanced-section");
    }
    nest(&pairs)
}

fn unbalanced(action: &PageAction, message: &str) -> Diagnostic {
    Diagnostic::error("unbalanced-section", message)
        .at(action.span.clone(), "no counterpart")
        .help(
            "both marks must stand in the same list item, quote or box, and carry the same `name`",
        )
}

/// Finds each section's parent; sections nest properly and come in the order of their begins.
fn nest(pairs: &[(usize, usize)]) -> Vec<Section> {
    let mut around: Vec<usize> = Vec::new();
    let mut sections: Vec<Section> = Vec::with_capacity(pairs.len());
    for &(begin, end) in pairs {
        while around
            .last()
            .is_some_and(|&outer| sections[outer].end < begin)
        {
            around.pop();
        }
        sections.push(Section {
            begin,
            end,
            parent: around.last().copied(),
        });
        around.push(sections.len() - 1);
    }
    sections
}

/// Wraps what lies between the marks of each section. `mark` stands before values that only this crate may write.
pub(super) fn wrap(
    html: &str,
    sections: &[Section],
    placeholders: &[Placeholder],
    mark: &str,
) -> String {
    // Position, and the section that opens there; none where one closes.
    let mut places: Vec<(usize, Option<usize>)> = Vec::with_capacity(sections.len() * 2);
    for (number, section) in sections.iter().enumerate() {
        places.push((placeholders[section.begin].end, Some(number)));
        places.push((placeholders[section.end].start, None));
    }
    // Where one ends and the next begins at the same byte there is a placeholder between: positions differ, except
    // in an empty section, which opens before it closes.
    places.sort_by_key(|&(at, opens)| (at, opens.is_none()));
    let mut out = String::with_capacity(html.len() + sections.len() * 64);
    let mut from = 0;
    for (at, opens) in places {
        out.push_str(&html[from..at]);
        from = at;
        match opens {
            Some(number) => out.push_str(&format!(
                "\n<div class=\"workshop-section\" data-section=\"{mark}{number}\">\n"
            )),
            None => out.push_str("</div>\n"),
        }
    }
    out.push_str(&html[from..]);
    out
}
