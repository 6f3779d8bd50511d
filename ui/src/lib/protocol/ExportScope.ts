// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.

/**
 * What an export holds.
 */
export type ExportScope = "exercises" | "home";
