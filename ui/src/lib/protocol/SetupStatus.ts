// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.

/**
 * How a set-up script is doing.
 */
export type SetupStatus = "waiting" | "running" | "passed" | "failed";
