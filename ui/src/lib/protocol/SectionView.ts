// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.

/**
 * A section, between two actions of the page.
 */
export type SectionView = { 
/**
 * Index of the action that opens it.
 */
begin: number, 
/**
 * Index of the action that closes it.
 */
end: number, 
/**
 * The section that it lies in.
 */
parent: number | null, };
