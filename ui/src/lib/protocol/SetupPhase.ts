// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.

/**
 * What set-up is doing.
 */
export type SetupPhase = "running" | "failed" | "stopped" | "ended";
