// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.
import type { SetupStatus } from "./SetupStatus";

/**
 * A step of the set-up: a script of `setup.d`, or a file of `profile.d`.
 */
export type SetupStepView = { 
/**
 * File name of a script; for others their path below the workshop's folder, or `~/workshop/…`.
 */
name: string, 
/**
 * How it went.
 */
status: SetupStatus, 
/**
 * Its exit status, once it ended by itself.
 */
exitCode: number | null, 
/**
 * How long it took.
 */
millis: number, 
/**
 * The last lines it printed.
 */
log: string, };
