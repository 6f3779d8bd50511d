/** What stands nearest to the top of what is in sight, by name rather than by pixels. */
export interface Anchor {
  /** Nearest first: the first that is still there counts. */
  places: { of: (root: HTMLElement) => HTMLElement | null; top: number }[];
  /** The step whose card has the focus. */
  focused: string | null;
}

const STANDS = "h1, h2, h3, h4, h5, h6, [data-action]";

/** Notes where the reader is. `names` tells what steps are called in the next version of the page. */
export function anchorOf(scroller: HTMLElement, names: Readonly<Record<string, string>>): Anchor {
  const origin = scroller.getBoundingClientRect().top;
  const standing = [...scroller.querySelectorAll<HTMLElement>(STANDS)].filter(
    (element) => element.offsetParent !== null,
  );
  const places = standing
    .map((element) => ({
      of: finder(element, standing, names),
      top: element.getBoundingClientRect().top - origin,
    }))
    .sort((a, b) => Math.abs(a.top) - Math.abs(b.top));
  const focused = document.activeElement?.closest<HTMLElement>("[data-action]")?.dataset.action;
  return { places, focused: (focused && names[focused]) || null };
}

/** Brings the reader back to where they were, on the next version of the page. */
export function returnTo(scroller: HTMLElement, { places, focused }: Anchor): void {
  for (const { of, top } of places) {
    const element = of(scroller);
    if (!element || element.offsetParent === null) continue;
    const now = element.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
    scroller.scrollBy({ top: now - top, behavior: "instant" });
    break;
  }
  if (focused === null || document.activeElement !== document.body) return;
  const card = scroller.querySelector<HTMLElement>(`[data-action="${CSS.escape(focused)}"]`);
  card?.querySelector<HTMLElement>("button")?.focus({ preventScroll: true });
}

function finder(
  element: HTMLElement,
  standing: readonly HTMLElement[],
  names: Readonly<Record<string, string>>,
): (root: HTMLElement) => HTMLElement | null {
  const { action } = element.dataset;
  if (action !== undefined) {
    const name = names[action];
    return (root) =>
      name === undefined ? null : root.querySelector<HTMLElement>(`[data-action="${CSS.escape(name)}"]`);
  }
  const alike = (other: HTMLElement) =>
    other.tagName === element.tagName && other.textContent === element.textContent;
  const at = standing.filter(alike).indexOf(element);
  const { tagName, textContent } = element;
  return (root) => {
    const headings = [...root.querySelectorAll<HTMLElement>(tagName)];
    return headings.filter((heading) => heading.textContent === textContent)[at] ?? null;
  };
}
