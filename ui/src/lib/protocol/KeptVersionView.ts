// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.

/**
 * A version of the learner's that gave way.
 */
export type KeptVersionView = { version: string, 
/**
 * Milliseconds since 1970.
 */
at: number, 
/**
 * Title of the page whose start took its place.
 */
page: string, 
/**
 * The one file that it is about.
 */
file: string | null, };
