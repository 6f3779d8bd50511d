// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.

/**
 * How soon after it ended an action may run again.
 */
export type CooldownView = { "kind": "none" } | { "kind": "for", 
/**
 * Milliseconds.
 */
millis: number, } | { "kind": "forever" };
