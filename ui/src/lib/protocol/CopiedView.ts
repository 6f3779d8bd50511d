// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.
import type { Effect } from "./Effect";
import type { OfferView } from "./OfferView";

/**
 * What came of copying files in.
 */
export type CopiedView = { 
/**
 * What the window must do about open files.
 */
effects: Array<Effect>, 
/**
 * What still waits.
 */
offer: OfferView, };
