import type { ViewState } from "../protocol";

const INTERVAL_MS = 1000;

/** Hands the view state to the engine, at most once a second. */
export class ViewKeeper {
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly current: () => ViewState,
    private readonly save: (view: ViewState) => Promise<void>,
  ) {}

  changed(): void {
    this.#timer ??= setTimeout(() => void this.flush(), INTERVAL_MS);
  }

  /** Saves at once what is still to be saved. */
  async flush(): Promise<void> {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    // Where the page was scrolled to is not worth a message.
    await this.save(this.current()).catch(() => undefined);
  }
}
