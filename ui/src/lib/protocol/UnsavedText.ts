// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.

/**
 * What was typed into a file and is not on the disk, because the disk has another text.
 */
export type UnsavedText = { path: string, text: string, };
