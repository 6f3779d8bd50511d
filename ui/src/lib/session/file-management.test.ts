import { undo } from "@codemirror/commands";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { action } from "../../test/actions";
import { FakeBackend, succeeded } from "../backend/fake";
import { BackendError } from "../backend/backend";
import type { ActionResult, Effect, EditorCommand } from "../protocol";
import { Documents } from "./documents.svelte";
import { runEditorCommand, type CommandTarget } from "./editor-commands";
import type { EffectTarget } from "./effects";
import type { OpenDocument } from "./open-document";
import { performAction } from "./perform";

const A = "~/exercises/a.txt";
const B = "~/exercises/b.txt";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function setUp(files: Record<string, string>) {
  const backend = new FakeBackend();
  backend.files.clear();
  for (const [path, text] of Object.entries(files)) backend.files.set(path, text);
  const problems: string[] = [];
  const documents = new Documents(backend, (message) => problems.push(message));
  const target: EffectTarget = {
    documents,
    showDashboard: () => undefined,
    reloadDashboard: () => undefined,
    focusTerminal: () => undefined,
    showEditorTerminal: () => undefined,
    showFile: () => undefined,
    focusEditor: () => undefined,
    closeDocument: async (path, deleted) => (deleted ? documents.deleted(path) : await documents.close(path)),
    moveDocument: (from, to) => documents.move(from, to),
    editorCommand: async () => undefined,
    copyText: async () => undefined,
    openUrl: async () => undefined,
    finish: () => undefined,
    leave: () => undefined,
  };
  return { backend, documents, target, problems };
}

function type(document: OpenDocument | undefined, insert: string): void {
  document?.dispatch({
    changes: { from: 0, insert },
    selection: { anchor: insert.length },
    userEvent: "input",
  });
}

/** An engine that does something to the disk, and answers with effects. */
function engine(work: () => void, effects: Effect[]) {
  const perform = async (): Promise<ActionResult> => {
    work();
    return succeeded(effects);
  };
  return { performAction: vi.fn(perform), actionFailed: vi.fn(async () => undefined) };
}

const touching = (...touches: string[]) => action("x", { kind: "editor:rename-file", touches });
const settle = () => vi.advanceTimersByTimeAsync(5000);

function rename(backend: FakeBackend, from: string, to: string): void {
  backend.files.set(to, backend.files.get(from) ?? "");
  backend.files.delete(from);
}

const renamed: Effect[] = [
  { kind: "move-document", from: A, to: B },
  { kind: "reload-document", path: B },
  { kind: "open-document", path: B, line: null },
];

describe("renaming an open file", () => {
  test("carries typing, history and caret along", async () => {
    const { backend, documents, target } = setUp({ [A]: "one\n" });
    type(await documents.open(A), "typed ");
    await performAction(
      touching(A, B),
      engine(() => rename(backend, A, B), renamed),
      target,
      true,
    );
    await settle();
    expect(documents.tabs).toEqual([B]);
    expect(backend.files.get(B)).toBe("typed one\n");
    expect(backend.files.has(A)).toBe(false);
    const moved = documents.get(B);
    expect(moved?.buffer.selection).toEqual([6, 6]);
    expect(moved?.inConflict).toBe(false);
    moved?.run(undo);
    expect(moved?.text).toBe("one\n");
  });

  test("keeps what is typed while it is on its way", async () => {
    const { backend, documents, target } = setUp({ [A]: "one\n" });
    const open = await documents.open(A);
    const work = () => {
      rename(backend, A, B);
      type(open, "meanwhile ");
      // Its autosave finds nothing in the old place.
      open.save().catch(() => undefined);
    };
    await performAction(touching(A, B), engine(work, renamed), target, true);
    await settle();
    expect(documents.get(B)?.inConflict).toBe(false);
    expect(backend.files.get(B)).toBe("meanwhile one\n");
    expect(backend.files.has(A)).toBe(false);
  });

  test("waits for the decision about two texts", async () => {
    const { backend, documents, target } = setUp({ [A]: "one\n" });
    type(await documents.open(A), "mine ");
    backend.writeOnDisk(A, "theirs\n");
    await documents.diskChanged(A, "other");
    const never = engine(() => undefined, renamed);
    await expect(performAction(touching("~/exercises", "~/moved"), never, target, true)).rejects.toThrow(
      BackendError,
    );
    expect(never.performAction).not.toHaveBeenCalled();
    expect(never.actionFailed).not.toHaveBeenCalled();
    expect(documents.get(A)?.text).toBe("mine one\n");
  });

  test("takes closed files' carets along", async () => {
    const { backend, documents } = setUp({ [A]: "one\ntwo\n" });
    (await documents.open(A)).goToLine(2);
    await documents.close(A);
    rename(backend, A, B);
    documents.move(A, B);
    expect((await documents.open(B)).buffer.selection).toEqual([4, 4]);
  });
});

test("a copy over an open file is one step of undo", async () => {
  const { backend, documents, target } = setUp({ [A]: "new\n", [B]: "old\n" });
  type(await documents.open(B), "typed ");
  const copied: Effect[] = [
    { kind: "reload-document", path: B },
    { kind: "open-document", path: B, line: null },
  ];
  await performAction(
    touching(A, B),
    engine(() => void backend.files.set(B, "new\n"), copied),
    target,
    true,
  );
  expect(documents.get(B)?.text).toBe("new\n");
  documents.get(B)?.run(undo);
  expect(documents.get(B)?.text).toBe("typed old\n");
});

describe("closing and deleting", () => {
  test("writes what was typed before a tab is closed, and remembers the caret", async () => {
    const { backend, documents, target } = setUp({ [A]: "one\n" });
    const open = await documents.open(A);
    const close: Effect[] = [{ kind: "close-document", path: A, deleted: false }];
    await performAction(
      touching(),
      engine(() => type(open, "late "), close),
      target,
      true,
    );
    expect(documents.tabs).toEqual([]);
    expect(backend.files.get(A)).toBe("late one\n");
    expect((await documents.open(A)).buffer.selection).toEqual([5, 5]);
  });

  test("forgets a deleted file and its caret", async () => {
    const { backend, documents, target } = setUp({ [A]: "one\ntwo\n" });
    (await documents.open(A)).goToLine(2);
    const gone: Effect[] = [{ kind: "close-document", path: A, deleted: true }];
    await performAction(
      touching(A),
      engine(() => void backend.files.delete(A), gone),
      target,
      true,
    );
    expect(documents.tabs).toEqual([]);
    backend.files.set(A, "one\ntwo\n");
    expect((await documents.open(A)).buffer.selection).toEqual([0, 0]);
    expect(documents.takeClosed()).toBeUndefined();
  });

  test("keeps what is typed while its file is being deleted", async () => {
    const { backend, documents, target } = setUp({ [A]: "one\n" });
    const open = await documents.open(A);
    const work = () => {
      backend.files.delete(A);
      type(open, "only copy ");
    };
    const gone: Effect[] = [{ kind: "close-document", path: A, deleted: true }];
    await performAction(touching(A), engine(work, gone), target, true);
    expect(documents.get(A)?.text).toBe("only copy one\n");
  });
});

describe("a command of the editor", () => {
  async function editor(files: Record<string, string>, front: string | null) {
    const { backend, documents } = setUp(files);
    for (const path of Object.keys(files)) await documents.open(path);
    const log: string[] = [];
    const target: CommandTarget = {
      documents,
      frontFile: front,
      filesRoot: "~/exercises",
      select: (path) => void log.push(`select ${path}`),
      openFile: async (path) => void log.push(`open ${path}`),
      closeFile: (path) => documents.close(path),
      focusEditor: () => void log.push("focus"),
      showFiles: (shown) => void log.push(`files ${shown}`),
      resizeText: (by) => void log.push(`text ${by}`),
      openPreferences: () => void log.push("preferences"),
      terminalPanel: (what) => void log.push(`panel ${what}`),
    };
    const run = (command: EditorCommand) => runEditorCommand(command, target);
    return { backend, documents, log, run };
  }

  test("saves", async () => {
    const { backend, documents, run } = await editor({ [A]: "a" }, A);
    type(documents.get(A), "x");
    await run({ name: "save" });
    expect(backend.files.get(A)).toBe("xa");
  });

  test("closes all, the others, or the one in front, and opens the last again", async () => {
    const three = { [A]: "a", [B]: "b", "~/c": "c" };
    for (const [name, left] of [
      ["close-all", []],
      ["close-others", [B]],
      ["close-active", [A, "~/c"]],
      ["close-saved", []],
    ] as const) {
      const { documents, run } = await editor(three, B);
      await run({ name });
      expect(documents.tabs, name).toEqual(left);
    }
    const { log, run } = await editor(three, B);
    await run({ name: "close-active" });
    await run({ name: "reopen-closed" });
    expect(log).toEqual([`open ${B}`]);
  });

  test("moves, selects and undoes in the file in front", async () => {
    const { documents, run } = await editor({ [A]: "one\ntwo\n" }, A);
    await run({ name: "go-to-line", line: 2 });
    expect(documents.get(A)?.buffer.selection).toEqual([4, 4]);
    await run({ name: "select-all" });
    expect(documents.get(A)?.buffer.selection).toEqual([0, 8]);
    type(documents.get(A), "x");
    await run({ name: "undo" });
    expect(documents.get(A)?.text).toBe("one\ntwo\n");
    await run({ name: "redo" });
    expect(documents.get(A)?.text).toBe("xone\ntwo\n");
  });

  test("makes a file under a free name", async () => {
    const { documents, log, run } = await editor({ "~/exercises/untitled-1.txt": "" }, null);
    await run({ name: "new-file" });
    expect(documents.tabs).toContain("~/exercises/untitled-2.txt");
    expect(log).toEqual(["select ~/exercises/untitled-2.txt", "focus"]);
  });

  test("goes to the next file and around", async () => {
    const { log, run } = await editor({ [A]: "a", [B]: "b" }, B);
    await run({ name: "next-file" });
    await run({ name: "previous-file" });
    expect(log).toEqual([`select ${A}`, "focus", `select ${A}`, "focus"]);
  });

  test.each<[EditorCommand, string]>([
    [{ name: "larger-text" }, "text 1"],
    [{ name: "normal-text" }, "text 0"],
    [{ name: "show-files" }, "files true"],
    [{ name: "toggle-files" }, "files null"],
    [{ name: "open-preferences" }, "preferences"],
    [{ name: "panel", what: "toggle" }, "panel toggle"],
  ])("%j moves the window", async (command, expected) => {
    const { log, run } = await editor({}, null);
    await run(command);
    expect(log).toEqual([expected]);
  });

  test.each<EditorCommand>([
    { name: "save" },
    { name: "select-all" },
    { name: "find" },
    { name: "next-file" },
  ])("%j says that no file is open", async (command) => {
    const { run } = await editor({}, null);
    await expect(run(command)).rejects.toThrow("No file is open in the editor. Open one first");
  });
});
