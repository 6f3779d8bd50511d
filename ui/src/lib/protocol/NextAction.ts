// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.

/**
 * An action that follows another one.
 */
export type NextAction = { 
/**
 * Which.
 */
action: string, 
/**
 * Wait so many milliseconds first.
 */
after: number, 
/**
 * It follows by cascade: stop the chain when it is cooling down.
 */
cascade: boolean, };
