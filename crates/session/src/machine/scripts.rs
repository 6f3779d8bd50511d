//! The scripts of a workshop as texts, and the programs that lie in its folder.

use std::collections::BTreeSet;

use atelier_content::Workshop;
use atelier_content::needs::ScriptText;
use camino::{Utf8Path, Utf8PathBuf};

use crate::received::{self, Kind};

/// How much of a script is read, in bytes.
const LONGEST: u64 = 256 * 1024;
/// How many scripts are read.
const MOST: usize = 200;

/// The scripts that run for a session: set-up, profiles, background programs, terminals of their own, examiner tests.
pub fn scripts(workshop: &Workshop) -> Vec<ScriptText> {
    let folder = &workshop.workshop_dir;
    let mut paths: Vec<Utf8PathBuf> = Vec::new();
    for (below, ending) in [
        ("setup.d", ".sh"),
        ("profile.d", ".sh"),
        ("supervisor", ".conf"),
        ("terminal", ".sh"),
        ("examiner/tests", ""),
    ] {
        paths.extend(files(&workshop.root, &folder.join(below), ending, 0));
    }
    for name in ["profile", "profile.d/sh.local", "terminal.sh"] {
        paths.push(folder.join(name));
    }
    let read = |path: Utf8PathBuf| {
        let text = text(&workshop.root.join(&path))?;
        let text = if path.extension() == Some("conf") {
            commands_of_programs(&text)
        } else {
            text
        };
        is_shell(&text).then_some(ScriptText { path, text })
    };
    paths.into_iter().take(MOST).filter_map(read).collect()
}

/// Names of the programs that a session receives with the workshop's files.
pub fn brought(workshop: &Workshop) -> BTreeSet<String> {
    let received = received::list(workshop).unwrap_or_default();
    let files = received
        .into_iter()
        .filter(|entry| entry.kind == Kind::File);
    let programs = files.filter(|entry| {
        let in_bin = entry.path.parent().and_then(Utf8Path::file_name) == Some("bin");
        in_bin || is_executable(&workshop.root.join(&entry.path))
    });
    programs
        .filter_map(|entry| entry.path.file_name().map(str::to_owned))
        .collect()
}

/// The files below a folder, sorted, relative to `root`. Links are not followed.
fn files(root: &Utf8Path, folder: &Utf8Path, ending: &str, depth: usize) -> Vec<Utf8PathBuf> {
    let Ok(entries) = root.join(folder).read_dir_utf8() else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for entry in entries.flatten().take(MOST) {
        let path = folder.join(entry.file_name());
        match entry.file_type() {
            Ok(kind) if kind.is_file() && path.as_str().ends_with(ending) => found.push(path),
            Ok(kind) if kind.is_dir() && ending.is_empty() && depth < 4 => {
                found.extend(files(root, &path, ending, depth + 1));
            }
            _ => {}
        }
    }
    found.sort();
    found
}

fn text(path: &Utf8Path) -> Option<String> {
    let about = std::fs::symlink_metadata(path).ok()?;
    if !about.is_file() || about.len() > LONGEST {
        return None;
    }
    let bytes = std::fs::read(path).ok()?;
    String::from_utf8(bytes).ok()
}

/// Whether a text is for a shell: it says so, or says nothing.
fn is_shell(text: &str) -> bool {
    match text.strip_prefix("#!") {
        Some(rest) => rest
            .lines()
            .next()
            .is_some_and(|line| line.trim_end().ends_with("sh")),
        None => true,
    }
}

/// The commands of a supervisor's configuration, each in its line.
fn commands_of_programs(text: &str) -> String {
    let line = |line: &str| {
        let (key, command) = line.split_once('=').unwrap_or_default();
        let command = if key.trim() == "command" { command } else { "" };
        // Text after ` ;` is a comment.
        command.split(" ;").next().unwrap_or_default().to_owned() + "\n"
    };
    text.lines().map(line).collect()
}

#[cfg(unix)]
fn is_executable(path: &Utf8Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).is_ok_and(|file| file.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_executable(_: &Utf8Path) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_commands_of_background_programs() {
        let text = "[program:app]\ncommand = node app.js ; the server\ndirectory=/x\n";
        assert_eq!(commands_of_programs(text), "\n node app.js\n\n");
    }

    #[test]
    fn tells_shell_scripts_from_others() {
        assert!(is_shell("#!/usr/bin/env bash\n") && is_shell("echo\n") && is_shell("#!/bin/sh"));
        assert!(!is_shell("#!/usr/bin/env python3\nimport os\n"));
    }
}
