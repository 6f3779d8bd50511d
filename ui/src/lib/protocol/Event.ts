// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.
import type { ActionResult } from "./ActionResult";
import type { ActionUpdate } from "./ActionUpdate";
import type { ChecksView } from "./ChecksView";
import type { DashboardView } from "./DashboardView";
import type { DiagnosticView } from "./DiagnosticView";
import type { EditorTerminalView } from "./EditorTerminalView";
import type { Effect } from "./Effect";
import type { OfferView } from "./OfferView";
import type { ProgramView } from "./ProgramView";
import type { ReloadView } from "./ReloadView";
import type { SetupStepView } from "./SetupStepView";
import type { SetupView } from "./SetupView";

/**
 * Something happened that no request asked for.
 */
export type Event = { "kind": "setup-step", step: SetupStepView, } | { "kind": "setup-changed", setup: SetupView, } | { "kind": "programs-changed", programs: Array<ProgramView>, } | { "kind": "program-printed", name: string, text: string, } | { "kind": "action-updated", action: string, update: ActionUpdate, } | { "kind": "check-tried", action: string, 
/**
 * From 1.
 */
attempt: number, 
/**
 * None when there is no end.
 */
attempts: number | null, wait: number | null, } | { "kind": "action-finished", action: string, result: ActionResult, } | { "kind": "workshop-reloaded", reload: ReloadView, } | { "kind": "problems-changed", problems: Array<DiagnosticView>, } | { "kind": "files-offered", offer: OfferView, } | { "kind": "terminal-exited", name: string, status: number | null, } | { "kind": "editor-terminals-changed", terminals: Array<EditorTerminalView>, } | { "kind": "dashboards-changed", dashboards: Array<DashboardView>, } | { "kind": "effects", effects: Array<Effect>, } | { "kind": "checks-changed", checks: ChecksView, } | { "kind": "document-changed", path: string, version: string | null, } | { "kind": "files-changed" } | { "kind": "closing" } | { "kind": "preview-changed", action: string, text: string, } | { "kind": "files-over", at: [number, number] | null, } | { "kind": "files-dropped", 
/**
 * The number by which an upload names them; none while no workshop is open.
 */
drop: number | null, 
/**
 * In CSS pixels.
 */
at: [number, number], 
/**
 * The first one, should it be a workshop.
 */
path: string, };
