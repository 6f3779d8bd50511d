import type { Event, SetupPhase, SetupStepView, SetupView } from "../protocol";
import { INSPECTION } from "./fake-workshop";

/** A scripted set-up: its steps, their output and their ends. */
export class FakeSetup {
  view: SetupView = { phase: "ended", steps: [], interrupted: false };

  #options: () => { failingSetup?: boolean; heldSetup?: boolean };
  #emit: (event: Event) => void;
  #pause: () => Promise<void>;
  #released: () => void = () => undefined;

  constructor(
    options: () => { failingSetup?: boolean; heldSetup?: boolean },
    emit: (event: Event) => void,
    pause: () => Promise<void>,
  ) {
    this.#options = options;
    this.#emit = emit;
    this.#pause = pause;
  }

  async run(): Promise<void> {
    const steps: SetupStepView[] = INSPECTION.setup.map(({ name }) => ({
      name,
      status: "waiting",
      exitCode: null,
      millis: 0,
      log: "",
    }));
    this.view = { ...this.view, steps };
    this.#is("running");
    for (const [index, step] of steps.entries()) {
      step.status = "running";
      step.log = `$ ${step.name}\n`;
      this.#tell(step);
      if (this.#options().heldSetup && index === 1)
        await new Promise<void>((resolve) => (this.#released = resolve));
      else await this.#pause();
      if (this.view.phase !== "running") return;
      const failed = this.#options().failingSetup === true && index === 1;
      step.status = failed ? "failed" : "passed";
      step.exitCode = failed ? 1 : 0;
      step.millis = 812 + 240 * index;
      step.log += failed ? "seq: write error: No space left on device\n" : "ok\n";
      this.#tell(step);
    }
    this.#is(steps.some(({ status }) => status === "failed") ? "failed" : "ended");
  }
  #tell(step: SetupStepView): void {
    this.view = {
      ...this.view,
      steps: this.view.steps.map((each) => (each.name === step.name ? { ...step } : each)),
    };
    this.#emit({ kind: "setup-step", step: { ...step } });
  }
  #is(phase: SetupPhase): void {
    this.view = { ...this.view, phase };
    this.#emit({ kind: "setup-changed", setup: this.view });
  }

  cancel(): void {
    this.#is("stopped");
    this.#released();
  }

  passOver(): void {
    this.#is("ended");
  }

  /** Lets a held set-up go on to its end. */
  release(): void {
    this.#released();
  }
}
