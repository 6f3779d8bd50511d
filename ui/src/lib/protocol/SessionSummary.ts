// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.

/**
 * A session, as a card tells of it.
 */
export type SessionSummary = { name: string, 
/**
 * Title of the page that was open.
 */
pageTitle: string, 
/**
 * Its number, from 1.
 */
step: number, pages: number, checksPassed: number, checksTotal: number, finished: boolean, 
/**
 * Milliseconds since 1970.
 */
lastUsed: number, };
