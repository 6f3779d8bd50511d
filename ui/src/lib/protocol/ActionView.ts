// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.
import type { ActionProblem } from "./ActionProblem";
import type { CooldownView } from "./CooldownView";
import type { FormView } from "./FormView";
import type { UploadView } from "./UploadView";

/**
 * A card.
 */
export type ActionView = { 
/**
 * `01-intro/3`.
 */
id: string, 
/**
 * The fence's name: `terminal:execute`.
 */
kind: string, 
/**
 * `Terminal`.
 */
prefix: string, 
/**
 * `Execute command in terminal "1"`.
 */
title: string, 
/**
 * Preformatted text below the title; also what the copy button copies.
 */
body: string | null, 
/**
 * Never shown, but may be fired.
 */
hidden: boolean, 
/**
 * `false`: a click does nothing but go on with the cascade.
 */
enabled: boolean, 
/**
 * Must be done before the page is left behind.
 */
required: boolean, 
/**
 * How soon it may run again.
 */
cooldown: CooldownView, 
/**
 * Actions of one queue run one after another: `terminal:1`, `editor`, `dashboard`; none run at once.
 */
queue: string | null, 
/**
 * Is filled in first.
 */
form: FormView | null, 
/**
 * The file that must be open, saved and unconflicted before it is performed: `~/exercises/app.py`.
 */
document: string | null, 
/**
 * Files and folders that it copies, moves, overwrites or deletes: none of them may wait for the learner's decision.
 */
touches: Array<string>, 
/**
 * It takes files from the learner.
 */
upload: UploadView | null, 
/**
 * It cannot be performed, and why.
 */
problem: ActionProblem | null, 
/**
 * What it needs and this computer or session has not, in a sentence.
 */
note: string | null, 
/**
 * A check that is tried until it passes: nothing waits for it.
 */
endless: boolean, 
/**
 * The mark of a section that it is.
 */
section: number | null, 
/**
 * It is the mark that closes a section, which is never shown when paired.
 */
closesSection: boolean, };
