import type { CatchUp } from "../../lib/session/catch-up.svelte";

/** Keeps the card at work in sight, and puts the focus on the one that needs the learner. */
export function followCatchUp(scroller: HTMLElement, { current, halt }: CatchUp): void {
  const id = halt?.action ?? current?.id;
  if (id === undefined) return;
  const card = bringIntoSight(scroller, id);
  if (!card || !halt) return;
  const focused = document.activeElement;
  // Whoever went on typing elsewhere meanwhile is not pulled away.
  if (focused !== document.body && focused?.closest("[data-region=instructions], header") === null) return;
  const question = card.querySelector<HTMLElement>("[data-question]");
  const target = question ?? card.querySelector<HTMLElement>("input, select, textarea, button");
  target?.focus({ preventScroll: true });
}

/** Scrolls to an action's card unless it is well in sight. Null where it has no place to look at: hidden, or in a closed section. */
export function bringIntoSight(scroller: HTMLElement, id: string): HTMLElement | null {
  const cards = [...scroller.querySelectorAll<HTMLElement>("[data-action]")];
  const card = cards.find(({ dataset }) => dataset.action === id);
  if (!card || card.getClientRects().length === 0) return null;
  const gently = !window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  if (!isWellInSight(card, scroller)) {
    card.scrollIntoView({ block: "center", behavior: gently ? "smooth" : "instant" });
  }
  return card;
}

/** Keeps the way to the next page in sight when the bar below takes room from a page that was read to its end. */
export function keepEndInSight(scroller: HTMLElement): void {
  const end = scroller.querySelector(".page-nav")?.getBoundingClientRect();
  const outer = scroller.getBoundingClientRect();
  if (end && end.top < outer.bottom) scroller.scrollTo({ top: scroller.scrollHeight, behavior: "instant" });
}

/** Not cut off. */
function isWellInSight(card: HTMLElement, scroller: HTMLElement): boolean {
  const [inner, outer] = [card.getBoundingClientRect(), scroller.getBoundingClientRect()];
  return inner.top >= outer.top && inner.bottom <= outer.bottom;
}
