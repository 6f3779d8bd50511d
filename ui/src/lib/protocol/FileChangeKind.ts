// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.

/**
 * What became of a file since.
 */
export type FileChangeKind = "added" | "changed" | "removed";
