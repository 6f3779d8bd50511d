// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.
import type { FileChange } from "./FileChange";

/**
 * What would be lost with a session.
 */
export type LossView = { name: string, title: string, 
/**
 * Bytes on the disk.
 */
size: number, 
/**
 * Files changed since the first page; none when that is not known.
 */
changed: number | null, 
/**
 * The first of them.
 */
changes: Array<FileChange>, actionsDone: number, checksPassed: number, 
/**
 * Bytes of what an export of the exercises, and of the whole home, would hold.
 */
exercisesSize: number | null, homeSize: number | null, 
/**
 * What is to be said of containers that may still run and are not ended with the session.
 */
containers: string | null, };
