import { describe, expect, test, vi } from "vitest";
import type { Backend, TerminalAttachment } from "../backend/backend";
import { Terminals, type Screen } from "./terminals.svelte";

class TestScreen implements Screen {
  columns = 80;
  rows = 24;
  shown = "";
  focused = 0;
  pending: (() => void)[] = [];

  write(bytes: Uint8Array, drawn: () => void) {
    this.shown += new TextDecoder().decode(bytes);
    this.pending.push(drawn);
  }
  reset() {
    this.shown = "";
  }
  focus() {
    this.focused++;
  }
  text() {
    return this.shown;
  }
}

function setUp() {
  const attachment = {
    write: vi.fn(async () => undefined),
    resize: vi.fn(async () => undefined),
    acknowledge: vi.fn(),
    detach: vi.fn(),
  } satisfies TerminalAttachment;
  let send: (text: string) => void = () => undefined;
  const attachTerminal = vi.fn<Backend["attachTerminal"]>(async (_name, _columns, _rows, output) => {
    send = (text) => output(new TextEncoder().encode(text));
    return attachment;
  });
  const terminals = new Terminals([{ name: "1", title: "Terminal 1" }], { attachTerminal });
  return { terminals, attachment, attachTerminal, send: (text: string) => send(text) };
}

const settle = () => new Promise((resolve) => setTimeout(resolve));

describe("a terminal's screen", () => {
  test("acknowledges only what is drawn", async () => {
    const { terminals, attachment, send } = setUp();
    const screen = new TestScreen();
    terminals.attach("1", screen);
    await settle();
    send("hello");
    await settle();
    expect(attachment.acknowledge).not.toHaveBeenCalled();
    expect(terminals.drawn).toBe(false);
    screen.pending.forEach((drawn) => drawn());
    await settle();
    expect(attachment.acknowledge).toHaveBeenCalledWith(5);
    expect(terminals.drawn).toBe(true);
  });

  test("sends what is typed before the engine has answered", async () => {
    const { terminals, attachment } = setUp();
    terminals.attach("1", new TestScreen()).write("ls\r");
    await settle();
    expect(attachment.write).toHaveBeenCalledWith("ls\r");
  });

  test("detaches when it is hidden and shows nothing more", async () => {
    const { terminals, attachment, send } = setUp();
    const screen = new TestScreen();
    const link = terminals.attach("1", screen);
    await settle();
    link.close();
    send("late");
    await settle();
    expect(attachment.detach).toHaveBeenCalledOnce();
    expect(screen.shown).toBe("");
    expect(terminals.text("1")).toBe("");
  });

  test("takes a focus that was asked for before it was there", () => {
    const { terminals } = setUp();
    const screen = new TestScreen();
    terminals.focus("1");
    terminals.attach("1", screen);
    expect(screen.focused).toBe(1);
  });

  test("starts a new shell after the old one has ended", async () => {
    const { terminals, attachTerminal } = setUp();
    const link = terminals.attach("1", new TestScreen());
    terminals.exited("1", 0);
    expect(terminals.ended("1")).toEqual({ status: 0 });
    link.close();
    terminals.attach("1", new TestScreen());
    await settle();
    expect(terminals.ended("1")).toBeUndefined();
    expect(attachTerminal).toHaveBeenCalledTimes(2);
  });

  test("says why there is no terminal", async () => {
    const { terminals, attachTerminal } = setUp();
    attachTerminal.mockRejectedValue(new Error("no shell"));
    const link = terminals.attach("1", new TestScreen());
    await settle();
    expect(link.problem).toBe("no shell");
  });
});

test("after a return a terminal counts as fresh until it is used", () => {
  const { terminals } = setUp();
  expect(terminals.isFresh("1")).toBe(false);
  terminals.cameBack();
  expect(terminals.isFresh("1")).toBe(true);
  terminals.used("1");
  expect(terminals.isFresh("1")).toBe(false);
});
