//! The window: a thin shell over the engine. Every command is one call of `atelier_session::window`, converted.

mod commands;
mod dialogs;
mod error;
mod opening;
mod state;
mod stream;
mod timings;
mod window;

use std::process::ExitCode;

use atelier_session::launch::{KeeperCommand, raise_open_files, serve_keeper};
use atelier_session::programs::supervisorctl;
use atelier_session::protocol::StartRequest;
use atelier_session::regex_helper;
use clap::Parser;
use tauri::{Manager, RunEvent};

use crate::state::AppState;
use crate::timings::Timings;

/// A desktop player for hands-on technical workshops.
#[derive(Debug, Parser)]
#[command(name = "atelier-desktop", version)]
struct Arguments {
    /// The workshop to open at once; the library otherwise.
    path: Option<String>,
    /// Trust PATH without asking.
    #[arg(long, requires = "path")]
    trust: bool,
    /// Work on PATH: trust it whatever its content, and show changes of its files as they are saved.
    #[arg(long, requires = "path")]
    author: bool,
    /// Start PATH over instead of taking it up where it was left.
    #[arg(long)]
    fresh: bool,
    /// Print how long it took to the window, the first page and the first prompt.
    #[arg(long)]
    timings: bool,
}

/// Runs the program until its window is closed.
#[allow(clippy::exit, reason = "tauri::generate_context! expands to it")]
pub fn run() -> ExitCode {
    // Hidden arguments come first. This program is also what a session's `supervisorctl` is.
    let mut words = std::env::args_os().skip(1);
    if words
        .next()
        .is_some_and(|word| word == supervisorctl::ARGUMENT)
    {
        return ExitCode::from(supervisorctl::run(words));
    }
    // The engine has a session's programs kept by it.
    let mut words = std::env::args_os().skip(1);
    if words
        .next()
        .is_some_and(|word| word == KeeperCommand::ARGUMENT)
    {
        return ExitCode::from(serve_keeper(words));
    }
    // The engine starts it again to search with an expression.
    if std::env::args_os()
        .nth(1)
        .is_some_and(|argument| argument == regex_helper::ARGUMENT)
    {
        return if regex_helper::serve().is_ok() {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        };
    }
    raise_open_files();
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    let timings = Timings::new(arguments.timings);
    timings.reached("start");
    let request = StartRequest {
        path: arguments
            .path
            .map(|path| opening::named(&path))
            .map(|path| path.canonicalize_utf8().unwrap_or(path).into_string()),
        trust: arguments.trust || arguments.author,
        author: arguments.author,
        fresh: arguments.fresh,
    };
    let app = tauri::Builder::default()
        .plugin(tauri_plugin_dialog::init())
        .register_asynchronous_uri_scheme_protocol("workshop", stream::serve_image)
        .invoke_handler(commands::handler())
        .setup(move |app| {
            app.manage(AppState::new(app.handle(), request, timings)?);
            window::open(app.handle())?;
            window::close_on_signal(app.handle().clone());
            Ok(())
        })
        .build(tauri::generate_context!());
    let app = match app {
        Ok(app) => app,
        Err(error) => {
            window::complain(&error);
            return ExitCode::FAILURE;
        }
    };
    let code = app.run_return(|handle, event| match event {
        RunEvent::ExitRequested { .. } => {
            // Whatever ends the program, no process of the session stays.
            tauri::async_runtime::block_on(handle.state::<AppState>().close());
        }
        #[cfg(target_os = "macos")]
        RunEvent::Opened { urls } => opening::opened(&handle.state::<AppState>(), &urls),
        _ => {}
    });
    ExitCode::from(u8::try_from(code).unwrap_or(1))
}
