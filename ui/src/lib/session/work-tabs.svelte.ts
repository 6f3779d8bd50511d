import type { DashboardView } from "../protocol";
import { EDITOR_TAB, TERMINAL_AREA } from "./dashboards.svelte";
import { sentence } from "./put-back";
import type { WorkshopSession } from "./session.svelte";

/** Which files and dashboards stand in the work area, and which of them is in front. */
export class WorkTabs {
  /** The active one: a file's path, a dashboard's id, or the tree. */
  active = $state<string | null>(null);
  /** Counts requests to put the caret into the editor. */
  editorFocus = $state(0);

  #editorFocusTaken = 0;
  #session: WorkshopSession;
  #changed: () => void;
  #problem: (message: string) => void;

  constructor(session: WorkshopSession, changed: () => void, problem: (message: string) => void) {
    this.#session = session;
    this.#changed = changed;
    this.#problem = problem;
    this.active = this.#first();
  }

  /** Makes a work tab the active one: a file, a dashboard, or the tree. */
  select(tab: string): void {
    this.active = tab;
    this.#session.layout.reveal("work");
    this.#changed();
  }

  /** Brings the file in front that was there last, or the tree. */
  showEditor(): void {
    this.select(this.lastFile());
  }

  /** Whether the work area shows the editor (a file, or the tree) rather than a dashboard. */
  get editorInFront(): boolean {
    const { active } = this;
    return (
      this.#session.view.editor && (active === null || this.#session.dashboards.get(active) === undefined)
    );
  }

  /** Opens a file because the learner asked for it. */
  async openFile(path: string): Promise<void> {
    try {
      await this.#session.documents.open(path);
    } catch (error) {
      if (!this.#session.documents.tabs.includes(path)) {
        this.#problem(sentence(error));
        return;
      }
    }
    this.select(path);
    this.editorFocus++;
  }

  /** Opens a file of the workshop itself, for its author. False where there is no editor. */
  async openSource(file: string, line: number | null): Promise<boolean> {
    if (!this.#session.view.editor || !this.#session.view.authorMode) return false;
    const path = `workshop:${file}`;
    await this.openFile(path);
    if (line !== null) this.#session.documents.get(path)?.goToLine(line);
    return true;
  }

  /** Closes a file because the learner asked for it. */
  async closeFile(path: string): Promise<void> {
    const before = [...this.#session.documents.tabs];
    try {
      await this.#session.documents.close(path);
    } catch (error) {
      this.#problem(sentence(error));
      return;
    }
    this.#closed(before);
  }

  /** A neighbour takes the place of the file in front when that is closed. */
  #closed(before: readonly string[]): void {
    const { tabs } = this.#session.documents;
    const active = this.active;
    if (active !== null && before.includes(active) && !tabs.includes(active)) {
      const at = before.indexOf(active);
      this.active = tabs[Math.min(at, tabs.length - 1)] ?? this.#first();
    }
    this.#changed();
  }

  /** A step closes a file, or has deleted it. */
  async closeDocument(path: string, deleted: boolean): Promise<void> {
    const before = [...this.#session.documents.tabs];
    if (deleted) this.#session.documents.deleted(path);
    else await this.#session.documents.close(path);
    this.#closed(before);
  }

  /** A step has moved a file. */
  moveDocument(from: string, to: string): void {
    const active = this.active;
    this.#session.documents.move(from, to);
    if (active === from || active?.startsWith(`${from}/`)) this.active = to + active.slice(from.length);
    this.#changed();
  }

  /** The file in front, or the one that would be. */
  get frontFile(): string | null {
    const file = this.lastFile();
    return this.#session.documents.tabs.includes(file) ? file : null;
  }

  /** True for the first editor that asks after a request, so that one which is not there yet may answer later. */
  takeEditorFocus(): boolean {
    const wanted = this.editorFocus > this.#editorFocusTaken;
    this.#editorFocusTaken = this.editorFocus;
    return wanted;
  }

  /** Brings a dashboard in front, the terminals or the editor. */
  showDashboard(id: string): void {
    const dashboard = this.#session.dashboards.get(id);
    if (dashboard) {
      this.select(id);
      if (dashboard.content.kind === "terminal") this.#session.terminals.focus(dashboard.content.name);
    } else if (id === TERMINAL_AREA) this.#revealTerminals();
    else if (id === EDITOR_TAB) this.select(this.lastFile());
  }

  #revealTerminals(): void {
    const { active } = this.#session.terminals;
    if (active !== null) this.#session.focusTerminal(active);
  }

  /** The file that was in front last, or the tree. */
  lastFile(): string {
    const { tabs } = this.#session.documents;
    if (this.active !== null && tabs.includes(this.active)) return this.active;
    return tabs.at(-1) ?? EDITOR_TAB;
  }

  #first(): string | null {
    return (
      this.#session.dashboards.first ??
      (this.#session.view.editor ? EDITOR_TAB : (this.#session.dashboards.list[0]?.id ?? null))
    );
  }

  /** The session has these dashboards now. */
  dashboardsChanged(list: DashboardView[]): void {
    const wasDashboard = this.active !== null && this.#session.dashboards.get(this.active) !== undefined;
    this.#session.dashboards.list = list;
    if (wasDashboard && !this.#session.dashboards.get(this.active ?? "")) this.active = this.#first();
  }
}
