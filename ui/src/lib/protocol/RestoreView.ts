// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.
import type { FileChange } from "./FileChange";
import type { KeptVersionView } from "./KeptVersionView";
import type { LeftOutView } from "./LeftOutView";

/**
 * What restoring the start of a page would do.
 */
export type RestoreView = { page: string, 
/**
 * The one file that is asked about.
 */
file: string | null, 
/**
 * When the page was first shown, in milliseconds since 1970.
 */
keptAt: number | null, 
/**
 * The first of what is not as it was then.
 */
changes: Array<FileChange>, 
/**
 * How many those are.
 */
changed: number, 
/**
 * Done actions that lose their mark.
 */
marks: number, 
/**
 * Passed checks that lose their verdict.
 */
checks: number, 
/**
 * Titles of the pages that were first shown after this one, and lose their marks with it.
 */
laterPages: Array<string>, 
/**
 * What stays as it is.
 */
leftOut: Array<LeftOutView>, 
/**
 * Why it cannot be done.
 */
problem: string | null, 
/**
 * The learner's versions that can be brought back, the newest first.
 */
kept: Array<KeptVersionView>, };
