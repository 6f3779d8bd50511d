//! How fast pages are rendered, beside plain Markdown, and how fast a large workshop is read.

use std::fmt::Write as _;
use std::fs;
use std::hint::black_box;
use std::time::{Duration, Instant};

use anyhow::Context;
use atelier_content::{Loaded, Variables, check, load, render};
use camino::Utf8Path;
use pulldown_cmark::{Options, Parser, html};

use crate::line;

const PAGES: usize = 300;
pub(crate) const ACTIONS: usize = 20;
/// The best of so many runs counts: the machine is not ours alone.
const RUNS: usize = 9;

pub(crate) fn run() -> anyhow::Result<()> {
    let folder = tempfile::tempdir().context("no temporary folder")?;
    let root = Utf8Path::from_path(folder.path()).context("its name is not UTF-8")?;
    let sets = [("prose", 0), ("prose and actions", ACTIONS)];
    for (name, actions) in sets {
        let texts: Vec<_> = (0..PAGES).map(|number| page(number, actions)).collect();
        let loaded = write(&root.join(name.replace(' ', "-")), &texts)?;
        compare(name, actions, &texts, &loaded)?;
    }
    large(&root.join("prose-and-actions"))
}

/// Our pages beside the same text read as plain Markdown, in the same run.
fn compare(name: &str, actions: usize, texts: &[String], loaded: &Loaded) -> anyhow::Result<()> {
    let workshop = &loaded.workshop;
    let variables = Variables::for_preview(workshop);
    let plain = best(|| {
        for text in texts {
            let mut out = String::new();
            html::push_html(&mut out, Parser::new_ext(text, Options::all()));
            black_box(out);
        }
    });
    let ours = best(|| {
        for page in &workshop.pages {
            black_box(render(workshop, page, &variables));
        }
    });
    let bytes: usize = texts.iter().map(String::len).sum();
    let per_page = |time: Duration| time.as_secs_f64() * 1e6 / texts.len() as f64;
    line(&format!(
        "{name}: {} pages, {} KiB, {actions} actions a page",
        texts.len(),
        bytes / 1024
    ))?;
    line(&format!(
        "  rendered        {:>8.0} pages/s  {:>7.1} µs a page",
        1e6 / per_page(ours),
        per_page(ours)
    ))?;
    line(&format!(
        "  plain Markdown  {:>8.0} pages/s  {:>7.1} µs a page  (rendering takes {:.1} times as long)",
        1e6 / per_page(plain),
        per_page(plain),
        ours.as_secs_f64() / plain.as_secs_f64()
    ))?;
    if actions > 0 {
        line(&format!(
            "  an action takes {:.1} µs beyond its share of plain Markdown",
            (per_page(ours) - per_page(plain)) / actions as f64
        ))?;
    }
    Ok(())
}

/// A workshop of a size that nobody has written yet.
fn large(root: &Utf8Path) -> anyhow::Result<()> {
    let mut loaded = load(root)?;
    let reading = best(|| {
        loaded = load(root).unwrap_or_else(|error| unreachable!("it was loaded before: {error}"));
    });
    let variables = Variables::for_preview(&loaded.workshop);
    let rendering = best(|| {
        for page in &loaded.workshop.pages {
            black_box(render(&loaded.workshop, page, &variables));
        }
    });
    let mut found = 0;
    let checking = best(|| found = check(&loaded, &variables).len());
    line(&format!("{PAGES} pages with {ACTIONS} actions each"))?;
    for (what, time) in [
        ("loaded", reading),
        ("rendered", rendering),
        ("checked (renders too)", checking),
        ("all three", reading + rendering + checking),
    ] {
        line(&format!(
            "  {what:<22} {:>7.1} ms",
            time.as_secs_f64() * 1000.0
        ))?;
    }
    line(&format!("  {found} diagnostics"))?;
    Ok(())
}

fn best(mut work: impl FnMut()) -> Duration {
    let mut best = Duration::MAX;
    for _ in 0..RUNS {
        let start = Instant::now();
        work();
        best = best.min(start.elapsed());
    }
    best
}

pub(crate) fn write(root: &Utf8Path, texts: &[String]) -> anyhow::Result<Loaded> {
    let content = root.join("workshop/content");
    fs::create_dir_all(&content)?;
    for (number, text) in texts.iter().enumerate() {
        fs::write(content.join(format!("{number:03}-page.md")), text)?;
    }
    Ok(load(root)?)
}

/// A page as authors write them: prose, a list, a table, a link, a note, and actions of several kinds between them.
pub(crate) fn page(number: usize, actions: usize) -> String {
    let mut text = format!("---\ntitle: Page {number}\n---\n\n");
    for part in 0..ACTIONS {
        let _ = write!(
            text,
            "## Part {part}\n\nNow we look at *part {part}* of the page, \"as promised\" -- in `code-{part}` and \
             in [the manual](https://example.com/{part}).\n\n- One thing\n- Another, in **{{{{< param session_name >}}}}**\n\n"
        );
        if part % 5 == 0 {
            text.push_str("| name | value |\n|---|---:|\n| a | 1 |\n| b | 2 |\n\n{{< note >}}\nMind the gap.\n{{< /note >}}\n\n");
        }
        if part < actions {
            let _ = match part % 4 {
                0 => write!(
                    text,
                    "```terminal:execute\ncommand: echo {part} && ls -la\nsession: 1\n```\n\n"
                ),
                1 => write!(
                    text,
                    "```editor:append-lines-to-file\nfile: ~/exercises/app-{part}.py\ntext: |\n  def main():\n      print(\"hello\")\n```\n\n"
                ),
                2 => write!(
                    text,
                    "```examiner:execute-test\nname: test-{part}\ntitle: Verify part {part}\nargs:\n- one\ntimeout: 5\n```\n\n"
                ),
                _ => write!(
                    text,
                    "```terminal:execute\ncommand: |-\n  cat <<'X'\n  {part}\n  X\nclear: true\n```\n\n"
                ),
            };
        }
    }
    text
}
