import type { ActionResult, ActionUpdate, ActionView, NextAction, PageState, PageView } from "../protocol";
import type { Queues } from "./queues";
import { Sections } from "./sections.svelte";

export type CardStatus = "ready" | "queued" | "running" | "done" | "warned" | "failed" | "cooling";
export type Trigger = "click" | "autostart" | "cascade";

/** What a card shows. */
export interface CardState {
  status: CardStatus;
  /** Running for so long that it should show. */
  slow: boolean;
  message: string | null;
  output: string | null;
  exitCode: number | null;
  millis: number | null;
  /** When it was started, on `performance.now()`'s clock. */
  startedAt: number | null;
  /** When it may run again; null when it never may. Only while `cooling`. */
  readyAt: number | null;
}

/** What the runner needs of the session around it. */
export interface ActionHost {
  /** Prepares, asks the engine, and does what it answers. */
  perform(action: ActionView, trigger: Trigger, drop: number | null): Promise<ActionResult>;
  /** Does what an answer asks that came as an event. */
  applyEffects(result: ActionResult): Promise<void>;
  cancel(id: string): Promise<void>;
  announce(text: string): void;
  /** What a card shows of its file, where that is newer than the page. */
  preview?(id: string): string | undefined;
}

export const PROGRESS_AFTER_MS = 150;

const READY: Readonly<CardState> = {
  status: "ready",
  slow: false,
  message: null,
  output: null,
  exitCode: null,
  millis: null,
  startedAt: null,
  readyAt: null,
};

const TO_DO: ReadonlySet<CardStatus> = new Set<CardStatus>(["ready", "failed"]);

/** The actions of the page that is shown: when they run, and how each stands. */
export class ActionRunner {
  readonly page: PageView;
  readonly sections: Sections;
  /** The upload over whose card files are held. */
  dropTarget = $state<string | null>(null);

  #host: ActionHost;
  #queues: Queues;
  #states = $state<Record<string, CardState>>({});
  #byId: Map<string, ActionView>;
  /** Queued or waiting for the engine's answer. */
  #pending = new Set<string>();
  /** When the last run ended; what a cooldown counts from. */
  #endedAt = new Map<string, number>();
  /** Ends that overtook the answer that says the action runs on. */
  #early = new Map<string, ActionUpdate | ActionResult>();
  #timers = new Set<ReturnType<typeof setTimeout>>();
  #left = false;

  constructor(page: PageView, state: PageState, host: ActionHost, queues: Queues) {
    this.page = page;
    this.#host = host;
    this.#queues = queues;
    this.sections = new Sections(page.sections, state.sections);
    this.#byId = new Map(page.actions.map((action) => [action.id, action]));
    for (const [id, update] of Object.entries(state.actions)) {
      const action = this.#byId.get(id);
      if (!action) continue;
      this.#states[id] = stateOf(update);
      if (action.cooldown.kind === "forever" && update.status !== "running") this.#endedAt.set(id, 0);
    }
  }

  state(id: string): CardState {
    return this.#states[id] ?? READY;
  }

  status(id: string): CardStatus {
    return this.state(id).status;
  }

  /** The text of a card, or of the file that it shows. */
  body({ id, body }: ActionView): string | null {
    return this.#host.preview?.(id) ?? body;
  }

  /** Runs what starts by itself because the page is shown. */
  autostart(ids: readonly string[]): void {
    for (const id of ids) this.run(id, "autostart");
  }

  /** Starts an action or puts it in its queue; `drop` names files that were dropped on it. False when it must not run now. */
  run(id: string, trigger: Trigger = "click", drop: number | null = null): boolean {
    const action = this.#byId.get(id);
    if (!action || action.problem || this.#left || this.#isAtWork(action)) return false;
    if (this.#isCoolingDown(action)) {
      if (trigger === "click") this.#showCooling(action);
      return false;
    }
    this.#pending.add(id);
    this.#early.delete(id);
    const queued = this.#queues.isBusy(action.queue);
    this.#states[id] = { ...READY, status: queued ? "queued" : "running", startedAt: performance.now() };
    this.#queues.run(action.queue, () => this.#perform(action, trigger, drop));
    return true;
  }

  /** The first action in sight that is still to be begun. A server that runs on is no reason to wait. */
  get next(): ActionView | null {
    return this.shown.find(({ id }) => TO_DO.has(this.status(id))) ?? null;
  }

  /** Cards in sight that can be run, in page order. */
  get shown(): ActionView[] {
    return this.page.actions.filter(
      (action, index) =>
        !action.hidden && !action.closesSection && !action.problem && this.sections.isActionShown(index),
    );
  }

  /** What must be done before the page is left behind, and is not. */
  get outstanding(): ActionView[] {
    return this.page.actions.filter(
      ({ id, required }, index) =>
        required && this.sections.isActionShown(index) && TO_DO.has(this.status(id)),
    );
  }

  cancel(id: string): void {
    this.#host.cancel(id).catch(() => undefined);
  }

  /** The page is left: nothing more starts from it. What the engine is at work on ends by itself. */
  leave(): void {
    this.#left = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  /** Nothing waits, runs or is about to run. Commands in terminals do not count. */
  get idle(): boolean {
    return this.#pending.size === 0 && this.#timers.size === 0;
  }

  updated(id: string, update: ActionUpdate): void {
    if (!this.#byId.has(id)) return;
    if (this.#pending.has(id)) {
      if (update.status !== "running") this.#early.set(id, update);
      return;
    }
    this.#states[id] = { ...stateOf(update), startedAt: this.state(id).startedAt };
    if (update.status !== "running") this.#announce(id);
  }

  async finished(id: string, result: ActionResult): Promise<void> {
    const action = this.#byId.get(id);
    if (!action || this.#pending.has(id)) {
      if (action) this.#early.set(id, result);
      return;
    }
    try {
      await this.#host.applyEffects(result);
      this.#conclude(action, result);
    } catch (error) {
      this.#fail(action, error);
    }
  }

  async #perform(action: ActionView, trigger: Trigger, drop: number | null): Promise<void> {
    const { id } = action;
    if (this.#left) {
      this.#pending.delete(id);
      return;
    }
    this.#states[id] = { ...READY, status: "running", startedAt: performance.now() };
    const slow = setTimeout(() => {
      const state = this.#states[id];
      if (state?.status === "running") state.slow = true;
    }, PROGRESS_AFTER_MS);
    try {
      const result = await this.#host.perform(action, trigger, drop);
      this.#pending.delete(id);
      this.#conclude(action, result);
    } catch (error) {
      this.#pending.delete(id);
      this.#fail(action, error);
    } finally {
      if (this.status(id) !== "running") clearTimeout(slow);
    }
    const early = this.#early.get(id);
    this.#early.delete(id);
    if (!early || this.status(id) !== "running") return;
    if ("outcome" in early) await this.finished(id, early);
    else this.updated(id, early);
  }

  #conclude(action: ActionView, { outcome, next, sections }: ActionResult): void {
    const { id } = action;
    const before = this.state(id);
    if (outcome.status === "dismissed") {
      this.#states[id] = { ...READY, message: outcome.message };
      this.#host.announce(outcome.message);
      return;
    }
    // How long somebody looked for a file is nobody's business.
    const timed = before.startedAt !== null && !action.kind.startsWith("files:");
    const millis = timed ? Math.round(performance.now() - (before.startedAt ?? 0)) : null;
    this.#endedAt.set(id, Date.now());
    if (outcome.status === "failed") {
      this.#states[id] = {
        ...READY,
        status: "failed",
        message: outcome.message,
        output: outcome.output,
        millis,
      };
    } else if (outcome.running) {
      this.#states[id] = { ...before, status: "running", message: outcome.warning };
    } else {
      const status = outcome.warning === null ? "done" : "warned";
      this.#states[id] = { ...READY, status, message: outcome.warning, output: outcome.output, millis };
    }
    if (sections) this.sections.apply(sections);
    if (!(outcome.status === "succeeded" && outcome.running)) this.#announce(id);
    for (const each of next) this.#follow(each);
  }

  #fail(action: ActionView, error: unknown): void {
    this.#endedAt.set(action.id, Date.now());
    const message = error instanceof Error ? error.message : String(error);
    this.#states[action.id] = { ...READY, status: "failed", message };
    this.#announce(action.id);
  }

  #follow({ action, after, cascade }: NextAction): void {
    if (this.#left) return;
    const trigger = cascade ? "cascade" : "autostart";
    if (after <= 0) {
      this.run(action, trigger);
      return;
    }
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.run(action, trigger);
    }, after);
    this.#timers.add(timer);
  }

  /** A command that goes on in its terminal hinders nobody: the learner may mean to type it again. */
  #isAtWork({ id, queue }: ActionView): boolean {
    return this.#pending.has(id) || (this.status(id) === "running" && !queue?.startsWith("terminal:"));
  }

  /** What failed may be tried again at once. */
  #isCoolingDown({ id, cooldown }: ActionView): boolean {
    const ended = this.#endedAt.get(id);
    if (ended === undefined || cooldown.kind === "none" || this.status(id) === "failed") return false;
    return cooldown.kind === "forever" || Date.now() - ended < cooldown.millis;
  }

  /** Only a click that comes too early makes the cooldown visible; until then the card shows its result. */
  #showCooling({ id, cooldown }: ActionView): void {
    const state = this.state(id);
    if (state.status === "cooling" || state.status === "running") return;
    const readyAt = cooldown.kind === "for" ? (this.#endedAt.get(id) ?? 0) + cooldown.millis : null;
    this.#states[id] = { ...state, status: "cooling", readyAt };
    this.#host.announce(
      readyAt === null ? "This runs only once." : "Just done. Wait a moment to run it again.",
    );
    setTimeout(
      () => {
        if (this.status(id) === "cooling") this.#states[id] = state;
      },
      readyAt === null ? 2000 : Math.max(readyAt - Date.now(), 0),
    );
  }

  #announce(id: string): void {
    const action = this.#byId.get(id);
    if (!action || action.hidden || action.closesSection || action.section !== null) return;
    const { status, message } = this.state(id);
    const word = { done: "Done", warned: "Done, with a warning", failed: "Failed" }[status as "done"];
    if (word) this.#host.announce(`${word}: ${action.title}${message ? `. ${message}` : ""}`);
  }
}

function stateOf(update: ActionUpdate): CardState {
  return { ...READY, ...update, slow: update.status === "running" };
}
