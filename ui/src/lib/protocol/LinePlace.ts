// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.

/**
 * Where a line is scrolled to.
 */
export type LinePlace = "start" | "center" | "end";
