import type { Backend } from "../backend/backend";
import type { ProgramView } from "../protocol";

/** How much of a log is kept in the window, in characters. */
const KEPT = 128 * 1024;

/** What is said when a program was given up. */
export function failureOf(name: string): string {
  return `The program ${name}, which runs in the background, has failed. The session’s panel, at the foot of the window, says why.`;
}

/** The programs that run in the background, and the log of the one that is looked at. */
export class Programs {
  list = $state.raw<readonly ProgramView[]>([]);
  /** What the followed program has printed. */
  printed = $state("");

  #backend: Backend;
  #failed: (program: ProgramView) => void;
  #followed: string | null = null;

  constructor(list: readonly ProgramView[], backend: Backend, failed: (program: ProgramView) => void) {
    this.#backend = backend;
    this.#failed = failed;
    this.changed(list);
  }

  /** How they are doing now: what happened before the window listened is not told again. */
  async look(): Promise<void> {
    this.changed(await this.#backend.programs());
  }

  /** Those that were given up. */
  get failed(): readonly ProgramView[] {
    return this.list.filter(({ state }) => state === "fatal");
  }

  changed(list: readonly ProgramView[]): void {
    const before = new Map(this.list.map(({ name, state }) => [name, state]));
    this.list = list;
    for (const program of list) {
      if (program.state === "fatal" && before.get(program.name) !== "fatal") this.#failed(program);
    }
  }

  start(name: string): Promise<void> {
    return this.#backend.startProgram(name);
  }

  stop(name: string): Promise<void> {
    return this.#backend.stopProgram(name);
  }

  async restart(name: string): Promise<void> {
    await this.stop(name);
    await this.start(name);
  }

  /** From now on `printed` is what this program prints. */
  async follow(name: string): Promise<void> {
    this.#followed = name;
    this.printed = "";
    const before = await this.#backend.followProgram(name);
    // What came meanwhile comes after it.
    if (this.#followed === name) this.printed = before + this.printed;
  }

  unfollow(): void {
    if (this.#followed === null) return;
    this.#followed = null;
    // Nobody sees whether that arrives.
    this.#backend.followProgram(null).catch(() => undefined);
  }

  more(name: string, text: string): void {
    if (name === this.#followed) this.printed = (this.printed + text).slice(-KEPT);
  }
}
