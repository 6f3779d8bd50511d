// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.

/**
 * What is wrong with what a control holds.
 */
export type FieldProblem = { 
/**
 * The control, or the list.
 */
id: string, 
/**
 * What to do about it, in a few words.
 */
message: string, };
