// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.
import type { ChangedPart } from "./ChangedPart";

/**
 * What has changed since the workshop was trusted.
 */
export type ChangesView = { 
/**
 * When it was trusted, in milliseconds since 1970; none where that was not kept.
 */
trustedAt: number | null, 
/**
 * What runs by itself first; none where what it was like was not kept.
 */
parts: Array<ChangedPart> | null, 
/**
 * So many more are not listed.
 */
more: number, };
