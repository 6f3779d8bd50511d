import type { DashboardView } from "../protocol";

/** The tab that stands for the editor when no file is open: the tree of files. */
export const EDITOR_TAB = "editor";
export const TERMINAL_AREA = "terminal";

/** Tabs of the work area beside the files. */
export class Dashboards {
  list = $state<DashboardView[]>([]);
  #reloads = $state<Record<string, number>>({});

  constructor(list: DashboardView[]) {
    this.list = list;
  }

  get(id: string): DashboardView | undefined {
    return this.list.find((dashboard) => dashboard.id === id);
  }

  reload(id: string): void {
    this.#reloads[id] = this.reloads(id) + 1;
  }

  /** How often it was asked to load again. */
  reloads(id: string): number {
    return this.#reloads[id] ?? 0;
  }

  /** The tab that a fresh session shows first. */
  get first(): string | null {
    return this.list.find((dashboard) => dashboard.content.kind !== "terminal")?.id ?? null;
  }
}
