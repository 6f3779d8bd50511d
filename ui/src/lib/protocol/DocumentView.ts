// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.

/**
 * A text file as the editor gets it.
 */
export type DocumentView = { 
/**
 * `~/exercises/app.py`, or absolute outside the home.
 */
path: string, 
/**
 * `\n` line ends, no byte order mark; the file's own are put back when it is saved.
 */
text: string, 
/**
 * Hash of the bytes on disk.
 */
version: string, 
/**
 * It cannot be written, and why.
 */
readOnly: string | null, };
