// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.
import type { StoredSessionView } from "./StoredSessionView";

/**
 * The sessions on this computer.
 */
export type SessionsView = { 
/**
 * By last use.
 */
sessions: Array<StoredSessionView>, 
/**
 * Unpacked archives that no session is of.
 */
unusedArchives: number, };
