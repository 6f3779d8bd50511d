// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.
import type { ClusterView } from "./ClusterView";

/**
 * What of the owner's the workshop uses, and whether it may.
 */
export type AllowanceView = { 
/**
 * Docker on this machine; none when it does not use it, or there is none.
 */
docker: boolean | null, 
/**
 * The cluster of the owner's kubeconfig; none when it does not use one, or there is none.
 */
cluster: ClusterView | null, };
