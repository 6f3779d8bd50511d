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
