// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.

/**
 * A page in the list of contents.
 */
export type PageEntry = { 
/**
 * Its key.
 */
id: string, 
/**
 * What the contents call it.
 */
title: string, 
/**
 * Has been shown before.
 */
visited: boolean, };
