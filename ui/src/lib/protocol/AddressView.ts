// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.

/**
 * Where a web page of the session is.
 */
export type AddressView = { 
/**
 * The title of its tab; for a server without one, the name of its ingress.
 */
title: string, 
/**
 * Its address.
 */
url: string, 
/**
 * The port of the learner's server; none for the session's own pages and those of other computers.
 */
port: number | null, 
/**
 * Whether something listens on the port; none where there is nothing to ask.
 */
answers: boolean | null, };
