// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.
import type { ActionUpdate } from "./ActionUpdate";
import type { SectionState } from "./SectionState";

/**
 * What is open and done on a page.
 */
export type PageState = { 
/**
 * By action id; an action that is not named is ready.
 */
actions: { [key in string]: ActionUpdate }, 
/**
 * When its actions ended, in milliseconds since 1970: what cooldowns count from.
 */
ended: { [key in string]: number }, 
/**
 * What was typed into forms, by action id; passwords are not among it.
 */
forms: Record<string, Record<string, boolean | number | string>>, 
/**
 * One for each section.
 */
sections: Array<SectionState>, 
/**
 * Actions to run now because the page is shown, in order.
 */
autostart: Array<string>, 
/**
 * Where the page was scrolled to, in CSS pixels.
 */
scroll: number, };
