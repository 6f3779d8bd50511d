import { expect, test } from "vitest";
import { ActionRunner } from "../../lib/session/actions.svelte";
import { Queues } from "../../lib/session/queues";
import { FRESH, page, succeeded } from "../../test/actions";
import { hydrate } from "./hydrate";

function filled(html: string, copied: (text: string) => void = () => undefined): HTMLElement {
  const links = {
    imageUrl: (file: string) => `workshop://${file}`,
    copy: async (text: string) => copied(text),
  };
  const host = {
    perform: async () => succeeded(),
    applyEffects: async () => undefined,
    cancel: async () => undefined,
    skip: async () => succeeded(),
    announce: () => undefined,
  };
  const root = document.createElement("div");
  root.innerHTML = html;
  hydrate(root, new ActionRunner(page([]), FRESH, host, new Queues()), links);
  return root;
}

function loaded(root: HTMLElement, width: number): HTMLImageElement {
  const image = root.querySelector("img");
  if (!image) throw new Error("there is no picture");
  Object.defineProperty(image, "naturalWidth", { value: width });
  image.dispatchEvent(new Event("load"));
  return image;
}

test("a picture can be enlarged, with the keyboard too", () => {
  const image = loaded(filled(`<img data-file="a.png" alt="x">`), 800);
  expect(image.classList).toContain("picture");
  expect(image.getAttribute("role")).toBe("button");
  expect(image.tabIndex).toBe(0);
});

test.each([
  ["an icon", `<img data-file="a.png" alt="x">`, 24],
  ["a picture in a link", `<a href="#"><img data-file="a.png" alt="x"></a>`, 800],
])("%s stays what it is", (_name, html, width) => {
  expect(loaded(filled(html), width).classList).not.toContain("picture");
});

test("a picture that does not load says so instead of leaving a torn icon", () => {
  const root = filled(`<img data-url="/app.png" alt="The app">`);
  root.querySelector("img")?.dispatchEvent(new Event("error"));
  expect(root.querySelector("img")).toBeNull();
  expect(root.querySelector(".image-missing")?.textContent).toBe("The app: it could not be loaded");
});

test("a picture from elsewhere is offered to the browser", () => {
  const root = filled(`<span class="image-remote" data-url="https://example.com/a.png">Logo</span>`);
  const link = root.querySelector("a");
  expect(link?.dataset.url).toBe("https://example.com/a.png");
  expect(link?.textContent).toContain("example.com");
});

test("a picture from elsewhere in a link leaves the link alone", () => {
  const root = filled(`<a href="#"><span class="image-remote" data-url="https://example.com/a">x</span></a>`);
  expect(root.querySelectorAll("a")).toHaveLength(1);
});

test("a block of code is copied by its button, without the last line's end", async () => {
  const copied: string[] = [];
  const root = filled(`<pre class="code"><code>a\nb\n</code></pre>`, (text) => copied.push(text));
  root.querySelector<HTMLElement>(".code-block > .code-copy")?.click();
  expect(copied).toEqual(["a\nb"]);
});

test("code that its glyph copies is reached with the keyboard", () => {
  const code = filled(`<code>make</code><span class="copy-glyph"></span>`).querySelector("code");
  expect(code?.tabIndex).toBe(0);
  expect(code?.getAttribute("role")).toBe("button");
});
