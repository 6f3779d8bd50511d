// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.

/**
 * A terminal of the session.
 */
export type TerminalView = { 
/**
 * Its name, as actions use it.
 */
name: string, 
/**
 * What its tab says.
 */
title: string, };
