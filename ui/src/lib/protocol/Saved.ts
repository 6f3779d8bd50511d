// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.

/**
 * A file was saved.
 */
export type Saved = { 
/**
 * Hash of the bytes now on disk.
 */
version: string, };
