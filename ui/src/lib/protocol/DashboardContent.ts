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
