import { REGIONS, type Layout, type Region } from "../../lib/session/layout.svelte";

/** The region that has the focus. */
export function focusedRegion(): Region | null {
  const region = document.activeElement?.closest<HTMLElement>("[data-region]")?.dataset.region;
  return REGIONS.find((each) => each === region) ?? null;
}

/** Moves the focus to the next region that is there, bringing it into sight. */
export async function cycleRegions(
  layout: Layout,
  present: readonly Region[],
  by: 1 | -1,
  rendered: () => Promise<void>,
) {
  // In a narrow window the terminals are tabs of the work area: which of the two it is, the layout knows.
  const focused = focusedRegion() ?? "instructions";
  const at = present.indexOf(focused === "work" && layout.narrow ? layout.front : focused);
  const target = present[(at + by + present.length) % present.length];
  if (!target) return;
  layout.reveal(target);
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

export function focusRegion(region: Region): void {
  const root = document.querySelector<HTMLElement>(`[data-region="${region}"]`);
  const target = root?.matches("[data-region-focus]")
    ? root
    : TARGETS.map((selector) => root?.querySelector<HTMLElement>(selector)).find((found) => found);
  target?.focus({ preventScroll: true });
}
