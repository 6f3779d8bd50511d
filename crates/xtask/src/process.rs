//! Runs a program, keeps what it prints, and lets a watcher see it as it comes.

use std::ffi::OsStr;
use std::io::{self, BufRead, BufReader, PipeReader, Read};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};
use std::{env, path::Path};

use anyhow::{Context, Result};

/// How long what a finished program left running may hold on to its output.
const GRACE: Duration = Duration::from_secs(2);
const POLL: Duration = Duration::from_millis(100);

/// What a program did.
pub(crate) struct Finished {
    /// How it ended.
    pub(crate) status: ExitStatus,
    /// What it printed, without colours: everything, or standard error only if standard output was kept apart.
    pub(crate) log: String,
    /// Standard output, if it was kept apart.
    pub(crate) stdout: String,
}

/// Runs a program to its end; `watch` gets each line it prints.
pub(crate) fn run(command: &mut Command, watch: &mut dyn FnMut(&str)) -> Result<Finished> {
    let (reader, writer) = io::pipe().context("cannot make a pipe")?;
    command
        .stdin(Stdio::null())
        .stdout(writer.try_clone()?)
        .stderr(writer);
    finish(command, reader, None, watch)
}

/// Runs a program to its end and keeps its standard output apart; `watch` gets each line of standard error.
pub(crate) fn run_apart(command: &mut Command, watch: &mut dyn FnMut(&str)) -> Result<Finished> {
    let (reader, writer) = io::pipe().context("cannot make a pipe")?;
    let (out_reader, out_writer) = io::pipe().context("cannot make a pipe")?;
    command
        .stdin(Stdio::null())
        .stdout(out_writer)
        .stderr(writer);
    finish(command, reader, Some(out_reader), watch)
}

/// Whether a program can be started and succeeds; what it prints is dropped.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    let quiet = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    quiet.status().is_ok_and(|status| status.success())
}

/// What a program prints on standard output, if it can be started and succeeds.
pub(crate) fn output_of(command: &mut Command) -> Option<String> {
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Whether a program of this name is on the PATH.
pub(crate) fn on_path(program: &str) -> bool {
    env::var_os("PATH")
        .is_some_and(|path| env::split_paths(&path).any(|folder| folder.join(program).is_file()))
}

/// Removes what Cargo told us of our own package. To another Cargo that is a change of the environment, for which it would
/// compile anew what looks at it (ring, and with it the engine), at every change between us and a shell.
pub(crate) fn without_package(command: &mut Command) {
    for (name, _) in env::vars_os() {
        if tells_of_the_package(&name) {
            command.env_remove(name);
        }
    }
}

/// Removes what Cargo and rustup added to the environment for us: a learner's shell must not inherit it.
pub(crate) fn without_cargo_environment(command: &mut Command) {
    for (name, _) in env::vars_os() {
        if is_added_by_cargo(&name) {
            command.env_remove(name);
        }
    }
    let Some(libraries) = env::var_os("LD_LIBRARY_PATH") else {
        return;
    };
    let built = env::current_exe()
        .ok()
        .and_then(|exe| Some(exe.parent()?.to_owned()));
    let toolchain = env::var_os("CARGO")
        .and_then(|cargo| Some(Path::new(&cargo).ancestors().nth(2)?.join("lib")));
    let added: Vec<_> = built.into_iter().chain(toolchain).collect();
    let kept = env::split_paths(&libraries)
        .filter(|folder| !added.iter().any(|added| folder.starts_with(added)));
    match env::join_paths(kept) {
        Ok(kept) if !kept.is_empty() => command.env("LD_LIBRARY_PATH", kept),
        _ => command.env_remove("LD_LIBRARY_PATH"),
    };
}

fn tells_of_the_package(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    ["CARGO_MANIFEST_", "CARGO_PKG_"]
        .iter()
        .any(|prefix| name.starts_with(prefix))
}

fn is_added_by_cargo(name: &OsStr) -> bool {
    tells_of_the_package(name)
        || [
            "CARGO",
            "RUSTUP_TOOLCHAIN",
            "RUSTUP_TOOLCHAIN_SOURCE",
            "RUST_RECURSION_COUNT",
        ]
        .contains(&&*name.to_string_lossy())
}

fn finish(
    command: &mut Command,
    log: PipeReader,
    stdout: Option<PipeReader>,
    watch: &mut dyn FnMut(&str),
) -> Result<Finished> {
    let program = command.get_program().to_string_lossy().into_owned();
    let mut child = command
        .spawn()
        .with_context(|| format!("cannot start {program}"))?;
    // The command holds our ends of the pipes for writing; without them the readers come to an end.
    command.stdout(Stdio::null()).stderr(Stdio::null());

    let lines = read_lines(log);
    let apart = stdout.map(read_whole);
    let mut text = String::new();
    let mut ended = None;
    let status = loop {
        let got = lines.recv_timeout(POLL);
        if let Ok(line) = &got {
            watch(line);
            text.push_str(line);
            text.push('\n');
            continue;
        }
        if got == Err(RecvTimeoutError::Disconnected) {
            break child.wait().with_context(|| format!("lost {program}"))?;
        }
        watch("");
        if let Some(status) = child
            .try_wait()
            .with_context(|| format!("lost {program}"))?
            && ended.get_or_insert_with(Instant::now).elapsed() > GRACE
        {
            break status;
        }
    };
    let stdout = apart
        .and_then(|whole| whole.recv_timeout(GRACE).ok())
        .unwrap_or_default();
    Ok(Finished {
        status,
        log: text,
        stdout,
    })
}

fn read_lines(pipe: PipeReader) -> Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut reader = BufReader::new(pipe);
        let mut line = Vec::new();
        while reader
            .read_until(b'\n', &mut line)
            .is_ok_and(|length| length > 0)
        {
            let text = String::from_utf8_lossy(&line);
            if sender
                .send(plain(text.trim_end_matches(['\n', '\r'])))
                .is_err()
            {
                break;
            }
            line.clear();
        }
    });
    receiver
}

fn read_whole(mut pipe: PipeReader) -> Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = pipe.read_to_end(&mut bytes);
        let _ = sender.send(String::from_utf8_lossy(&bytes).into_owned());
    });
    receiver
}

/// Text without the escape sequences of a terminal (colours, mostly).
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        if character != '\x1b' {
            plain.push(character);
            continue;
        }
        match characters.next() {
            Some('[') => while characters.next_if(|c| !('@'..='~').contains(c)).is_some() {},
            Some('(' | ')') => {}
            _ => continue,
        }
        characters.next();
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn keeps_both_streams_in_order() {
        let mut seen = Vec::new();
        let mut watch = |line: &str| seen.push(line.to_owned());
        let finished = run(
            &mut shell("echo one; echo two >&2; echo three; exit 3"),
            &mut watch,
        )
        .expect("sh runs");
        assert_eq!(
            (finished.log.as_str(), finished.status.code()),
            ("one\ntwo\nthree\n", Some(3))
        );
        seen.retain(|line| !line.is_empty());
        assert_eq!(seen, ["one", "two", "three"]);
    }

    #[test]
    fn keeps_standard_output_apart() {
        let finished =
            run_apart(&mut shell("echo data; echo note >&2"), &mut |_| {}).expect("sh runs");
        assert_eq!(
            (finished.stdout.as_str(), finished.log.as_str()),
            ("data\n", "note\n")
        );
    }

    #[test]
    fn does_not_wait_for_what_a_program_left_running() {
        let start = Instant::now();
        let finished = run(&mut shell("echo done; sleep 30 &"), &mut |_| {}).expect("sh runs");
        assert!(finished.status.success() && finished.log == "done\n");
        assert!(start.elapsed() < Duration::from_secs(20));
    }

    #[test]
    fn a_program_that_is_not_there_is_named() {
        let error = run(&mut Command::new("no-such-program"), &mut |_| {})
            .map(|_| ())
            .expect_err("it is not there");
        assert_eq!(error.to_string(), "cannot start no-such-program");
    }

    #[test]
    fn colours_are_removed() {
        assert_eq!(
            plain("test result: \x1b[32mok\x1b(B\x1b[m. 1 passed"),
            "test result: ok. 1 passed"
        );
        assert_eq!(plain("a\x1b[1;31mb\x1b[0m\x1b"), "ab");
    }
}
