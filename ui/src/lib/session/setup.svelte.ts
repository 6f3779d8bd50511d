import type { Backend } from "../backend/backend";
import type { SessionView, SetupPhase, SetupStatus, SetupStepView, SetupView } from "../protocol";

/** A set-up that ends before nobody has to be told of. */
export const SHOWN_AFTER_MS = 300;

/** What the set-up needs of the session around it. */
export interface SetupHost {
  backend: Pick<Backend, "sessionView" | "runSetup" | "cancelSetup" | "passOverSetup">;
  /** The session is as set-up has left it. What waits begins when this has settled. */
  renew(view: SessionView): Promise<void>;
  announce(text: string): void;
  problem(message: string): void;
  notice?(text: string): void;
}

/** The set-up of the session as the window shows it, and what waits for its end. */
export class Setup {
  phase = $state<SetupPhase>("ended");
  steps = $state.raw<readonly SetupStepView[]>([]);
  /** An earlier run did not come to its end. */
  interrupted = $state(false);
  /** The session has been ready: its terminals run. */
  everReady = $state(false);
  /** It is worth showing: it takes a while, or needs the learner. */
  visible = $state(false);
  logOpen = $state(false);
  /** When it began, on `performance.now()`'s clock. */
  startedAt = $state(0);

  #gate: { opened: Promise<void>; open: () => void } | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #host: SetupHost;
  /** Counts what was told, so that an answer that an event has overtaken is known. */
  #turn = 0;

  constructor(view: SetupView, host: SetupHost) {
    this.#host = host;
    this.#apply(view);
  }

  /** Asks for what happened before anybody listened here. */
  async catchUp(): Promise<void> {
    const turn = this.#turn;
    if (this.phase === "ended") return;
    await this.#try(async () => {
      const { setup } = await this.#host.backend.sessionView();
      if (turn === this.#turn) await this.changed({ ...setup, steps: this.#newest(setup.steps) });
    });
  }

  /** Set-up began, or ended. What waits for its end begins when the session is known as set-up has left it. */
  async changed(setup: SetupView): Promise<void> {
    const turn = ++this.#turn;
    const { announce, notice } = this.#host;
    const again = this.everReady;
    if (setup.phase !== "ended") {
      this.#apply(setup);
      if (setup.phase === "failed") announce("Set-up failed");
      return;
    }
    await this.#try(async () => {
      const view = await this.#host.backend.sessionView();
      if (turn === this.#turn) await this.#host.renew(view);
    });
    if (turn !== this.#turn) return;
    const wasSeen = this.visible;
    this.#apply(setup);
    if (this.failed.length > 0) return;
    if (again) notice?.("The set-up has run again. Terminals that you start from now on know of it.");
    else if (wasSeen) announce("Set-up is done");
  }

  /** Runs it again; events tell how it goes. */
  run(): Promise<void> {
    return this.#try(() => this.#host.backend.runSetup());
  }

  cancel(): Promise<void> {
    return this.#try(() => this.#host.backend.cancelSetup());
  }

  /** Goes on although it has failed, or was called off. */
  passOver(): Promise<void> {
    return this.#try(() => this.#host.backend.passOverSetup());
  }

  async #try(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#host.problem(error instanceof Error ? error.message : String(error));
    }
  }

  #apply({ phase, steps, interrupted }: SetupView): void {
    const begins = phase === "running" && !this.#timer && !this.visible;
    if (phase === "running" && (begins || this.phase !== "running")) this.startedAt = performance.now();
    this.steps = steps;
    this.interrupted = interrupted;
    this.phase = phase;
    if (phase === "running") {
      if (begins) this.#timer = setTimeout(() => (this.visible = true), SHOWN_AFTER_MS);
      return;
    }
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.visible = phase !== "ended";
    if (phase !== "ended") return;
    this.everReady = true;
    this.#gate?.open();
    this.#gate = null;
  }

  step(step: SetupStepView): void {
    const known = this.steps.some(({ name }) => name === step.name);
    this.steps = known
      ? this.steps.map((each) => (each.name === step.name ? step : each))
      : [...this.steps, step];
  }

  /** The steps of an answer, which events may have overtaken on its way. */
  #newest(answered: readonly SetupStepView[]): SetupStepView[] {
    const told = this.steps.filter((step) => !answered.some(({ name }) => name === step.name));
    const newer = answered.map((step) => {
      const known = this.steps.find(({ name }) => name === step.name);
      return known && age(known) > age(step) ? known : step;
    });
    return [...newer, ...told];
  }

  /** What settles when the session is ready; null when it is. */
  get gate(): Promise<void> | null {
    if (this.phase === "ended") return null;
    if (!this.#gate) {
      let open: () => void = () => undefined;
      this.#gate = { opened: new Promise((resolve) => (open = resolve)), open: () => open() };
    }
    return this.#gate.opened;
  }

  /** It was called off, and the session went on without the rest. */
  get cutShort(): boolean {
    return (
      this.phase === "ended" && this.steps.some(({ status }) => status === "running" || status === "waiting")
    );
  }

  /** The session went on without all of it. */
  get passedOver(): boolean {
    return this.phase === "ended" && (this.cutShort || this.failed.length > 0);
  }

  /** How a step stands. One whose run was called off does not go on. */
  standing({ status }: SetupStepView): SetupStatus | "called-off" | "not-run" {
    if (this.phase === "running" || status === "passed" || status === "failed") return status;
    return status === "running" ? "called-off" : "not-run";
  }

  get running(): SetupStepView | undefined {
    return this.steps.find(({ status }) => status === "running");
  }

  get failed(): SetupStepView[] {
    return this.steps.filter(({ status }) => status === "failed");
  }

  /** Nothing is shown any more. */
  close(): void {
    clearTimeout(this.#timer);
  }
}

/** Grows while a step goes on. */
function age({ status, millis }: SetupStepView): number {
  return { waiting: -1, running: millis, passed: Infinity, failed: Infinity }[status];
}
