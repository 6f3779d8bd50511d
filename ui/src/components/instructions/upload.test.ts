import { render, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import type { ActionResult } from "../../lib/protocol";
import { ActionRunner } from "../../lib/session/actions.svelte";
import { Queues } from "../../lib/session/queues";
import { action, failed, FRESH, page, succeeded } from "../../test/actions";
import ActionCard from "./ActionCard.svelte";
import UploadCard from "./UploadCard.svelte";

function show(answer: () => Promise<ActionResult>, several = false) {
  const upload = { to: "~/uploads/report.csv", several };
  const title = 'Upload file as "report.csv"';
  const view = action("p/0", { kind: "files:upload-file", prefix: "Files", title, body: null, upload });
  const perform = vi.fn(answer);
  const announce = vi.fn();
  const host = {
    perform,
    applyEffects: async () => undefined,
    cancel: vi.fn(async () => undefined),
    skip: async () => succeeded(),
    announce,
  };
  const runner = new ActionRunner(page([view]), FRESH, host, new Queues());
  const { container } = render(UploadCard, { action: view, upload, runner, copy: async () => undefined });
  const card = container.querySelector<HTMLElement>("[data-action]");
  if (!card) throw new Error("there is no card");
  return { card, runner, perform, announce, main: within(card).getByRole("button", { name: title }) };
}

test("an upload's card says what it takes and where that goes", () => {
  const { card, main } = show(async () => succeeded());
  expect(main.textContent).toContain("Choose a file, or drop it here");
  expect(main.textContent).toContain("Goes to ~/uploads/report.csv");
  expect(card.closest("[data-upload]")?.getAttribute("data-upload")).toBe("p/0");
  expect(show(async () => succeeded(), true).main.textContent).toContain("Choose files, or drop them here");
});

test("a click asks the engine, and the card shows what was stored with its size", async () => {
  const { card, main, perform } = show(async () => succeeded({ output: "~/uploads/report.csv (12 KiB)" }));
  await userEvent.click(main);
  expect(perform).toHaveBeenCalledWith(expect.objectContaining({ id: "p/0" }), "click", null, null);
  await waitFor(() => expect(card.dataset.status).toBe("done"));
  const stored = card.querySelector("details");
  expect(stored?.open).toBe(true);
  expect(stored?.textContent).toContain("What was stored");
  expect(stored?.textContent).toContain("~/uploads/report.csv (12 KiB)");
});

test("the keyboard reaches the chooser", async () => {
  const { main, perform } = show(async () => succeeded());
  await userEvent.tab();
  expect(document.activeElement).toBe(main);
  await userEvent.keyboard("{Enter}");
  expect(perform).toHaveBeenCalledOnce();
});

test("a dialog that is closed is no failure, and the card says so", async () => {
  const dismissed: ActionResult = {
    outcome: { status: "dismissed", message: "No file was chosen." },
    revision: 0,
    wrongFields: [],
    next: [{ action: "p/0", after: 0, cascade: true }],
    sections: null,
  };
  const { card, main, runner, announce, perform } = show(async () => dismissed);
  await userEvent.click(main);
  await waitFor(() => expect(card.textContent).toContain("No file was chosen."));
  expect(card.dataset.status).toBe("ready");
  expect(announce).toHaveBeenCalledWith("No file was chosen.");
  expect(runner.next?.id).toBe("p/0");
  expect(perform).toHaveBeenCalledOnce();
});

test("files that are dropped are named by their number", () => {
  const { runner, perform } = show(async () => succeeded());
  runner.run("p/0", "click", 7);
  expect(perform).toHaveBeenCalledWith(expect.objectContaining({ id: "p/0" }), "click", 7, null);
});

test("files over the card are answered", async () => {
  const { runner, main } = show(async () => succeeded());
  runner.dropTarget = "p/0";
  await waitFor(() => expect(main.textContent).toContain("Drop to upload"));
  runner.dropTarget = null;
  await waitFor(() => expect(main.textContent).toContain("Choose a file"));
});

test("a failed upload says why", async () => {
  const { card, main } = show(async () => failed("only files can be uploaded, and photos is a folder"));
  await userEvent.click(main);
  await waitFor(() => expect(card.dataset.status).toBe("failed"));
  expect(card.textContent).toContain("Only files can be uploaded, and photos is a folder");
});

test("a card shows the newest text of its file", async () => {
  const view = action("p/0", { kind: "files:download-file", body: "old" });
  const host = {
    perform: async () => succeeded(),
    applyEffects: async () => undefined,
    cancel: async () => undefined,
    skip: async () => succeeded(),
    announce: () => undefined,
    preview: (id: string) => (id === "p/0" ? "new" : undefined),
  };
  const runner = new ActionRunner(page([view]), FRESH, host, new Queues());
  const { container } = render(ActionCard, { action: view, runner, copy: async () => undefined });
  expect(container.querySelector(".body")?.textContent).toBe("new");
});
