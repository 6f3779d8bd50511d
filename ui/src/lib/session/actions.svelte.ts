import type { ActionResult, ActionUpdate, ActionView, NextAction, PageState, PageView } from "../protocol";
import { PROGRESS_AFTER_MS, READY, TO_DO, stateOf } from "./action-state";
import type { ActionHost, CardState, CardStatus, End, Trigger } from "./action-state";
import { AwaitedEnds } from "./awaited-ends";
import { isCoolingDown, readyAt } from "./cooldown";
import { Forms } from "./forms.svelte";
import type { Queues } from "./queues";
import { Sections } from "./sections.svelte";

/** The actions of the page that is shown: when they run, and how each stands. */
export class ActionRunner {
  readonly page: PageView;
  readonly sections: Sections;
  readonly forms: Forms;
  /** The upload over whose card files are held. */
  dropTarget = $state<string | null>(null);
  /** What `runNext` ran last, wherever the reader was: anew each time, to be brought into sight. */
  brought = $state.raw<{ id: string } | null>(null);
  /** The action whose card says why it does not run. */
  explained = $state<string | null>(null);

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
  /** Commands that go on, and that nobody need wait for. */
  #goesOn = new Set<string>();
  #awaited = new AwaitedEnds();
  #timers = new Set<ReturnType<typeof setTimeout>>();
  #left = false;
  /** Who goes on with the next version of the page, and what actions are called there. */
  #heir: { runner: ActionRunner; names: Readonly<Record<string, string | undefined>> } | null = null;

  constructor(page: PageView, state: PageState, host: ActionHost, queues: Queues, forms = new Forms()) {
    this.page = page;
    this.forms = forms;
    this.#host = host;
    this.#queues = queues;
    this.sections = new Sections(page.sections, state.sections);
    this.#byId = new Map(page.actions.map((action) => [action.id, action]));
    for (const [id, update] of Object.entries(state.actions)) {
      const action = this.#byId.get(id);
      if (!action) continue;
      this.#states[id] = stateOf(update);
    }
    for (const [id, at] of Object.entries(state.ended)) this.#endedAt.set(id, at);
  }

  /** Goes on where the runner of an earlier version of the page was: marks, and what is under way. */
  succeed(before: ActionRunner, names: Record<string, string>, unchanged: readonly string[]): void {
    before.#heir = { runner: this, names };
    this.#timers = before.#timers;
    for (const [from, to] of Object.entries(names)) {
      const state = before.#states[from];
      // What has not begun, and does something else now, is for the author to click anew.
      const isToBegin = state?.status === "queued" || state?.status === "asking";
      if (isToBegin && !unchanged.includes(to)) continue;
      if (state) this.#states[to] = { ...state };
      if (before.#pending.has(from)) this.#pending.add(to);
      if (before.#goesOn.has(from)) this.#goesOn.add(to);
      const [endedAt, early] = [before.#endedAt.get(from), before.#early.get(from)];
      if (endedAt !== undefined) this.#endedAt.set(to, endedAt);
      if (early !== undefined) this.#early.set(to, early);
    }
    before.release();
  }

  /** Who sees to an action now, and what it is; null when it is gone from its page. */
  #now(id: string): { runner: ActionRunner; action: ActionView } | null {
    if (this.#heir) {
      const name = this.#heir.names[id];
      return name === undefined ? null : this.#heir.runner.#now(name);
    }
    const action = this.#byId.get(id);
    return action ? { runner: this, action } : null;
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

  /**
   * Starts an action or puts it in its queue; `drop` names files that were dropped on it, `agreed` is the command to which the
   * learner has said yes. False when it must not run now.
   */
  run(
    id: string,
    trigger: Trigger = "click",
    drop: number | null = null,
    agreed: string | null = null,
  ): boolean {
    const action = this.#byId.get(id);
    if (this.readOnly) return this.#explain(action);
    if (!action || action.problem || this.#left || this.#isAtWork(action)) return false;
    if (isCoolingDown(action, this.#endedAt.get(id), this.status(id), trigger)) {
      if (trigger === "click") this.#showCooling(action);
      return false;
    }
    this.#pending.add(id);
    this.#early.delete(id);
    this.#goesOn.delete(id);
    const waits = (this.#host.gate?.() ?? null) !== null;
    const queued = waits || this.#queues.isBusy(action.queue);
    const standing = this.state(id);
    const before = standing.question?.before ?? standing;
    const message = waits ? "Runs when the set-up is done" : null;
    this.#states[id] = {
      ...READY,
      status: queued ? "queued" : "running",
      message,
      startedAt: performance.now(),
    };
    this.#queues.run(action.queue, () => {
      const perform = () => this.#perform(action, trigger, { drop, agreed }, before);
      return this.#host.gate?.()?.then(perform) ?? perform();
    });
    if (waits && trigger === "click") this.#host.announce(`${message}: ${action.title}`);
    return true;
  }

  /** The workshop is only read: nothing runs. */
  get readOnly(): boolean {
    return this.#host.readOnly ?? false;
  }

  /** Who only reads wants to start the workshop. */
  trust(): void {
    this.#host.trust?.();
  }

  /** Of what is only read, a part can be closed; a step says why it does not run. */
  #explain(action: ActionView | undefined): false {
    if (!action) return false;
    if (action.section !== null) this.sections.toggle(action.section);
    else this.explained = action.id;
    return false;
  }

  /** What is still to be begun, in the order in which it was asked for. */
  get waiting(): string[] {
    return [...this.#pending].filter((id) => this.status(id) === "queued");
  }

  /**
   * Runs an action and tells when it has really ended: a command when its prompt is back, or when it may be left running.
   * What follows from it is then the caller's to run. Null when it did not run.
   */
  runToEnd(id: string): Promise<End | null> {
    const action = this.#byId.get(id);
    if (!action) return Promise.resolve(null);
    if (this.#isBusy(action)) return this.ended(id);
    return new Promise((settle) => {
      if (this.run(id, "catch-up")) this.#awaited.wait(id, { settle, next: [], follows: true });
      else settle(null);
    });
  }

  /** Settles when the action ends that is at work; what follows from it runs as ever. */
  ended(id: string): Promise<End | null> {
    return new Promise((settle) => this.#awaited.wait(id, { settle, next: [], follows: false }));
  }

  /** Settles when nothing is at work that has to be waited for. */
  async calm(): Promise<void> {
    for (let busy = this.#busy(); busy; busy = this.#busy()) await this.ended(busy.id);
  }

  /** Nobody waits any more: what ends from now on leads on by itself. */
  release(): void {
    this.#awaited.release();
  }

  action(id: string): ActionView | null {
    return this.#byId.get(id) ?? null;
  }

  /** Something on the page has not been run, or has failed. */
  get hasWork(): boolean {
    if (this.readOnly) return false;
    return this.page.actions.some(
      (action) =>
        !action.hidden && !action.closesSection && !action.problem && TO_DO.has(this.status(action.id)),
    );
  }

  /** Runs the next action. One with a form is not run blindly: its form gets the focus. */
  runNext(): void {
    const { next } = this;
    if (!next) return;
    const draft = this.forms.draft(next);
    if (draft) draft.focusAsked++;
    else if (this.run(next.id)) this.brought = { id: next.id };
  }

  /** Goes on although a check has failed. */
  async skip(id: string): Promise<void> {
    const action = this.#byId.get(id);
    if (!action || this.#left || this.status(id) !== "failed") return;
    let answer: ActionResult;
    try {
      answer = await this.#host.skip(id);
    } catch (error) {
      const now = this.#now(id);
      if (now !== null) now.runner.#fail(now.action, error);
      return;
    }
    const next = this.#asNamedNow(answer);
    const now = this.#now(id);
    if (now !== null) now.runner.#passedOver(now.action, { ...answer, next });
  }

  #passedOver(action: ActionView, { next, sections, revision }: ActionResult): void {
    this.#states[action.id] = { ...READY, status: "skipped" };
    if (sections && revision === this.page.revision) this.sections.apply(sections);
    this.#host.announce(`Passed over: ${action.title}`);
    for (const each of next) this.#follow(each);
  }

  /** A check is tried again. */
  tried(
    id: string,
    { attempt, attempts, wait }: { attempt: number; attempts: number | null; wait: number | null },
  ): void {
    const state = this.#states[id];
    if (state?.status !== "running") return;
    state.tried = { attempt, attempts, nextAt: wait === null ? null : performance.now() + wait };
  }

  /** The first action in sight that is still to be begun. A server that runs on is no reason to wait. */
  get next(): ActionView | null {
    if (this.readOnly) return null;
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
    if (this.readOnly) return [];
    return this.page.actions.filter(
      ({ id, required }, index) =>
        required && this.sections.isActionShown(index) && TO_DO.has(this.status(id)),
    );
  }

  cancel(id: string): void {
    // The engine knows what the action is called by now.
    this.#host.cancel(id).catch(() => undefined);
  }

  /** The page is left: nothing more starts from it. What the engine is at work on ends by itself. */
  leave(): void {
    this.#left = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.release();
  }

  /** Nothing waits, runs or is about to run. Commands in terminals do not count. */
  get idle(): boolean {
    return this.#pending.size === 0 && this.#timers.size === 0;
  }

  updated(id: string, update: ActionUpdate): void {
    if (!this.#byId.has(id)) return;
    if (this.#pending.has(id)) {
      if (update.status !== "running" || !this.#early.has(id)) this.#early.set(id, update);
      return;
    }
    // News that a command goes on may come after the learner has typed it again: only its end ends it.
    if (update.status === "running" && this.status(id) !== "running") return;
    const { question, startedAt } = this.state(id);
    if (question) {
      // News of the run before this one.
      question.before = { ...stateOf(update), startedAt: question.before.startedAt };
      return;
    }
    this.#states[id] = { ...stateOf(update), startedAt };
    if (update.status === "running") this.#goesOn.add(id);
    else this.#announce(id);
    this.#settle(id);
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

  async #perform(
    action: ActionView,
    trigger: Trigger,
    brought: { drop: number | null; agreed: string | null },
    before: CardState,
  ): Promise<void> {
    const { id } = action;
    if (this.#heir) {
      const now = this.#now(id);
      if (now !== null && now.runner.#pending.has(now.action.id))
        await now.runner.#perform(now.action, trigger, brought, before);
      return;
    }
    if (this.#left) {
      this.#pending.delete(id);
      return;
    }
    this.#states[id] = { ...READY, status: "running", startedAt: performance.now() };
    const slow = setTimeout(() => {
      const now = this.#now(id);
      const state = now === null ? undefined : now.runner.#states[now.action.id];
      if (state?.status === "running") state.slow = true;
    }, PROGRESS_AFTER_MS);
    try {
      const result = await this.#host.perform(action, trigger, brought.drop, brought.agreed);
      const now = this.#now(id);
      const next = this.#asNamedNow(result);
      if (now !== null) now.runner.#arrived(now.action, { ...result, next }, trigger, before);
    } catch (error) {
      const now = this.#now(id);
      if (now !== null) {
        now.runner.#pending.delete(now.action.id);
        now.runner.#fail(now.action, error);
      }
    }
    const now = this.#now(id);
    if (now?.runner.status(now.action.id) !== "running") clearTimeout(slow);
    if (now !== null) await now.runner.#overtaken(now.action.id);
  }

  /** What follows, as the page calls it that is in front: the answer may be about another version. */
  #asNamedNow({ next, revision }: ActionResult): NextAction[] {
    if (revision !== this.page.revision) return next;
    return next.flatMap((each) => {
      const now = this.#now(each.action);
      return now ? [{ ...each, action: now.action.id }] : [];
    });
  }

  #arrived(action: ActionView, result: ActionResult, trigger: Trigger, before: CardState): void {
    this.#pending.delete(action.id);
    if (result.outcome.status === "needs-confirmation") this.#ask(action, result.outcome, trigger, before);
    else if (result.wrongFields.length > 0) this.#refuse(action, result, trigger, before);
    else this.#conclude(action, result);
  }

  /** An end that came before the answer. */
  async #overtaken(id: string): Promise<void> {
    const early = this.#early.get(id);
    this.#early.delete(id);
    if (!early || this.status(id) !== "running") return;
    if ("outcome" in early) await this.finished(id, early);
    else this.updated(id, early);
  }

  /** The form must be filled in first: nothing has run, so the card stands as it did. */
  #refuse(action: ActionView, { wrongFields }: ActionResult, trigger: Trigger, before: CardState): void {
    this.#states[action.id] = before.status === "cooling" ? READY : before;
    this.forms.draft(action)?.refuse(wrongFields, trigger === "click");
    const fields = wrongFields.length === 1 ? "One field is" : `${wrongFields.length} fields are`;
    this.#host.announce(`${fields} not filled in as needed: ${action.title}`);
    this.#settle(action.id);
  }

  /** Nothing is typed before the learner has agreed: nothing has run, and nothing follows. */
  #ask(
    action: ActionView,
    { command, reasons }: { command: string; reasons: string[] },
    trigger: Trigger,
    before: CardState,
  ): void {
    const asked = trigger === "click";
    const question = { command, reasons, asked, before: before.status === "cooling" ? READY : before };
    this.#states[action.id] = { ...READY, status: "asking", question };
    this.#host.announce(`To be confirmed: ${action.title}. ${reasons.join(" ")}`);
    this.#settle(action.id);
  }

  /** The learner agrees to the command that they are asked about. */
  agree(id: string): void {
    const { question } = this.state(id);
    if (question) this.run(id, "click", null, question.command);
  }

  /** The learner does not: the step stands as it did. */
  decline(id: string): void {
    const { question } = this.state(id);
    if (!question) return;
    this.#states[id] = question.before;
    this.#host.announce(`Not run: ${this.#byId.get(id)?.title}`);
  }

  /** A step without a card in sight about which the learner is asked. */
  get askedApart(): ActionView | null {
    const isApart = ({ id, hidden }: ActionView, index: number) =>
      this.status(id) === "asking" && (hidden || !this.sections.isActionShown(index));
    return this.page.actions.find(isApart) ?? null;
  }

  #conclude(action: ActionView, { outcome, next, sections, revision }: ActionResult): void {
    const { id } = action;
    const before = this.state(id);
    if (outcome.status === "needs-confirmation") return;
    if (outcome.status === "dismissed") {
      this.#states[id] = { ...READY, message: outcome.message };
      this.#host.announce(outcome.message);
      this.#settle(id);
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
    // Those of another version have come with the page, or will.
    if (sections && revision === this.page.revision) this.sections.apply(sections);
    const running = outcome.status === "succeeded" && outcome.running;
    const taker = this.#awaited.taker(id);
    if (taker) taker.next = next.map((each) => each.action);
    if (!running) {
      this.#announce(id);
      this.#settle(id);
    }
    if (!taker) for (const each of next) this.#follow(each);
  }

  #fail(action: ActionView, error: unknown): void {
    this.#endedAt.set(action.id, Date.now());
    const message = error instanceof Error ? error.message : String(error);
    this.#states[action.id] = { ...READY, status: "failed", message };
    this.#announce(action.id);
    this.#settle(action.id);
  }

  #settle(id: string): void {
    this.#awaited.settle(id, this.status(id));
  }

  /** The first action at work that has to be waited for before anything else is done. */
  #busy(): ActionView | undefined {
    return this.page.actions.find((action) => this.#isBusy(action) && !action.endless);
  }

  #isBusy({ id }: ActionView): boolean {
    return this.#pending.has(id) || (this.status(id) === "running" && !this.#goesOn.has(id));
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
      const now = this.#now(action);
      now?.runner.run(now.action.id, trigger);
    }, after);
    this.#timers.add(timer);
  }

  /** A command that goes on in its terminal hinders nobody: the learner may mean to type it again. */
  #isAtWork({ id, queue }: ActionView): boolean {
    return this.#pending.has(id) || (this.status(id) === "running" && !queue?.startsWith("terminal:"));
  }

  /** Only a click that comes too early makes the cooldown visible; until then the card shows its result. */
  #showCooling(action: ActionView): void {
    const { id } = action;
    const state = this.state(id);
    if (state.status === "cooling" || state.status === "running") return;
    const at = readyAt(action, this.#endedAt.get(id));
    this.#states[id] = { ...state, status: "cooling", readyAt: at };
    this.#host.announce(at === null ? "This runs only once." : "Just done. Wait a moment to run it again.");
    setTimeout(
      () => {
        if (this.status(id) === "cooling") this.#states[id] = state;
      },
      at === null ? 2000 : Math.max(at - Date.now(), 0),
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
