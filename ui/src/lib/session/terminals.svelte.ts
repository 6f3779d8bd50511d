import type { Backend, TerminalAttachment } from "../backend/backend";
import type { TerminalView } from "../protocol";

/** What draws a terminal: xterm, or a stand-in of a test. */
export interface Screen {
  readonly columns: number;
  readonly rows: number;
  /** `drawn` is called when the bytes are on the screen. */
  write(bytes: Uint8Array, drawn: () => void): void;
  /** Forgets what it shows, before the engine restores it. */
  reset(): void;
  focus(): void;
  text(): string;
}

/** The session's terminals and the screens that show them. */
export class Terminals {
  readonly views: readonly TerminalView[];
  /** The terminal that the learner used last: what is in front where there is room for one only. */
  active = $state<string | null>(null);

  #backend: Pick<Backend, "attachTerminal">;
  #fresh = $state<Record<string, true>>({});
  #ended = $state<Record<string, { status: number | null }>>({});
  #links = new Map<string, Set<TerminalLink>>();
  #focusWhenShown: string | null = null;

  constructor(views: readonly TerminalView[], backend: Pick<Backend, "attachTerminal">) {
    this.views = views;
    this.#backend = backend;
    this.active = views[0]?.name ?? null;
  }

  /** Shows a terminal on a screen until the link is closed. Starts its shell if need be. */
  attach(name: string, screen: Screen): TerminalLink {
    const link = new TerminalLink(name, screen, this.#backend, () => this.#links.get(name)?.delete(link));
    const links = this.#links.get(name) ?? new Set();
    this.#links.set(name, links.add(link));
    Reflect.deleteProperty(this.#ended, name);
    if (this.#focusWhenShown === name) {
      this.#focusWhenShown = null;
      screen.focus();
    }
    return link;
  }

  /** The learner comes back: what ran in the terminals has ended. */
  cameBack(): void {
    for (const { name } of this.views) this.#fresh[name] = true;
  }

  /** Its shell is a new one, and the learner has not used it yet. */
  isFresh(name: string): boolean {
    return name in this.#fresh;
  }

  /** Its shell has ended; a new link starts another. */
  ended(name: string): { status: number | null } | undefined {
    return this.#ended[name];
  }

  exited(name: string, status: number | null): void {
    this.#ended[name] = { status };
  }

  /** The learner works in it. A terminal that is a dashboard is none of the area's. */
  used(name: string): void {
    Reflect.deleteProperty(this.#fresh, name);
    if (this.views.some((view) => view.name === name)) this.active = name;
  }

  focus(name: string): void {
    this.used(name);
    const [link] = this.#links.get(name) ?? [];
    this.#focusWhenShown = link ? null : name;
    link?.screen.focus();
  }

  text(name: string): string {
    const [link] = this.#links.get(name) ?? [];
    return link?.screen.text() ?? "";
  }

  /** Everything that arrived is on the screens. */
  get drawn(): boolean {
    return [...this.#links.values()].every((links) => [...links].every((link) => link.drawn));
  }
}

/** One screen's connection to its terminal. Usable before the engine has answered. */
export class TerminalLink {
  readonly screen: Screen;
  /** Why there is no terminal. */
  problem = $state<string | null>(null);

  #attachment: Promise<TerminalAttachment>;
  #undrawn = 0;
  #closed = false;
  #onClose: () => void;

  constructor(name: string, screen: Screen, backend: Pick<Backend, "attachTerminal">, onClose: () => void) {
    this.screen = screen;
    this.#onClose = onClose;
    screen.reset();
    // A microtask later, so that even output that comes before the answer finds the link complete.
    this.#attachment = Promise.resolve().then(() =>
      backend.attachTerminal(name, screen.columns, screen.rows, (bytes) => this.#show(bytes)),
    );
    this.#attachment.catch((error: unknown) => {
      this.problem = error instanceof Error ? error.message : String(error);
    });
  }

  get drawn(): boolean {
    return this.#undrawn === 0;
  }

  write(data: string): void {
    this.#with((attachment) => attachment.write(data));
  }

  resize(columns: number, rows: number): void {
    this.#with((attachment) => attachment.resize(columns, rows));
  }

  close(): void {
    if (this.#closed) return;
    this.#with((attachment) => attachment.detach());
    this.#closed = true;
    this.#onClose();
  }

  #show(bytes: Uint8Array): void {
    if (this.#closed) return;
    this.#undrawn += bytes.length;
    // Only what is drawn is acknowledged, so that a flood waits in the engine and not in the window.
    this.screen.write(bytes, () => {
      this.#undrawn -= bytes.length;
      this.#with((attachment) => attachment.acknowledge(bytes.length));
    });
  }

  #with(use: (attachment: TerminalAttachment) => void | Promise<void>): void {
    if (this.#closed) return;
    // A request that fails because the terminal has just gone is told by its own event.
    this.#attachment.then(use).catch(() => undefined);
  }
}
