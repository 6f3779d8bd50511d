import { readFileSync } from "node:fs";
import { beforeEach, expect, test, vi } from "vitest";

/** What the session serves in place of a library for slides that it does not have. */
const script = readFileSync("../crates/session/src/ingress/plain_slides.js", "utf8");
const seen = vi.fn();

beforeEach(() => {
  seen.mockClear();
  Reflect.deleteProperty(window, "Reveal");
  Reflect.deleteProperty(window, "impress");
  location.hash = "";
  Element.prototype.scrollIntoView = function () {
    seen(this.id || this.textContent?.trim());
  };
});

function play(body: string, deck = "") {
  document.body.innerHTML = body;
  window.eval(script);
  window.eval(deck);
  return [...document.querySelectorAll("[data-plain-slide]")].map((slide) => slide.textContent?.trim());
}

test("every slide of a deck is shown, whatever it asks of its library", () => {
  const deck = `Reveal.initialize({ plugins: [] }); Reveal.addEventListener("ready", () => {});
    new Reveal(document.body).configure({});`;
  const slides = `<div class="reveal"><div class="slides">
    <section>One</section>
    <section><section>Two a</section><section id="b">Two b</section></section>
    <section data-markdown><textarea data-template># Three</textarea></section></div></div>`;
  expect(play(slides, deck)).toEqual(["One", "Two a", "Two b", "# Three"]);
  expect(document.querySelector("[data-plain-note]")).not.toBeNull();
  expect(document.querySelectorAll("pre")).toHaveLength(1);
});

test("steps are slides too", () => {
  const steps = `<div id="impress"><div class="step">One</div><div class="step" id="two">Two</div></div>`;
  expect(play(steps, "impress().init(); impress().goto('two');")).toEqual(["One", "Two"]);
});

test("an address leads to the slide that the library would show", () => {
  const slides = `<div class="slides"><section>One</section>
    <section><section>Two a</section><section id="b">Two b</section></section></div>`;
  for (const [hash, slide] of [
    ["#/b", "b"],
    ["#b", "b"],
    ["#/0", "One"],
    ["#/1", "Two a"],
    ["#/1/1", "b"],
  ] as const) {
    seen.mockClear();
    location.hash = hash;
    play(slides);
    expect(seen.mock.calls, hash).toEqual([[slide]]);
  }
});

test("a page without slides is left alone", () => {
  expect(play("<h1>No deck</h1>")).toEqual([]);
  expect(document.body.innerHTML).toBe("<h1>No deck</h1>");
});
