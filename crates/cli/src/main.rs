//! The `atelier` command: check, test and render workshops without a window.

mod args;
mod commands;
mod report;

use std::process::ExitCode;

use anyhow::anyhow;
use atelier_session::launch::{KeeperCommand, raise_open_files, serve_keeper};
use atelier_session::programs::supervisorctl;
use atelier_session::regex_helper;
use clap::Parser;
use clap::error::ErrorKind;

use crate::args::{Arguments, Command};

/// How a command ended. The numbers are a public contract (`docs/authoring.md`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Exit {
    /// Nothing to complain about.
    Success = 0,
    /// The workshop has errors, or a test failed.
    Findings = 1,
    /// The command could not do its work.
    Unable = 2,
}

fn main() -> ExitCode {
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
        let served = regex_helper::serve();
        return ExitCode::from(if served.is_ok() {
            Exit::Success
        } else {
            Exit::Unable
        } as u8);
    }
    raise_open_files();
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) if error.kind() == ErrorKind::InvalidUtf8 => {
            report::complain(&anyhow!(
                "an argument is not UTF-8, which all names of files must be here; rename the file or folder that it names"
            ));
            return ExitCode::from(Exit::Unable as u8);
        }
        Err(error) => {
            let code = if error.use_stderr() {
                Exit::Unable
            } else {
                Exit::Success
            };
            let _ = error.print();
            return ExitCode::from(code as u8);
        }
    };
    let result = match arguments.command {
        Command::Check(arguments) => commands::check::run(&arguments),
        Command::Test(arguments) => commands::test::run(&arguments),
        Command::Render(arguments) => commands::render::run(&arguments),
        Command::New(arguments) => commands::new::run(&arguments),
        Command::Pack(arguments) => commands::pack::run(&arguments),
        Command::Open(arguments) => commands::open::run(&arguments),
        Command::List(arguments) => commands::sessions::list(&arguments),
        Command::Reset(arguments) => commands::sessions::reset(&arguments),
        Command::Completions(arguments) => commands::manuals::completions(&arguments),
        Command::Manuals(arguments) => commands::manuals::write(&arguments),
    };
    match result {
        Ok(exit) => ExitCode::from(exit as u8),
        Err(error) if report::is_broken_pipe(&error) => ExitCode::from(Exit::Success as u8),
        Err(error) => {
            report::complain(&error);
            ExitCode::from(Exit::Unable as u8)
        }
    }
}
