// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.
import type { SetupPhase } from "./SetupPhase";
import type { SetupStepView } from "./SetupStepView";

/**
 * How far the set-up of the session is. Until it has ended pages can be read, and nothing of the workshop runs but its set-up.
 */
export type SetupView = { 
/**
 * What it is doing, or waits for.
 */
phase: SetupPhase, 
/**
 * The steps of the run that is under way, or was last; none where nothing ran in this start.
 */
steps: Array<SetupStepView>, 
/**
 * The run goes on where an earlier one did not come to its end.
 */
interrupted: boolean, };
