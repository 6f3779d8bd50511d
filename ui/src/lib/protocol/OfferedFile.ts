// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.

/**
 * A file of the workshop that is newer than the session's copy, or that is gone.
 */
export type OfferedFile = { 
/**
 * Relative to the workshop's folder; its name.
 */
name: string, 
/**
 * Where the copy is, or goes: `~/exercises/app.py`.
 */
path: string, 
/**
 * The copy is not there.
 */
new: boolean, 
/**
 * The copy has been changed in the session.
 */
yours: boolean, 
/**
 * It is gone from the workshop: its copy goes too when the author says so.
 */
gone: boolean, 
/**
 * Another one after each change of it.
 */
version: string, };
