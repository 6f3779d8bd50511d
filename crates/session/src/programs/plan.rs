//! What starting a process means on this computer.

use std::sync::Arc;

use atelier_content::programs::{LogPlace, LogSpec, ProgramSpec};
use camino::{Utf8Path, Utf8PathBuf};

use super::log::Log;
use super::process::{Ground, environment};
use crate::folders::Folders;
use crate::launch::Program;

/// Where logs lie, below the home.
const LOGS: &str = ".local/share/workshop";

/// What is to be started.
pub(super) struct Start {
    pub(super) program: Program,
    /// Standard error goes elsewhere than standard output.
    pub(super) apart: bool,
}

/// The program of a process.
///
/// # Errors
/// When it is not described well enough to be started, in a few words.
pub(super) fn start(number: u32, spec: &ProgramSpec, ground: &Ground) -> Result<Start, String> {
    if let Some(problem) = &spec.problem {
        return Err(problem.clone());
    }
    let mut env = environment(ground);
    let plan = spec
        .plan(number, |name| env.get(name).cloned())
        .map_err(|error| error.to_string())?;
    let folders = &ground.folders;
    let local = |text: &String| folders.localise(text);
    let mut words = plan.words.iter().map(local);
    let mut program = Program::new(
        words.next().unwrap_or_default(),
        directory(folders, plan.directory.as_deref()),
    );
    program.args = words.map(Into::into).collect();
    env.insert("SUPERVISOR_ENABLED".to_owned(), "1".to_owned());
    env.insert("SUPERVISOR_GROUP_NAME".to_owned(), spec.name.clone());
    let name = spec
        .names()
        .into_iter()
        .nth((number - spec.first_number) as usize);
    let name = name.unwrap_or_else(|| spec.name.clone());
    env.insert(
        "SUPERVISOR_PROCESS_NAME".to_owned(),
        own_name(&name).to_owned(),
    );
    for (name, value) in &plan.environment {
        env.insert(name.clone(), local(value));
    }
    program.env = env;
    program.umask = spec.umask;
    Ok(Start {
        program,
        apart: spec.errors.is_some(),
    })
}

/// The logs of a process: of its output, and of its errors when they go elsewhere.
pub(super) fn logs(
    name: &str,
    number: u32,
    spec: &ProgramSpec,
    ground: &Ground,
) -> (Arc<Log>, Option<Arc<Log>>) {
    let env = environment(ground);
    let plan = spec.plan(number, |name| env.get(name).cloned()).ok();
    let own = || {
        let logs = ground.folders.home.join(LOGS);
        Some(logs.join(format!("{}.log", own_name(name))))
    };
    let log = |place: Option<&LogPlace>, log: &LogSpec| {
        let path = match place.unwrap_or(&LogPlace::Own) {
            LogPlace::Own => own(),
            LogPlace::Nowhere => None,
            // What would lie outside the session is kept inside.
            LogPlace::File(path) => ground.folders.resolve(path).ok().or_else(own),
        };
        let folders = &ground.folders;
        let in_it = |root: &&Utf8Path| path.as_ref().is_some_and(|path| path.starts_with(root));
        let root = folders.roots().into_iter().find(in_it);
        Arc::new(Log::new(root.unwrap_or(&folders.home), path, log))
    };
    let output = log(plan.as_ref().map(|plan| &plan.output), &spec.output);
    let errors = spec.errors.as_ref().map(|errors| {
        let place = plan.as_ref().and_then(|plan| plan.errors.as_ref());
        let errors = log(place, errors);
        // Two logs in one file would set it aside under each other's hands.
        if errors.path().is_some() && errors.path() == output.path() {
            Arc::clone(&output)
        } else {
            errors
        }
    });
    (output, errors)
}

/// `web_00` of `web:web_00`.
fn own_name(name: &str) -> &str {
    name.split_once(':').map_or(name, |(_, own)| own)
}

fn directory(folders: &Folders, written: Option<&str>) -> Utf8PathBuf {
    let Some(written) = written else {
        return folders.home.clone();
    };
    let home = &folders.home;
    match written.strip_prefix("~/") {
        Some(rest) => home.join(rest.trim_start_matches('/')),
        None if written == "~" => home.clone(),
        None => home.join(folders.localise_place(written)),
    }
}
