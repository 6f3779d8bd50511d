import { expect, test, vi } from "vitest";
import { Layout } from "./layout.svelte";

test("sizes are kept within limits and remembered", () => {
  const changed = vi.fn();
  const layout = new Layout(null, changed);
  layout.resize("column", 0.99);
  layout.resize("terminals", 0.5);
  layout.resize("editorTerminals", 0.01);
  layout.toggleTree();
  const again = new Layout(layout.toString(), changed);
  expect([again.column, again.terminals, again.editorTerminals, again.treeOpen]).toEqual([
    0.7,
    0.5,
    0.15,
    true,
  ]);
  expect(changed).toHaveBeenCalledTimes(4);
});

test.each(["", "null", "nonsense", '{"column":"wide","terminals":null}', "[]"])(
  "%j is no reason to fail",
  (saved) => {
    expect(new Layout(saved, () => undefined).column).toBeCloseTo(0.41);
  },
);

test("what is maximised or in front is so again", () => {
  const changed = vi.fn();
  const layout = new Layout(null, changed);
  layout.toggleMaximised("terminals");
  layout.reveal("terminals");
  const again = new Layout(layout.toString(), changed);
  expect([again.maximised, again.front]).toEqual(["terminals", "terminals"]);
  expect(changed).toHaveBeenCalledTimes(2);
  layout.reveal("terminals");
  expect(changed).toHaveBeenCalledTimes(2);
});

test("what is asked for comes into sight", () => {
  const layout = new Layout(null, () => undefined);
  layout.toggleMaximised("work");
  layout.reveal("terminals");
  expect(layout.maximised).toBeNull();
  expect(layout.front).toBe("terminals");
});

test("the terminals take less below the editor's, unless the learner has said how much", () => {
  const layout = new Layout(null, () => undefined);
  expect(layout.terminalsBelowEditors).toBeLessThan(layout.terminals);
  layout.resize("terminals", 0.5);
  expect(layout.terminalsBelowEditors).toBe(0.5);
});
