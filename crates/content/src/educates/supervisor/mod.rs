//! `workshop/supervisor/*.conf`: which programs a session keeps running (`session.md` 7.3).

mod ini;
#[cfg(test)]
mod tests;
mod values;

use std::ops::Range;

use self::ini::{Entry, Section};
use self::values::{Failed, Reading};
use super::files::Files;
use crate::diagnostic::{Diagnostic, FileId, Sources, Span};
use crate::programs::{LogPlace, LogSpec, ProgramError, ProgramSpec, Restart, expand, words};

/// No workshop has more programs.
const MAX_PROGRAMS: usize = 64;

/// What a program may say.
const KEYS: &[&str] = &[
    "autorestart",
    "autostart",
    "command",
    "directory",
    "environment",
    "exitcodes",
    "killasgroup",
    "numprocs",
    "numprocs_start",
    "priority",
    "process_name",
    "redirect_stderr",
    "startretries",
    "startsecs",
    "stderr_logfile",
    "stderr_logfile_backups",
    "stderr_logfile_maxbytes",
    "stdout_logfile",
    "stdout_logfile_backups",
    "stdout_logfile_maxbytes",
    "stopasgroup",
    "stopsignal",
    "stopwaitsecs",
    "umask",
];

/// What it may say, and what comes of it here.
const IGNORED: &[(&str, &str)] = &[
    ("user", "programs run as the learner"),
    ("serverurl", "`supervisorctl` finds the session by itself"),
    ("stdout_capture_maxbytes", NO_EVENTS),
    ("stderr_capture_maxbytes", NO_EVENTS),
    ("stdout_events_enabled", NO_EVENTS),
    ("stderr_events_enabled", NO_EVENTS),
    ("stdout_syslog", NO_SYSLOG),
    ("stderr_syslog", NO_SYSLOG),
];
const NO_EVENTS: &str = "there are no event listeners";
const NO_SYSLOG: &str = "what it prints is in its own log";

/// The session's own logs lie beside those of the programs, under these names.
const TAKEN: &[&str] = &["examiner-scripts", "setup-scripts"];

/// Placeholders beside `%(ENV_NAME)s`.
const PLACEHOLDERS: &[&str] = &[
    "group_name",
    "here",
    "numprocs",
    "process_num",
    "program_name",
];

/// Reads every file of a workshop's folder, in byte order of their names.
pub(super) fn programs(files: &mut Files, sources: &mut Sources) -> Vec<ProgramSpec> {
    let folder = files.layout.workshop.join(crate::programs::folder());
    files.scan(&folder);
    let mut all = Vec::new();
    for path in files.below(&folder) {
        if path.parent() != Some(&folder) || path.extension() != Some("conf") {
            continue;
        }
        if let Some(file) = files.read(path.as_str(), sources) {
            let text = sources.file(file).text();
            let (read, mut diagnostics) = read(file, text, folder.as_str());
            files.diagnostics.append(&mut diagnostics);
            add(&mut all, read);
        }
    }
    all
}

/// Adds the programs of one more file; those of a name that is there already take its place.
pub(super) fn add(all: &mut Vec<ProgramSpec>, more: Vec<ProgramSpec>) {
    for program in more {
        match all.iter().position(|each| each.name == program.name) {
            Some(known) => all[known] = program,
            None if all.len() < MAX_PROGRAMS => all.push(program),
            None => {}
        }
    }
}

/// The programs of one file, and what its author should fix. `here` is the file's folder.
pub(super) fn read(file: FileId, text: &str, here: &str) -> (Vec<ProgramSpec>, Vec<Diagnostic>) {
    let mut found = Findings {
        file,
        all: Vec::new(),
    };
    let (sections, strays) = ini::sections(text);
    for (span, reason) in strays {
        found.error("this line cannot be read", span, reason);
    }
    let mut merged: Vec<Section> = Vec::new();
    for section in sections {
        let name = section.name.as_str();
        if name.strip_prefix("program:").is_none() {
            found.ignored_section(&section);
        } else if let Some(earlier) = merged.iter_mut().find(|each| each.name == name) {
            earlier.entries.extend(section.entries);
        } else {
            merged.push(section);
        }
    }
    let programs = merged
        .iter()
        .filter_map(|section| program(section, here, &mut found))
        .collect();
    (programs, found.all)
}

/// What was found in one file.
pub(super) struct Findings {
    file: FileId,
    all: Vec<Diagnostic>,
}

impl Findings {
    fn error(&mut self, message: impl Into<String>, span: Range<usize>, label: &str) {
        let diagnostic = Diagnostic::error("invalid-program", message);
        self.all
            .push(diagnostic.at(Span::new(self.file, span), label));
    }

    fn ignored(&mut self, message: String, span: Range<usize>, label: &str) {
        let diagnostic = Diagnostic::warning("ignored-program-key", message);
        self.all
            .push(diagnostic.at(Span::new(self.file, span), label));
    }

    fn ignored_section(&mut self, section: &Section) {
        let kind = section.name.split(':').next().unwrap_or_default();
        let reason = match kind {
            "eventlistener" | "fcgi-program" => "programs of this kind do not run here",
            "group" => "each program stands by itself",
            "include" => "put each file into workshop/supervisor",
            "supervisord" | "supervisorctl" | "unix_http_server" | "inet_http_server"
            | "rpcinterface" => "the session sees to this itself",
            _ => "a program begins with `[program:NAME]`",
        };
        let message = format!("the section `{}` is ignored", section.name);
        self.ignored(message, section.span.clone(), reason);
    }

    fn unknown(&mut self, entry: &Entry) {
        let near = KEYS
            .iter()
            .map(|key| (strsim::damerau_levenshtein(key, &entry.key), key))
            .min()
            .filter(|(distance, _)| *distance <= 2);
        let message = format!("a program has no key `{}`", entry.key);
        let mut diagnostic = Diagnostic::warning("unknown-program-key", message)
            .at(Span::new(self.file, entry.span.clone()), "it is ignored");
        if let Some((_, key)) = near {
            diagnostic = diagnostic.help(format!("did you mean `{key}`?"));
        }
        self.all.push(diagnostic);
    }
}

fn program(section: &Section, here: &str, found: &mut Findings) -> Option<ProgramSpec> {
    let name = section
        .name
        .strip_prefix("program:")
        .unwrap_or_default()
        .trim();
    if let Err(reason) = check_name(name) {
        let message = "this cannot be the name of a program";
        found.error(message, section.span.clone(), reason);
        return None;
    }
    for entry in &section.entries {
        if let Some((_, reason)) = IGNORED.iter().find(|(key, _)| *key == entry.key) {
            found.ignored(
                format!("`{}` is ignored", entry.key),
                entry.span.clone(),
                reason,
            );
        } else if !KEYS.contains(&&*entry.key) {
            found.unknown(entry);
        }
    }
    let mut reading = Reading::new(section, found);
    let stop_as_group = reading.flag("stopasgroup", false);
    // The whole group is killed in any case: what is left of it would keep its port.
    reading.flag("killasgroup", stop_as_group);
    let redirect = reading.flag("redirect_stderr", false);
    let output = log(&mut reading, "stdout");
    let errors = log(&mut reading, "stderr");
    let errors = (!redirect && errors.place != output.place).then_some(errors);
    let mut spec = ProgramSpec {
        name: name.to_owned(),
        process_name: reading
            .text("process_name")
            .unwrap_or("%(program_name)s")
            .to_owned(),
        command: reading.text("command").unwrap_or_default().to_owned(),
        processes: reading.number("numprocs", 1, 1..=crate::programs::MAX_PROCESSES),
        first_number: reading.number("numprocs_start", 0, 0..=9999),
        priority: reading.number("priority", 999, -9999..=9999),
        autostart: reading.flag("autostart", true),
        restart: reading.value("autorestart", Restart::Unexpected, values::restart),
        exit_codes: reading.value("exitcodes", vec![0], values::exit_codes),
        start_seconds: reading.number("startsecs", 1, 0..=3600),
        start_retries: reading.number("startretries", 3, 0..=100),
        stop_signal: reading.value("stopsignal", values::TERM, values::signal),
        stop_seconds: reading.number("stopwaitsecs", 10, 0..=3600),
        stop_as_group,
        directory: reading.text("directory").map(str::to_owned),
        environment: reading.value("environment", Vec::new(), values::pairs),
        umask: reading.value("umask", None, values::umask),
        output,
        errors,
        here: here.to_owned(),
        problem: None,
    };
    reading.placeholders();
    let own = |name: &String| {
        let own = name.split_once(':').map_or(&**name, |(_, own)| own);
        check_name(own).err()
    };
    if let Some(reason) = spec.names().iter().find_map(own) {
        reading.complain("process_name", reason);
        spec.process_name = "%(program_name)s".to_owned();
        spec.processes = 1;
    }
    let named: std::collections::BTreeSet<_> = spec.names().into_iter().collect();
    if named.len() < spec.processes as usize {
        let reason = "`process_name` must hold `%(process_num)02d` when `numprocs` is more than 1";
        reading.complain("numprocs", reason);
        spec.processes = 1;
    }
    spec.problem = reading.command_problem(&spec.command);
    Some(spec)
}

/// Whether a program or a process may be called this, or why not: its log is a file of this name.
fn check_name(name: &str) -> Result<(), &'static str> {
    let fits = !name.is_empty()
        && name != "all"
        && name.len() <= 100
        && !name.starts_with('.')
        && !name.contains(|c: char| c.is_whitespace() || c.is_control() || "/:*".contains(c));
    if !fits {
        return Err("a name has no spaces, `/`, `:` or `*`");
    }
    let is_taken = TAKEN.iter().any(|taken| name.eq_ignore_ascii_case(taken));
    if is_taken {
        return Err("the session keeps a log of its own under this name");
    }
    Ok(())
}

fn log(reading: &mut Reading<'_, '_>, stream: &str) -> LogSpec {
    let key = |rest: &str| format!("{stream}_logfile{rest}");
    LogSpec {
        place: reading
            .text(&key(""))
            .map_or(LogPlace::Own, values::log_place),
        max_bytes: reading.value(&key("_maxbytes"), values::LOG_BYTES, values::bytes),
        backups: reading.number(&key("_backups"), values::LOG_BACKUPS, 0..=10),
    }
}

impl Reading<'_, '_> {
    /// Placeholders that nothing fills in.
    fn placeholders(&mut self) {
        let keys = [
            "command",
            "directory",
            "environment",
            "process_name",
            "stdout_logfile",
            "stderr_logfile",
        ];
        for key in keys {
            let Some(text) = self.text(key) else { continue };
            let known = |name: &str| {
                let known = PLACEHOLDERS.contains(&name) || name.starts_with("ENV_");
                known.then(|| "0".to_owned())
            };
            if let Err(error) = expand(text, known) {
                self.complain(key, &error.to_string());
            }
        }
    }

    /// Why a command cannot run, whatever the environment.
    fn command_problem(&mut self, command: &str) -> Option<String> {
        let problem = match words(command) {
            Ok(_) => return None,
            Err(ProgramError::Empty) => ProgramError::Empty.to_string(),
            Err(error) => error.to_string(),
        };
        let failed = Failed(problem.clone());
        self.complain("command", &failed.0);
        Some(problem)
    }
}
