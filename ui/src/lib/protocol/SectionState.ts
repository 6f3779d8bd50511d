// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.

/**
 * Whether a section is open.
 */
export type SectionState = { 
/**
 * Index into the page's sections.
 */
section: number, 
/**
 * Its content is shown (when its parents' is).
 */
open: boolean, };
