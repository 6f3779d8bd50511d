// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.
import type { ChoiceView } from "./ChoiceView";

/**
 * A kind of control.
 */
export type ControlView = { "kind": "text", text: "line" | "area" | "password" | "email" | "url" | "tel" | "date" | "time", minLength: number | null, maxLength: number | null, } | { "kind": "number", integer: boolean, slider: boolean, min: number | null, max: number | null, step: number | null, } | { "kind": "checkbox" } | { "kind": "choice", style: "select" | "radios" | "buttons", options: Array<ChoiceView>, } | { "kind": "checkboxes", options: Array<ChoiceView>, } | { "kind": "hidden" };
