// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.

/**
 * Something that needs the network.
 */
export type NetworkView = { 
/**
 * `git clone https://…`
 */
what: string, 
/**
 * `workshop/content/01-intro.md:12`
 */
place: string, };
