// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.
import type { FieldView } from "./FieldView";

/**
 * A part of a form.
 */
export type FormPart = { "kind": "help", html: string, } | { "kind": "group", title: string | null, description: string | null, 
/**
 * Closed at first.
 */
folded: boolean, items: Array<FormPart>, } | { "kind": "field", field: FieldView, } | { "kind": "list", id: string, title: string | null, description: string | null, min: number, max: number, 
/**
 * The parts of one item.
 */
items: Array<FormPart>, 
/**
 * What a new item holds, by id without positions.
 */
blank: Record<string, boolean | number | string>, };
