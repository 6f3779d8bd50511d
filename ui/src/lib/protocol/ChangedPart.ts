// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.
import type { PartChange } from "./PartChange";

/**
 * A file or an action that has changed.
 */
export type ChangedPart = { 
/**
 * How it has changed.
 */
change: PartChange, 
/**
 * The file, or the page of the action, relative to the workshop's folder.
 */
place: string, 
/**
 * What the action's card is headed with, and what it shows first; none for a file.
 */
action: string | null, 
/**
 * What it is for, to go on a sentence with: `runs at the start`.
 */
role: string | null, 
/**
 * It runs, or says what runs, without a click.
 */
byItself: boolean, 
/**
 * A unified difference without the names of files.
 */
diff: string | null, 
/**
 * What else is to be said, a sentence or two.
 */
note: string | null, };
