import { describe, expect, test } from "vitest";
import { FakeBackend } from "../backend/fake";
import { LAB_PATH } from "../backend/fake-workshop";
import { App } from "./app.svelte";

const TRUST = { asAuthor: false, allowed: null, isolation: null };

async function started() {
  const backend = new FakeBackend();
  const app = new App(backend);
  await app.open(LAB_PATH);
  await app.trustAndStart(TRUST);
  await expect.poll(() => app.session?.page?.runner).toBeTruthy();
  const { session } = app;
  if (!session) throw new Error("no session");
  return { backend, app, session };
}

describe("restoring the start of a page", () => {
  test("saves what was typed, takes the files' texts anew, and shows the page again", async () => {
    const { backend, session } = await started();
    const open = await session.documents.open("~/exercises/app.py");
    const start = open.text;
    open.dispatch({ changes: { from: 0, insert: "# mine\n" } });
    const view = await session.restoreView(null);
    await session.restore(view);
    const calls = backend.calls.slice(backend.calls.indexOf("save ~/exercises/app.py"));
    expect(calls).toEqual([
      "save ~/exercises/app.py",
      "restore 01-serve",
      "leave 01-serve",
      "enter 01-serve",
    ]);
    expect(open.text).toBe(start);
    expect(open.dirty).toBe(false);
  });

  test("hands over the text of a file that has two", async () => {
    const { backend, session } = await started();
    const open = await session.documents.open("~/exercises/app.py");
    open.dispatch({ changes: { from: 0, insert: "# mine\n" } });
    backend.files.set("~/exercises/app.py", "# theirs\n");
    await open.refresh();
    expect(open.inConflict).toBe(true);
    await session.restore(await session.restoreView(null));
    expect(backend.calls).toContain("restore 01-serve keeping ~/exercises/app.py");
    expect(open.inConflict).toBe(false);
    expect(open.text).toBe(backend.files.get("~/exercises/app.py"));
  });

  test("shows the page again also when it fails", async () => {
    const { backend, session } = await started();
    backend.restore = () => Promise.reject(new Error("the disk is full"));
    const view = await session.restoreView(null);
    await expect(session.restore(view)).rejects.toThrow("the disk is full");
    expect(backend.calls.slice(-2)).toEqual(["leave 01-serve", "enter 01-serve"]);
  });

  test("tells of terminals whose folder is gone", async () => {
    const { app, session } = await started();
    await session.bringBack("v1");
    expect(app.toasts.list.at(-1)?.text).toContain("terminal 1");
  });
});

describe("starting over", () => {
  test("keeps the old session unless it is to be deleted", async () => {
    for (const [deleteOld, what] of [
      [false, "set aside"],
      [true, "remove"],
    ] as const) {
      const { backend, app, session } = await started();
      const { name } = session.view;
      await app.stored.ask("start-over");
      expect(app.stored.question?.losses.name).toBe(name);
      await app.stored.startOver(name, deleteOld);
      expect(backend.calls).toContain(`${what} ${name}`);
      expect(backend.calls.indexOf("close")).toBeLessThan(backend.calls.indexOf(`${what} ${name}`));
      expect(backend.calls.filter((call) => call.endsWith("fresh"))).toHaveLength(1);
    }
  });

  test("starts nothing when the old session cannot be put away", async () => {
    const { backend, app, session } = await started();
    backend.setSessionAside = () => Promise.reject(new Error("the disk is full"));
    await app.stored.startOver(session.view.name, false);
    expect(app.screen).toBe("library");
    expect(app.toasts.list.at(-1)?.text).toBe("the disk is full");
    expect(backend.calls.some((call) => call.endsWith("fresh"))).toBe(false);
  });
});

test("removing the open session closes it first and shows the library", async () => {
  const { backend, app, session } = await started();
  await app.stored.remove(session.view.name);
  expect(backend.calls.slice(-2)).toEqual(["close", `remove ${session.view.name}`]);
  expect(app.screen).toBe("library");
});

test("a session of the list is chosen and opened", async () => {
  const { backend, app } = await started();
  await app.leaveWorkshop();
  const { sessions } = await backend.sessions();
  const earlier = sessions[1];
  if (!earlier) throw new Error("no session");
  await app.stored.open(earlier);
  expect(backend.calls).toContain(`choose ${earlier.name}`);
});
