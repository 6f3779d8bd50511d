// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.

/**
 * A script of the set-up, or a file of programs, that has not run as it is now.
 */
export type OfferedScript = { 
/**
 * Relative to the workshop's folder.
 */
name: string, 
/**
 * Another one after each change of it.
 */
version: string, };
