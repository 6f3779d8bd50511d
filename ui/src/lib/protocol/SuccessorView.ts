// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.
import type { PageState } from "./PageState";
import type { PageView } from "./PageView";

/**
 * What became of a page that is shown.
 */
export type SuccessorView = { 
/**
 * Its key until now.
 */
before: string, 
/**
 * As it is now; `None` when it is gone.
 */
page: PageView | null, 
/**
 * How its actions stand; `None` when it is gone.
 */
state: PageState | null, 
/**
 * What actions that were there are called now; those that are not named here are gone.
 */
actions: { [key in string]: string }, 
/**
 * Those of them that do what they did, by their names now.
 */
unchanged: Array<string>, 
/**
 * For each section that was there its index now.
 */
sections: Array<number | null>, 
/**
 * The page to show in its place when it is gone.
 */
nearest: string | null, };
