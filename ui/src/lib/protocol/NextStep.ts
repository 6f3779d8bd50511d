// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.

/**
 * What comes next.
 */
export type NextStep = { "kind": "run", 
/**
 * Which.
 */
action: string, 
/**
 * What is left of the request's `following`.
 */
following: Array<string>, } | { "kind": "wait", 
/**
 * Which.
 */
action: string, } | { "kind": "failed", 
/**
 * Which.
 */
action: string, } | { "kind": "ask", 
/**
 * Which.
 */
action: string, } | { "kind": "done", 
/**
 * Actions in sight that were passed over because they are for the learner alone.
 */
leftOut: Array<string>, };
