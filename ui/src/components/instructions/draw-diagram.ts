/** Mermaid → a picture. The library is loaded with the first diagram, and never otherwise. */

import type { MermaidConfig } from "mermaid";

/** A longer text is no diagram that anybody reads; laying it out would hold the window up. */
const MAX_TEXT = 20_000;
const MAX_EDGES = 300;
/** Pictures do not see the window's own fonts: they are measured with those they are drawn with. */
const FONT = "system-ui, sans-serif";

const SERIES = ["accent", "ok", "warn", "code-keyword", "code-type", "bad", "code-constant", "ink-soft"];

/** What a diagram may not change about itself. */
const FIXED = [
  "secure",
  "securityLevel",
  "startOnLoad",
  "maxTextSize",
  "maxEdges",
  "suppressErrorRendering",
  "theme",
  "themeVariables",
  "themeCSS",
  "darkMode",
  "fontFamily",
  "altFontFamily",
  "htmlLabels",
  "dompurifyConfig",
];

/** The address of a picture in the colours of the theme. Fails with what is wrong with the text. */
export async function drawDiagram(source: string): Promise<string> {
  if (source.length > MAX_TEXT) throw new Error(`A diagram may have ${MAX_TEXT} characters.`);
  const { default: mermaid } = await import("mermaid");
  mermaid.initialize(settings());
  const bench = document.createElement("div");
  bench.className = "diagram-bench";
  bench.inert = true;
  document.body.append(bench);
  try {
    const { svg } = await mermaid.render(`diagram-${crypto.randomUUID()}`, source, bench);
    return address(svg);
  } finally {
    bench.remove();
  }
}

function settings(): MermaidConfig {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
  // For what is told apart by its colour alone: slices, branches, bars.
  const series = SERIES.flatMap((name, index) => [
    [`pie${index + 1}`, colour(name)],
    [`git${index}`, colour(name)],
    [`gitBranchLabel${index}`, colour("on-accent")],
    [`cScale${index}`, colour(name)],
    [`cScaleLabel${index}`, colour("on-accent")],
    [`cScalePeer${index}`, colour(name)],
  ]);
  return {
    startOnLoad: false,
    securityLevel: "strict",
    secure: FIXED,
    suppressErrorRendering: true,
    maxTextSize: MAX_TEXT,
    maxEdges: MAX_EDGES,
    htmlLabels: false,
    fontFamily: FONT,
    theme: "base",
    themeVariables: {
      darkMode: document.documentElement.dataset.theme === "dark",
      fontFamily: FONT,
      fontSize: "14px",
      background: colour("paper"),
      primaryColor: colour("accent-soft"),
      primaryTextColor: colour("ink"),
      primaryBorderColor: colour("accent"),
      secondaryColor: colour("bench"),
      secondaryTextColor: colour("ink"),
      secondaryBorderColor: colour("line-strong"),
      tertiaryColor: colour("bench"),
      tertiaryTextColor: colour("ink"),
      tertiaryBorderColor: colour("line"),
      lineColor: colour("ink-soft"),
      textColor: colour("ink"),
      noteBkgColor: colour("warn-soft"),
      noteTextColor: colour("ink"),
      noteBorderColor: colour("warn"),
      edgeLabelBackground: colour("paper"),
      ...Object.fromEntries(series),
      pieSectionTextColor: colour("on-accent"),
      pieStrokeColor: colour("paper"),
      pieOuterStrokeColor: colour("line"),
      pieOpacity: "1",
      errorBkgColor: colour("bad-soft"),
      errorTextColor: colour("bad"),
    },
  };
}

/** An SVG as a picture of its own size, on the page's paper. */
function address(svg: string): string {
  const root = new DOMParser().parseFromString(svg, "text/html").querySelector("svg");
  if (!root) throw new Error("Nothing was drawn.");
  const [, , width = 0, height = 0] = (root.getAttribute("viewBox") ?? "").split(/[\s,]+/).map(Number);
  if (width > 0 && height > 0) {
    root.setAttribute("width", String(Math.ceil(width)));
    root.setAttribute("height", String(Math.ceil(height)));
  }
  root.style.maxWidth = "";
  root.style.background = getComputedStyle(document.documentElement).getPropertyValue("--paper");
  const text = new XMLSerializer().serializeToString(root);
  return `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
}
