import { describe, expect, test } from "vitest";
import { FakeBackend } from "../backend/fake";
import type { Effect } from "../protocol";
import { Documents } from "./documents.svelte";
import { applyEffects, type EffectTarget } from "./effects";

const APP = "~/exercises/app.py";

function record() {
  const log: string[] = [];
  const documents = new Documents(new FakeBackend());
  const target: EffectTarget = {
    documents,
    showDashboard: (id) => void log.push(`show ${id}`),
    reloadDashboard: (id) => void log.push(`reload ${id}`),
    focusTerminal: (name) => void log.push(`terminal ${name}`),
    showEditorTerminal: (name, focus) => void log.push(`editor terminal ${name}${focus ? ", focused" : ""}`),
    showFile: (path) => void log.push(`file ${path}`),
    focusEditor: () => void log.push("editor"),
    closeDocument: async (path, deleted) => void log.push(`close ${path}${deleted ? " deleted" : ""}`),
    moveDocument: (from, to) => void log.push(`move ${from} ${to}`),
    editorCommand: async ({ name }) => void log.push(`command ${name}`),
    copyText: async (text) => void log.push(`copy ${text}`),
    openUrl: async (url) => void log.push(`url ${url}`),
    finish: () => void log.push("finish"),
    leave: () => void log.push("leave"),
  };
  const apply = (effects: Effect[], mayFocus = true) =>
    applyEffects(effects, target, { base: null, mayFocus });
  return { log, documents, apply };
}

describe("effects", () => {
  test("are applied in order", async () => {
    const { log, apply } = record();
    await apply([
      { kind: "show-dashboard", id: "app" },
      { kind: "reload-dashboard", id: "app" },
      { kind: "focus-terminal", name: "2" },
      { kind: "copy-text", text: "x" },
      { kind: "open-url", url: "http://localhost:1/" },
      { kind: "finish" },
      { kind: "leave-session" },
    ]);
    const opened = "url http://localhost:1/";
    expect(log).toEqual(["show app", "reload app", "terminal 2", "copy x", opened, "finish", "leave"]);
  });

  test("open a file at a line and put the caret there", async () => {
    const { log, documents, apply } = record();
    await apply([{ kind: "open-document", path: APP, line: 3 }]);
    expect(documents.get(APP)?.buffer.selection).toEqual([25, 25]);
    expect(log).toEqual([`file ${APP}`, "editor"]);
  });

  test("of an edit leave the focus where the reader is", async () => {
    const { log, apply } = record();
    const edit = { changes: [{ from: 0, to: 0, insert: "# x\n" }], select: [0, 4] as [number, number] };
    await apply([
      { kind: "open-document", path: APP, line: null },
      { kind: "apply-edit", path: APP, edit, create: false, save: true },
    ]);
    expect(log).toEqual([`file ${APP}`, `file ${APP}`]);
  });

  test("show a terminal of the editor also when it may not take the focus", async () => {
    for (const mayFocus of [true, false]) {
      const { log, apply } = record();
      await apply([{ kind: "show-editor-terminal", name: "1" }], mayFocus);
      expect(log).toEqual([`editor terminal 1${mayFocus ? ", focused" : ""}`]);
    }
  });

  test("of what starts by itself take no focus", async () => {
    const { log, apply } = record();
    await apply(
      [
        { kind: "focus-terminal", name: "1" },
        { kind: "open-document", path: APP, line: 1 },
      ],
      false,
    );
    expect(log).toEqual([`file ${APP}`]);
  });

  test("move, close and reload documents, and run commands of the editor", async () => {
    const { log, apply } = record();
    await apply([
      { kind: "move-document", from: "~/exercises", to: "~/moved" },
      { kind: "close-document", path: "~/a", deleted: false },
      { kind: "close-document", path: "~/b", deleted: true },
      { kind: "reload-document", path: "~/not-open" },
      { kind: "editor-command", command: { name: "save" } },
    ]);
    expect(log).toEqual(["move ~/exercises ~/moved", "close ~/a", "close ~/b deleted", "command save"]);
  });
});
