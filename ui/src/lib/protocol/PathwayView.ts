// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.

/**
 * A way through a workshop's pages.
 */
export type PathwayView = { name: string, 
/**
 * Its name, where it has no title.
 */
title: string, 
/**
 * May be empty.
 */
description: string, pages: number, };
