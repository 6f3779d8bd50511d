// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.

/**
 * How a step of the set-up is doing.
 */
export type SetupStatus = "waiting" | "running" | "passed" | "failed";
