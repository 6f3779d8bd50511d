// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.

/**
 * What the window was started with.
 */
export type StartRequest = { 
/**
 * A workshop to open at once.
 */
path: string | null, 
/**
 * Its trust sheet is answered already.
 */
trust: boolean, 
/**
 * Start over instead of resuming.
 */
fresh: boolean, };
