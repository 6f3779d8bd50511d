import { mount, unmount } from "svelte";
import type { ActionRunner } from "../../lib/session/actions.svelte";
import ActionCard from "./ActionCard.svelte";
import ProblemCard from "./ProblemCard.svelte";
import SectionCard from "./SectionCard.svelte";
import UploadCard from "./UploadCard.svelte";

export interface PageLinks {
  imageUrl(file: string): string;
  copy(text: string): Promise<void>;
  /** Opens the place in the source, for the author. */
  openSource?(file: string, line: number): void;
}

/** A block of code that becomes a picture. */
const DIAGRAM = 'pre.code[data-language="mermaid"]';

/** Fills the engine's HTML with what lives: cards, sections, images. Returns how to take it apart. */
export function hydrate(
  root: HTMLElement,
  runner: ActionRunner,
  { imageUrl, copy, openSource }: PageLinks,
): () => void {
  const mounted: Record<string, unknown>[] = [];
  for (const target of root.querySelectorAll<HTMLElement>("workshop-action")) {
    const action = runner.page.actions[Number(target.dataset.index)];
    if (!action || action.hidden || action.closesSection) {
      target.classList.add("unseen");
      continue;
    }
    if (action.problem) {
      mounted.push(
        mount(ProblemCard, { target, props: { action, problem: action.problem, copy, openSource } }),
      );
    } else if (action.section !== null) {
      mounted.push(mount(SectionCard, { target, props: { action, section: action.section, runner, copy } }));
    } else if (action.upload) {
      mounted.push(mount(UploadCard, { target, props: { action, upload: action.upload, runner, copy } }));
    } else {
      mounted.push(mount(ActionCard, { target, props: { action, runner, copy } }));
    }
  }
  for (const code of root.querySelectorAll<HTMLElement>("pre.code")) offerCopy(code, copy);
  for (const image of root.querySelectorAll<HTMLImageElement>("img")) {
    fillImage(image, imageUrl);
  }
  for (const place of root.querySelectorAll<HTMLElement>(".image-remote")) offerRemote(place);
  for (const code of root.querySelectorAll<HTMLElement>("code.copyable, code:has(+ .copy-glyph)")) {
    code.classList.add("copyable");
    actsAsButton(code, "Copy");
  }
  // What draws them is large, and most pages have none.
  const diagrams = [...root.querySelectorAll<HTMLElement>(DIAGRAM)];
  const drawing =
    diagrams.length > 0 ? import("./diagrams").then(({ showDiagrams }) => showDiagrams(diagrams)) : null;
  const wide = new ResizeObserver((entries) => {
    for (const { target } of entries) reachableIfCut(target as HTMLElement);
  });
  for (const element of root.querySelectorAll("pre, table, .math")) wide.observe(element);
  return () => {
    void drawing?.then((stop) => stop());
    wide.disconnect();
    for (const component of mounted) void unmount(component);
  };
}

/** Shows the sections that are open and hides the others. */
export function showSections(root: HTMLElement, runner: ActionRunner): void {
  for (const element of root.querySelectorAll<HTMLElement>(".workshop-section")) {
    element.hidden = !runner.sections.isOpen(Number(element.dataset.section));
  }
}

/** A picture this wide is more than an icon in a line of text. */
const PICTURE_PX = 120;

function fillImage(image: HTMLImageElement, imageUrl: PageLinks["imageUrl"]): void {
  image.addEventListener("load", () => {
    if (image.naturalWidth < PICTURE_PX || image.closest("a")) return;
    image.classList.add("picture");
    actsAsButton(image, image.title || "Enlarge");
  });
  image.addEventListener("error", () => {
    const box = document.createElement("span");
    box.className = "image-missing";
    box.textContent = `${image.alt || "A picture"}: it could not be loaded`;
    image.replaceWith(box);
  });
  image.decoding = "async";
  const file = image.dataset.file ?? image.dataset.url;
  if (file !== undefined) image.src = imageUrl(file);
}

/** Pages load nothing from elsewhere; the learner may, in the browser. */
function offerRemote(place: HTMLElement): void {
  const { url } = place.dataset;
  if (!url || place.closest("a") || !URL.canParse(url)) return;
  const link = document.createElement("a");
  link.href = "#";
  link.dataset.url = url;
  link.textContent = `Open this picture from ${new URL(url).host}`;
  place.append(link);
}

/** A button in the corner of a block of code. */
function offerCopy(code: HTMLElement, copy: PageLinks["copy"]): void {
  const block = document.createElement("div");
  block.className = "code-block";
  const button = document.createElement("button");
  button.type = "button";
  button.className = "code-copy";
  button.title = "Copy";
  button.setAttribute("aria-label", "Copy this code");
  button.addEventListener("click", () => {
    void copy((code.textContent ?? "").replace(/\n$/, "")).then(() => {
      button.classList.add("done");
      button.addEventListener("pointerleave", () => button.classList.remove("done"), { once: true });
    });
  });
  code.replaceWith(block);
  block.append(code, button);
}

function actsAsButton(element: HTMLElement, title: string): void {
  element.tabIndex = 0;
  element.setAttribute("role", "button");
  element.title = title;
}

/** What is cut off can be scrolled with the keys; what is not is no stop on the way. */
function reachableIfCut(element: HTMLElement): void {
  if (element.scrollWidth > element.clientWidth) element.tabIndex = 0;
  else element.removeAttribute("tabindex");
}
