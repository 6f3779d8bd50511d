// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.
import type { ChecksView } from "./ChecksView";

/**
 * The finish screen.
 */
export type FinishView = { title: string, actionsDone: number, checks: ChecksView, 
/**
 * Time spent with the session open.
 */
millis: number, 
/**
 * Where the learner's files are.
 */
filesAt: string, 
/**
 * Where the author sends the learner from here.
 */
exitLink: string | null, };
