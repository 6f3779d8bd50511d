//! Which version of a program is here.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use super::{Requirement, Verdict};

/// How long a program may take to say its version.
pub(crate) const LIMIT: Duration = Duration::from_secs(5);
/// How much of what it says is read, in bytes.
pub(crate) const READ: u64 = 16 * 1024;

/// Fills in the versions of programs that are here and have a minimum; all are asked at once.
pub(super) fn ask(requirements: &mut [Requirement]) {
    thread::scope(|scope| {
        for requirement in requirements {
            let Some((path, argument)) = question(requirement) else {
                continue;
            };
            scope.spawn(move || {
                let said = say(&path, argument);
                judge(requirement, &said);
            });
        }
    });
}

/// What to start, with which argument, to hear a version; `None` where none is asked for.
pub(crate) fn question(requirement: &Requirement) -> Option<(PathBuf, &'static str)> {
    requirement.minimum.as_ref()?;
    let argument = match requirement.name.as_str() {
        "go" | "helm" | "kustomize" | "minikube" => "version",
        "java" | "javac" => "-version",
        "ssh" | "tmux" => "-V",
        _ => "--version",
    };
    Some((requirement.path.clone()?, argument))
}

/// Holds what a program said, each of its outputs for itself, against the minimum. A version that nobody can read counts as
/// good: the program itself is here.
pub(crate) fn judge(requirement: &mut Requirement, said: &[String]) {
    requirement.version = said.iter().find_map(|text| find(text));
    let (version, minimum) = (&requirement.version, &requirement.minimum);
    if let (Some(version), Some(minimum)) = (version, minimum)
        && is_older(version, minimum)
    {
        requirement.verdict = Verdict::TooOld;
    }
}

/// What a program says, on each of its outputs; nothing where it does not end in time.
fn say(path: &Path, argument: &str) -> Vec<String> {
    let mut command = Command::new(path);
    command
        .arg(argument)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .current_dir("/");
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let Ok(mut child) = command.spawn() else {
        return Vec::new();
    };
    let (sender, receiver) = mpsc::channel();
    let streams: [Option<Box<dyn Read + Send>>; 2] = [
        child.stdout.take().map(|out| Box::new(out) as _),
        child.stderr.take().map(|err| Box::new(err) as _),
    ];
    for (at, stream) in streams.into_iter().enumerate() {
        let sender = sender.clone();
        thread::spawn(move || {
            let mut bytes = Vec::new();
            if let Some(stream) = stream {
                let _ = stream.take(READ).read_to_end(&mut bytes);
            }
            let _ = sender.send((at, String::from_utf8_lossy(&bytes).into_owned()));
        });
    }
    let mut said = [String::new(), String::new()];
    let mut in_time = true;
    for _ in 0..2 {
        match receiver.recv_timeout(LIMIT) {
            Ok((at, text)) => said[at] = text,
            Err(_) => in_time = false,
        }
    }
    end(&mut child);
    if in_time { said.into() } else { Vec::new() }
}

/// Ends a program and what it has started; one that has ended already is only waited for.
fn end(child: &mut Child) {
    #[cfg(unix)]
    if let Ok(None) = child.try_wait()
        && let Some(group) = i32::try_from(child.id())
            .ok()
            .and_then(rustix::process::Pid::from_raw)
    {
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
    #[cfg(not(unix))]
    let _ = child.kill();
    let _ = child.wait();
}

/// The first number with a dot, else the first number by itself, of a program's own words.
fn find(text: &str) -> Option<String> {
    let numbers: Vec<&str> = text
        .split(|c: char| !(c.is_ascii_digit() || c == '.'))
        .map(|part| part.trim_matches('.'))
        .filter(|part| !part.is_empty())
        .collect();
    let dotted = numbers.iter().find(|part| part.contains('.'));
    let version = dotted.or_else(|| numbers.first())?;
    // Java 8 calls itself 1.8.
    let is_java = text.contains("version \"1.") || text.starts_with("javac 1.");
    Some(if is_java {
        version.strip_prefix("1.").unwrap_or(version).to_owned()
    } else {
        (*version).to_owned()
    })
}

/// Whether a version is older than a minimum, number by number; what the minimum does not say does not matter.
fn is_older(version: &str, minimum: &str) -> bool {
    let numbers = |text: &str| -> Vec<u64> {
        text.split('.')
            .map(|part| part.parse().unwrap_or(0))
            .collect()
    };
    let (have, need) = (numbers(version), numbers(minimum));
    for (at, need) in need.iter().enumerate() {
        match have.get(at).copied().unwrap_or(0).cmp(need) {
            std::cmp::Ordering::Less => return true,
            std::cmp::Ordering::Greater => return false,
            std::cmp::Ordering::Equal => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_programs_say() {
        for (text, expected) in [
            ("Python 3.11.2\n", Some("3.11.2")),
            ("jq-1.6\n", Some("1.6")),
            ("v20.11.0", Some("20.11.0")),
            ("git version 2.39.5 (Apple Git-154)", Some("2.39.5")),
            ("go version go1.22.1 linux/amd64", Some("1.22.1")),
            ("openjdk version \"21.0.2\" 2024-01-16", Some("21.0.2")),
            (
                "openjdk version \"21\" 2023-09-19\nOpenJDK Runtime Environment (build 21+35)",
                Some("21"),
            ),
            ("java version \"1.8.0_391\"", Some("8.0")),
            ("Docker version 27.3.1, build ce12230", Some("27.3.1")),
            ("no version here", None),
        ] {
            assert_eq!(find(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn compares_number_by_number() {
        for (have, need, older) in [
            ("3.9", "3.11", true),
            ("3.11", "3.9", false),
            ("3.11.2", "3.11", false),
            ("21", "21.0.1", true),
            ("21.0.2", "21", false),
            ("8.0", "17", true),
        ] {
            assert_eq!(is_older(have, need), older, "{have} < {need}");
        }
    }
}
