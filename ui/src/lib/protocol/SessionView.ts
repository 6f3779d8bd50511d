// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.
import type { Allowances } from "./Allowances";
import type { ChecksView } from "./ChecksView";
import type { DashboardView } from "./DashboardView";
import type { DiagnosticView } from "./DiagnosticView";
import type { Isolation } from "./Isolation";
import type { OfferView } from "./OfferView";
import type { PageEntry } from "./PageEntry";
import type { PathwayView } from "./PathwayView";
import type { ProgramView } from "./ProgramView";
import type { SetupView } from "./SetupView";
import type { TerminalView } from "./TerminalView";
import type { ViewState } from "./ViewState";

/**
 * An open session.
 */
export type SessionView = { 
/**
 * The session's name.
 */
name: string, workshopPath: string, title: string, description: string, 
/**
 * Heads the list of pages: a pathway may have a title of its own.
 */
contentsTitle: string, 
/**
 * The pathways to choose from; with fewer than two there is nothing to choose.
 */
pathways: Array<PathwayView>, 
/**
 * The one that is taken; empty means all pages.
 */
pathway: string, 
/**
 * In the order of navigation.
 */
pages: Array<PageEntry>, 
/**
 * The page to show first.
 */
currentPage: string, 
/**
 * The learner has been here before: terminals are fresh, the rest is as it was.
 */
resumed: boolean, 
/**
 * The path is trusted whatever its content.
 */
authorMode: boolean, 
/**
 * Only its pages are read: nothing runs, nothing is written, and there are no files of a session.
 */
readOnly: boolean, 
/**
 * How far its programs may reach.
 */
isolation: Isolation, setup: SetupView, 
/**
 * Programs that run in the background, in the order in which they start.
 */
programs: Array<ProgramView>, 
/**
 * The terminals of the terminal area, in order; empty when there is no area.
 */
terminals: Array<TerminalView>, 
/**
 * Tabs of the work area.
 */
dashboards: Array<DashboardView>, 
/**
 * Whether the workshop has an editor.
 */
editor: boolean, 
/**
 * Root of the file tree: `~/exercises` or `~`.
 */
filesRoot: string, checks: ChecksView, 
/**
 * What the learner should know about this start, each a sentence.
 */
notices: Array<string>, 
/**
 * What is different on this computer from where the workshop was made for, each a sentence.
 */
differences: Array<string>, 
/**
 * It uses something of the owner's that it can be allowed or not.
 */
mayBeAllowed: boolean, 
/**
 * What of the owner's its programs may use: Docker goes around an isolation.
 */
allowed: Allowances, 
/**
 * The workshop's folder is followed: what its author saves is shown at once.
 */
watched: boolean, 
/**
 * As it was left.
 */
view: ViewState, 
/**
 * What is to be fixed in the workshop; while it is looked through, what is known so far.
 */
problems: Array<DiagnosticView>, 
/**
 * Parts of the definition that its author has changed and that apply after a restart.
 */
restart: Array<string>, 
/**
 * What its author has changed of the files that the session has copies of.
 */
offer: OfferView, };
