import type { ActionRunner } from "./actions.svelte";

type Place = readonly [number, number];

/** Files are held over this place of the window, or over none: the card under them shows it. */
export function filesOver(runner: ActionRunner | undefined, at: Place | null): void {
  if (runner) runner.dropTarget = at === null ? null : uploadAt(at);
}

/** Gives files to the card under them. `missed`: whoever misses a card by a little does not mean to leave the workshop. */
export function filesDropped(
  runner: ActionRunner | undefined,
  drop: number | null,
  at: Place,
): "taken" | "missed" | "elsewhere" {
  filesOver(runner, null);
  const card = uploadAt(at);
  if (runner && card !== null && drop !== null) {
    runner.run(card, "click", drop);
    return "taken";
  }
  return runner?.shown.some((action) => action.upload) ? "missed" : "elsewhere";
}

/** The upload whose card stands at this place of the window. */
function uploadAt([x, y]: readonly [number, number]): string | null {
  const element = document.elementFromPoint(x, y);
  return element?.closest<HTMLElement>("[data-upload]")?.dataset.upload ?? null;
}
