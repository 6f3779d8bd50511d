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
 * It is its author who asks: trusted whatever its content, and changes are shown as they are saved.
 */
author: boolean, 
/**
 * Start over instead of resuming.
 */
fresh: boolean, };
