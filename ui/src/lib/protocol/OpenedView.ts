// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.
import type { WorkshopCard } from "./WorkshopCard";

/**
 * What a path that was opened holds.
 */
export type OpenedView = { "kind": "workshop", 
/**
 * Its folder: of an archive, where it was unpacked.
 */
path: string, } | { "kind": "several", 
/**
 * What they are called together.
 */
title: string, 
/**
 * In the order of their catalogue.
 */
workshops: Array<WorkshopCard>, };
