// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.
import type { SessionSummary } from "./SessionSummary";

/**
 * A workshop on the start page.
 */
export type WorkshopCard = { 
/**
 * Its folder.
 */
path: string, title: string, description: string, difficulty: string | null, 
/**
 * As the author wrote it: `30m`.
 */
duration: string | null, 
/**
 * Came with Atelier.
 */
bundled: boolean, 
/**
 * Its folder is gone.
 */
missing: boolean, 
/**
 * An unfinished or finished session of it.
 */
session: SessionSummary | null, };
