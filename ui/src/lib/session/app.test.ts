import { describe, expect, test } from "vitest";
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
  backend.emit({ kind: "workshop-dropped", path: LAB_PATH });
  await expect.poll(() => app.sheet?.path).toBe(LAB_PATH);
});
