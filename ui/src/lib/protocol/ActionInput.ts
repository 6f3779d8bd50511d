// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.
import type { Buffer } from "./Buffer";

/**
 * What the window sends along when it performs an action.
 */
export type ActionInput = { 
/**
 * The open document that the action is about; none when its file does not exist.
 */
buffer: Buffer | null, 
/**
 * Files that were dropped on the card of an upload: the number of the drop.
 */
drop: number | null, 
/**
 * The version of the page that the action was seen on: see [`PageView::revision`](super::PageView). One that has changed
 * since is not performed.
 */
revision: number | null, 
/**
 * What the action's form holds, by id: of a box whether it is ticked, of a list how many items it has, else a text.
 */
form: Record<string, boolean | number | string> | null, 
/**
 * The command to which the learner has said yes: see [`Outcome::NeedsConfirmation`].
 */
agreed: string | null, };
