// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.
import type { Effect } from "./Effect";

/**
 * How an action went.
 */
export type Outcome = { "status": "succeeded", 
/**
 * What the window must do.
 */
effects: Array<Effect>, 
/**
 * It was done, but probably not as meant: "no line of app.py contains …".
 */
warning: string | null, 
/**
 * The last lines that a check printed.
 */
output: string | null, 
/**
 * The action goes on in its terminal; an `ActionUpdated` event tells its end.
 */
running: boolean, } | { "status": "failed", 
/**
 * Why, in one sentence, and what to do.
 */
message: string, 
/**
 * The last lines that a check printed.
 */
output: string | null, 
/**
 * What the window must do all the same.
 */
effects: Array<Effect>, } | { "status": "needs-confirmation", 
/**
 * The command, as the workshop has it; its card may show something else.
 */
command: string, 
/**
 * Why it is asked about; whole sentences.
 */
reasons: Array<string>, } | { "status": "dismissed", 
/**
 * In one sentence.
 */
message: string, };
