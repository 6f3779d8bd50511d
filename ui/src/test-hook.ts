import type { App } from "./lib/session/app.svelte";

/** What window tests may look at. Only in builds for them, and only when the shell says that a driver is there. */
export interface TestHook {
  /** What a terminal shows and has shown. Empty while it is not on screen. */
  terminal(name: string): string;
  document(path: string): { text: string; selection: [number, number] } | null;
  /** Resolves when nothing is queued, running, unsaved or undrawn. */
  idle(): Promise<void>;
}

const POLL_MS = 20;

export function installTestHook(app: App): void {
  const hook: TestHook = {
    terminal: (name) => app.session?.terminals.text(name) ?? "",
    document: (path) => app.session?.documents.get(path)?.buffer ?? null,
    async idle() {
      // Twice in a row: an answer may just be about to start the next thing.
      for (let calm = 0; calm < 2;) {
        calm = (app.session?.idle ?? true) ? calm + 1 : 0;
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      }
    },
  };
  Object.assign(window, { __atelier: hook });
}
