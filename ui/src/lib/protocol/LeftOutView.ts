// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.

/**
 * A file or folder that is neither kept nor exported.
 */
export type LeftOutView = { path: string, reason: string, };
