//! `atelier test`

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use atelier_content::{Loaded, PageId};
use atelier_session::play::{PlayEvent, PlayOptions, Report, RunOutcome, play};
use atelier_session::{Session, SessionError, SessionOptions, Store, events};
use camino::{Utf8Path, Utf8PathBuf};
use tokio_util::sync::CancellationToken;

use super::load_or_fail;
use crate::Exit;
use crate::args::{TestArguments, TestFormat};
use crate::report::run::LiveReport;
use crate::report::{self, print_json};

pub(crate) fn run(arguments: &TestArguments) -> anyhow::Result<Exit> {
    let runtime = tokio::runtime::Runtime::new().context("the runtime did not start")?;
    runtime.block_on(run_all(arguments))
}

async fn run_all(arguments: &TestArguments) -> anyhow::Result<Exit> {
    let cancel = CancellationToken::new();
    cancel_on_signal(cancel.clone())?;
    let mut exit = Exit::Success;
    let mut reports = Vec::new();
    for path in &arguments.paths {
        match run_one(path, arguments, &cancel).await {
            Ok(report) => {
                if exit == Exit::Success && report.outcome != RunOutcome::Passed {
                    exit = Exit::Findings;
                }
                reports.push(report);
            }
            Err(error) => {
                exit = Exit::Unable;
                report::complain(&error);
            }
        }
        if cancel.is_cancelled() {
            return Ok(Exit::Unable);
        }
    }
    if arguments.format == TestFormat::Json {
        match &reports[..] {
            [report] if arguments.paths.len() == 1 => print_json(report)?,
            reports => print_json(&reports)?,
        }
    }
    Ok(exit)
}

async fn run_one(
    path: &Utf8Path,
    arguments: &TestArguments,
    cancel: &CancellationToken,
) -> anyhow::Result<Report> {
    let loaded = load_or_fail(path)?;
    let pages = chosen_pages(&loaded, path, &arguments.pages)?;
    let folder = RunFolder::new(&loaded.workshop.name, arguments.keep)?;
    let mut live = LiveReport::new(
        arguments.format == TestFormat::Human,
        &loaded.workshop.title,
    );
    let options = SessionOptions {
        root: folder.session.clone(),
        home: arguments
            .home
            .as_deref()
            .map(camino::absolute_utf8)
            .transpose()?,
        helper: std::env::current_exe().context("the program does not know where it is")?,
        owner: std::env::vars().collect(),
        events: if arguments.format == TestFormat::Human {
            live.setup_events()
        } else {
            events::nobody()
        },
        cancel: cancel.clone(),
    };
    let session = Arc::new(
        Session::open(loaded.workshop, options)
            .await
            .context("the session did not start")?,
    );
    let options = PlayOptions {
        pages,
        keep_going: arguments.keep_going,
        allow_warnings: arguments.allow_warnings,
        timeout: Duration::from_secs_f64(arguments.timeout),
        cancel: cancel.clone(),
    };
    let mut listen = |event: PlayEvent<'_>| live.event(&event);
    let played = tokio::select! {
        played = play(&session, &options, &mut listen) => played,
        () = cancel.cancelled() => Err(SessionError::Cancelled),
    };
    let left = session.close().await;
    drop(session);
    if let Some(kept) = folder.finish()? {
        live.kept(&kept)?;
    }
    if left > 0 {
        bail!("{left} processes of the session could not be ended");
    }
    let report = played?;
    live.summary(&report, arguments.allow_warnings)?;
    Ok(report)
}

fn chosen_pages(loaded: &Loaded, path: &Utf8Path, names: &[String]) -> anyhow::Result<Vec<PageId>> {
    let pages = &loaded.workshop.pages;
    for name in names {
        if !pages.iter().any(|page| page.id.0 == *name) {
            let known: Vec<_> = pages.iter().map(|page| page.id.0.as_str()).collect();
            bail!(
                "{path} has no page `{name}`; its pages are {}",
                known.join(", ")
            );
        }
    }
    Ok(names.iter().cloned().map(PageId).collect())
}

/// Where the session of a run lives. Removed when dropped, unless it is to be kept.
struct RunFolder {
    session: Utf8PathBuf,
    temporary: Option<tempfile::TempDir>,
    keep: bool,
}

impl RunFolder {
    fn new(workshop: &str, keep: bool) -> anyhow::Result<Self> {
        let temporary = tempfile::Builder::new()
            .prefix("atelier-test-")
            .tempdir()
            .context("no temporary folder")?;
        let root = Utf8Path::from_path(temporary.path())
            .context("the temporary folder's name is not UTF-8")?;
        let root = root.canonicalize_utf8()?;
        let session = Store::new(root).new_session(workshop)?;
        Ok(Self {
            session,
            temporary: Some(temporary),
            keep,
        })
    }

    fn finish(mut self) -> anyhow::Result<Option<Utf8PathBuf>> {
        let Some(temporary) = self.temporary.take() else {
            return Ok(None);
        };
        if self.keep {
            let _ = temporary.keep();
            return Ok(Some(self.session.clone()));
        }
        temporary
            .close()
            .context("the temporary session could not be removed")?;
        Ok(None)
    }
}

/// Ctrl+C and SIGTERM end the run in good order: nothing of it stays.
fn cancel_on_signal(cancel: CancellationToken) -> anyhow::Result<()> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut signals = [SignalKind::terminate(), SignalKind::hangup()]
            .map(signal)
            .into_iter();
        let (Some(Ok(mut terminate)), Some(Ok(mut hang_up))) = (signals.next(), signals.next())
        else {
            bail!("signals cannot be received");
        };
        tokio::spawn(async move {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
                _ = hang_up.recv() => {}
            }
            cancel.cancel();
        });
    }
    #[cfg(not(unix))]
    tokio::spawn(async move {
        let _ = tokio::signal::ctrl_c().await;
        cancel.cancel();
    });
    Ok(())
}
