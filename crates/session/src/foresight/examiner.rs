//! The programs of checks: whether there is one for every check, and whether it may be run.

use std::collections::{BTreeMap, BTreeSet};

use atelier_content::action::{ExaminerTest, PageAction};
use atelier_content::diagnostic::Fix;
use atelier_content::{Diagnostic, Span, Workshop};
use camino::Utf8Path;

use super::home::{self, Home};
use super::places::place;
use super::{closest, scripts::has_interpreter};
use crate::received::{Kind, Received};

/// By these a line is known that may write a file.
const WRITES: [&str; 7] = ["> ", ">$", ">~", "tee ", "write", "cp ", "mv "];

/// The programs below `examiner/tests`.
#[derive(Debug)]
pub(super) struct Tests {
    /// By name: whether it may be run.
    programs: BTreeMap<String, bool>,
    /// The lines of them that may write files, by name.
    texts: BTreeMap<String, String>,
    /// Those that are texts and do not say what reads them.
    bare: BTreeSet<String>,
    /// A script of the session may add more.
    more: bool,
    /// Where they lie, for the messages.
    folder: String,
}

impl Tests {
    pub(super) fn new(workshop: &Workshop, received: &[Received], scripts: &[String]) -> Self {
        let folder = workshop.workshop_dir.join("examiner/tests");
        let given = received.iter().filter_map(|entry| {
            let name = entry.path.strip_prefix(&folder).ok()?;
            let may_run = match entry.kind {
                Kind::File => is_executable(&workshop.root.join(&entry.path)),
                Kind::Link(_) => true,
                Kind::EmptyFolder => return None,
            };
            Some((name.to_string(), may_run))
        });
        // Whether those of the definition may be run is not the author's to say.
        let inline = workshop.inline_files.iter();
        let inline = inline.filter_map(|(path, _)| {
            let name = path.strip_prefix(&folder).ok()?;
            Some((name.to_string(), true))
        });
        let programs = given.chain(inline).collect();
        let below = Utf8Path::new("examiner/tests");
        let texts = home::own_texts(workshop, received, |path| path.starts_with(below));
        let named = |path: &Utf8Path| path.strip_prefix(below).map(Utf8Path::to_string).ok();
        let bare = texts.iter().filter(|(_, text)| !has_interpreter(text));
        let bare = bare.filter_map(|(path, _)| named(path)).collect();
        let texts = texts.into_iter().filter_map(|(path, text)| {
            let writes = |line: &&str| WRITES.iter().any(|sign| line.contains(sign));
            let lines: Vec<_> = text.lines().filter(writes).collect();
            Some((named(&path)?, lines.join("\n")))
        });
        Self {
            bare,
            texts: texts.collect(),
            programs,
            more: scripts.iter().any(|script| script.contains("examiner")),
            folder: folder.to_string(),
        }
    }

    /// What of the program of a check may write files.
    pub(super) fn text(&self, name: &str) -> &str {
        self.texts.get(name).map_or("", String::as_str)
    }

    /// What is wrong with the program of a check, whose name is written at `place`.
    pub(super) fn problem(
        &self,
        action: &PageAction,
        test: &ExaminerTest,
        place: Span,
    ) -> Option<Diagnostic> {
        if test.url.is_some() || self.more {
            return None;
        }
        let (name, folder) = (&test.name, &self.folder);
        match self.programs.get(name) {
            Some(true) if self.bare.contains(name) => Some(
                Diagnostic::warning(
                    "missing-shebang",
                    format!("`{folder}/{name}` does not begin with `#!`"),
                )
                .at(place, "which program reads it is left to chance")
                .help(format!(
                    "write `#!/usr/bin/env bash`, or what else reads {name}, as its first line"
                )),
            ),
            Some(true) => None,
            Some(false) => Some(
                Diagnostic::warning(
                    "test-not-executable",
                    format!("`{folder}/{name}` may not be run: it lacks the executable bit"),
                )
                .at(
                    action.span.clone(),
                    "fails elsewhere, and here without `#!`",
                )
                .help(format!("chmod +x {folder}/{name}"))
                .fix(Fix::make_executable(format!("{folder}/{name}"))),
            ),
            None => {
                let diagnostic =
                    Diagnostic::error("missing-test", format!("there is no check `{name}`"))
                        .at(place, "it will fail");
                Some(match closest(name, self.programs.keys()) {
                    // A check that is still to be written may have a name like that too.
                    Some(close) => diagnostic.did_you_mean(close, name).suggested(),
                    None => diagnostic.help(format!("put a program of this name into {folder}")),
                })
            }
        }
    }
}

/// The arguments of a check that are nearly the name of a file of the exercises, and name none.
pub(super) fn mistaken(
    workshop: &Workshop,
    home: &Home,
    action: &PageAction,
    test: &ExaminerTest,
) -> Vec<Diagnostic> {
    let found = test.args.iter().filter_map(|written| {
        Utf8Path::new(written).extension()?;
        let path = if written.starts_with(['~', '/', '$']) {
            home::key(written)?
        } else {
            home::join(Utf8Path::new("exercises"), written)?
        };
        let meant = home.mistaken_for(&path)?;
        let message = format!("there is no file `{written}` when this check runs");
        Some(
            Diagnostic::warning("missing-path", message)
                .at(
                    place(workshop, action, &["args"], written),
                    "it will not find it",
                )
                .help(format!("did you mean `~/{meant}`?")),
        )
    });
    found.collect()
}

/// Whether a file may be run.
#[cfg(unix)]
pub(super) fn is_executable(file: &Utf8Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(file).is_ok_and(|about| about.permissions().mode() & 0o111 != 0)
}

/// Whether a file may be run.
#[cfg(not(unix))]
pub(super) fn is_executable(_: &Utf8Path) -> bool {
    true
}
