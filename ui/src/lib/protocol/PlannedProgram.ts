// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.

/**
 * A program that a session would keep running.
 */
export type PlannedProgram = { 
/**
 * Its name.
 */
name: string, 
/**
 * What runs, as its author wrote it.
 */
command: string, 
/**
 * It starts with the session.
 */
autostart: boolean, };
