// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.
import type { SetupStatus } from "./SetupStatus";

/**
 * A set-up script of the session.
 */
export type SetupStepView = { 
/**
 * File name of the script.
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
