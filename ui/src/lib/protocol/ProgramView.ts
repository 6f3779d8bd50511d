// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.
import type { ProgramState } from "./ProgramState";

/**
 * A background program.
 */
export type ProgramView = { 
/**
 * Its name, as `supervisorctl` takes it.
 */
name: string, 
/**
 * What runs, as its author wrote it.
 */
command: string, 
/**
 * It starts with the session.
 */
autostart: boolean, 
/**
 * How it is doing.
 */
state: ProgramState, 
/**
 * Since when, in milliseconds of the Unix epoch; none before its first start.
 */
since: number | null, 
/**
 * Its process id, while it runs.
 */
pid: number | null, 
/**
 * The exit status of its last end; none when a signal ended it.
 */
exitCode: number | null, 
/**
 * What the learner should know of its state, in one sentence.
 */
message: string | null, 
/**
 * Where what it prints is kept: `~/.local/share/workshop/web.log`.
 */
log: string | null, };
