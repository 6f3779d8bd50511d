// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.
import type { LinePlace } from "./LinePlace";
import type { PanelVerb } from "./PanelVerb";

/**
 * A command of the editor. Lines count from 1.
 */
export type EditorCommand = { "name": "save" } | { "name": "save-all" } | { "name": "close-active" } | { "name": "close-all" } | { "name": "close-others" } | { "name": "close-saved" } | { "name": "reopen-closed" } | { "name": "go-to-line", line: number | null, } | { "name": "reveal-line", line: number, at: LinePlace, } | { "name": "find" } | { "name": "replace" } | { "name": "select-all" } | { "name": "undo" } | { "name": "redo" } | { "name": "fold" } | { "name": "unfold" } | { "name": "fold-all" } | { "name": "unfold-all" } | { "name": "toggle-word-wrap" } | { "name": "toggle-comment" } | { "name": "larger-text" } | { "name": "smaller-text" } | { "name": "normal-text" } | { "name": "show-files" } | { "name": "toggle-files" } | { "name": "focus-editor" } | { "name": "next-file" } | { "name": "previous-file" } | { "name": "new-file" } | { "name": "open-preferences" } | { "name": "panel", what: PanelVerb, };
