// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.

/**
 * Why a block is an error card.
 */
export type ActionProblem = { 
/**
 * One sentence.
 */
message: string, 
/**
 * Relative to the workshop's folder.
 */
file: string, 
/**
 * From 1.
 */
line: number, 
/**
 * From 1.
 */
column: number, 
/**
 * The author's own text of the block.
 */
source: string, };
