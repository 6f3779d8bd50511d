// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.

/**
 * What the window decides by; everything else is a message.
 */
export type ErrorCode = "no-session" | "not-trusted" | "read-only" | "conflict" | "not-text" | "not-found" | "busy" | "other";
