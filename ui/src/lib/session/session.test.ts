import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { FakeBackend } from "../backend/fake";
import { LAB_PATH } from "../backend/fake-workshop";
import type { Effect, SessionView } from "../protocol";
import { succeeded } from "../../test/actions";
import { WorkshopSession } from "./session.svelte";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

async function open(session: Partial<SessionView> = {}) {
  const backend = new FakeBackend({ session });
  const problems: string[] = [];
  const opened = new WorkshopSession(await backend.startSession(LAB_PATH, null, false), backend, {
    announce: () => undefined,
    problem: (message) => void problems.push(message),
    finish: () => void problems.push("finish"),
    leave: () => void problems.push("leave"),
  });
  await opened.open();
  return { backend, session: opened, problems };
}

describe("pages", () => {
  test("turning leaves the old one and enters the new one", async () => {
    const { backend, session } = await open();
    await session.show("02-shape");
    const turns = backend.calls.filter((call) => /^(enter|leave)/.test(call));
    expect(turns).toEqual(["enter 01-serve", "leave 01-serve", "enter 02-shape"]);
    expect(session.visited.has("02-shape")).toBe(true);
  });

  test("whoever turns twice quickly sees the second", async () => {
    const { session } = await open();
    await Promise.all([session.show("02-shape"), session.show("03-done")]);
    expect(session.page?.runner.page.id).toBe("03-done");
  });

  test("a page that cannot be shown says so, and the one before it stays alive", async () => {
    const { session } = await open();
    await session.show("99-missing");
    expect(session.pageProblem).toBe("There is no page 99-missing");
    expect(session.page?.runner.run("01-serve/2")).toBe(true);
  });

  test("autostart runs when the page is shown", async () => {
    const { backend, session } = await open();
    const enter = backend.enterPage.bind(backend);
    backend.enterPage = async (id) => ({ ...(await enter(id)), autostart: ["02-shape/0"] });
    await session.show("02-shape");
    await vi.advanceTimersByTimeAsync(0);
    expect(backend.copied).toEqual(["render_template"]);
  });
});

describe("an action that fails", () => {
  test("stands as it did for an engine that has refused it", async () => {
    const { backend, session } = await open();
    backend.performAction = () => Promise.reject(new Error("this page has changed"));
    session.page?.runner.run("01-serve/2");
    await vi.advanceTimersByTimeAsync(0);
    expect(session.page?.runner.status("01-serve/2")).toBe("failed");
    expect(backend.calls.filter((call) => call.startsWith("failed"))).toEqual([]);
  });

  test("is told to the engine where the window could not do its part", async () => {
    const { backend, session } = await open();
    const effects: Effect[] = [{ kind: "copy-text", text: "text" }];
    const outcome = { status: "succeeded", effects, warning: null, output: null, running: false } as const;
    backend.performAction = async () => ({ ...succeeded(), outcome });
    backend.copyText = () => Promise.reject(new Error("there is no clipboard"));
    session.page?.runner.run("01-serve/2");
    await vi.advanceTimersByTimeAsync(0);
    expect(backend.calls).toContain("failed 01-serve/2: there is no clipboard");
  });
});

describe("coming back", () => {
  test("opens the same files and the same tab", async () => {
    const view = {
      openFiles: ["~/exercises/app.py", "~/exercises/gone.txt"],
      activeTab: "~/exercises/app.py",
      scroll: 12,
      layout: '{"column":0.5}',
    };
    const { session, problems } = await open({ view });
    expect(session.documents.tabs).toEqual(["~/exercises/app.py"]);
    expect(session.tabs.active).toBe("~/exercises/app.py");
    expect(session.layout.column).toBe(0.5);
    expect(problems).toEqual([]);
  });

  test("the view is saved at most once a second", async () => {
    const { backend, session } = await open();
    const save = vi.spyOn(backend, "saveView");
    for (let to = 0; to < 50; to++) session.scrolled(to);
    await vi.advanceTimersByTimeAsync(1000);
    expect(save).toHaveBeenCalledOnce();
    expect(backend.savedView?.scroll).toBe(49);
  });

  test("closing saves the view and what was typed", async () => {
    const { backend, session } = await open();
    await session.tabs.openFile("~/exercises/app.py");
    session.documents.get("~/exercises/app.py")?.dispatch({ changes: { from: 0, insert: "# mine\n" } });
    await session.close();
    expect(backend.files.get("~/exercises/app.py")).toMatch(/^# mine/);
    expect(backend.savedView?.openFiles).toEqual(["~/exercises/app.py"]);
  });
});

describe("tabs", () => {
  const fresh = { openFiles: [], activeTab: null, scroll: 0, layout: null };

  test("a fresh session shows its first dashboard, else the editor", async () => {
    expect((await open({ view: fresh })).session.tabs.active).toBe("app");
    expect((await open({ view: fresh, dashboards: [] })).session.tabs.active).toBe("editor");
  });

  test("a dashboard that is deleted makes room", async () => {
    const { backend, session } = await open();
    session.tabs.select("slides");
    backend.emit({ kind: "dashboards-changed", dashboards: session.dashboards.list.slice(0, 1) });
    expect(session.tabs.active).toBe("app");
  });

  test("closing the file in front shows its neighbour", async () => {
    const { session } = await open();
    for (const name of ["app.py", "README.md"]) await session.tabs.openFile(`~/exercises/${name}`);
    await session.tabs.closeFile("~/exercises/README.md");
    expect(session.tabs.active).toBe("~/exercises/app.py");
  });
});

test("the terminals come back from behind a maximised work area", async () => {
  const { session } = await open();
  session.layout.toggleMaximised("work");
  session.focusTerminal("2");
  expect(session.layout.maximised).toBeNull();
  expect(session.terminals.active).toBe("2");
});

test("a session with nothing under way is idle", async () => {
  const { session } = await open();
  expect(session.idle).toBe(true);
  session.page?.runner.run("01-serve/2");
  expect(session.idle).toBe(false);
  await vi.advanceTimersByTimeAsync(0);
  expect(session.idle).toBe(true);
});
