// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.

/**
 * A script that a session would run.
 */
export type ScriptView = { name: string, text: string, };
