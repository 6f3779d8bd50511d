// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.
import type { EditView } from "./EditView";
import type { EditorCommand } from "./EditorCommand";

/**
 * What the window must do. Performed in order.
 */
export type Effect = { "kind": "show-dashboard", id: string, } | { "kind": "reload-dashboard", id: string, } | { "kind": "focus-terminal", name: string, } | { "kind": "show-editor-terminal", name: string, } | { "kind": "open-document", path: string, line: number | null, } | { "kind": "apply-edit", path: string, edit: EditView, create: boolean, save: boolean, } | { "kind": "close-document", path: string, deleted: boolean, } | { "kind": "reload-document", path: string, } | { "kind": "move-document", from: string, to: string, } | { "kind": "editor-command", command: EditorCommand, } | { "kind": "copy-text", text: string, } | { "kind": "open-url", url: string, } | { "kind": "finish" } | { "kind": "leave-session" };
