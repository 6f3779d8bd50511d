//! Names the commands that the window may call; `capabilities/main.json` allows them to local content alone.

use std::path::Path;

const COMMANDS: &[&str] = &[
    "acknowledge_terminal",
    "action_failed",
    "addresses",
    "allow_workshop",
    "attach_terminal",
    "bring_back",
    "cancel_action",
    "cancel_setup",
    "cancel_start",
    "choose_archive",
    "choose_session",
    "choose_workshop",
    "clear_editor_terminal",
    "close_editor_terminal",
    "close_session",
    "close_window",
    "copy_in",
    "copy_text",
    "dashboard_answers",
    "detach_terminal",
    "enter_page",
    "export_session",
    "finish",
    "follow_link",
    "follow_program",
    "frame_message",
    "inspect_workshop",
    "isolate_workshop",
    "leave_page",
    "library",
    "list_folder",
    "next_step",
    "open_editor_terminal",
    "open_kept_folder",
    "open_url",
    "page",
    "pass_over_setup",
    "perform_action",
    "programs",
    "read_document",
    "read_workshop",
    "reload_page",
    "remove_stored_session",
    "remove_unused_archives",
    "resize_terminal",
    "resolve_workshop",
    "restore",
    "restore_view",
    "run_setup",
    "save_document",
    "save_form",
    "save_view",
    "session_losses",
    "session_size",
    "session_view",
    "sessions",
    "set_session_aside",
    "set_terminal_colours",
    "skip_action",
    "start_program",
    "start_request",
    "start_session",
    "stop_program",
    "subscribe",
    "trust_workshop",
    "watch_documents",
    "write_terminal",
];

/// What is embedded: the UI, and the one that window tests look into (`crates/xtask/src/stage/window.rs`).
const EMBEDDED: &[&str] = &["../ui/dist", "../target/e2e/ui"];

fn main() {
    // Tauri tells Cargo of the files that it embeds, and so of none that were not there the last time.
    for folder in EMBEDDED.iter().filter(|folder| Path::new(folder).is_dir()) {
        println!("cargo:rerun-if-changed={folder}");
    }
    let manifest = tauri_build::AppManifest::new().commands(COMMANDS);
    let attributes = tauri_build::Attributes::new().app_manifest(manifest);
    tauri_build::try_build(attributes).expect("the window's configuration is valid");
}
