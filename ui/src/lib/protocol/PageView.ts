// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.
import type { ActionView } from "./ActionView";
import type { SectionView } from "./SectionView";

/**
 * A rendered page.
 */
export type PageView = { 
/**
 * Its key.
 */
id: string, 
/**
 * Its version: another number after each change of it while it is played.
 */
revision: number, 
/**
 * What the contents call it.
 */
title: string, 
/**
 * The heading to put above the body, where the body does not bring its own.
 */
heading: string | null, 
/**
 * What the button at its end says, where the author has an own word for it.
 */
nextLabel: string | null, 
/**
 * Sanitised; with `<workshop-action data-index="N">` and `<div class="workshop-section" data-section="N">`.
 */
html: string, 
/**
 * By index.
 */
actions: Array<ActionView>, 
/**
 * By index.
 */
sections: Array<SectionView>, };
