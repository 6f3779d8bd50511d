//! Who is still running.

use std::fs;

/// The command lines of all processes whose environment or command line contains a text.
pub fn processes_with(text: &str) -> Vec<String> {
    let Ok(entries) = fs::read_dir("/proc") else {
        return Vec::new();
    };
    let own = std::process::id().to_string();
    let found = entries.flatten().filter_map(|entry| {
        let id = entry.file_name().into_string().ok()?;
        if id == own || !id.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        // A process that has ended meanwhile has neither.
        let [command, environment] = ["cmdline", "environ"].map(|file| {
            let bytes = fs::read(entry.path().join(file)).unwrap_or_default();
            String::from_utf8_lossy(&bytes).replace('\0', " ")
        });
        (command.contains(text) || environment.contains(text)).then(|| format!("{id} {command}"))
    });
    found.collect()
}

/// Whether a process lives whose environment or command line contains a text, and which knows itself by this id: programs of an
/// isolated session have ids of their own.
pub fn knows_itself_as(text: &str, id: &str) -> bool {
    processes_with(text).iter().any(|line| {
        let outer = line.split(' ').next().unwrap_or_default();
        let status = fs::read_to_string(format!("/proc/{outer}/status")).unwrap_or_default();
        let field = |name: &str| status.lines().find_map(|line| line.strip_prefix(name));
        let is_over = field("State:").is_none_or(|state| state.trim().starts_with('Z'));
        let own = field("NSpid:").and_then(|ids| ids.split_whitespace().last());
        own == Some(id) && !is_over
    })
}
