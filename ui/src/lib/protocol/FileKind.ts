// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.

/**
 * What an entry of a folder is.
 */
export type FileKind = "folder" | "file";
