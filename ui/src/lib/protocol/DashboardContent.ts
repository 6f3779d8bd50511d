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
 * The port of the learner's server, which may not be up yet; none for the session's own pages.
 */
port: number | null, } | { "kind": "external", 
/**
 * Its address.
 */
url: string, } | { "kind": "notice", 
/**
 * Why, in one sentence.
 */
message: string, };
