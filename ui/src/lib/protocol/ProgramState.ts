// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.

/**
 * How a background program is doing, in supervisor's words.
 */
export type ProgramState = "stopped" | "starting" | "running" | "backoff" | "stopping" | "exited" | "fatal";
