//! `atelier test`

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use atelier_content::{Loaded, PageId, Workshop};
use atelier_session::play::{PlayEvent, PlayOptions, Report, RunOutcome, play};
use atelier_session::terminal::Recorder;
use atelier_session::unfinished::clear_runs;
use atelier_session::{Allowances, Isolation, Session, SessionError, SessionOptions, events};
use camino::{Utf8Path, Utf8PathBuf};
use tokio_util::sync::CancellationToken;

use super::load_or_fail;
use super::run_folder::RunFolder;
use crate::Exit;
use crate::args::{Allow, IsolationLevel, TestArguments, TestFormat};
use crate::report::junit::NotPlayed;
use crate::report::run::{self, LiveReport};
use crate::report::{self, junit, print_json};

pub(crate) fn run(arguments: &TestArguments) -> anyhow::Result<Exit> {
    if arguments.record.is_some() && arguments.paths.len() > 1 {
        bail!(
            "`--record` takes one workshop at a time; test each of them with a recording of its own"
        );
    }
    for containers in clear_runs(&std::env::temp_dir()) {
        report::remark(&format!("An earlier run was killed. {containers}"));
    }
    let runtime = tokio::runtime::Runtime::new().context("the runtime did not start")?;
    runtime.block_on(run_all(arguments))
}

async fn run_all(arguments: &TestArguments) -> anyhow::Result<Exit> {
    let cancel = CancellationToken::new();
    cancel_on_signal(cancel.clone())?;
    let mut exit = Exit::Success;
    let mut reports = Vec::new();
    let mut not_played = Vec::new();
    for path in &arguments.paths {
        match run_one(path, arguments, &cancel).await {
            Ok(report) => {
                exit = match report.outcome {
                    RunOutcome::Error => Exit::Unable,
                    RunOutcome::Failed if exit == Exit::Success => Exit::Findings,
                    RunOutcome::Passed | RunOutcome::Failed => exit,
                };
                reports.push(report);
            }
            Err(_) if cancel.is_cancelled() => {}
            Err(error) if report::is_broken_pipe(&error) => return Err(error),
            Err(error) => {
                exit = Exit::Unable;
                report::complain(&error);
                not_played.push(NotPlayed::new(path, &error));
            }
        }
        if cancel.is_cancelled() {
            bail!("interrupted; what the run had started has been ended");
        }
    }
    if arguments.format == TestFormat::Human && arguments.paths.len() > 1 {
        run::totals(&reports, not_played.len())?;
    }
    if arguments.format == TestFormat::Json {
        match &reports[..] {
            [report] if arguments.paths.len() == 1 => print_json(report)?,
            // What could not be loaded has no report.
            [] if arguments.paths.len() == 1 => {}
            reports => print_json(&reports)?,
        }
    }
    if arguments.format == TestFormat::Junit {
        report::print(&junit::text(
            &reports,
            &not_played,
            arguments.allow_warnings,
        )?)?;
    }
    Ok(exit)
}

async fn run_one(
    path: &Utf8Path,
    arguments: &TestArguments,
    cancel: &CancellationToken,
) -> anyhow::Result<Report> {
    let loaded = load_or_fail(path, arguments.pathway.as_deref())?;
    let pages = chosen_pages(&loaded, path, &arguments.pages)?;
    let folder = RunFolder::new(&loaded.workshop.name, arguments.keep)?;
    let mut live = LiveReport::new(
        arguments.format == TestFormat::Human,
        &loaded.workshop.title,
    );
    let recorder = match &arguments.record {
        Some(file) => Some(Arc::new(Recorder::create(file, &loaded.workshop.title)?)),
        None => None,
    };
    let options = SessionOptions {
        root: folder.session.clone(),
        home: arguments.home.as_deref().map(home).transpose()?,
        helper: std::env::current_exe().context("the program does not know where it is")?,
        owner: own_environment(),
        allowed: Allowances {
            docker: arguments.allow.contains(&Allow::Docker),
            cluster: arguments.allow.contains(&Allow::Cluster),
        },
        isolation: match arguments.isolation {
            Some(IsolationLevel::Folder) => Isolation::Folder,
            Some(IsolationLevel::Isolated) => Isolation::Isolated,
            None => Isolation::by_default(),
        },
        expected: None,
        events: if arguments.format == TestFormat::Human {
            live.setup_events()
        } else {
            events::nobody()
        },
        cancel: cancel.clone(),
    };
    let name = loaded.workshop.name.clone();
    let others = match arguments.pathway {
        None => others_of(&loaded.workshop),
        Some(_) => Vec::new(),
    };
    let pathway = loaded.workshop.pathway.clone();
    let session = match Session::open(loaded.workshop, options).await {
        Ok(session) => Arc::new(session),
        Err(SessionError::Cancelled) => return Err(SessionError::Cancelled.into()),
        Err(error) => {
            let error = anyhow::Error::new(error).context("the session did not start");
            report::complain(&error);
            return Ok(Report::not_started(&name));
        }
    };
    let options = PlayOptions {
        pages,
        keep_going: arguments.keep_going,
        allow_warnings: arguments.allow_warnings,
        timeout: Duration::from_secs_f64(arguments.timeout),
        cancel: cancel.clone(),
        recorder: recorder.clone(),
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
    // What was recorded stays, however the run ended.
    let recorded = recorder.map(|recorder| recorder.finish()).transpose();
    let report = played?;
    live.summary(&report, arguments.allow_warnings)?;
    if !others.is_empty() {
        live.not_taken(&pathway, &in_arguments(&others))?;
    }
    live.recorded(&recorded?.unwrap_or_default())?;
    Ok(report)
}

/// The folder that is to be the session's home, by its real name: paths of actions are compared with it.
fn home(path: &Utf8Path) -> anyhow::Result<Utf8PathBuf> {
    let made = std::fs::create_dir_all(path).and_then(|()| path.canonicalize_utf8());
    made.with_context(|| {
        format!("{path} cannot be the home of the session; name a folder that can be written")
    })
}

/// Variables that are no text are nothing a session is handed on.
fn own_environment() -> HashMap<String, String> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect()
}

fn chosen_pages(loaded: &Loaded, path: &Utf8Path, names: &[String]) -> anyhow::Result<Vec<PageId>> {
    let pages = &loaded.workshop.pages;
    for name in names {
        if !pages.iter().any(|page| page.id.0 == *name) {
            let known: Vec<_> = pages.iter().map(|page| page.id.0.as_str()).collect();
            if loaded
                .workshop
                .unlisted
                .iter()
                .any(|page| page.id.0 == *name)
            {
                match &others_of(&loaded.workshop)[..] {
                    [] => bail!(
                        "no step leads to the page `{name}` of {path}, so that it is not played"
                    ),
                    others => bail!(
                        "the page `{name}` of {path} is not on the pathway `{}`; say another one: {}",
                        loaded.workshop.pathway,
                        in_arguments(others)
                    ),
                }
            }
            bail!(
                "{path} has no page `{name}`; its pages are {}",
                known.join(", ")
            );
        }
    }
    Ok(names.iter().cloned().map(PageId).collect())
}

/// The pathways that a run leaves out.
fn others_of(workshop: &Workshop) -> Vec<String> {
    let names = workshop.pathways.iter().map(|pathway| &pathway.name);
    names
        .filter(|name| **name != workshop.pathway)
        .cloned()
        .collect()
}

/// `--pathway a`, `--pathway b`
fn in_arguments(pathways: &[String]) -> String {
    let each = pathways.iter().map(|name| format!("`--pathway {name}`"));
    each.collect::<Vec<_>>().join(", ")
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
