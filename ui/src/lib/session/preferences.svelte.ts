export type Theme = "system" | "light" | "dark";

export const TEXT_SIZES = [80, 90, 100, 110, 125, 150, 175, 200] as const;

const KEY = "atelier.preferences";

/** How the learner likes the window. Kept on this machine, for every workshop. */
export class Preferences {
  theme = $state<Theme>("system");
  textSize = $state(100);
  screenReader = $state(false);
  #systemDark = $state(false);

  constructor() {
    const saved = read();
    if (saved.theme === "light" || saved.theme === "dark") this.theme = saved.theme;
    if (TEXT_SIZES.some((size) => size === saved.textSize)) this.textSize = saved.textSize as number;
    this.screenReader = saved.screenReader === true;
    const system = window.matchMedia("(prefers-color-scheme: dark)");
    this.#systemDark = system.matches;
    system.addEventListener("change", ({ matches }) => (this.#systemDark = matches));
  }

  get dark(): boolean {
    return this.theme === "dark" || (this.theme === "system" && this.#systemDark);
  }

  /** The other look than what is shown now; following the system again where that is the same. */
  toggleTheme(): void {
    const wanted = this.dark ? "light" : "dark";
    this.theme = (wanted === "dark") === this.#systemDark ? "system" : wanted;
    this.#save();
  }

  resizeText(by: 1 | -1 | 0): void {
    const at = TEXT_SIZES.findIndex((size) => size === this.textSize);
    this.textSize = by === 0 ? 100 : (TEXT_SIZES[at + by] ?? this.textSize);
    this.#save();
  }

  toggleScreenReader(): void {
    this.screenReader = !this.screenReader;
    this.#save();
  }

  #save(): void {
    const { theme, textSize, screenReader } = this;
    try {
      localStorage.setItem(KEY, JSON.stringify({ theme, textSize, screenReader }));
    } catch {
      // Without storage the choice lasts as long as the window.
    }
  }
}

function read(): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
