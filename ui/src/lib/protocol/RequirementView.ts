// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.

/**
 * A program that the workshop uses.
 */
export type RequirementView = { 
/**
 * The program's name.
 */
name: string, 
/**
 * Where it was found on this machine.
 */
found: string | null, };
