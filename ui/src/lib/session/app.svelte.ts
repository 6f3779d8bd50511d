import { BackendError, type Backend } from "../backend/backend";
import type { FinishView, InspectionView, LibraryView, SetupStepView } from "../protocol";
import { Preferences } from "./preferences.svelte";
import { mergeStep, WorkshopSession } from "./session.svelte";
import { Toasts } from "./toasts.svelte";

/** A workshop on its way from the sheet to the first page. */
export interface Start {
  path: string;
  title: string;
  steps: SetupStepView[];
  /** Set-up has ended; the session waits because a step of it failed. */
  session: WorkshopSession | null;
  /** Why there is no session. */
  problem: string | null;
  cancelling: boolean;
}

export type Screen = "loading" | "library" | "starting" | "workshop" | "finish" | "problem";

/** What the window shows, and how it gets from one screen to the next. */
export class App {
  readonly backend: Backend;
  readonly preferences = new Preferences();
  readonly toasts = new Toasts();

  screen = $state<Screen>("loading");
  library = $state.raw<LibraryView | null>(null);
  /** The trust sheet. */
  sheet = $state.raw<InspectionView | null>(null);
  start = $state<Start | null>(null);
  session = $state.raw<WorkshopSession | null>(null);
  finished = $state.raw<FinishView | null>(null);
  /** Why the window cannot go on. */
  problem = $state<string | null>(null);

  #opening = false;
  /** What the sheet starts begins anew instead of resuming. */
  #sheetIsFresh = false;

  constructor(backend: Backend) {
    this.backend = backend;
    backend.onEvent((event) => {
      if (event.kind === "setup-step" && this.start) {
        this.start.steps = mergeStep(this.start.steps, event.step);
      } else if (event.kind === "workshop-dropped") {
        void this.dropped(event.path);
      } else if (event.kind === "closing") {
        void this.#close();
      }
    });
  }

  /** Opens what the program was started with, or the library. */
  async begin(): Promise<void> {
    try {
      const { path, trust, fresh } = await this.backend.startRequest();
      await this.showLibrary();
      if (path === null) return;
      if (trust) {
        await this.backend.trustWorkshop(path, false);
        await this.#start(path, path.split("/").at(-1) ?? path, fresh);
      } else {
        await this.open(path, fresh);
      }
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

  async choose(): Promise<void> {
    try {
      const path = await this.backend.chooseWorkshop();
      if (path !== null) await this.open(path);
    } catch (error) {
      this.toasts.problem(sentence(error));
    }
  }

  /** A trusted workshop starts or resumes at once; any other shows what it would do first. */
  open = async (path: string, fresh = false): Promise<void> => {
    // A double click must not start two sessions.
    if (this.#opening) return;
    this.#opening = true;
    try {
      const inspection = await this.backend.inspectWorkshop(path);
      if (inspection.trusted) await this.#start(path, inspection.title, fresh);
      else this.#ask(inspection, fresh);
    } catch (error) {
      this.toasts.problem(sentence(error));
    } finally {
      this.#opening = false;
    }
  };

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

  async trustAndStart(anyContent: boolean): Promise<void> {
    const { sheet } = this;
    if (!sheet) return;
    try {
      await this.backend.trustWorkshop(sheet.path, anyContent);
      this.sheet = null;
      await this.#start(sheet.path, sheet.title, this.#sheetIsFresh);
    } catch (error) {
      this.toasts.problem(sentence(error));
    }
  }

  async cancelStart(): Promise<void> {
    const { start } = this;
    if (!start) return;
    start.cancelling = true;
    try {
      if (start.session) {
        await start.session.close();
        await this.backend.closeSession();
      } else if (start.problem === null) {
        await this.backend.cancelStart();
      }
    } catch (error) {
      this.toasts.problem(sentence(error));
    }
    this.start = null;
    await this.showLibrary();
  }

  /** Runs the set-up again, or the whole start where there is no session yet. */
  async retrySetup(): Promise<void> {
    const { start } = this;
    if (!start) return;
    if (!start.session) {
      await this.#start(start.path, start.title, false);
      return;
    }
    const { session } = start;
    // While it runs, the screen shows steps again and no choice.
    start.session = null;
    try {
      await session.runSetup();
      start.steps = session.setup;
      if (start.steps.some(hasFailed)) start.session = session;
      else this.#show(session);
    } catch (error) {
      start.session = session;
      this.toasts.problem(sentence(error));
    }
  }

  continueAnyway(): void {
    if (this.start?.session) this.#show(this.start.session);
  }

  async finish(): Promise<void> {
    const { session } = this;
    if (!session) return;
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
  async leaveWorkshop(): Promise<boolean> {
    const [undecided] = this.session?.documents.conflicts ?? [];
    if (undecided !== undefined) {
      this.backToWorkshop();
      this.session?.select(undecided);
      this.toasts.problem(
        `${undecided} has changed on disk while you were typing. Choose which text stays first.`,
      );
      return false;
    }
    await this.#closeSession(() => this.backend.closeSession());
    await this.showLibrary();
    return true;
  }

  /** Deletes the learner's files of this workshop and begins again. Asks nobody: the caller has. */
  async startOver(): Promise<void> {
    const view = this.session?.view;
    if (!view) return;
    await this.#closeSession(() => this.backend.removeSession());
    await this.#start(view.workshopPath, view.title, true);
  }

  async #closeSession(close: () => Promise<void>): Promise<void> {
    try {
      await this.session?.close();
      await close();
    } catch (error) {
      this.toasts.problem(sentence(error));
    }
    this.session = null;
    this.finished = null;
  }

  async #start(path: string, title: string, fresh: boolean): Promise<void> {
    const start: Start = { path, title, steps: [], session: null, problem: null, cancelling: false };
    this.start = start;
    this.screen = "starting";
    try {
      const view = await this.backend.startSession(path, fresh);
      if (!this.start || this.start.cancelling) return;
      const session = new WorkshopSession(view, this.backend, {
        announce: this.toasts.announce,
        problem: this.toasts.problem,
        finish: () => void this.finish(),
        leave: () => void this.leaveWorkshop(),
      });
      this.start.title = view.title;
      this.start.steps = view.setup;
      if (view.setup.some(hasFailed) && !view.resumed) this.start.session = session;
      else this.#show(session);
    } catch (error) {
      if (!this.start || this.start.cancelling) return;
      if (error instanceof BackendError && error.code === "not-trusted") await this.#askAgain(path, fresh);
      else this.start.problem = sentence(error);
    }
  }

  /** The content changed between the sheet and the start. */
  async #askAgain(path: string, fresh: boolean): Promise<void> {
    this.start = null;
    await this.showLibrary();
    this.#ask(await this.backend.inspectWorkshop(path), fresh);
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

function hasFailed(step: SetupStepView): boolean {
  return step.status === "failed";
}

function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
