// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.
import type { PageEntry } from "./PageEntry";
import type { SuccessorView } from "./SuccessorView";

/**
 * The workshop as it is after its files have changed.
 */
export type ReloadView = { 
/**
 * Why the files as they are now cannot be shown, in a sentence; then everything else is as it was.
 */
problem: string | null, 
/**
 * Its title.
 */
title: string, 
/**
 * What it is about.
 */
description: string, 
/**
 * Heads the list of pages.
 */
contentsTitle: string, 
/**
 * In the order of navigation.
 */
pages: Array<PageEntry>, 
/**
 * Pages that are new, or are written in another way than they were.
 */
changed: Array<string>, 
/**
 * Parts of the definition that have changed and apply after a restart, each in a word or two.
 */
restart: Array<string>, 
/**
 * Why what is saved is not all shown at once, in a sentence; nothing while the whole folder is watched.
 */
unwatched: string | null, 
/**
 * What became of the page that is shown, when it is not as it was.
 */
shown: SuccessorView | null, };
