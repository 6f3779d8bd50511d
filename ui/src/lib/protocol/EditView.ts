// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.
import type { ChangeView } from "./ChangeView";

/**
 * A planned change in the window's units: UTF-16 code units into `\n`-only text.
 */
export type EditView = { 
/**
 * Sorted and disjoint.
 */
changes: Array<ChangeView>, 
/**
 * Into the text after the changes; none leaves the selection to follow the text.
 */
select: [number, number] | null, };
