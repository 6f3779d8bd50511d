//! `atelier open`

use std::env;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, bail};
use atelier_content::LoadError;

use super::folder_of;
use crate::Exit;
use crate::args::OpenArguments;

/// The app's program.
const APP: &str = if cfg!(windows) {
    "atelier-desktop.exe"
} else {
    "atelier-desktop"
};

pub(crate) fn run(arguments: &OpenArguments) -> anyhow::Result<Exit> {
    let path = &arguments.path;
    // What is no workshop is said here, where the question was asked. The window lets choose among several.
    let folder = folder_of(path)?;
    match atelier_content::load(&folder) {
        Ok(_) | Err(LoadError::Several { .. }) => {}
        Err(error) => return Err(error.into()),
    }
    let path = path
        .canonicalize_utf8()
        .with_context(|| format!("{path} cannot be opened"))?;
    let app = app()?;
    if !has_display() {
        bail!(
            "there is no display to open a window on; `atelier test {path}` plays the workshop without one"
        );
    }
    let mut command = Command::new(&app);
    command.arg(path);
    if arguments.fresh {
        command.arg("--fresh");
    }
    command.stdin(Stdio::null()).stdout(Stdio::null());
    detach(&mut command);
    command
        .spawn()
        .with_context(|| format!("{} does not start", app.display()))?;
    Ok(Exit::Success)
}

/// Beside this command, where both are installed or built; else on the PATH; on macOS else among the applications.
fn app() -> anyhow::Result<PathBuf> {
    let beside = env::current_exe().context("the program does not know where it is")?;
    let beside = beside.parent().map(|folder| folder.join(APP));
    let path = env::var_os("PATH").unwrap_or_default();
    let on_path = env::split_paths(&path)
        .filter(|folder| folder.is_absolute())
        .map(|folder| folder.join(APP));
    let applications = cfg!(target_os = "macos")
        .then(|| PathBuf::from("/Applications/Atelier.app/Contents/MacOS").join(APP));
    let mut places = beside.into_iter().chain(on_path).chain(applications);
    places.find(|place| is_program(place)).with_context(|| {
        format!(
            "the app is not here: there is no `{APP}` beside this command or on the PATH; install Atelier, or put the folder of \
             `{APP}` on the PATH"
        )
    })
}

#[cfg(unix)]
fn is_program(path: &std::path::Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata()
        .is_ok_and(|about| about.is_file() && about.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(path: &std::path::Path) -> bool {
    path.is_file()
}

/// Elsewhere there always is one.
fn has_display() -> bool {
    let named = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || named("DISPLAY") || named("WAYLAND_DISPLAY")
}

/// The window stays when the terminal goes, and Ctrl+C there is not for it.
#[cfg(unix)]
fn detach(command: &mut Command) {
    use std::os::unix::process::CommandExt;
    command.process_group(0);
}

#[cfg(not(unix))]
fn detach(_: &mut Command) {}
