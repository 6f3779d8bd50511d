import { SvelteMap, SvelteSet } from "svelte/reactivity";
import type { Backend, FrameMessage } from "../backend/backend";
import type {
  ActionResult,
  ActionView,
  ChecksView,
  Effect,
  PageState,
  PageView,
  RestoredView,
  RestoreView,
  SessionView,
  SuccessorView,
  UnsavedText,
} from "../protocol";
import type { ActionHost, Trigger } from "./action-state";
import { ActionRunner } from "./actions.svelte";
import { CatchUp } from "./catch-up.svelte";
import { aroundEditorTerminals, commandTarget, isSameStep, reopenFiles } from "./command-target";
import { Dashboards } from "./dashboards.svelte";
import { EditorTerminals } from "./editor-terminals.svelte";
import { Documents } from "./documents.svelte";
import { runEditorCommand, type CommandTarget } from "./editor-commands";
import { applyEffects, type EffectTarget } from "./effects";
import { Forms } from "./forms.svelte";
import { hear } from "./hear";
import { Layout, type Region } from "./layout.svelte";
import { performAction, type Brought } from "./perform";
import { failureOf, Programs } from "./programs.svelte";
import { Preview, type PreviewHost, type ShownPage } from "./preview.svelte";
import { putBack, sentence } from "./put-back";
import { Queues } from "./queues";
import { Setup, type SetupHost } from "./setup.svelte";
import { Terminals } from "./terminals.svelte";
import { ViewKeeper } from "./view-keeper";
import { WorkTabs } from "./work-tabs.svelte";

/** What the session needs of the window around it. */
export interface Surroundings {
  announce(text: string): void;
  /** Something went wrong that no card can tell. */
  problem(message: string): void;
  /** Something is done that the learner has asked for. */
  notice?(text: string): void;
  resizeText?(by: 1 | -1 | 0): void;
  /** A page or script of the workshop says that it is done. */
  finish(): void;
  /** A page or script of the workshop closes it. */
  leave(): void;
  /** Who only reads the workshop wants to start it. */
  trust?(): void;
}

const NOTHING = Promise.resolve();

/** The open workshop: its page, and the state of everything beside it. */
export class WorkshopSession {
  /** As the engine told it last. */
  view = $state.raw() as SessionView;
  readonly backend: Backend;
  readonly documents: Documents;
  readonly terminals: Terminals;
  readonly editorTerminals: EditorTerminals;
  readonly dashboards: Dashboards;
  readonly programs: Programs;
  readonly layout: Layout;
  readonly setup: Setup;
  readonly preview: Preview;
  readonly tabs: WorkTabs;

  page = $state.raw<ShownPage | null>(null);
  /** Why the page cannot be shown. */
  pageProblem = $state<string | null>(null);
  checks = $state.raw<ChecksView>({ passed: 0, total: 0 });
  readonly visited: SvelteSet<string>;
  /** Counts requests to show the menu with the learner's preferences. */
  preferencesAsked = $state(0);
  /** What cards show of their files, by action, where that is newer than the page. */
  #previews = new SvelteMap<string, string>();

  #surroundings: Surroundings;
  #queues = new Queues();
  #forms: Forms;
  #keeper: ViewKeeper;
  #scroll: number;
  #navigation = 0;
  #stopListening: () => void;

  constructor(view: SessionView, backend: Backend, surroundings: Surroundings) {
    this.view = view;
    this.backend = backend;
    this.#surroundings = surroundings;
    this.#forms = new Forms((id, revision, values) =>
      view.readOnly ? NOTHING : backend.saveForm(id, revision, values),
    );
    this.documents = new Documents(backend, surroundings.problem);
    this.terminals = new Terminals(view.terminals, backend);
    this.editorTerminals = new EditorTerminals(
      backend,
      aroundEditorTerminals(this, () => this.tabs.lastFile(), surroundings.problem),
    );
    if (view.resumed) this.terminals.cameBack();
    this.dashboards = new Dashboards(view.dashboards);
    this.programs = new Programs(view.programs, backend, ({ name }) => surroundings.problem(failureOf(name)));
    this.checks = view.checks;
    this.setup = new Setup(view.setup, this.#aroundSetup);
    this.preview = new Preview(view, this.#aroundPreview);
    this.visited = new SvelteSet(view.pages.filter((page) => page.visited).map((page) => page.id));
    this.#scroll = view.view.scroll;
    this.#keeper = new ViewKeeper(
      () => ({
        openFiles: [...this.documents.tabs],
        activeTab: this.tabs.active,
        scroll: this.#scroll,
        layout: this.layout.toString(),
      }),
      (state) => (view.readOnly ? NOTHING : backend.saveView(state)),
    );
    this.layout = new Layout(view.view.layout, () => this.#keeper.changed());
    this.tabs = new WorkTabs(this, () => this.#keeper.changed(), surroundings.problem);
    this.#stopListening = backend.onEvent((event) =>
      hear(event, this, {
        effects: (effects) => this.#apply(Promise.resolve(effects), true),
        dashboards: (list) => this.tabs.dashboardsChanged(list),
        previewed: (action, text) => this.#previews.set(action, text),
      }),
    );
  }

  /** Shows the page and the files as they were left. */
  async open(): Promise<void> {
    if (this.view.readOnly) return this.show(this.view.currentPage);
    await Promise.all([
      reopenFiles(this, () => this.tabs.lastFile()),
      this.show(this.view.currentPage),
      this.programs.look(),
      this.setup.catchUp(),
      this.preview.catchUp(),
    ]);
  }

  /** Set-up may have changed what the page says. What the learner wants to run on it waits on the new one. */
  async #renewPage(): Promise<void> {
    const runner = this.page?.runner;
    if (!runner) return;
    const page = await this.backend.page(runner.page.id);
    if (runner !== this.page?.runner || JSON.stringify(page) === JSON.stringify(runner.page)) return;
    const { waiting } = runner;
    await this.#keeper.flush();
    await this.show(page.id);
    const same = (id: string) => isSameStep(id, runner.page, page);
    for (const id of waiting.filter(same)) this.page?.runner.run(id);
  }

  /** The page of the navigation that was shown last: the way back from a page outside it. */
  lastListed = $state<string | null>(null);

  get pageIndex(): number {
    return this.view.pages.findIndex((entry) => entry.id === this.page?.runner.page.id);
  }

  /** Turns to a page. */
  async show(id: string): Promise<void> {
    const navigation = ++this.#navigation;
    const { reloads } = this.preview;
    try {
      const page = await this.backend.page(id);
      // Whoever turns two pages quickly sees the second.
      if (navigation !== this.#navigation) return;
      const left = this.page?.runner;
      this.page?.catchUp.stop();
      left?.leave();
      if (left) await this.backend.leavePage(left.page.id);
      const state = await this.backend.enterPage(id);
      if (navigation !== this.#navigation) return;
      this.pageProblem = null;
      this.visited.add(id);
      if (this.view.pages.some((entry) => entry.id === id)) this.lastListed = id;
      // The page has just brought them anew.
      for (const action of page.actions) if (action.body !== null) this.#previews.delete(action.id);
      this.#scroll = state.scroll;
      this.#forms.enter(page, state.forms);
      const runner = this.#runner(page, state);
      this.page = { runner, state, catchUp: this.#catchUp(runner) };
      // Its author may have saved it while it was on its way.
      if (reloads !== this.preview.reloads) await this.#renewPage();
      if (runner === this.page?.runner) runner.autostart(state.autostart);
    } catch (error) {
      if (navigation === this.#navigation) this.pageProblem = sentence(error);
    }
  }

  /** Shows the page anew: what runs only once may run again. */
  async reload(): Promise<void> {
    const id = this.page?.runner.page.id;
    if (id === undefined) return;
    try {
      await this.backend.reloadPage(id);
    } catch (error) {
      this.#surroundings.problem(sentence(error));
      return;
    }
    await this.show(id);
  }

  /** What restoring the start of the page would do, with everything typed on the disk first. */
  async restoreView(file: string | null): Promise<RestoreView> {
    await this.settle();
    return this.backend.restoreView(this.page?.runner.page.id ?? this.view.currentPage, file);
  }

  /** Puts back the start of the page, or one file as it was then; shows the page anew. */
  restore(view: RestoreView): Promise<RestoredView> {
    return this.#replaceFiles((unsaved) => this.backend.restore(view.page, view.file, unsaved));
  }

  /** Brings back a version of the learner's that gave way. */
  bringBack(version: string): Promise<RestoredView> {
    return this.#replaceFiles((unsaved) => this.backend.bringBack(version, unsaved));
  }

  async #replaceFiles(replace: (unsaved: UnsavedText[]) => Promise<RestoredView>): Promise<RestoredView> {
    this.page?.catchUp.stop();
    await this.settle();
    const { problem } = this.#surroundings;
    try {
      const restored = await putBack(replace, this.documents, this.#effects, problem);
      this.checks = restored.checks;
      return restored;
    } finally {
      // The engine has left it, also where it did not come to the end.
      const id = this.page?.runner.page.id;
      if (id !== undefined) await this.show(id);
    }
  }

  turn(by: 1 | -1): void {
    const entry = this.view.pages[this.pageIndex + by];
    if (entry) void this.show(entry.id);
  }

  scrolled(to: number): void {
    this.#scroll = to;
    this.#keeper.changed();
  }

  get #commands(): CommandTarget {
    return commandTarget(this, (path) => this.tabs.closeDocument(path, false), this.#surroundings.resizeText);
  }

  focusTerminal(name: string): void {
    this.layout.reveal("terminals");
    this.terminals.focus(name);
  }

  /** The terminals are drawn with these colours now. */
  drawnWith(text: string, ground: string): void {
    // A program that asks gets the colours before: not worth a message.
    this.backend.setTerminalColours(text, ground).catch(() => undefined);
  }

  copyText(text: string): Promise<void> {
    return this.backend.copyText(text);
  }

  /** Hands an address to the browser. */
  openUrl(url: string): void {
    this.backend.openUrl(url).catch((error: unknown) => this.#surroundings.problem(sentence(error)));
  }

  /** Follows a link of a page or a terminal, wherever it leads. */
  followLink(url: string): void {
    this.#apply(this.backend.followLink(url), true);
  }

  /** The page in a tab sent a message. */
  frameMessage(dashboard: string, origin: string, message: FrameMessage, mayFocus: boolean): void {
    this.#apply(this.backend.frameMessage(dashboard, origin, message), mayFocus);
  }

  /** Everything typed is on disk and the view is saved; the session itself goes on. */
  async settle(): Promise<void> {
    await this.documents.flush();
    await this.#forms.flush();
    await this.#keeper.flush();
  }

  /** Stops listening. The engine closes the session. */
  async close(): Promise<void> {
    this.page?.catchUp.stop();
    this.page?.runner.leave();
    this.setup.close();
    await this.settle();
    this.#stopListening();
  }

  /** Nothing is under way that a test would have to wait for. */
  get idle(): boolean {
    return (
      this.#queues.idle && (this.page?.runner.idle ?? true) && !this.documents.dirty && this.terminals.drawn
    );
  }

  get #effects(): EffectTarget {
    return {
      documents: this.documents,
      showDashboard: (id) => this.tabs.showDashboard(id),
      reloadDashboard: (id) => this.dashboards.reload(id),
      focusTerminal: (name) => this.focusTerminal(name),
      showEditorTerminal: (name, focus) => this.editorTerminals.show(name, focus),
      showFile: (path) => this.tabs.select(path),
      focusEditor: () => this.tabs.editorFocus++,
      closeDocument: (path, deleted) => this.tabs.closeDocument(path, deleted),
      moveDocument: (from, to) => this.tabs.moveDocument(from, to),
      editorCommand: (command) => runEditorCommand(command, this.#commands),
      copyText: (text) => this.backend.copyText(text),
      openUrl: (url) => this.backend.openUrl(url),
      finish: () => this.#surroundings.finish(),
      leave: () => this.#surroundings.leave(),
    };
  }

  /** What a page of this version needs. */
  #host(revision: number): ActionHost {
    return {
      perform: (action, trigger, drop, agreed) => this.#perform(action, trigger, { drop, agreed, revision }),
      gate: () => this.setup.gate,
      preview: (id) => this.#previews.get(id),
      applyEffects: async (result) => {
        if (!("effects" in result.outcome)) return;
        await applyEffects(result.outcome.effects, this.#effects, { base: null, mayFocus: false });
      },
      cancel: (id) => this.backend.cancelAction(id, revision),
      skip: (id) => this.backend.skipAction(id, revision),
      announce: (text) => this.#surroundings.announce(text),
      readOnly: this.view.readOnly,
      trust: () => this.#surroundings.trust?.(),
    };
  }

  get #aroundSetup(): SetupHost {
    return {
      backend: this.backend,
      renew: async (view) => {
        this.view = view;
        this.checks = view.checks;
        this.tabs.dashboardsChanged(view.dashboards);
        await this.#renewPage();
      },
      ...this.#surroundings,
    };
  }

  get #aroundPreview(): PreviewHost {
    return {
      backend: this.backend,
      renew: ({ title, description, contentsTitle, pages }) => {
        this.view = { ...this.view, title, description, contentsTitle, pages };
      },
      succeed: (shown) => this.#succeed(shown),
      flush: () => this.documents.flush(),
      apply: async (effects) =>
        void (await applyEffects(effects, this.#effects, { base: null, mayFocus: false })),
      ...this.#surroundings,
    };
  }

  /** The page in front as its author has it now: what is under way goes on. */
  #succeed(shown: SuccessorView): void {
    const before = this.page;
    if (before?.runner.page.id !== shown.before) return;
    before.catchUp.stop();
    if (!shown.page || !shown.state) {
      const { title } = before.runner.page;
      this.#forms.rename(shown.before, {});
      this.#surroundings.problem(`The page “${title}” is gone from the workshop. This is the nearest one.`);
      if (shown.nearest !== null) void this.show(shown.nearest);
      return;
    }
    const { page, state } = shown;
    for (const action of page.actions) this.#previews.delete(action.id);
    // The engine has kept what was typed into forms that are back; what was typed just now is newer.
    this.#forms.rename(shown.before, shown.actions, page, state.forms);
    const runner = this.#runner(page, state);
    runner.succeed(before.runner, shown.actions, shown.unchanged);
    this.visited.add(page.id);
    this.page = { runner, state, catchUp: this.#catchUp(runner), succeeds: shown };
  }

  #runner(page: PageView, state: PageState): ActionRunner {
    return new ActionRunner(page, state, this.#host(page.revision), this.#queues, this.#forms);
  }

  #catchUp(runner: ActionRunner): CatchUp {
    return new CatchUp({ runner, backend: this.backend, announce: this.#surroundings.announce });
  }

  #perform(action: ActionView, trigger: Trigger, brought: Brought): Promise<ActionResult> {
    const target = trigger === "catch-up" ? this.#shown : this.#effects;
    const form = this.#forms.values(action);
    return performAction(action, this.backend, target, trigger !== "autostart", { ...brought, form });
  }

  /** Shows what happens, and leaves the focus where it is. */
  get #shown(): EffectTarget {
    return {
      ...this.#effects,
      focusTerminal: (name) => {
        this.layout.reveal("terminals");
        this.terminals.used(name);
      },
      showEditorTerminal: (name) => this.editorTerminals.show(name, false),
      focusEditor: () => undefined,
      editorCommand: (command) =>
        runEditorCommand(command, { ...this.#commands, focusEditor: () => undefined }),
    };
  }

  #apply(asked: Promise<Effect[]>, mayFocus: boolean): void {
    asked
      .then((effects) => applyEffects(effects, this.#effects, { base: null, mayFocus }))
      .catch((error: unknown) => this.#surroundings.problem(sentence(error)));
  }
}

export type { Region };
