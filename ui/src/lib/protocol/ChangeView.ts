// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.

/**
 * One replacement.
 */
export type ChangeView = { from: number, to: number, insert: string, };
