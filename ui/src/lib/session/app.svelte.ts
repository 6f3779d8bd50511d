import { BackendError, type Backend } from "../backend/backend";
import type {
  Allowances,
  FinishView,
  InspectionView,
  Isolation,
  LibraryView,
  SessionView,
  WorkshopCard,
} from "../protocol";
import type { ActionRunner } from "./actions.svelte";
import { filesDropped, filesOver } from "./dropped-files";
import { Preferences } from "./preferences.svelte";
import { sentence } from "./put-back";
import { WorkshopSession } from "./session.svelte";
import { StoredSessions, type StoredSessionsHost } from "./stored-sessions.svelte";
import { Toasts } from "./toasts.svelte";

/** A workshop on its way from the sheet to the first page. */
export interface Start {
  path: string;
  title: string;
  /** The one that was asked for. */
  pathway: string | null;
  /** Begins anew instead of resuming. */
  fresh: boolean;
  /** Why there is no session. */
  problem: string | null;
  cancelling: boolean;
}

/** How the learner has answered the trust sheet. */
export interface Decision {
  /** The path is trusted whatever its content. */
  asAuthor: boolean;
  /** What of the learner's own it may use, where it uses any. */
  allowed: Allowances | null;
  /** How far it may reach, where there is a choice. */
  isolation: Isolation | null;
}

export type Screen = "loading" | "library" | "starting" | "workshop" | "finish" | "problem";

/** What the window shows, and how it gets from one screen to the next. */
export class App {
  readonly backend: Backend;
  readonly preferences = new Preferences();
  readonly toasts = new Toasts();
  readonly stored: StoredSessions;

  screen = $state<Screen>("loading");
  library = $state.raw<LibraryView | null>(null);
  /** The trust sheet. */
  sheet = $state.raw<InspectionView | null>(null);
  /** The folder that was opened holds these workshops: one of them is to be chosen. */
  several = $state.raw<{ title: string; workshops: WorkshopCard[] } | null>(null);
  start = $state<Start | null>(null);
  session = $state.raw<WorkshopSession | null>(null);
  finished = $state.raw<FinishView | null>(null);
  /** Why the window cannot go on. */
  problem = $state<string | null>(null);

  #opening = false;
  /** The folder on which the author said to work when the program was started, until one of its workshops is chosen. */
  #authorsOwn: string | null = null;
  /** What the sheet starts begins anew instead of resuming. */
  #sheetIsFresh = false;
  /** The pathways chosen on the sheet, one after the other. */
  #choosing: Promise<void> = Promise.resolve();

  constructor(backend: Backend) {
    this.backend = backend;
    this.stored = new StoredSessions(this.#aroundStored);
    backend.onEvent((event) => {
      if (event.kind === "files-over") {
        filesOver(this.#cards, event.at);
      } else if (event.kind === "files-dropped") {
        this.#filesDropped(event.path, event.drop, event.at);
      } else if (event.kind === "closing") {
        void this.#close();
      }
    });
  }

  /** Opens what the program was started with, or the library. */
  async begin(): Promise<void> {
    try {
      const { path, trust, author, fresh } = await this.backend.startRequest();
      // Of several that lie in the folder, the one that is chosen is the author's own as well.
      if (author && !trust) this.#authorsOwn = path;
      await this.showLibrary();
      if (path === null) return;
      if (trust) await this.#start(path, path.split("/").at(-1) ?? path, fresh, null);
      else await this.open(path, fresh);
    } catch (error) {
      this.#fail(error);
    }
  }

  async showLibrary(): Promise<void> {
    try {
      this.library = await this.backend.library();
      this.screen = "library";
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Asks for a folder, or for an archive. */
  async choose(what: "folder" | "archive" = "folder"): Promise<void> {
    try {
      const { backend } = this;
      const path = await (what === "folder" ? backend.chooseWorkshop() : backend.chooseArchive());
      if (path !== null) await this.open(path);
    } catch (error) {
      this.toasts.problem(sentence(error));
    }
  }

  /**
   * A trusted workshop starts or resumes at once; any other shows what it would do first, and one with several pathways
   * asks for one of them.
   */
  open = async (path: string, fresh = false): Promise<void> => {
    // A double click must not start two sessions.
    if (this.#opening) return;
    this.#opening = true;
    try {
      const opened = await this.backend.resolveWorkshop(path);
      if (opened.kind === "several") {
        this.several = opened;
        return;
      }
      // Only what is chosen of the list: what is opened later may have come into the folder from anywhere.
      const own = this.several === null ? null : this.#authorsOwn;
      this.several = null;
      let inspection = await this.backend.inspectWorkshop(opened.path, null);
      if (own !== null && opened.path.startsWith(`${own}/`)) {
        this.#authorsOwn = null;
        await this.backend.trustWorkshop(opened.path, true, inspection.content);
        inspection = await this.backend.inspectWorkshop(opened.path, null);
      }
      const chosen = inspection.pathways.length < 2 || (inspection.resume !== null && !fresh);
      // What was to be isolated does not start otherwise before the learner has said so.
      if (inspection.trusted && chosen && !inspection.isolation.lost)
        await this.#start(opened.path, inspection.title, fresh, null);
      else this.#ask(inspection, fresh);
    } catch (error) {
      this.toasts.problem(sentence(error));
    } finally {
      this.#opening = false;
    }
  };

  /** The cards that are in sight. */
  get #cards(): ActionRunner | undefined {
    return this.screen === "workshop" ? this.session?.page?.runner : undefined;
  }

  #filesDropped(path: string, drop: number | null, at: readonly [number, number]): void {
    const taken = filesDropped(this.#cards, drop, at);
    if (taken === "missed") this.toasts.notice("To upload files, drop them on the card that asks for them.");
    else if (taken === "elsewhere") void this.dropped(path);
  }

  /** A folder or bundle was dropped on the window. The open session is closed properly first. */
  dropped = async (path: string): Promise<void> => {
    if (this.session && !(await this.leaveWorkshop())) return;
    await this.open(path);
  };

  /** The window is about to close: what was typed is saved first. */
  async #close(): Promise<void> {
    try {
      await this.session?.settle();
    } finally {
      await this.backend.closeWindow();
    }
  }

  dismissSheet(): void {
    this.sheet = null;
  }

  dismissSeveral(): void {
    this.several = null;
    this.#authorsOwn = null;
  }

  /** The sheet tells of another pathway. */
  choosePathway(name: string): Promise<void> {
    this.#choosing = this.#choosing.then(async () => {
      const { sheet } = this;
      if (!sheet) return;
      try {
        const inspection = await this.backend.inspectWorkshop(sheet.path, name);
        // It may have been closed meanwhile.
        if (this.sheet === sheet) this.sheet = inspection;
      } catch (error) {
        this.toasts.problem(sentence(error));
      }
    });
    return this.#choosing;
  }

  /** The open session goes on along another pathway; its files stay, its terminals are started anew. */
  async takePathway(name: string): Promise<void> {
    const view = this.session?.view;
    if (!view || name === view.pathway || !this.#isDecided()) return;
    if (view.readOnly) return this.#read(view.workshopPath, view.title, name);
    await this.#closeSession(() => this.backend.closeSession());
    await this.#start(view.workshopPath, view.title, false, name);
  }

  /** The open session begins again with the definition as it is now; its files stay. */
  async restart(): Promise<void> {
    const view = this.session?.view;
    if (!view || !this.#isDecided()) return;
    await this.#closeSession(() => this.backend.closeSession());
    await this.#start(view.workshopPath, view.title, false, view.pathways.length > 1 ? view.pathway : null);
  }

  /** The workshop is trusted whatever its content from now on, and the open session goes on as its author's. */
  async workAsAuthor(): Promise<void> {
    const view = this.session?.view;
    if (!view || view.readOnly || view.authorMode || !this.#isDecided()) return;
    try {
      const { content } = await this.backend.inspectWorkshop(view.workshopPath, null);
      await this.backend.trustWorkshop(view.workshopPath, true, content);
    } catch (error) {
      this.toasts.problem(sentence(error));
      return;
    }
    await this.restart();
  }

  /** The open session is closed, and its sheet asks anew what it may use. */
  async reviewAllowances(): Promise<void> {
    const view = this.session?.view;
    if (!view || !(await this.leaveWorkshop())) return;
    try {
      this.#ask(await this.backend.inspectWorkshop(view.workshopPath, null), false);
    } catch (error) {
      this.toasts.problem(sentence(error));
    }
  }

  async trustAndStart({ asAuthor, allowed, isolation }: Decision): Promise<void> {
    // A pathway that was chosen just now is the one to start on.
    await this.#choosing;
    const { sheet, backend } = this;
    if (!sheet) return;
    const pathway = sheet.pathways.length > 1 ? sheet.pathway : null;
    try {
      if (!sheet.trusted || asAuthor) await backend.trustWorkshop(sheet.path, asAuthor, sheet.content);
      if (allowed) await backend.allowWorkshop(sheet.path, allowed);
      if (isolation) await backend.isolateWorkshop(sheet.path, isolation);
      this.sheet = null;
      await this.#stopReading();
      await this.#start(sheet.path, sheet.title, this.#sheetIsFresh, pathway);
    } catch (error) {
      if (error instanceof BackendError && error.code === "not-trusted") await this.#showAnew(sheet);
      else this.toasts.problem(sentence(error));
    }
  }

  /** Shows the pages of the workshop on the sheet. Nothing of it runs. */
  async readOnly(): Promise<void> {
    await this.#choosing;
    const { sheet } = this;
    if (!sheet) return;
    this.sheet = null;
    await this.#read(sheet.path, sheet.title, sheet.pathways.length > 1 ? sheet.pathway : null);
  }

  /** Who reads a workshop wants to start it: its sheet asks. */
  async trustReading(): Promise<void> {
    const view = this.session?.view;
    if (!view?.readOnly) return;
    try {
      const pathway = view.pathways.length > 1 ? view.pathway : null;
      this.#ask(await this.backend.inspectWorkshop(view.workshopPath, pathway), this.#sheetIsFresh);
    } catch (error) {
      this.toasts.problem(sentence(error));
    }
  }

  async #read(path: string, title: string, pathway: string | null): Promise<void> {
    await this.#stopReading();
    this.start = { path, title, pathway, fresh: false, problem: null, cancelling: false };
    this.screen = "starting";
    try {
      const view = await this.backend.readWorkshop(path, pathway);
      if (this.start && !this.start.cancelling) this.#show(this.#sessionOf(view));
    } catch (error) {
      this.start = null;
      this.toasts.problem(sentence(error));
      await this.showLibrary();
    }
  }

  /** What is read makes room for what comes. */
  async #stopReading(): Promise<void> {
    if (this.session?.view.readOnly) await this.#closeSession(() => this.backend.closeSession());
  }

  /** The workshop has changed under its sheet: that shows what there is now. */
  async #showAnew(sheet: InspectionView): Promise<void> {
    try {
      const pathway = sheet.pathways.length > 1 ? sheet.pathway : null;
      this.sheet = await this.backend.inspectWorkshop(sheet.path, pathway);
      this.toasts.notice("The workshop changed while its sheet was open. This is what it is now.");
    } catch (error) {
      this.toasts.problem(sentence(error));
    }
  }

  async cancelStart(): Promise<void> {
    const { start } = this;
    if (!start) return;
    start.cancelling = true;
    try {
      if (start.problem === null) await this.backend.cancelStart();
    } catch (error) {
      this.toasts.problem(sentence(error));
    }
    this.start = null;
    await this.showLibrary();
  }

  /** Starts what could not be started once more. */
  async retryStart(): Promise<void> {
    const { start } = this;
    if (start) await this.#start(start.path, start.title, start.fresh, start.pathway);
  }

  async finish(): Promise<void> {
    const { session } = this;
    if (!session) return;
    if (session.view.readOnly) return this.trustReading();
    try {
      await session.settle();
      this.finished = await this.backend.finish();
      this.screen = "finish";
    } catch (error) {
      this.toasts.problem(sentence(error));
    }
  }

  /** From the finish screen back to the last page. */
  backToWorkshop(): void {
    if (this.session) this.screen = "workshop";
  }

  /** False when a file's two texts still wait for a decision: closing would lose one of them. */
  #isDecided(): boolean {
    const [undecided] = this.session?.documents.conflicts ?? [];
    if (undecided === undefined) return true;
    this.backToWorkshop();
    this.session?.tabs.select(undecided);
    this.toasts.problem(
      `${undecided} has changed on disk while you were typing. Choose which text stays first.`,
    );
    return false;
  }

  /** False when a decision is to be made first. */
  async leaveWorkshop(): Promise<boolean> {
    if (!this.#isDecided()) return false;
    await this.#closeSession(() => this.backend.closeSession());
    await this.showLibrary();
    return true;
  }

  get #aroundStored(): StoredSessionsHost {
    return {
      backend: this.backend,
      toasts: this.toasts,
      session: () => this.session,
      close: () => this.#closeSession(() => this.backend.closeSession()),
      startAnew: ({ workshopPath, title, pathways, pathway }) =>
        this.#start(workshopPath, title, true, pathways.length > 1 ? pathway : null),
      showLibrary: () => this.showLibrary(),
      isInLibrary: () => this.screen === "library",
      wait: () => (this.screen = "loading"),
      open: (workshop) => this.open(workshop),
    };
  }

  async #closeSession(close: () => Promise<void>): Promise<void> {
    // What they tell of is not in sight any more.
    this.toasts.clear();
    try {
      await this.session?.close();
      await close();
    } catch (error) {
      this.toasts.problem(sentence(error));
    }
    this.session = null;
    this.finished = null;
  }

  async #start(path: string, title: string, fresh: boolean, pathway: string | null): Promise<void> {
    const start: Start = {
      path,
      title,
      pathway,
      fresh,
      problem: null,
      cancelling: false,
    };
    this.start = start;
    this.screen = "starting";
    try {
      const view = await this.backend.startSession(path, pathway, fresh);
      if (!this.start || this.start.cancelling) return;
      this.#show(this.#sessionOf(view));
    } catch (error) {
      if (!this.start || this.start.cancelling) return;
      if (error instanceof BackendError && error.code === "not-trusted")
        await this.#askAgain(path, fresh, pathway);
      else this.start.problem = sentence(error);
    }
  }

  #sessionOf(view: SessionView): WorkshopSession {
    return new WorkshopSession(view, this.backend, {
      announce: this.toasts.announce,
      problem: this.toasts.problem,
      notice: this.toasts.notice,
      resizeText: (by) => this.preferences.resizeText(by),
      finish: () => void this.finish(),
      leave: () => void this.leaveWorkshop(),
      trust: () => void this.trustReading(),
    });
  }

  /** The content changed between the sheet and the start. */
  async #askAgain(path: string, fresh: boolean, pathway: string | null): Promise<void> {
    this.start = null;
    await this.showLibrary();
    this.#ask(await this.backend.inspectWorkshop(path, pathway), fresh);
  }

  #ask(inspection: InspectionView, fresh: boolean): void {
    this.sheet = inspection;
    this.#sheetIsFresh = fresh;
  }

  #show(session: WorkshopSession): void {
    this.start = null;
    this.session = session;
    this.screen = "workshop";
    if (session.view.resumed)
      this.toasts.notice("Welcome back. Your files are as you left them; terminals are fresh.");
    // What the learner should know stays until it is read.
    for (const notice of session.view.notices) this.toasts.problem(notice);
    void session.open();
  }

  #fail(error: unknown): void {
    this.problem = sentence(error);
    this.screen = "problem";
  }
}
