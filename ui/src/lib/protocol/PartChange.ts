// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.

/**
 * How a part has changed.
 */
export type PartChange = "added" | "removed" | "changed";
