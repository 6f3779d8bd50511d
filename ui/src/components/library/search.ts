import type { WorkshopCard } from "../../lib/protocol";

/** Every word must occur in the card's title, description, difficulty or folder. */
export function matches(workshop: WorkshopCard, wanted: string): boolean {
  const { title, description, difficulty, path } = workshop;
  const text = [title, description, difficulty, path].join(" ").toLowerCase();
  return wanted
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
