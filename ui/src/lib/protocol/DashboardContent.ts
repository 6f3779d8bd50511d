// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.

/**
 * What a tab shows.
 */
export type DashboardContent = { "kind": "terminal", 
/**
 * Its name.
 */
name: string, } | { "kind": "web", 
/**
 * Its address.
 */
url: string, 
/**
 * The port of the learner's server; none for the session's own pages.
 */
port: number | null, 
/**
 * Nothing but the window can tell that its server is not up yet.
 */
watched: boolean, } | { "kind": "external", 
/**
 * Its address.
 */
url: string, } | { "kind": "notice", 
/**
 * Why, in one sentence.
 */
message: string, };
