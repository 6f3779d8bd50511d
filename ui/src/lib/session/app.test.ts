import { describe, expect, test, vi } from "vitest";
import { FakeBackend } from "../backend/fake";
import { LAB_PATH } from "../backend/fake-workshop";
import { App } from "./app.svelte";

describe("closing the window", () => {
  test("saves what was typed first", async () => {
    const backend = new FakeBackend();
    const app = new App(backend);
    await app.open(LAB_PATH);
    await app.trustAndStart(false);
    const document = await app.session?.documents.open("~/exercises/app.py");
    document?.dispatch({ changes: { from: 0, insert: "# typed\n" } });
    backend.emit({ kind: "closing" });
    await expect.poll(() => backend.calls.at(-1)).toBe("close window");
    expect(backend.calls.at(-2)).toBe("save ~/exercises/app.py");
    expect(backend.files.get("~/exercises/app.py")).toMatch(/^# typed\n/);
  });
});

test("a workshop that is dropped on the window is asked about", async () => {
  const backend = new FakeBackend();
  const app = new App(backend);
  backend.emit({ kind: "files-dropped", path: LAB_PATH, drop: null, at: [10, 10] });
  await expect.poll(() => app.sheet?.path).toBe(LAB_PATH);
});

describe("files that are dropped while a workshop is open", () => {
  async function withUpload() {
    const backend = new FakeBackend();
    const page = await backend.page("01-serve");
    const upload = { to: "~/uploads/a", several: false };
    const actions = page.actions.map((action, at) => (at === 0 ? { ...action, upload } : action));
    backend.page = async () => ({ ...page, actions });
    const perform = vi.spyOn(backend, "performAction");
    const app = new App(backend);
    await app.open(LAB_PATH);
    await app.trustAndStart(false);
    await expect.poll(() => app.session?.page?.runner).toBeTruthy();
    const card = document.createElement("div");
    card.dataset.upload = "01-serve/0";
    const under = vi.spyOn(document, "elementFromPoint");
    return { backend, app, perform, card, under };
  }

  test("go to the upload under them", async () => {
    const { backend, app, perform, card, under } = await withUpload();
    under.mockReturnValue(card);
    backend.emit({ kind: "files-over", at: [1, 2] });
    expect(app.session?.page?.runner.dropTarget).toBe("01-serve/0");
    backend.emit({ kind: "files-dropped", path: "/x", drop: 3, at: [1, 2] });
    expect(app.session?.page?.runner.dropTarget).toBeNull();
    await expect.poll(() => perform.mock.calls.at(-1)?.[1].drop).toBe(3);
    expect(under).toHaveBeenCalledWith(1, 2);
  });

  test("beside it leave the workshop as it is, with a word", async () => {
    const { backend, app, perform, under } = await withUpload();
    under.mockReturnValue(null);
    backend.emit({ kind: "files-dropped", path: "/x", drop: 3, at: [1, 2] });
    await expect.poll(() => app.toasts.list.at(-1)?.text).toContain("drop them on the card");
    expect(app.screen).toBe("workshop");
    expect(app.sheet).toBeNull();
    expect(perform).not.toHaveBeenCalled();
  });
});

test("messages of a session go with it", async () => {
  const app = new App(new FakeBackend());
  await app.open(LAB_PATH);
  await app.trustAndStart(false);
  app.toasts.problem("A program of this session has failed.");
  await app.leaveWorkshop();
  expect(app.toasts.list).toEqual([]);
});

test("a pathway that was chosen just before the start is taken", async () => {
  const backend = new FakeBackend();
  const inspection = await backend.inspectWorkshop(LAB_PATH, null);
  const pathways = ["short", "long"].map((name) => ({ name, title: name, description: "", pages: 1 }));
  backend.inspectWorkshop = async (_path, pathway) => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    return { ...inspection, pathways, pathway: pathway ?? "short" };
  };
  const start = vi.spyOn(backend, "startSession");
  const app = new App(backend);
  await app.open(LAB_PATH);
  void app.choosePathway("short");
  void app.choosePathway("long");
  await app.trustAndStart(false);
  expect(start).toHaveBeenCalledWith(LAB_PATH, "long", false);
});
