// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.

/**
 * A terminal of the editor. Where terminals are asked for by name, it is `editor:NAME`; no other name has a colon.
 */
export type EditorTerminalView = { 
/**
 * Its name, as actions use it.
 */
name: string, 
/**
 * The process id of its shell, which tells it from an earlier one of the same name.
 */
shell: number, };
