import { tick } from "svelte";
import { describe, expect, test } from "vitest";
import { FakeBackend } from "../backend/fake";
import { EditorTerminals } from "./editor-terminals.svelte";

function setUp() {
  const backend = new FakeBackend();
  const focused: string[] = [];
  const around = {
    editorInSight: true,
    revealEditor: () => void (around.editorInSight = true),
    focusTerminal: (attached: string) => void focused.push(attached),
    problems: [] as string[],
    problem: (message: string) => void around.problems.push(message),
  };
  const terminals = new EditorTerminals(backend, around);
  backend.onEvent((event) => {
    if (event.kind === "editor-terminals-changed") terminals.changed(event.terminals);
  });
  return { backend, terminals, around, focused };
}

describe("the panel", () => {
  test("is there only with a terminal, and only beside the editor", () => {
    const { backend, terminals, around } = setUp();
    expect(terminals.visible).toBe(false);
    terminals.show("1", false);
    expect([terminals.visible, terminals.active]).toEqual([false, null]);
    backend.changeEditorTerminals(["1"]);
    expect([terminals.visible, terminals.active?.name]).toEqual([true, "1"]);
    around.editorInSight = false;
    expect([terminals.visible, terminals.standing]).toEqual([false, true]);
  });

  test("stays out of sight when a terminal comes that nobody asked to see", () => {
    const { backend, terminals } = setUp();
    backend.changeEditorTerminals(["1"]);
    expect(terminals.visible).toBe(false);
  });

  test("shows the terminal that was asked for, whichever answer comes first", async () => {
    const { backend, terminals, focused } = setUp();
    backend.changeEditorTerminals(["a"]);
    terminals.show("b", true);
    expect(terminals.active?.name).toBe("a");
    backend.changeEditorTerminals(["a", "b"]);
    expect(terminals.active?.name).toBe("b");
    await tick();
    expect(focused).toEqual(["editor:b"]);
  });

  test("may lose its last terminal just before it is asked for another", () => {
    const { backend, terminals } = setUp();
    backend.changeEditorTerminals(["a"]);
    terminals.show("a", false);
    terminals.show("b", false);
    backend.changeEditorTerminals([]);
    backend.changeEditorTerminals(["b"]);
    expect([terminals.visible, terminals.active?.name]).toEqual([true, "b"]);
  });
});

describe("the keyboard", () => {
  test("goes to the neighbour of a terminal that ends, then back to the editor", async () => {
    const { backend, terminals, focused } = setUp();
    backend.changeEditorTerminals(["a", "b", "c"]);
    terminals.show("b", true);
    terminals.hasFocus = () => true;
    backend.changeEditorTerminals(["a", "c"]);
    await tick();
    expect(focused).toEqual(["editor:b", "editor:c"]);
    backend.changeEditorTerminals(["c"]);
    await tick();
    expect(focused).toHaveLength(2);
    expect(terminals.left).toBe(0);
    backend.changeEditorTerminals([]);
    expect(terminals.left).toBe(1);
  });

  test("stays where it is when it is elsewhere", async () => {
    const { backend, terminals, focused } = setUp();
    backend.changeEditorTerminals(["a"]);
    terminals.show("a", false);
    backend.changeEditorTerminals([]);
    await tick();
    expect([focused, terminals.left]).toEqual([[], 0]);
  });

  test("goes to the new shell of a terminal that was closed and opened at once", async () => {
    const { backend, terminals, focused } = setUp();
    backend.changeEditorTerminals(["a"]);
    terminals.show("a", true);
    terminals.hasFocus = () => true;
    terminals.changed([{ name: "a", shell: 1 }]);
    await tick();
    expect(focused).toEqual(["editor:a", "editor:a"]);
  });
});

describe("commands", () => {
  test("toggle makes a terminal where there is none, then hides and shows it", async () => {
    const { terminals, focused } = setUp();
    await terminals.toggle();
    await tick();
    expect(terminals.list.map(({ name }) => name)).toEqual(["bash"]);
    expect([terminals.visible, focused]).toEqual([true, ["editor:bash"]]);
    await terminals.toggle();
    expect(terminals.visible).toBe(false);
    await terminals.toggle();
    expect(terminals.visible).toBe(true);
    expect(terminals.list).toHaveLength(1);
  });

  test("the shortcut gives a panel in sight the keyboard before it hides it", async () => {
    const { backend, terminals, focused } = setUp();
    backend.changeEditorTerminals(["a"]);
    terminals.show("a", false);
    await terminals.toggleFocus();
    await tick();
    expect([terminals.visible, focused]).toEqual([true, ["editor:a"]]);
    terminals.hasFocus = () => true;
    await terminals.toggleFocus();
    expect([terminals.visible, terminals.left]).toEqual([false, 1]);
  });

  test("turn through them, and close the one in front", async () => {
    const { backend, terminals } = setUp();
    backend.changeEditorTerminals(["a", "b"]);
    terminals.show("a", false);
    terminals.turn(1);
    terminals.turn(1);
    expect(terminals.active?.name).toBe("a");
    terminals.turn(-1);
    await terminals.closeActive();
    expect(backend.calls).toContain("close terminal b");
    expect(terminals.active?.name).toBe("a");
    await terminals.create();
    expect(terminals.active?.name).toBe("bash");
  });

  test("say why a terminal could not be made", async () => {
    const { backend, terminals, around } = setUp();
    backend.openEditorTerminal = async () => {
      throw new Error("no bash was found");
    };
    await terminals.create();
    expect(around.problems).toEqual(["no bash was found"]);
    expect(terminals.open).toBe(false);
  });
});
