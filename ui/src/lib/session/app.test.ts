import { describe, expect, test, vi } from "vitest";
import { BackendError } from "../backend/backend";
import { FakeBackend } from "../backend/fake";
import { LAB_PATH } from "../backend/fake-workshop";
import { App } from "./app.svelte";

const TRUST = { asAuthor: false, allowed: null, isolation: null };

describe("closing the window", () => {
  test("saves what was typed first", async () => {
    const backend = new FakeBackend();
    const app = new App(backend);
    await app.open(LAB_PATH);
    await app.trustAndStart(TRUST);
    const document = await app.session?.documents.open("~/exercises/app.py");
    document?.dispatch({ changes: { from: 0, insert: "# typed\n" } });
    backend.emit({ kind: "closing" });
    await expect.poll(() => backend.calls.at(-1)).toBe("close window");
    expect(backend.calls.at(-2)).toBe("save ~/exercises/app.py");
    expect(backend.files.get("~/exercises/app.py")).toMatch(/^# typed\n/);
  });
});

test("what the program was started with is not trusted a second time", async () => {
  const start = { path: LAB_PATH, trust: true, author: true };
  const backend = new FakeBackend({ start });
  const app = new App(backend);
  await app.begin();
  expect(app.session?.view.workshopPath).toBe(LAB_PATH);
  expect(backend.calls.filter((call) => call.startsWith("trust"))).toEqual([]);
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
    await app.trustAndStart(TRUST);
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
  await app.trustAndStart(TRUST);
  app.toasts.problem("A program of this session has failed.");
  await app.leaveWorkshop();
  expect(app.toasts.list).toEqual([]);
});

test("who works on a folder with several workshops works on the one that is chosen", async () => {
  const several = { path: "/labs", workshops: [] };
  const backend = new FakeBackend({ start: { path: "/labs", author: true }, several });
  const app = new App(backend);
  await app.begin();
  expect(app.several).not.toBeNull();
  backend.options.inspection = { trusted: true };
  await app.open("/labs/one");
  expect(backend.calls).toContain("trust /labs/one as author");
  expect(app.screen).toBe("workshop");
  await app.leaveWorkshop();
  backend.calls.length = 0;
  await app.open("/labs-of-others/two");
  await app.leaveWorkshop();
  await app.open("/labs/that-came-later");
  expect(backend.calls.filter((call) => call.startsWith("trust"))).toEqual([]);
});

test("an open workshop is worked on from then on", async () => {
  const backend = new FakeBackend();
  const app = new App(backend);
  await app.open(LAB_PATH);
  await app.trustAndStart(TRUST);
  backend.calls.length = 0;
  await app.workAsAuthor();
  const told = backend.calls.filter((call) => /^(trust|start|close)/.test(call));
  expect(told[0]).toBe(`trust ${LAB_PATH} as author`);
  expect(told.at(-1)).toBe(`start ${LAB_PATH}`);
  expect(app.screen).toBe("workshop");
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
  await app.trustAndStart(TRUST);
  expect(start).toHaveBeenCalledWith(LAB_PATH, "long", false);
});

describe("a workshop that is only read", () => {
  /** What the engine of a workshop that is read answers. */
  const ANSWERED = ["inspect", "read", "enter", "start", "close", "leave", "trust", "isolate"];

  test("asks the engine for nothing that would run or write", async () => {
    const backend = new FakeBackend();
    const app = new App(backend);
    await app.open(LAB_PATH);
    await app.readOnly();
    await expect.poll(() => app.session?.page?.runner).toBeTruthy();
    const runner = app.session?.page?.runner;
    const perform = vi.spyOn(backend, "performAction");
    const saved = vi.spyOn(backend, "saveView");
    const [first] = runner?.page.actions ?? [];
    expect(runner?.run(first?.id ?? "")).toBe(false);
    expect(runner?.explained).toBe(first?.id);
    expect(runner?.next).toBeNull();
    app.session?.scrolled(40);
    await app.session?.settle();
    expect(perform).not.toHaveBeenCalled();
    expect(saved).not.toHaveBeenCalled();
    const others = backend.calls.filter((call) => !ANSWERED.includes(call.split(" ")[0] ?? ""));
    expect(others).toEqual([]);
  });

  test("leads back to the sheet, and from there to a session", async () => {
    const backend = new FakeBackend();
    const app = new App(backend);
    await app.open(LAB_PATH);
    await app.readOnly();
    await expect.poll(() => app.session?.page?.runner).toBeTruthy();
    await app.trustReading();
    expect(app.sheet?.path).toBe(LAB_PATH);
    await app.trustAndStart({ ...TRUST, isolation: "folder" });
    expect(backend.calls).toContain(`isolate ${LAB_PATH} folder`);
    expect(app.session?.view.readOnly).toBe(false);
    expect(app.sheet).toBeNull();
  });
});

test("a workshop that changes under its sheet is shown anew", async () => {
  const backend = new FakeBackend();
  const app = new App(backend);
  await app.open(LAB_PATH);
  const changed = new BackendError("not-trusted", "the workshop has not been trusted yet");
  vi.spyOn(backend, "trustWorkshop").mockRejectedValueOnce(changed);
  const before = app.sheet;
  await app.trustAndStart(TRUST);
  expect(app.sheet).not.toBe(before);
  expect(app.session).toBeNull();
});

test("what cannot be isolated any more does not start without being asked", async () => {
  const isolation = { level: "folder", possible: false, lost: true, reason: null } as const;
  const app = new App(new FakeBackend({ inspection: { trusted: true, isolation } }));
  await app.open(LAB_PATH);
  expect(app.sheet?.isolation.lost).toBe(true);
  expect(app.session).toBeNull();
});
