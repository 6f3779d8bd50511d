import type { SetupPhase, SetupStepView, SetupView } from "../protocol";

/** A set-up that ends before nobody has to be told of. */
export const SHOWN_AFTER_MS = 300;

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

  constructor(view: SetupView) {
    this.apply(view);
  }

  apply({ phase, steps, interrupted }: SetupView): void {
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
  newest(answered: readonly SetupStepView[]): SetupStepView[] {
    return answered.map((step) => {
      const told = this.steps.find(({ name }) => name === step.name);
      return told && age(told) > age(step) ? told : step;
    });
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
