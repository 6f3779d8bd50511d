/** Diagrams: blocks of code in the language `mermaid`, drawn when they come near the window's edge. */

import { drawDiagram } from "./draw-diagram";

interface Diagram {
  /** Holds the source first, then the picture above it. */
  place: HTMLElement;
  source: string;
  /** What was drawn for; `null` before. */
  theme: string | null;
}

/** Draws the diagrams of a page, and again when the theme changes. Returns how to stop. */
export function showDiagrams(codes: Iterable<HTMLElement>, draw = drawDiagram): () => void {
  const diagrams = new Map<Element, Diagram>();
  for (const code of codes) {
    const block = code.closest<HTMLElement>(".code-block") ?? code;
    const place = document.createElement("figure");
    place.className = "diagram";
    block.replaceWith(place);
    place.append(block);
    diagrams.set(place, { place, source: code.textContent ?? "", theme: null });
  }
  const near = new Set<Diagram>();
  const refresh = (diagram: Diagram) => {
    const theme = themeNow();
    if (diagram.theme === theme) return;
    diagram.theme = theme;
    void draw(diagram.source).then(
      (picture) => diagram.theme === theme && show(diagram, picture),
      (error: unknown) => diagram.theme === theme && explain(diagram, error),
    );
  };
  const sight = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        const diagram = diagrams.get(target);
        if (!diagram) continue;
        if (isIntersecting) near.add(diagram);
        else near.delete(diagram);
        if (isIntersecting) refresh(diagram);
      }
    },
    { rootMargin: "100% 0px" },
  );
  for (const place of diagrams.keys()) sight.observe(place);
  const theme = new MutationObserver(() => near.forEach(refresh));
  theme.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  return () => {
    sight.disconnect();
    theme.disconnect();
  };
}

function themeNow(): string {
  return document.documentElement.dataset.theme ?? "light";
}

/** The smallest part of its own size that a picture's words can still be read at. */
const SMALLEST = 0.7;

/** The picture, and its source to be unfolded. An image runs nothing and loads nothing, whatever stands in it. */
function show(diagram: Diagram, picture: string): void {
  const { place, source } = diagram;
  const shown = place.querySelector("img");
  if (shown) {
    shown.src = picture;
    return;
  }
  const image = document.createElement("img");
  image.className = "picture";
  image.alt = source;
  image.dataset.caption = "Diagram";
  image.tabIndex = 0;
  image.setAttribute("role", "button");
  image.title = "Enlarge";
  // Until it can be seen, the source is there to be read.
  image.hidden = true;
  image.addEventListener("load", () => {
    image.style.minWidth = `${Math.round(image.naturalWidth * SMALLEST)}px`;
    if (!image.hidden) return;
    image.hidden = false;
    const details = document.createElement("details");
    const summary = document.createElement("summary");
    summary.textContent = "Source of the diagram";
    details.append(summary, ...[...place.childNodes].filter((child) => child !== image));
    place.append(details);
  });
  image.addEventListener("error", () => explain(diagram, "its picture cannot be read"));
  image.src = picture;
  place.prepend(image);
}

/** The source stays, with the reason above it. */
function explain({ place }: Diagram, error: unknown): void {
  if (place.querySelector(".error-card")) return;
  const card = document.createElement("div");
  card.className = "error-card";
  card.setAttribute("role", "note");
  const said = document.createElement("p");
  said.textContent = "This diagram cannot be drawn:";
  const reason = document.createElement("pre");
  reason.textContent = error instanceof Error ? error.message : String(error);
  card.append(said, reason);
  place.prepend(card);
}
