// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.

/**
 * How far a session's programs may reach.
 */
export type Isolation = "folder" | "isolated";
