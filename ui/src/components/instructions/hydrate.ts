import { mount, unmount } from "svelte";
import type { ActionRunner } from "../../lib/session/actions.svelte";
import ActionCard from "./ActionCard.svelte";
import ProblemCard from "./ProblemCard.svelte";
import SectionCard from "./SectionCard.svelte";

export interface PageLinks {
  imageUrl(file: string): string;
  copy(text: string): Promise<void>;
}

/** Fills the engine's HTML with what lives: cards, sections, images. Returns how to take it apart. */
export function hydrate(root: HTMLElement, runner: ActionRunner, { imageUrl, copy }: PageLinks): () => void {
  const mounted: Record<string, unknown>[] = [];
  for (const target of root.querySelectorAll<HTMLElement>("workshop-action")) {
    const action = runner.page.actions[Number(target.dataset.index)];
    if (!action || action.hidden || action.closesSection) {
      target.classList.add("unseen");
      continue;
    }
    if (action.problem) {
      mounted.push(mount(ProblemCard, { target, props: { action, problem: action.problem, copy } }));
    } else if (action.section !== null) {
      mounted.push(mount(SectionCard, { target, props: { action, section: action.section, runner } }));
    } else {
      mounted.push(mount(ActionCard, { target, props: { action, runner, copy } }));
    }
  }
  for (const image of root.querySelectorAll<HTMLImageElement>("img[data-file], img[data-url]")) {
    image.src = imageUrl(image.dataset.file ?? image.dataset.url ?? "");
    image.decoding = "async";
  }
  for (const code of root.querySelectorAll<HTMLElement>("code.copyable")) {
    code.tabIndex = 0;
    code.setAttribute("role", "button");
    code.title = "Copy";
  }
  for (const wide of root.querySelectorAll<HTMLElement>("pre.code, table")) wide.tabIndex = 0;
  return () => {
    for (const component of mounted) void unmount(component);
  };
}

/** Shows the sections that are open and hides the others. */
export function showSections(root: HTMLElement, runner: ActionRunner): void {
  for (const element of root.querySelectorAll<HTMLElement>(".workshop-section")) {
    element.hidden = !runner.sections.isOpen(Number(element.dataset.section));
  }
}
