export type Region = "instructions" | "work" | "terminals";
export const REGIONS: readonly Region[] = ["instructions", "work", "terminals"];

/** Below this the work area and the terminals share one tabbed region. */
export const NARROW_PX = 960;
/** Below this three things one above the other have only a few lines each. */
export const LOW_PX = 700;

interface Sizes {
  /** Share of the width that the instructions take. */
  column: number;
  /** Share of the height that the terminals take. */
  terminals: number;
  /** Share of the work area's height that the editor's terminals take. */
  editorTerminals: number;
  /** Width of the list of files, in CSS pixels at 100 %. */
  tree: number;
  treeOpen: boolean;
}

const LIMITS = {
  column: [0.2, 0.7],
  terminals: [0.12, 0.85],
  editorTerminals: [0.15, 0.85],
  tree: [140, 480],
} as const;
const INITIAL: Sizes = {
  column: 0.41,
  terminals: 0.38,
  editorTerminals: 0.5,
  tree: 208,
  treeOpen: false,
};
/** So that file, editor's terminal and terminal have some lines each. */
const CROWDED_TERMINALS = 0.28;
type Resizable = keyof typeof LIMITS;

/** How the window is divided. Remembered for each workshop. */
export class Layout {
  #sizes = $state<Sizes>({ ...INITIAL });
  maximised = $state<Region | null>(null);
  /** Which half the shared region shows while the window is narrow. */
  front = $state<"work" | "terminals">("work");
  narrow = $state(false);

  #onChange: () => void;

  constructor(saved: string | null, onChange: () => void) {
    this.#onChange = onChange;
    const sizes = parse(saved);
    for (const key of ["column", "terminals", "editorTerminals", "tree"] as const) {
      const value = sizes[key];
      if (typeof value === "number") this.#sizes[key] = clamp(value, LIMITS[key]);
    }
    if (typeof sizes.treeOpen === "boolean") this.#sizes.treeOpen = sizes.treeOpen;
    this.maximised = REGIONS.find((region) => region === sizes.maximised) ?? null;
    if (sizes.front === "terminals") this.front = "terminals";
  }

  get column(): number {
    return this.#sizes.column;
  }
  get terminals(): number {
    return this.#sizes.terminals;
  }
  /** What the terminals take where the editor's stand above them in a low window: less, unless the learner has said how much. */
  get terminalsBelowEditors(): number {
    const { terminals } = this.#sizes;
    return terminals === INITIAL.terminals ? CROWDED_TERMINALS : terminals;
  }
  get editorTerminals(): number {
    return this.#sizes.editorTerminals;
  }
  get tree(): number {
    return this.#sizes.tree;
  }
  get treeOpen(): boolean {
    return this.#sizes.treeOpen;
  }

  resize(key: Resizable, value: number): void {
    this.#sizes[key] = clamp(value, LIMITS[key]);
    this.#onChange();
  }

  reset(key: Resizable): void {
    this.resize(key, INITIAL[key]);
  }

  toggleTree(): void {
    this.#sizes.treeOpen = !this.#sizes.treeOpen;
    this.#onChange();
  }

  toggleMaximised(region: Region): void {
    this.maximised = this.maximised === region ? null : region;
    this.#onChange();
  }

  /** Brings a region into sight, whatever hides it. */
  reveal(region: Region): void {
    const before = [this.maximised, this.front];
    if (this.maximised !== null && this.maximised !== region) this.maximised = null;
    if (region !== "instructions") this.front = region;
    if (before[0] !== this.maximised || before[1] !== this.front) this.#onChange();
  }

  toString(): string {
    return JSON.stringify({ ...this.#sizes, maximised: this.maximised, front: this.front });
  }
}

function clamp(value: number, [least, most]: readonly [number, number]): number {
  return Math.min(Math.max(value, least), most);
}

/** What an older version wrote, or nobody, is no reason to fail. */
function parse(saved: string | null): Partial<Record<keyof Sizes | "maximised" | "front", unknown>> {
  try {
    const value: unknown = JSON.parse(saved ?? "{}");
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}
