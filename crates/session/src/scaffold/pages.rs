//! The pages of a new workshop, and what puts them into order.

use super::definition::quoted;
use super::{Made, PORT, Part, Plan, Style, text};

/// A page, before it has a number.
struct Page {
    name: &'static str,
    title: &'static str,
    body: &'static str,
}

const START: Page = Page {
    name: "run-commands",
    title: "Run commands",
    body: include_str!("template/start.md"),
};
const END: Page = Page {
    name: "go-on",
    title: "Go on from here",
    body: include_str!("template/end.md"),
};

fn of_part(part: Part) -> Page {
    let (name, title, body) = match part {
        Part::Setup => (
            "prepare",
            "What was prepared",
            include_str!("template/setup.md"),
        ),
        Part::Editor => ("edit-files", "Edit files", include_str!("template/edit.md")),
        Part::Examiner => (
            "check-work",
            "Check the work",
            include_str!("template/check.md"),
        ),
        Part::Dashboard => (
            "show-a-site",
            "Show a site",
            include_str!("template/site.md"),
        ),
    };
    Page { name, title, body }
}

/// The pages, and for the classic style the lists that name them.
pub(super) fn files(plan: &Plan) -> Vec<Made> {
    let parts = plan.parts.iter().map(|part| of_part(*part));
    let pages: Vec<_> = [START].into_iter().chain(parts).chain([END]).collect();
    let named: Vec<_> = pages
        .iter()
        .enumerate()
        .map(|(at, page)| (format!("{:02}-{}", at + 1, page.name), page))
        .collect();
    let mut files: Vec<_> = named
        .iter()
        .map(|(name, page)| {
            text(
                format!("workshop/content/{name}.md"),
                written(page, plan.style),
            )
        })
        .collect();
    if plan.style == Style::Classic {
        let mut active = format!("name: {}\nmodules:\n  activate:\n", quoted(&plan.title));
        let mut modules = "modules:\n".to_owned();
        for (at, (name, page)) in named.iter().enumerate() {
            active.push_str(&format!("    - {name}\n"));
            modules.push_str(&format!("  {name}:\n    name: {}\n", page.title));
            if at == 0 {
                modules.push_str("    exit_sign: Start Workshop\n");
            } else if at + 1 == named.len() {
                modules.push_str("    exit_sign: Finish Workshop\n");
            }
        }
        files.push(text("workshop/workshop.yaml", active));
        files.push(text("workshop/modules.yaml", modules));
    }
    files
}

/// A page in the words of a style.
fn written(page: &Page, style: Style) -> String {
    let session_name = match style {
        Style::Hugo => "{{< param session_name >}}",
        Style::Classic => "{{ session_name }}",
    };
    let body = page
        .body
        .replace("@session_name@", session_name)
        .replace("@port@", &PORT.to_string());
    match style {
        Style::Hugo => {
            let body = body
                .replace("@note\n", "{{< note >}}\n")
                .replace("@end\n", "{{< /note >}}\n");
            format!("---\ntitle: {}\n---\n\n{body}", page.title)
        }
        Style::Classic => quotes(&body),
    }
}

/// The classic style has no boxes for notes: they are quotations.
fn quotes(body: &str) -> String {
    let mut out = String::new();
    let mut in_note = false;
    for line in body.lines() {
        match line {
            "@note" => {
                in_note = true;
                out.push_str("> **Note**\n>\n");
            }
            "@end" => in_note = false,
            line if in_note => out.push_str(&format!("> {line}\n")),
            line => {
                out.push_str(line);
                out.push('\n');
            }
        }
    }
    out
}
