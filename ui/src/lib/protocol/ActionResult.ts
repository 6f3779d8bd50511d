// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.
import type { FieldProblem } from "./FieldProblem";
import type { NextAction } from "./NextAction";
import type { Outcome } from "./Outcome";
import type { SectionState } from "./SectionState";

/**
 * How performing went, and what follows from it.
 */
export type ActionResult = { 
/**
 * How it went.
 */
outcome: Outcome, 
/**
 * Actions to run now: those that start with a section that has just opened, then the cascade.
 */
next: Array<NextAction>, 
/**
 * The page's sections, when the action opened or closed one.
 */
sections: Array<SectionState> | null, 
/**
 * The version of the page whose actions are named in `next`; those of another are not to be run.
 */
revision: number, 
/**
 * What is wrong in the action's form: then nothing was done, and nothing is kept of it.
 */
wrongFields: Array<FieldProblem>, };
