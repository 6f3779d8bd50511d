// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.
import type { LeftOutView } from "./LeftOutView";

/**
 * What was exported.
 */
export type ExportedView = { 
/**
 * Name of the archive, without its folder.
 */
name: string, files: number, 
/**
 * Bytes of the archive.
 */
size: number, leftOut: Array<LeftOutView>, };
