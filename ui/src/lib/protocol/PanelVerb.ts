// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.

/**
 * What is done with the terminals of the editor.
 */
export type PanelVerb = "toggle" | "new" | "focus" | "clear" | "kill";
