// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.
import type { ChecksView } from "./ChecksView";

/**
 * A session on the disk.
 */
export type StoredSessionView = { name: string, 
/**
 * Of its workshop.
 */
title: string, workshop: string, 
/**
 * Its workshop's folder is gone.
 */
missing: boolean, 
/**
 * The learner has started over since.
 */
setAside: boolean, 
/**
 * A window has it open.
 */
open: boolean, checks: ChecksView, finished: boolean, 
/**
 * Milliseconds since 1970.
 */
lastUsed: number, 
/**
 * Services whose containers may still run although the session is not open.
 */
containers: Array<string>, };
