import { expect, test } from "vitest";
import { addressOf, isPicture, placeNamed } from "./links";

function element(html: string): HTMLElement {
  const root = document.createElement("div");
  root.innerHTML = html;
  return root;
}

test.each([
  [`<a href="https://a.b/c">x</a>`, "https://a.b/c"],
  [`<a data-page="02" data-anchor="x" href="#">x</a>`, ""],
  [`<a href="#heading">x</a>`, ""],
  [`<a class="file" data-file="workshop/static/a.txt" href="#">x</a>`, "workshop/static/a.txt"],
  [`<a class="session" data-url="/files/x" href="#">x</a>`, "/files/x"],
])("%s shows where it leads", (html, address) => {
  const link = element(html).querySelector("a");
  expect(link && addressOf(link)).toBe(address);
});

test("an anchor is looked for in the page alone", () => {
  document.body.innerHTML = `<p id="x">the window's</p>`;
  expect(placeNamed(element(`<h2 id="y">y</h2>`), "x")).toBeNull();
  expect(placeNamed(element(`<h2 id="a&quot;b">y</h2>`), `a"b`)?.tagName).toBe("H2");
  expect(placeNamed(element(`<h2 id="50%">y</h2>`), "50%")?.tagName).toBe("H2");
  expect(placeNamed(element(`<h2 id="č">y</h2>`), "%C4%8D")?.tagName).toBe("H2");
});

test("pictures are told from other files", () => {
  expect(isPicture("workshop/static/a.PNG")).toBe(true);
  expect(isPicture("workshop/static/a.png.txt")).toBe(false);
});
