import { tick } from "svelte";
import type { Backend } from "../backend/backend";
import type { EditorTerminalView, PanelVerb } from "../protocol";

/** What the terminals of the editor need of the window around them. */
export interface EditorSurroundings {
  /** Whether the editor can be seen. */
  readonly editorInSight: boolean;
  /** Brings the editor into sight. */
  revealEditor(): void;
  /** Gives the keyboard to a terminal, as soon as that is on screen. */
  focusTerminal(attached: string): void;
  problem(message: string): void;
}

/** By this name a terminal of the editor is attached to, and found by tests: no terminal of the dashboard has a colon. */
export function attachedName(name: string): string {
  return `editor:${name}`;
}

/** The editor's own terminals, and the panel that shows one of them. Which there are, the engine says. */
export class EditorTerminals {
  list = $state.raw<readonly EditorTerminalView[]>([]);
  /** Whether the panel is wanted; without a terminal there is none. */
  open = $state(false);
  /** Counts how often the keyboard went back from the panel to the editor. */
  left = $state(0);
  /** Whether the panel has the keyboard. The panel says so while it is there. */
  hasFocus: () => boolean = () => false;

  /** The one that was asked for last. It may be on its way still. */
  #active = $state<string | null>(null);
  #backend: Pick<Backend, "openEditorTerminal" | "closeEditorTerminal" | "clearEditorTerminal">;
  #around: EditorSurroundings;

  constructor(
    backend: Pick<Backend, "openEditorTerminal" | "closeEditorTerminal" | "clearEditorTerminal">,
    around: EditorSurroundings,
  ) {
    this.#backend = backend;
    this.#around = around;
  }

  /** The terminal that the panel shows. */
  get active(): EditorTerminalView | null {
    return this.list.find(({ name }) => name === this.#active) ?? this.list.at(-1) ?? null;
  }

  /** Whether the panel stands below the editor, in sight or not. */
  get standing(): boolean {
    return this.open && this.list.length > 0;
  }

  get visible(): boolean {
    return this.standing && this.#around.editorInSight;
  }

  /** The engine has made or ended some: these are all. */
  changed(list: readonly EditorTerminalView[]): void {
    const hadFocus = this.hasFocus();
    const before = this.active;
    const at = before ? this.list.indexOf(before) : -1;
    this.list = list;
    if (before?.name === this.#active && !list.some(({ name }) => name === this.#active)) {
      this.#active = list[Math.min(at, list.length - 1)]?.name ?? null;
    }
    const now = this.active;
    if (!hadFocus || now?.shell === before?.shell) return;
    if (now) this.#giveFocus(now.name);
    else this.left++;
  }

  /** Shows a terminal that is there, or is about to be. */
  show(name: string, focus: boolean): void {
    this.#active = name;
    this.open = true;
    this.#around.revealEditor();
    if (focus) this.#giveFocus(name);
  }

  /** Gives the keyboard to the terminal in front; makes one if there is none. */
  async focus(): Promise<void> {
    const { active } = this;
    if (active) this.show(active.name, true);
    else await this.create();
  }

  /** Makes another terminal and gives it the keyboard. */
  async create(): Promise<void> {
    try {
      this.show(await this.#backend.openEditorTerminal(), true);
    } catch (error) {
      this.#around.problem(sentence(error));
    }
  }

  /** Hides the panel when it can be seen; else shows it with the keyboard in it. */
  async toggle(): Promise<void> {
    if (this.visible) this.hide();
    else await this.focus();
  }

  /** As `toggle`, but a panel without the keyboard first gets that: what the shortcut does. */
  async toggleFocus(): Promise<void> {
    if (this.visible && this.hasFocus()) this.hide();
    else await this.focus();
  }

  /** Takes the panel out of sight. What runs in its terminals goes on. */
  hide(): void {
    if (this.hasFocus()) this.left++;
    this.open = false;
  }

  /** Shows the next or the previous one. */
  turn(by: 1 | -1): void {
    const { active, list } = this;
    const next = active && list[(list.indexOf(active) + by + list.length) % list.length];
    if (next) this.show(next.name, true);
  }

  /** Ends a terminal with everything in it. */
  async close(name: string): Promise<void> {
    try {
      await this.#backend.closeEditorTerminal(name);
    } catch (error) {
      this.#around.problem(sentence(error));
    }
  }

  /** Ends the terminal in front. */
  async closeActive(): Promise<void> {
    const { active } = this;
    if (active) await this.close(active.name);
  }

  /** Empties the terminal in front but for its prompt line. */
  async clearActive(): Promise<void> {
    if (this.active) await this.#backend.clearEditorTerminal(this.active.name);
  }

  /** Does what a command of the editor asks of its terminals. */
  async command(what: PanelVerb): Promise<void> {
    switch (what) {
      case "toggle":
        return await this.toggle();
      case "new":
        return await this.create();
      case "focus":
        return await this.focus();
      case "clear":
        return await this.clearActive();
      case "kill":
        return await this.closeActive();
      default:
        what satisfies never;
    }
  }

  /** What is on screen for the name now may be the shell before this one. */
  #giveFocus(name: string): void {
    void tick().then(() => this.#around.focusTerminal(attachedName(name)));
  }
}

function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
