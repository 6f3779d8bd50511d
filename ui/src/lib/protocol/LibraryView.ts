// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.
import type { WorkshopCard } from "./WorkshopCard";

/**
 * The start page.
 */
export type LibraryView = { 
/**
 * Bundled workshops first, then by last use.
 */
workshops: Array<WorkshopCard>, 
/**
 * Where Atelier keeps its sessions.
 */
home: string, };
