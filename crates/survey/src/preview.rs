//! How long an author waits: from the write of a page to the page as it is shown, and to the findings.

use std::fs;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use atelier_session::Store;
use atelier_session::protocol::Event;
use atelier_session::window::{Library, OpenSession};
use camino::{Utf8Path, Utf8PathBuf};
use notify::{RecursiveMode, Watcher};
use tokio_util::sync::CancellationToken;

use crate::bench::{ACTIONS, page, write};
use crate::line;

/// What is changed sooner than this is felt to change at once.
const AT_ONCE: Duration = Duration::from_millis(100);
const RUNS: usize = 20;
const PATIENCE: Duration = Duration::from_secs(60);
/// A session of one is short, one of many longer than anybody has written.
const PAGES: [usize; 2] = [8, 300];

pub(crate) fn run() -> anyhow::Result<()> {
    for pages in PAGES {
        let folder = tempfile::tempdir().context("no temporary folder")?;
        let below = folder.path().canonicalize()?;
        let below = Utf8PathBuf::try_from(below).context("its name is not UTF-8")?;
        let texts: Vec<_> = (0..pages).map(|number| page(number, ACTIONS)).collect();
        write(&below.join("workshop"), &texts)?;
        line(&format!(
            "{pages} pages with {ACTIONS} actions each, {RUNS} saves"
        ))?;
        let file = below.join("workshop/workshop/content/000-page.md");
        let bare = bare(&file, &texts[0])?;
        let runtime = tokio::runtime::Runtime::new()?;
        let (shown, found) = runtime.block_on(ours(&below, &file, &texts[0]))?;
        show("a bare watcher that reads the file", bare)?;
        show("the rendered page, delivered", shown)?;
        show("the findings", found)?;
    }
    line(&format!(
        "  (what comes within {} ms is felt to come at once)",
        AT_ONCE.as_millis()
    ))?;
    Ok(())
}

/// Median and the slowest.
fn show(what: &str, mut times: Vec<Duration>) -> anyhow::Result<()> {
    times.sort();
    let millis = |time: Option<&Duration>| time.map_or(0.0, |time| time.as_secs_f64() * 1000.0);
    line(&format!(
        "  {what:<36} median {:>7.1} ms   slowest {:>7.1} ms",
        millis(times.get(times.len() / 2)),
        millis(times.last())
    ))?;
    Ok(())
}

/// The page as it is saved for the n-th time: every other time with a mistake, so that there is always something to find or
/// to take back.
fn version(text: &str, number: usize) -> String {
    let mistake = if number.is_multiple_of(2) {
        "```terminal:execute\ncommand: [\n```\n"
    } else {
        ""
    };
    format!("{text}\nSaved {number}.\n\n{mistake}")
}

fn bare(file: &Utf8Path, text: &str) -> anyhow::Result<Vec<Duration>> {
    let (tell, told) = channel();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        let _ = tell.send(event.is_ok_and(|event| !event.kind.is_access()));
    })?;
    let folder = file.parent().context("a folder")?;
    watcher.watch(folder.as_std_path(), RecursiveMode::NonRecursive)?;
    let mut times = Vec::with_capacity(RUNS);
    for number in 0..RUNS {
        let wanted = version(text, number);
        let begun = Instant::now();
        fs::write(file, &wanted)?;
        while !(told.recv_timeout(PATIENCE)? && fs::read_to_string(file)? == wanted) {}
        times.push(begun.elapsed());
    }
    fs::write(file, text)?;
    Ok(times)
}

async fn ours(
    below: &Utf8Path,
    file: &Utf8Path,
    text: &str,
) -> anyhow::Result<(Vec<Duration>, Vec<Duration>)> {
    let library = Library::new(Store::new(below.join("home")), None);
    let root = below.join("workshop");
    library.trust(&root, true)?;
    let (tell, told) = channel();
    let session = OpenSession::start(
        &library,
        &root,
        None,
        true,
        std::env::current_exe()?,
        Arc::new(move |event| {
            let _ = tell.send((Instant::now(), event));
        }),
        CancellationToken::new(),
    )
    .await?;
    session.enter("000-page")?;
    let (mut shown, mut found) = (Vec::new(), Vec::new());
    for number in 0..RUNS {
        let begun = Instant::now();
        fs::write(file, version(text, number))?;
        let (page, findings) = tokio::task::block_in_place(|| news(&told, number))?;
        shown.push(page.duration_since(begun));
        found.push(findings.duration_since(begun));
    }
    session.close().await;
    Ok((shown, found))
}

/// When the page came, and when the findings did that belong to it.
fn news(told: &Receiver<(Instant, Event)>, number: usize) -> anyhow::Result<(Instant, Instant)> {
    let saved = format!("Saved {number}.");
    let (mut page, mut findings) = (None, None);
    loop {
        if let (Some(page), Some(findings)) = (page, findings) {
            return Ok((page, findings));
        }
        match told.recv_timeout(PATIENCE) {
            Ok((at, Event::WorkshopReloaded { reload })) => {
                let shown = reload.shown.and_then(|shown| shown.page);
                if shown.is_some_and(|shown| shown.html.contains(&saved)) {
                    page = Some(at);
                }
            }
            Ok((at, Event::ProblemsChanged { .. })) if page.is_some() => findings = Some(at),
            Ok(_) => {}
            Err(RecvTimeoutError::Timeout) => bail!("save {number} was not shown"),
            Err(RecvTimeoutError::Disconnected) => bail!("the session has ended"),
        }
    }
}
