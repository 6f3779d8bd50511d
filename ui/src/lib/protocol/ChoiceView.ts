// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.

/**
 * Something to choose.
 */
export type ChoiceView = { value: string, title: string, };
