// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.
import type { FileKind } from "./FileKind";

/**
 * An entry of a folder.
 */
export type FileEntry = { 
/**
 * Its name.
 */
name: string, 
/**
 * `~/exercises/app.py`.
 */
path: string, 
/**
 * What it is.
 */
kind: FileKind, };
