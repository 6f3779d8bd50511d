import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

const css = readFileSync("src/styles/tokens.css", "utf8");
const light = colours(css.slice(0, css.indexOf("[data-theme")));
const more = readFileSync("src/styles/contrast.css", "utf8");
const dark = { ...light, ...colours(css.slice(css.indexOf("[data-theme"))) };

const ANSI = Object.keys(light).filter((name) => name.startsWith("ansi-"));
const CODE = Object.keys(light).filter((name) => name.startsWith("code-"));
const STATES = ["ok", "warn", "bad"];

/** Which text stands on which ground. */
const PAIRS: [text: string, ground: string][] = [
  ...["paper", "bench", "hover", "accent-soft", "selection", "changed", "warn-soft", "bad-soft"].map(
    (ground): [string, string] => ["ink", ground],
  ),
  ...["paper", "bench", "hover", "accent-soft"].map((ground): [string, string] => ["ink-soft", ground]),
  ...["paper", "bench", "accent-soft"].map((ground): [string, string] => ["accent", ground]),
  ["on-accent", "accent"],
  ...STATES.flatMap((state): [string, string][] => [
    [state, "paper"],
    [state, "bench"],
    [state, `${state}-soft`],
  ]),
  ...CODE.flatMap((code): [string, string][] => [
    [code, "paper"],
    [code, "bench"],
    [code, "selection"],
    [code, "changed"],
  ]),
  ...ANSI.map((ansi): [string, string] => [ansi, "paper"]),
];

describe.each([
  ["light", light],
  ["dark", dark],
])("%s", (_theme, palette) => {
  test.each(PAIRS)("%s on %s can be read", (text, ground) => {
    expect(contrast(palette[text], palette[ground])).toBeGreaterThanOrEqual(4.5);
  });

  test("edges of controls can be seen", () => {
    expect(contrast(palette["line-strong"], palette["paper"])).toBeGreaterThanOrEqual(3);
  });
});

/** With more contrast wanted: text of the window at WCAG's enhanced level, and every line to be seen. */
describe.each([
  ["light", { ...light, ...colours(more.slice(0, more.indexOf("[data-theme"))) }],
  ["dark", { ...dark, ...colours(more.slice(more.indexOf("[data-theme"))) }],
])("%s, with more contrast", (_theme, palette) => {
  const texts = ["ink", "ink-soft", "accent", ...STATES];
  const pairs = texts.flatMap((text) => ["paper", "bench"].map((ground): [string, string] => [text, ground]));
  test.each(pairs)("%s on %s can be read easily", (text, ground) => {
    expect(contrast(palette[text], palette[ground])).toBeGreaterThanOrEqual(7);
  });

  test.each(PAIRS)("%s on %s can be read", (text, ground) => {
    expect(contrast(palette[text], palette[ground])).toBeGreaterThanOrEqual(4.5);
  });

  test("lines can be seen", () => {
    expect(contrast(palette["line"], palette["paper"])).toBeGreaterThanOrEqual(3);
  });
});

function colours(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name, value]) => [name, value]),
  );
}

/** WCAG 2.2, relative luminance. */
function contrast(a: string | undefined, b: string | undefined): number {
  const [dim = 0, bright = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (bright + 0.05) / (dim + 0.05);
}

function luminance(colour = ""): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const value = parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
