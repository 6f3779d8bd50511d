// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.
import type { ControlView } from "./ControlView";

/**
 * A control with one value.
 */
export type FieldView = { 
/**
 * Its id.
 */
id: string, 
/**
 * What it is called.
 */
label: string, 
/**
 * The label is for screen readers alone.
 */
labelHidden: boolean, 
/**
 * Words below it.
 */
description: string | null, 
/**
 * Shown while it is empty.
 */
placeholder: string | null, 
/**
 * Must not be empty.
 */
required: boolean, 
/**
 * Cannot be changed.
 */
readOnly: boolean, 
/**
 * What kind of control it is.
 */
control: ControlView, };
