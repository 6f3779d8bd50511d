// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.
import type { FormPart } from "./FormPart";

/**
 * A form that is filled in before its action is performed. Ids hold `[]` for the positions in the lists around them.
 */
export type FormView = { 
/**
 * What it shows, in order.
 */
items: Array<FormPart>, 
/**
 * What its button says.
 */
submit: string, 
/**
 * What its controls hold at the start, by id with positions.
 */
values: Record<string, boolean | number | string>, };
