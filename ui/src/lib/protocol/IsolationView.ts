// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.
import type { Isolation } from "./Isolation";

/**
 * How far a workshop's sessions may reach, and what of that this machine can do.
 */
export type IsolationView = { 
/**
 * What was chosen, or is chosen unless the learner says otherwise.
 */
level: Isolation, 
/**
 * Sessions can be isolated on this machine.
 */
possible: boolean, 
/**
 * Isolation was chosen for this content or the session that goes on, and is not possible any more: nothing starts before
 * the learner chooses anew.
 */
lost: boolean, 
/**
 * Why they cannot, or what their isolation lacks here; whole sentences.
 */
reason: string | null, };
