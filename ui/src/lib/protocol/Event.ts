// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.
import type { ActionResult } from "./ActionResult";
import type { ActionUpdate } from "./ActionUpdate";
import type { ChecksView } from "./ChecksView";
import type { DashboardView } from "./DashboardView";
import type { Effect } from "./Effect";
import type { SetupStepView } from "./SetupStepView";

/**
 * Something happened that no request asked for.
 */
export type Event = { "kind": "setup-step", step: SetupStepView, } | { "kind": "action-updated", action: string, update: ActionUpdate, } | { "kind": "action-finished", action: string, result: ActionResult, } | { "kind": "terminal-exited", name: string, status: number | null, } | { "kind": "dashboards-changed", dashboards: Array<DashboardView>, } | { "kind": "effects", effects: Array<Effect>, } | { "kind": "checks-changed", checks: ChecksView, } | { "kind": "document-changed", path: string, version: string | null, } | { "kind": "files-changed" } | { "kind": "closing" } | { "kind": "workshop-dropped", path: string, };
