// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.

/**
 * How many examiner tests of the workshop have passed.
 */
export type ChecksView = { passed: number, total: number, };
