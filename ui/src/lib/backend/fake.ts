import type {
  OfferView,
  Allowances,
  ActionInput,
  ActionResult,
  AddressView,
  EditorTerminalView,
  Effect,
  Event,
  ExportedView,
  ExportScope,
  FileEntry,
  InspectionView,
  Isolation,
  LossView,
  OpenedView,
  NextStep,
  PageState,
  ProgramView,
  RestoredView,
  RestoreView,
  SessionsView,
  SessionView,
  StartRequest,
  StepRequest,
  UnsavedText,
  ViewState,
  WorkshopCard,
} from "../protocol";
import { BackendError, type Backend, type FrameMessage, type TerminalAttachment } from "./backend";
import { LOSSES, RESTORE, SESSIONS } from "./fake-sessions";
import { FakeTerminal } from "./fake-terminal";
import { FakeActions } from "./fake-actions";
import { FakeSetup } from "./fake-setup";
import { hash, succeeded } from "./fake-results";
import { addressesOf, ANSWERS, CARDS, DASHBOARDS, FILES } from "./fake-workshop";
import { INSPECTION, PAGES, PROBLEMS, PROGRAMS, TOUR_PATH } from "./fake-workshop";

export interface FakeOptions {
  start?: Partial<StartRequest>;
  inspection?: Partial<InspectionView>;
  session?: Partial<SessionView>;
  /** A folder that holds more than one workshop. */
  several?: { path: string; workshops: WorkshopCard[] };
  restore?: Partial<RestoreView>;
  /** A set-up script fails. */
  failingSetup?: boolean;
  /** The second set-up script runs until `releaseSetup`. */
  heldSetup?: boolean;
  /** Whoever plays works on the workshop. */
  author?: boolean;
  /** How long answers take, so that progress can be seen. */
  latency?: number;
}

/** A scripted engine that runs nothing: for tests and `npm run dev`. */
export class FakeBackend implements Backend {
  readonly calls: string[] = [];
  readonly files = new Map<string, string>(Object.entries(FILES));
  readonly copied: string[] = [];
  readonly opened: string[] = [];
  /** What the author has changed of the files. */
  offered: OfferView = { files: [], scripts: [], problem: null };
  /** Whether the servers of tabs are up. */
  answering = true;
  savedView: ViewState | null = null;
  options: FakeOptions;

  #listeners = new Set<(event: Event) => void>();
  #terminals = new Map<string, FakeTerminal>();
  #editorTerminals: EditorTerminalView[] = [];
  #programs: ProgramView[] = PROGRAMS;
  #shells = 4000;
  #actions = new FakeActions(
    (name) => this.#terminal(name),
    (event) => this.emit(event),
  );
  #startCancelled = false;
  #session: SessionView | null = null;
  #setup = new FakeSetup(
    () => this.options,
    (event) => this.emit(event),
    () => this.#wait(4),
  );

  constructor(options: FakeOptions = {}) {
    this.options = options;
  }

  emit(event: Event): void {
    for (const listener of this.#listeners) listener(event);
  }

  async startRequest(): Promise<StartRequest> {
    return { path: null, trust: false, author: false, fresh: false, ...this.options.start };
  }
  async library() {
    return { workshops: CARDS, home: "/home/ada/.local/share/atelier" };
  }
  async chooseWorkshop() {
    return INSPECTION.path;
  }
  async chooseArchive() {
    return "/home/ada/Downloads/lab.zip";
  }
  async resolveWorkshop(path: string): Promise<OpenedView> {
    return this.options.several?.path === path
      ? { kind: "several", title: "Two labs", workshops: this.options.several.workshops }
      : { kind: "workshop", path };
  }
  async inspectWorkshop(path: string, pathway: string | null): Promise<InspectionView> {
    this.calls.push(`inspect ${path}${pathway === null ? "" : ` along ${pathway}`}`);
    const tour = path === TOUR_PATH ? { title: "A tour of Atelier", trusted: true } : {};
    const chosen = pathway === null ? {} : { pathway };
    return { ...INSPECTION, path, ...tour, ...this.options.inspection, ...chosen };
  }
  async trustWorkshop(path: string, anyContent: boolean): Promise<void> {
    this.calls.push(`trust ${path}${anyContent ? " as author" : ""}`);
  }
  async isolateWorkshop(path: string, isolation: Isolation): Promise<void> {
    this.calls.push(`isolate ${path} ${isolation}`);
  }
  async readWorkshop(path: string, pathway: string | null): Promise<SessionView> {
    this.calls.push(`read ${path}${pathway === null ? "" : ` along ${pathway}`}`);
    const view = await this.startSession(path, pathway, false);
    return { ...view, readOnly: true, editor: false, terminals: [], dashboards: [] };
  }
  async allowWorkshop(path: string, allowed: Allowances): Promise<void> {
    const what = Object.entries(allowed).flatMap(([name, may]) => (may ? [name] : []));
    this.calls.push(`allow ${path} ${what.join(" ") || "nothing"}`);
  }

  async startSession(path: string, pathway: string | null, fresh: boolean): Promise<SessionView> {
    this.calls.push(`start ${path}${pathway === null ? "" : ` along ${pathway}`}${fresh ? " fresh" : ""}`);
    this.#startCancelled = false;
    await this.#wait(4);
    if (this.#startCancelled) throw new BackendError("other", "The start was cancelled");
    const set = this.#setup.run();
    // One that nobody waits for has ended before the window asks.
    if (!this.options.failingSetup && !this.options.heldSetup) await set;
    this.#session = {
      name: "lab-flask-3fa9c1",
      workshopPath: path,
      title: INSPECTION.title,
      description: INSPECTION.description,
      contentsTitle: INSPECTION.title,
      pathways: this.options.inspection?.pathways ?? [],
      pathway: pathway ?? this.options.inspection?.pathway ?? "",
      pages: PAGES.map(({ id, title }, index) => ({ id, title, visited: index === 0 })),
      currentPage: "01-serve",
      resumed: false,
      authorMode: this.options.author ?? false,
      readOnly: false,
      isolation: "isolated",
      restart: [],
      offer: this.offered,
      setup: this.#setup.view,
      programs: this.#programs,
      terminals: [
        { name: "1", title: "Terminal 1" },
        { name: "2", title: "Terminal 2" },
      ],
      dashboards: DASHBOARDS,
      editor: true,
      filesRoot: "~/exercises",
      checks: { passed: 0, total: 2 },
      notices: [],
      differences: [],
      mayBeAllowed: false,
      allowed: { docker: false, cluster: false },
      watched: this.options.author ?? false,
      view: { openFiles: [], activeTab: "editor", scroll: 0, layout: null },
      problems: PROBLEMS,
      ...this.options.session,
    };
    return this.#session;
  }
  async sessionView(): Promise<SessionView> {
    if (!this.#session) throw new BackendError("no-session", "No workshop is open");
    return { ...this.#session, setup: this.#setup.view };
  }
  async cancelStart(): Promise<void> {
    this.calls.push("cancel start");
    this.#startCancelled = true;
  }
  async runSetup(): Promise<void> {
    this.calls.push("run set-up");
    void this.#setup.run();
  }
  async cancelSetup(): Promise<void> {
    this.calls.push("cancel set-up");
    this.#setup.cancel();
  }
  async passOverSetup(): Promise<void> {
    this.calls.push("pass over set-up");
    this.#setup.passOver();
  }
  /** Lets a held set-up go on to its end. */
  releaseSetup(): void {
    this.#setup.release();
  }
  async programs(): Promise<ProgramView[]> {
    return this.#programs;
  }
  async startProgram(name: string): Promise<void> {
    this.calls.push(`start program ${name}`);
    this.changeProgram(name, { state: "running", since: Date.now(), pid: 4711, message: null });
  }
  async stopProgram(name: string): Promise<void> {
    this.calls.push(`stop program ${name}`);
    this.changeProgram(name, { state: "stopped", since: Date.now(), pid: null, message: null });
  }
  async followProgram(name: string | null): Promise<string> {
    this.calls.push(`follow program ${name}`);
    return name === null ? "" : `${name} is listening on port 9090\n`;
  }
  async closeSession(): Promise<void> {
    this.calls.push("close");
    this.#terminals.clear();
  }
  async restoreView(page: string, file: string | null): Promise<RestoreView> {
    return { ...RESTORE, page, file, ...this.options.restore };
  }
  async restore(page: string, file: string | null, unsaved: UnsavedText[]): Promise<RestoredView> {
    this.calls.push(`restore ${file ?? page}${unsaved.map(({ path }) => ` keeping ${path}`).join("")}`);
    this.#actions.statuses = {};
    const path = "~/exercises/app.py";
    this.files.set(path, FILES[path] ?? "");
    const effects: Effect[] = [{ kind: "reload-document", path }];
    return { version: "v1", changed: 1, effects, checks: { passed: 0, total: 2 }, homeless: [] };
  }
  async bringBack(version: string): Promise<RestoredView> {
    this.calls.push(`bring back ${version}`);
    return { version: "v2", changed: 1, effects: [], checks: { passed: 1, total: 2 }, homeless: ["1"] };
  }
  async openKeptFolder(version: string): Promise<void> {
    this.calls.push(`open folder of ${version}`);
  }
  async sessions(): Promise<SessionsView> {
    return { sessions: SESSIONS, unusedArchives: 2 };
  }
  async sessionSize(): Promise<number> {
    return 1_300_000;
  }
  async sessionLosses(name: string): Promise<LossView> {
    return { ...LOSSES, name };
  }
  async exportSession(name: string, scope: ExportScope): Promise<ExportedView | null> {
    this.calls.push(`export ${name}: ${scope}`);
    return { name: `${name}.zip`, files: 12, size: 34_000, leftOut: [] };
  }
  async setSessionAside(name: string): Promise<void> {
    this.calls.push(`set aside ${name}`);
  }
  async chooseSession(name: string): Promise<void> {
    this.calls.push(`choose ${name}`);
  }
  async removeStoredSession(name: string): Promise<void> {
    this.calls.push(`remove ${name}`);
  }
  async removeUnusedArchives(): Promise<void> {
    this.calls.push("remove archives");
  }
  async finish() {
    return {
      title: INSPECTION.title,
      actionsDone: Object.keys(this.#actions.statuses).length,
      checks: { passed: 1, total: 2 },
      exitLink: null,
      millis: 24 * 60_000,
      filesAt: INSPECTION.filesAt,
    };
  }

  async page(id: string) {
    const page = PAGES.find((each) => each.id === id);
    if (!page) throw new BackendError("not-found", `There is no page ${id}`);
    return page;
  }
  async enterPage(id: string): Promise<PageState> {
    this.calls.push(`enter ${id}`);
    return {
      actions: { ...this.#actions.statuses },
      ended: {},
      forms: {},
      sections: this.#actions.sections(id),
      autostart: [],
      scroll: 0,
    };
  }
  async leavePage(id: string): Promise<void> {
    this.calls.push(`leave ${id}`);
  }

  async performAction(id: string, input: ActionInput): Promise<ActionResult> {
    this.calls.push(`perform ${id}`);
    await this.#wait(id.includes("3") ? 3 : 1);
    const result = this.#actions.perform(id, input);
    const { outcome } = result;
    if (outcome.status === "dismissed") return result;
    const status = outcome.status === "failed" ? "failed" : outcome.warning === null ? "done" : "warned";
    this.#actions.statuses[id] = { status, message: null, exitCode: null, millis: null, output: null };
    return result;
  }
  async reloadPage(id: string): Promise<void> {
    this.calls.push(`reload ${id}`);
  }
  async actionFailed(id: string, _revision: number | null, message: string): Promise<void> {
    this.calls.push(`failed ${id}: ${message}`);
  }
  /** Every card in turn; whether that is right only the engine knows. */
  async nextStep(id: string, { tried, following }: StepRequest): Promise<NextStep> {
    const [first, ...rest] = following;
    if (first !== undefined) return { kind: "run", action: first, following: rest };
    const failed = tried.find((each) => this.#actions.statuses[each]?.status === "failed");
    if (failed !== undefined) return { kind: "failed", action: failed };
    const page = await this.page(id);
    const next = page.actions.find(
      (each) =>
        !each.problem && !tried.includes(each.id) && this.#actions.statuses[each.id]?.status !== "done",
    );
    return next ? { kind: "run", action: next.id, following: [] } : { kind: "done", leftOut: [] };
  }
  async cancelAction(id: string): Promise<void> {
    this.calls.push(`cancel ${id}`);
  }
  async skipAction(id: string): Promise<ActionResult> {
    this.calls.push(`skip ${id}`);
    this.#actions.statuses[id] = {
      status: "skipped",
      message: null,
      exitCode: null,
      millis: null,
      output: null,
    };
    return succeeded([]);
  }
  async saveForm(
    id: string,
    _revision: number | null,
    values: Record<string, boolean | number | string>,
  ): Promise<void> {
    this.calls.push(`form ${id} ${JSON.stringify(values)}`);
  }
  async saveView(view: ViewState): Promise<void> {
    this.savedView = view;
  }

  async attachTerminal(
    name: string,
    columns: number,
    rows: number,
    output: (bytes: Uint8Array) => void,
  ): Promise<TerminalAttachment> {
    this.calls.push(`attach ${name} ${columns}x${rows}`);
    const terminal = this.#terminal(name);
    const detach = terminal.attach(output);
    return {
      write: async (data) => {
        if (data === "\x04") this.emit({ kind: "terminal-exited", name, status: 0 });
        else terminal.write(data);
      },
      resize: async () => undefined,
      acknowledge: () => undefined,
      detach,
    };
  }

  async setTerminalColours(text: string, ground: string): Promise<void> {
    this.calls.push(`colours ${text} on ${ground}`);
  }
  async openEditorTerminal(): Promise<string> {
    const names = this.#editorTerminals.map(({ name }) => name);
    let name = "bash";
    for (let number = 2; names.includes(name); number++) name = `bash ${number}`;
    this.changeEditorTerminals([...names, name]);
    return name;
  }
  async clearEditorTerminal(name: string): Promise<void> {
    this.calls.push(`clear editor terminal ${name}`);
  }

  async closeEditorTerminal(name: string): Promise<void> {
    this.calls.push(`close terminal ${name}`);
    const names = this.#editorTerminals.map((each) => each.name).filter((each) => each !== name);
    this.#terminals.delete(`editor:${name}`);
    this.changeEditorTerminals(names);
  }

  async copyIn(names: string[], replace: boolean) {
    this.calls.push(`copy in ${names.join(" ")}${replace ? " over mine" : ""}`);
    const files = this.offered.files.filter((file) => !names.includes(file.name) || (file.yours && !replace));
    this.offered = { ...this.offered, files };
    return { effects: [], offer: this.offered };
  }
  async readDocument(path: string) {
    const text = this.files.get(path);
    if (text === undefined) throw new BackendError("not-found", `${path} does not exist`);
    if (text.includes("\0")) throw new BackendError("not-text", `${path} is not a text file`);
    return { path, text, version: hash(text), readOnly: null };
  }
  async saveDocument(path: string, text: string, expected: string | null) {
    this.calls.push(`save ${path}`);
    const onDisk = this.files.get(path);
    const version = onDisk === undefined ? null : hash(onDisk);
    if (version !== expected) throw new BackendError("conflict", `${path} has changed on disk`);
    this.files.set(path, text);
    if (onDisk === undefined) this.emit({ kind: "files-changed" });
    return { version: hash(text) };
  }
  async watchDocuments(): Promise<void> {
    return;
  }
  async listFolder(folder: string): Promise<FileEntry[]> {
    const entries = new Map<string, FileEntry>();
    for (const path of this.files.keys()) {
      if (!path.startsWith(`${folder}/`)) continue;
      const [name = "", ...rest] = path.slice(folder.length + 1).split("/");
      entries.set(name, { name, path: `${folder}/${name}`, kind: rest.length > 0 ? "folder" : "file" });
    }
    return [...entries.values()].sort((a, b) => b.kind.localeCompare(a.kind) || a.name.localeCompare(b.name));
  }
  imageUrl(file: string): string {
    return `workshop://localhost/${encodeURIComponent(file)}`;
  }

  async copyText(text: string): Promise<void> {
    this.copied.push(text);
  }
  async closeWindow(): Promise<void> {
    this.calls.push("close window");
  }

  async openUrl(url: string): Promise<void> {
    this.opened.push(url);
  }
  async followLink(url: string): Promise<Effect[]> {
    return [{ kind: "open-url", url }];
  }
  async frameMessage(dashboard: string, origin: string, message: FrameMessage): Promise<Effect[]> {
    this.calls.push(`message ${dashboard} ${origin} ${JSON.stringify(message)}`);
    return [];
  }
  async addresses(): Promise<AddressView[]> {
    return addressesOf((await this.sessionView()).dashboards, this.answering);
  }
  async dashboardAnswers(dashboard: string): Promise<boolean> {
    this.calls.push(`answers ${dashboard}`);
    return this.answering;
  }
  onEvent(listener: (event: Event) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The editor has these terminals now; those that were there keep their shells. */
  changeEditorTerminals(names: string[]): void {
    const shell = (name: string) => this.#editorTerminals.find((each) => each.name === name)?.shell;
    this.#editorTerminals = names.map((name) => ({ name, shell: shell(name) ?? ++this.#shells }));
    this.emit({ kind: "editor-terminals-changed", terminals: this.#editorTerminals });
  }

  /** A background program comes to another state. */
  changeProgram(name: string, change: Partial<ProgramView>): void {
    this.#programs = this.#programs.map((each) => (each.name === name ? { ...each, ...change } : each));
    this.emit({ kind: "programs-changed", programs: this.#programs });
  }

  /** Something outside the window writes a file. */
  writeOnDisk(path: string, text: string): void {
    this.files.set(path, text);
    this.emit({ kind: "document-changed", path, version: hash(text) });
  }

  #terminal(name: string): FakeTerminal {
    let terminal = this.#terminals.get(name);
    if (!terminal) this.#terminals.set(name, (terminal = new FakeTerminal(ANSWERS)));
    return terminal;
  }

  #wait(times: number): Promise<void> {
    const latency = (this.options.latency ?? 0) * times;
    return latency === 0 ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, latency));
  }
}

export { succeeded };
