// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.

/**
 * How an action stands.
 */
export type ActionStatus = "running" | "done" | "warned" | "failed" | "skipped";
