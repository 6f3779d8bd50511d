// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.

/**
 * A cluster that a workshop may be allowed to use.
 */
export type ClusterView = { 
/**
 * The kubeconfig's current context.
 */
context: string, 
/**
 * It may.
 */
allowed: boolean, };
