// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.
import type { AllowanceView } from "./AllowanceView";
import type { ChangesView } from "./ChangesView";
import type { DiagnosticView } from "./DiagnosticView";
import type { IsolationView } from "./IsolationView";
import type { NetworkView } from "./NetworkView";
import type { PathwayView } from "./PathwayView";
import type { PlannedProgram } from "./PlannedProgram";
import type { RequirementView } from "./RequirementView";
import type { ScriptView } from "./ScriptView";
import type { SessionSummary } from "./SessionSummary";

/**
 * What the trust sheet shows. Nothing was run to make it.
 */
export type InspectionView = { path: string, title: string, description: string, authors: Array<string>, vendor: string | null, url: string | null, difficulty: string | null, duration: string | null, pages: number, 
/**
 * The pathways to choose from; with fewer than two there is nothing to choose.
 */
pathways: Array<PathwayView>, 
/**
 * The one that this tells of; empty means all pages.
 */
pathway: string, 
/**
 * How many actions type into a terminal.
 */
commands: number, 
/**
 * How many of these run without a click of their own.
 */
unasked: number, 
/**
 * What runs by itself, with its text: set-up scripts in their order, start files of terminals, containers as JSON.
 */
setup: Array<ScriptView>, 
/**
 * Programs that would run in the background.
 */
programs: Array<PlannedProgram>, 
/**
 * Programs that the workshop needs, the author's own word first.
 */
requirements: Array<RequirementView>, 
/**
 * What it fetches from elsewhere.
 */
network: Array<NetworkView>, 
/**
 * What is different on this computer from where it was made for, one sentence each.
 */
differences: Array<string>, 
/**
 * What of the owner's it uses.
 */
allowances: AllowanceView, 
/**
 * How far its sessions may reach.
 */
isolation: IsolationView, 
/**
 * Where the learner's files will live.
 */
filesAt: string, 
/**
 * The learner has trusted exactly this content, or the path as its author.
 */
trusted: boolean, 
/**
 * Of what this tells: only this is trusted when the sheet is answered.
 */
content: string, 
/**
 * It was trusted before, and has changed since: what.
 */
changes: ChangesView | null, 
/**
 * Bytes of the files that a session receives.
 */
size: number, 
/**
 * A session of this path that would be resumed.
 */
resume: SessionSummary | null, 
/**
 * What its author should fix.
 */
problems: Array<DiagnosticView>, };
