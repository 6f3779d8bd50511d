// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.

/**
 * What of the owner's a workshop may use.
 */
export type Allowances = { 
/**
 * Docker and its like on this machine.
 */
docker: boolean, 
/**
 * The Kubernetes cluster of the owner's kubeconfig.
 */
cluster: boolean, };
