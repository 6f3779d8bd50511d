import type { Backend } from "../backend/backend";
import type { ActionView } from "../protocol";
import type { ActionRunner } from "./actions.svelte";

/** Why it goes on no longer, where that is not plain to see. */
export interface Halt {
  text: string;
  /** The action that it is about, and its title. */
  action: string | null;
  title: string | null;
  /** Whether going on may lead further. */
  again: boolean;
}

export interface CatchUpHost {
  runner: ActionRunner;
  backend: Pick<Backend, "nextStep">;
  announce(text: string): void;
}

/**
 * Does the rest of a page for the learner. What comes next the engine decides, as it does for `atelier test`; each action
 * runs as a click would run it, and has really ended before the next one.
 */
export class CatchUp {
  active = $state(false);
  /** What is at work. */
  current = $state.raw<ActionView | null>(null);
  #halt = $state.raw<Halt | null>(null);

  #host: CatchUpHost;
  /** Settles when it is to stop. */
  #stopped: Promise<null> = Promise.resolve(null);
  #stop: () => void = () => undefined;
  #run = 0;

  constructor(host: CatchUpHost) {
    this.#host = host;
  }

  /** Why it stands still; over as soon as the action that had failed is run again or passed over. */
  get halt(): Halt | null {
    const halt = this.#halt;
    const over = halt?.text === FAILED && halt.action !== null;
    return over && this.#host.runner.status(halt.action ?? "") !== "failed" ? null : halt;
  }

  /** Whether there seems to be something to do; the engine knows better. */
  get hasWork(): boolean {
    return this.#host.runner.hasWork;
  }

  toggle(): void {
    if (this.active) this.stop();
    else void this.start();
  }

  async start(): Promise<void> {
    if (this.active) return;
    this.active = true;
    this.#halt = null;
    const run = ++this.#run;
    this.#stopped = new Promise((resolve) => (this.#stop = () => resolve(null)));
    let halt: Halt | null;
    try {
      halt = await this.#steps(run);
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      halt = { text, action: null, title: null, again: true };
    }
    if (run === this.#run && this.active) this.#end(halt);
  }

  /** Nothing more is started. What is at work ends by itself. */
  stop(): void {
    if (!this.active) return;
    this.#end(null);
    this.#host.announce("Stopped");
  }

  dismiss(): void {
    this.#halt = null;
  }

  #end(halt: Halt | null): void {
    this.active = false;
    this.current = null;
    this.#halt = halt;
    this.#stop();
    this.#host.runner.release();
    if (halt) this.#host.announce(halt.title === null ? halt.text : `${halt.text}: ${halt.title}`);
  }

  async #steps(run: number): Promise<Halt | null> {
    const { runner, backend } = this.#host;
    const tried: string[] = [];
    let following: string[] = [];
    /** Checks without end. Each settles once it has passed, or failed for good; what follows from it is then `late`. */
    const pending = new Map<string, Promise<unknown>>();
    const late: string[] = [];
    const goesOn = () => run === this.#run && this.active;
    await this.#unlessStopped(runner.calm());
    while (goesOn()) {
      following.push(...late.splice(0));
      const step = await backend.nextStep(runner.page.id, { tried, following, pending: [...pending.keys()] });
      if (!goesOn()) break;
      if (step.kind === "done") return done(step.leftOut, tried.length);
      const { action: id } = step;
      const action = runner.action(id);
      this.current = action;
      switch (step.kind) {
        case "ask":
          return { text: asks(action), action: id, title: action?.title ?? null, again: true };
        case "failed":
          return { text: FAILED, action: id, title: action?.title ?? null, again: true };
        case "wait":
          await this.#unlessStopped(pending.get(id) ?? runner.ended(id));
          break;
        case "run": {
          tried.push(id);
          following = step.following;
          const ended = runner.runToEnd(id);
          if (action?.endless) {
            const passed = ended.then((end) => {
              late.push(...(end?.next ?? []));
              pending.delete(id);
            });
            pending.set(id, passed);
          } else {
            const end = await this.#unlessStopped(ended);
            if (end?.status === "asking") {
              return { text: CONFIRM, action: id, title: action?.title ?? null, again: true };
            }
            following = [...(end?.next ?? []), ...following];
          }
          break;
        }
        default:
          step satisfies never;
      }
    }
    return null;
  }

  /** Null when it was stopped before. */
  #unlessStopped<T>(work: Promise<T>): Promise<T | null> {
    return Promise.race([work, this.#stopped]);
  }
}

const FAILED = "Put this right, then go on";
const CONFIRM = "Answer whether this is to run, then go on";

function asks(action: ActionView | null): string {
  const what = action?.kind.startsWith("files:") ? "Choose the file" : "Fill this in";
  return `${what}, then go on`;
}

function done(leftOut: readonly string[], tried: number): Halt {
  const halt = { title: null, again: false };
  const [first] = leftOut;
  if (first === undefined) {
    const text = tried > 0 ? "The rest of this page is done" : "There is nothing left to do on this page";
    return { ...halt, text, action: null };
  }
  const count = leftOut.length === 1 ? "one step that is" : `${leftOut.length} steps that are`;
  return { ...halt, text: `This page is done but for ${count} left to you`, action: first };
}
