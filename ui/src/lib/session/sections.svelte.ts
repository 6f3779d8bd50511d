import type { SectionState, SectionView } from "../protocol";

/** Which sections of the page are open, as the engine says. */
export class Sections {
  readonly views: readonly SectionView[];
  #open = $state<boolean[]>([]);

  constructor(views: readonly SectionView[], states: readonly SectionState[] = []) {
    this.views = views;
    this.#open = views.map(() => false);
    this.apply(states);
  }

  apply(states: readonly SectionState[]): void {
    for (const { section, open } of states) this.#open[section] = open;
  }

  /** Of a page that is only read. */
  toggle(section: number): void {
    this.#open[section] = !this.#open[section];
  }

  isOpen(section: number): boolean {
    return this.#open[section] ?? false;
  }

  /** Its content and that of every section around it is open. */
  isShown(section: number): boolean {
    const parent = this.views[section]?.parent ?? null;
    return this.isOpen(section) && (parent === null || this.isShown(parent));
  }

  /** The action at this index lies in no closed section. */
  isActionShown(index: number): boolean {
    return this.views.every((view, section) => {
      const inside = view.begin < index && index < view.end;
      return !inside || this.isOpen(section);
    });
  }
}
