import type { PageEntry, PageView } from "../../lib/protocol";

/** Where a text occurs. */
export interface Finding {
  page: string;
  title: string;
  before: string;
  match: string;
  after: string;
}

const AROUND = 48;
const PER_PAGE = 3;

/** Looks through the titles, texts and action bodies of all pages, in order. */
export async function findInPages(
  pages: readonly PageEntry[],
  load: (id: string) => Promise<PageView>,
  wanted: string,
): Promise<Finding[]> {
  const perPage = await Promise.all(
    pages.map(async ({ id, title }) => {
      const text = textOf(await load(id), title);
      return occurrences(text, wanted).map((found) => ({ page: id, title, ...found }));
    }),
  );
  return perPage.flat();
}

function textOf(page: PageView, title: string): string {
  // Where one block ends and the next begins, so do words.
  const { body } = new DOMParser().parseFromString(page.html.replaceAll("<", " <"), "text/html");
  const actions = page.actions.filter((action) => !action.hidden && !action.closesSection);
  const cards = actions.map((action) => `${action.title} ${action.body ?? ""}`);
  return [title, body.textContent ?? "", ...cards].join(" ").replace(/\s+/g, " ");
}

function occurrences(text: string, wanted: string): Pick<Finding, "before" | "match" | "after">[] {
  const haystack = text.toLowerCase();
  const needle = wanted.toLowerCase();
  const found = [];
  let at = haystack.indexOf(needle);
  while (at >= 0 && found.length < PER_PAGE) {
    const end = at + needle.length;
    const start = Math.max(at - AROUND, 0);
    const cut = end + AROUND < text.length;
    // Whole words only: half a word at the edge of an excerpt reads like a mistake.
    found.push({
      before: start > 0 ? text.slice(start, at).replace(/^\S*\s+/, "…") : text.slice(start, at),
      match: text.slice(at, end),
      after: cut ? text.slice(end, end + AROUND).replace(/\s+\S*$/, "…") : text.slice(end),
    });
    at = haystack.indexOf(needle, end + AROUND);
  }
  return found;
}
