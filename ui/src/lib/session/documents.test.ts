import { undo } from "@codemirror/commands";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { action, Deferred } from "../../test/actions";
import { BackendError } from "../backend/backend";
import { FakeBackend, succeeded } from "../backend/fake";
import type { ActionInput, ActionResult, EditView, Effect } from "../protocol";
import { Documents } from "./documents.svelte";
import type { EffectTarget } from "./effects";
import { trimmedChange, type OpenDocument } from "./open-document";
import { performAction } from "./perform";
import { Text } from "@codemirror/state";

const PATH = "~/exercises/a.txt";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function setUp(text: string | null = "one\ntwo\n") {
  const backend = new FakeBackend();
  backend.files.clear();
  if (text !== null) backend.files.set(PATH, text);
  const documents = new Documents(backend);
  backend.onEvent((event) => {
    if (event.kind === "document-changed") void documents.diskChanged(event.path, event.version);
  });
  const shown: string[] = [];
  const target: EffectTarget = {
    documents,
    showDashboard: () => undefined,
    reloadDashboard: () => undefined,
    focusTerminal: () => undefined,
    showEditorTerminal: () => undefined,
    showFile: (path) => void shown.push(path),
    focusEditor: () => undefined,
    closeDocument: async (path, deleted) => (deleted ? documents.deleted(path) : await documents.close(path)),
    moveDocument: (from, to) => documents.move(from, to),
    editorCommand: async () => undefined,
    copyText: async () => undefined,
    openUrl: async () => undefined,
    finish: () => undefined,
    leave: () => undefined,
  };
  return { backend, documents, target, shown, onDisk: () => backend.files.get(PATH) };
}

function type(document: OpenDocument, insert: string, at = 0): void {
  document.dispatch({
    changes: { from: at, insert },
    selection: { anchor: at + insert.length },
    userEvent: "input",
  });
}

function undoIn(document: OpenDocument): void {
  undo({ state: document.state, dispatch: (transaction) => document.dispatch(transaction) });
}

/** An engine that plans: replaces the needle, and selects what it wrote. */
function planner(needle: string, insert: string, meanwhile: () => void = () => undefined) {
  const inputs: ActionInput[] = [];
  return {
    inputs,
    actionFailed: async () => undefined,
    performAction: async (_id: string, input: ActionInput): Promise<ActionResult> => {
      inputs.push(input);
      const text = input.buffer?.text ?? "";
      const from = text.indexOf(needle);
      const edit: EditView = {
        changes: [{ from, to: from + needle.length, insert }],
        select: [from, from + insert.length],
      };
      meanwhile();
      return succeeded([{ kind: "apply-edit", path: PATH, edit, create: false, save: true }]);
    },
  };
}

const edits = action("x", { kind: "editor:replace-matching-text", document: PATH, queue: "editor" });
const settle = () => vi.advanceTimersByTimeAsync(0);

describe("an editor action", () => {
  test("opens the file, edits, selects and saves", async () => {
    const { documents, target, shown, onDisk } = setUp();
    await performAction(edits, planner("two", "three"), target, true);
    expect(onDisk()).toBe("one\nthree\n");
    expect(documents.get(PATH)?.buffer).toEqual({ text: "one\nthree\n", selection: [4, 9] });
    expect(documents.get(PATH)?.dirty).toBe(false);
    expect(shown).toEqual([PATH]);
  });

  test("is planned on what was typed and not saved yet", async () => {
    const { documents, target, onDisk } = setUp();
    type(await documents.open(PATH), "zero\n");
    const engine = planner("two", "three");
    await performAction(edits, engine, target, true);
    expect(engine.inputs[0]?.buffer?.text).toBe("zero\none\ntwo\n");
    expect(onDisk()).toBe("zero\none\nthree\n");
  });

  test("is planned again when the learner types during the round trip", async () => {
    const { documents, target, onDisk } = setUp();
    const document = await documents.open(PATH);
    let typed = false;
    const engine = planner("two", "three", () => {
      if (!typed) type(document, "typed\n");
      typed = true;
    });
    await performAction(edits, engine, target, true);
    expect(engine.inputs).toHaveLength(2);
    expect(onDisk()).toBe("typed\none\nthree\n");
  });

  test("gives up when the text keeps changing, and loses nothing", async () => {
    const { documents, target } = setUp();
    const document = await documents.open(PATH);
    const engine = planner("two", "three", () => type(document, "x"));
    await expect(performAction(edits, engine, target, true)).rejects.toThrow("kept changing");
    expect(document.text).toBe("xxxone\ntwo\n");
  });

  test("sees the live selection, also of a hidden file", async () => {
    const { documents, target } = setUp();
    const document = await documents.open(PATH);
    document.dispatch({ selection: { anchor: 4, head: 7 } });
    const engine = planner("two", "three");
    await performAction(edits, engine, target, true);
    expect(engine.inputs[0]?.buffer?.selection).toEqual([4, 7]);
  });

  test("follows a change on disk that no event has told of yet", async () => {
    const { documents, target, backend, onDisk } = setUp();
    await documents.open(PATH);
    backend.files.set(PATH, "made\ntwo\n");
    await performAction(edits, planner("two", "three"), target, true);
    expect(onDisk()).toBe("made\nthree\n");
  });

  test("creates a file that is missing", async () => {
    const { documents, target, onDisk } = setUp(null);
    const edit: EditView = { changes: [{ from: 0, to: 0, insert: "new\n" }], select: null };
    const create: Effect[] = [
      { kind: "open-document", path: PATH, line: null },
      { kind: "apply-edit", path: PATH, edit, create: true, save: true },
    ];
    const inputs: ActionInput[] = [];
    const engine = {
      actionFailed: async () => undefined,
      performAction: async (_id: string, input: ActionInput) => {
        inputs.push(input);
        return succeeded(create);
      },
    };
    await performAction(edits, engine, target, true);
    expect(inputs).toEqual([{ buffer: null, drop: null, revision: null, form: null, agreed: null }]);
    expect(onDisk()).toBe("new\n");
    const document = documents.get(PATH);
    if (document) undoIn(document);
    await vi.advanceTimersByTimeAsync(1000);
    expect(onDisk()).toBe("");
  });

  test("that only selects saves nothing and adds no step to undo", async () => {
    const { documents, target, backend } = setUp();
    type(await documents.open(PATH), "zero\n");
    await documents.flush();
    backend.calls.length = 0;
    const edit: EditView = { changes: [], select: [0, 4] };
    const effects: Effect[] = [{ kind: "apply-edit", path: PATH, edit, create: false, save: false }];
    await performAction(
      edits,
      { performAction: async () => succeeded(effects), actionFailed: async () => undefined },
      target,
      true,
    );
    const document = documents.get(PATH);
    expect(document?.buffer.selection).toEqual([0, 4]);
    expect(backend.calls).toEqual([]);
    if (document) undoIn(document);
    expect(document?.text).toBe("one\ntwo\n");
  });
});

describe("undo", () => {
  test("takes an action back as one step, with the selection before it", async () => {
    const { documents, target, onDisk } = setUp();
    const document = await documents.open(PATH);
    type(document, "typed ");
    document.dispatch({ selection: { anchor: 2, head: 5 } });
    await performAction(edits, planner("two", "three"), target, true);
    await performAction(edits, planner("one", "1"), target, true);
    undoIn(document);
    expect(document.text).toBe("typed one\nthree\n");
    undoIn(document);
    expect(document.buffer).toEqual({ text: "typed one\ntwo\n", selection: [2, 5] });
    undoIn(document);
    expect(document.text).toBe("one\ntwo\n");
    await vi.advanceTimersByTimeAsync(1000);
    expect(onDisk()).toBe("one\ntwo\n");
  });

  test("typing right after an action is a step of its own", async () => {
    const { documents, target } = setUp();
    const document = await documents.open(PATH);
    await performAction(edits, planner("two", "three"), target, true);
    type(document, "!", 9);
    undoIn(document);
    expect(document.text).toBe("one\nthree\n");
  });

  test("does not reach a reload from disk, and keeps older steps", async () => {
    const { documents, backend } = setUp();
    const document = await documents.open(PATH);
    type(document, "typed\n");
    await document.save();
    backend.writeOnDisk(PATH, "typed\none\ntwo\nmade by a script\n");
    await settle();
    expect(document.text).toBe("typed\none\ntwo\nmade by a script\n");
    undoIn(document);
    expect(document.text).toBe("one\ntwo\nmade by a script\n");
  });
});

describe("saving", () => {
  test("happens one second after the last key", async () => {
    const { documents, onDisk } = setUp();
    const document = await documents.open(PATH);
    type(document, "a");
    await vi.advanceTimersByTimeAsync(900);
    type(document, "b", 1);
    await vi.advanceTimersByTimeAsync(999);
    expect(onDisk()).toBe("one\ntwo\n");
    await vi.advanceTimersByTimeAsync(1);
    expect(onDisk()).toBe("abone\ntwo\n");
    expect(document.dirty).toBe(false);
  });

  test("happens when the editor loses the focus", async () => {
    const { documents, onDisk } = setUp();
    const document = await documents.open(PATH);
    type(document, "a");
    document.blurred();
    await settle();
    expect(onDisk()).toBe("aone\ntwo\n");
  });

  test("keeps what is typed while it is under way", async () => {
    const { documents, backend, onDisk } = setUp();
    const document = await documents.open(PATH);
    const gate = new Deferred<undefined>();
    const save = backend.saveDocument.bind(backend);
    backend.saveDocument = async (...given) => {
      await gate.promise;
      return save(...given);
    };
    type(document, "a");
    const first = document.save();
    type(document, "b", 1);
    const second = document.save();
    gate.resolve(undefined);
    await Promise.all([first, second]);
    expect(onDisk()).toBe("abone\ntwo\n");
    expect(document.dirty).toBe(false);
  });

  test("failures of the autosave are told", async () => {
    const backend = new FakeBackend();
    backend.saveDocument = async () => {
      throw new BackendError("other", "the disk is full");
    };
    const told: string[] = [];
    const documents = new Documents(backend, (message) => void told.push(message));
    type(await documents.open("~/exercises/app.py"), "a");
    await vi.advanceTimersByTimeAsync(1000);
    expect(told).toEqual(["the disk is full"]);
  });
});

describe("a conflict", () => {
  async function inConflict() {
    const all = setUp();
    const document = await all.documents.open(PATH);
    type(document, "mine\n");
    all.backend.writeOnDisk(PATH, "theirs\n");
    await settle();
    return { ...all, document };
  }

  test("arises when the disk changes under unsaved typing; neither side is lost", async () => {
    const { document, onDisk } = await inConflict();
    expect(document.inConflict).toBe(true);
    await vi.advanceTimersByTimeAsync(5000);
    expect(document.text).toBe("mine\none\ntwo\n");
    expect(onDisk()).toBe("theirs\n");
  });

  test("makes actions on the file fail until it is resolved", async () => {
    const { document, target, onDisk } = await inConflict();
    await expect(performAction(edits, planner("two", "x"), target, true)).rejects.toMatchObject({
      code: "conflict",
    });
    await document.keepMine();
    await performAction(edits, planner("two", "x"), target, true);
    expect(onDisk()).toBe("mine\none\nx\n");
  });

  test("Load from disk can be undone", async () => {
    const { document, onDisk } = await inConflict();
    await document.loadFromDisk();
    expect(document.inConflict).toBe(false);
    expect(document.text).toBe("theirs\n");
    undoIn(document);
    expect(document.text).toBe("mine\none\ntwo\n");
    await vi.advanceTimersByTimeAsync(1000);
    expect(onDisk()).toBe("mine\none\ntwo\n");
  });

  test("found by a save keeps the edit in the buffer, dirty and undoable", async () => {
    const { documents, target, backend, onDisk } = setUp();
    const engine = planner("two", "three", () => backend.files.set(PATH, "script\n"));
    await expect(performAction(edits, engine, target, true)).rejects.toMatchObject({ code: "conflict" });
    const document = documents.get(PATH);
    expect(document?.text).toBe("one\nthree\n");
    expect(document?.dirty).toBe(true);
    expect(document?.inConflict).toBe(true);
    expect(onDisk()).toBe("script\n");
    if (document) undoIn(document);
    expect(document?.text).toBe("one\ntwo\n");
  });

  test("keeps its tab: closing would lose the own text", async () => {
    const { documents } = await inConflict();
    await expect(documents.close(PATH)).rejects.toMatchObject({ code: "conflict" });
    expect(documents.tabs).toEqual([PATH]);
  });

  test("Keep mine also keeps a text that was undone to what it had been", async () => {
    const { document, onDisk } = await inConflict();
    undoIn(document);
    await document.keepMine();
    expect(onDisk()).toBe("one\ntwo\n");
  });

  test("is none when both sides say the same", async () => {
    const { documents, backend } = setUp();
    const document = await documents.open(PATH);
    type(document, "zero\n");
    backend.writeOnDisk(PATH, "zero\none\ntwo\n");
    await settle();
    expect(document.inConflict).toBe(false);
    expect(document.dirty).toBe(false);
  });
});

describe("files come and go", () => {
  test("a renamed file keeps its text and history", async () => {
    const { documents, backend } = setUp();
    const document = await documents.open(PATH);
    type(document, "x");
    await document.save();
    const moved = "~/exercises/b.txt";
    backend.files.set(moved, backend.files.get(PATH) ?? "");
    backend.files.delete(PATH);
    documents.move(PATH, moved);
    expect(documents.tabs).toEqual([moved]);
    expect(documents.get(moved)).toBe(document);
    undoIn(document);
    await document.save();
    expect(backend.files.get(moved)).toBe("one\ntwo\n");
  });

  test("a deleted file is not written again", async () => {
    const { documents, backend } = setUp();
    await documents.open(PATH);
    backend.files.delete(PATH);
    documents.discard("~/exercises");
    await vi.advanceTimersByTimeAsync(2000);
    expect(documents.tabs).toEqual([]);
    expect(backend.files.has(PATH)).toBe(false);
  });

  test("closing a tab writes what was typed", async () => {
    const { documents, onDisk } = setUp();
    type(await documents.open(PATH), "x");
    await documents.close(PATH);
    expect(onDisk()).toBe("xone\ntwo\n");
    expect(documents.tabs).toEqual([]);
  });

  test("what is not text gets a tab that says so", async () => {
    const { documents } = setUp("\0\0");
    await expect(documents.open(PATH)).rejects.toMatchObject({ code: "not-text" });
    expect(documents.tabs).toEqual([PATH]);
    expect(documents.unreadable(PATH)).toContain("not a text file");
  });
});

test.each([
  ["abc", "abc", null],
  ["abc", "aXc", { from: 1, to: 2, insert: "X" }],
  ["aa", "aaa", { from: 2, to: 2, insert: "a" }],
  ["", "x", { from: 0, to: 0, insert: "x" }],
  ["x\ny\n", "", { from: 0, to: 4, insert: "" }],
])("the change from %j to %j is the smallest", (from, to, change) => {
  expect(trimmedChange(Text.of(from.split("\n")), to)).toEqual(change);
});
