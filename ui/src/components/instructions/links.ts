/** Links of a page: what they lead to, in words. */

const PICTURES = /\.(png|jpe?g|gif|webp|avif|svg)$/i;

export function isPicture(file: string): boolean {
  return PICTURES.test(file);
}

/** What the learner is shown before following a link out of the pages; nothing for links within them. */
export function addressOf(link: HTMLAnchorElement): string {
  const { url, file, page } = link.dataset;
  if (page !== undefined) return "";
  if (url !== undefined || file !== undefined) return url ?? file ?? "";
  const href = link.getAttribute("href") ?? "";
  return href.startsWith("#") ? "" : href;
}

/** The element of a page that an anchor names. */
export function placeNamed(root: Element, anchor: string): Element | null {
  let name = anchor;
  try {
    name = decodeURIComponent(anchor);
  } catch {
    // A stray per cent sign is part of the name.
  }
  return [...root.querySelectorAll("[id]")].find((element) => element.id === name) ?? null;
}
