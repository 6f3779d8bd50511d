import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { showDiagrams } from "./diagrams";

/** What is observed, to be brought into sight by hand. */
let seen: (isIntersecting: boolean) => void;

beforeEach(() => {
  document.documentElement.dataset.theme = "light";
  vi.stubGlobal(
    "IntersectionObserver",
    class {
      targets: Element[] = [];
      constructor(notify: (entries: { target: Element; isIntersecting: boolean }[]) => void) {
        seen = (isIntersecting) => notify(this.targets.map((target) => ({ target, isIntersecting })));
      }
      observe(target: Element) {
        this.targets.push(target);
      }
      disconnect() {
        this.targets = [];
      }
    },
  );
});

afterEach(() => vi.unstubAllGlobals());

function page(source: string): HTMLElement {
  const root = document.createElement("div");
  root.innerHTML = `<div class="code-block"><pre class="code" data-language="mermaid"><code></code></pre><button>Copy</button></div>`;
  const code = root.querySelector("code");
  if (code) code.textContent = source;
  return root;
}

/** jsdom loads no pictures. */
function loaded(root: HTMLElement): HTMLImageElement | null {
  const image = root.querySelector("img");
  image?.dispatchEvent(new Event("load"));
  return image;
}

const settled = () => new Promise((done) => setTimeout(done));

test("a diagram is drawn when it comes into sight, and its source can be had", async () => {
  const root = page("graph TD; <a> --> b");
  const draw = vi.fn(async () => "data:image/svg+xml,x");
  showDiagrams(root.querySelectorAll<HTMLElement>("pre"), draw);
  expect(draw).not.toHaveBeenCalled();
  seen(true);
  await settled();
  expect(draw).toHaveBeenCalledWith("graph TD; <a> --> b");
  expect(root.querySelector("details")).toBeNull();
  const image = loaded(root);
  expect(image?.matches(".diagram > img.picture:not([hidden])")).toBe(true);
  expect(image?.alt).toBe("graph TD; <a> --> b");
  expect(image?.tabIndex).toBe(0);
  expect(root.querySelector("details .code-block button")?.textContent).toBe("Copy");
});

test("the theme's change draws it again, in place", async () => {
  const root = page("graph TD");
  let turn = 0;
  const draw = vi.fn(async () => `data:image/svg+xml,${++turn}`);
  const stop = showDiagrams(root.querySelectorAll<HTMLElement>("pre"), draw);
  seen(true);
  await settled();
  loaded(root);
  document.documentElement.dataset.theme = "dark";
  await settled();
  loaded(root);
  expect(root.querySelectorAll("img")).toHaveLength(1);
  expect(root.querySelectorAll("details")).toHaveLength(1);
  expect(root.querySelector("img")?.getAttribute("src")).toBe("data:image/svg+xml,2");
  stop();
  document.documentElement.dataset.theme = "light";
  await settled();
  expect(draw).toHaveBeenCalledTimes(2);
});

test("what cannot be drawn says why, once, above its source", async () => {
  const root = page("grahp <b>");
  showDiagrams(root.querySelectorAll<HTMLElement>("pre"), () =>
    Promise.reject(new Error("No diagram type <i>grahp</i>")),
  );
  seen(true);
  await settled();
  document.documentElement.dataset.theme = "dark";
  await settled();
  expect(root.querySelectorAll(".error-card")).toHaveLength(1);
  expect(root.querySelector(".error-card pre")?.textContent).toBe("No diagram type <i>grahp</i>");
  expect(root.querySelector(".code-block code")?.textContent).toBe("grahp <b>");
});
