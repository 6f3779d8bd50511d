// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.

/**
 * How far somebody has got who does the rest of a page.
 */
export type StepRequest = { 
/**
 * Actions that were run so far, in order; one that was run again stands here again.
 */
tried: Array<string>, 
/**
 * What the last ones have set off and is to be run before anything else, in order.
 */
following: Array<string>, 
/**
 * Those of `tried` that have not ended and are not waited for: checks that are tried until they pass.
 */
pending: Array<string>, };
