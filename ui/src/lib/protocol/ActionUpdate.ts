// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.
import type { ActionStatus } from "./ActionStatus";

/**
 * How an action stands. Kept in the journal.
 */
export type ActionUpdate = { 
/**
 * How it stands.
 */
status: ActionStatus, 
/**
 * One sentence, where there is something to say.
 */
message: string | null, 
/**
 * Exit status of its command.
 */
exitCode: number | null, 
/**
 * How long it took.
 */
millis: number | null, 
/**
 * The last lines of a check's output.
 */
output: string | null, };
