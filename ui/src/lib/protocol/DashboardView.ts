// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.
import type { DashboardContent } from "./DashboardContent";

/**
 * A tab.
 */
export type DashboardView = { 
/**
 * Slug of its name.
 */
id: string, 
/**
 * Its title.
 */
title: string, 
/**
 * What it shows.
 */
content: DashboardContent, };
