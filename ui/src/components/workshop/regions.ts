import { REGIONS, type Layout, type Region } from "../../lib/session/layout.svelte";

/** Where `F6` stops: the regions, and within the work area the editor's terminals. */
export type Stop = Region | "editor-terminals";

/** The region that has the focus. */
export function focusedRegion(): Region | null {
  const stop = focusedStop();
  return stop === "editor-terminals" ? "work" : stop;
}

function focusedStop(): Stop | null {
  const region = document.activeElement?.closest<HTMLElement>("[data-region]")?.dataset.region;
  return ([...REGIONS, "editor-terminals"] as const).find((each) => each === region) ?? null;
}

/** Moves the focus to the next region that is there, bringing it into sight. */
export async function cycleRegions(
  layout: Layout,
  present: readonly Stop[],
  by: 1 | -1,
  rendered: () => Promise<void>,
) {
  // In a narrow window the terminals are tabs of the work area: which of the two it is, the layout knows.
  const focused = focusedStop() ?? "instructions";
  const at = present.indexOf(focused === "work" && layout.narrow ? layout.front : focused);
  const target = present[(at + by + present.length) % present.length];
  if (!target) return;
  layout.reveal(target === "editor-terminals" ? "work" : target);
  await rendered();
  focusRegion(layout.narrow && target === "terminals" ? "work" : target);
}

/** Where a region takes the focus: in what the learner types into, else in what stands first. */
const TARGETS = [
  ".cm-content",
  ".xterm-helper-textarea",
  "button.entry",
  "[role=tab][aria-selected=true]",
  "button",
];

export function focusRegion(region: Stop): void {
  const root = document.querySelector<HTMLElement>(`[data-region="${region}"]`);
  // A stop within the region is another one.
  const own = (selector: string) =>
    [...(root?.querySelectorAll<HTMLElement>(selector) ?? [])].find(
      (found) => found.closest("[data-region]") === root,
    );
  const target = root?.matches("[data-region-focus]") ? root : TARGETS.map(own).find((found) => found);
  target?.focus({ preventScroll: true });
}
