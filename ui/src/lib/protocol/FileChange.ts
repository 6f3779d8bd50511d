// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.
import type { FileChangeKind } from "./FileChangeKind";

/**
 * A file that is not as it was.
 */
export type FileChange = { path: string, kind: FileChangeKind, };
