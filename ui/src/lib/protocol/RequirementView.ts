// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.
import type { RequirementStatus } from "./RequirementStatus";

/**
 * A program that the workshop needs.
 */
export type RequirementView = { 
/**
 * The program's name.
 */
name: string, 
/**
 * How it stands with it.
 */
status: RequirementStatus, 
/**
 * What is wrong, in a sentence.
 */
problem: string | null, 
/**
 * How to get it: a command, or a sentence of the author's.
 */
hint: string | null, 
/**
 * Where it was found on this machine.
 */
found: string | null, 
/**
 * The version that was found, where it matters.
 */
version: string | null, 
/**
 * Its author requires it.
 */
declared: boolean, };
