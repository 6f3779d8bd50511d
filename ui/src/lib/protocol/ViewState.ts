// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.

/**
 * What the window wants to find again; the engine keeps it and does not look inside.
 */
export type ViewState = { 
/**
 * Files open in the editor, in tab order: `~/exercises/app.py`.
 */
openFiles: Array<string>, 
/**
 * The active work tab: a file's path, or a dashboard's id.
 */
activeTab: string | null, 
/**
 * Scroll position of the current page, in CSS pixels.
 */
scroll: number, 
/**
 * Sizes of the panes, as the window writes them.
 */
layout: string | null, };
