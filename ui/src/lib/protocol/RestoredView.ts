// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.
import type { ChecksView } from "./ChecksView";
import type { Effect } from "./Effect";

/**
 * What came of a restore.
 */
export type RestoredView = { 
/**
 * The version that gave way.
 */
version: string, changed: number, 
/**
 * What the window must do with open files.
 */
effects: Array<Effect>, checks: ChecksView, 
/**
 * Terminals whose shell stands in a folder that is gone.
 */
homeless: Array<string>, };
