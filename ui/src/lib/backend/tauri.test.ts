import { beforeEach, expect, test, vi } from "vitest";
import { TauriBackend } from "./tauri";

const { invoke, channels } = vi.hoisted(() => ({
  invoke: vi.fn(),
  channels: [] as ((message: unknown) => void)[],
}));

vi.mock("@tauri-apps/api/core", () => ({
  invoke,
  convertFileSrc: (path: string, protocol: string) => `${protocol}://localhost/${encodeURIComponent(path)}`,
  Channel: function (onmessage: (message: unknown) => void) {
    channels.push(onmessage);
  },
}));

beforeEach(() => {
  channels.length = 0;
  invoke.mockReset();
  invoke.mockResolvedValue(undefined);
});

test("a method is the command of the same name, its arguments in camel case", async () => {
  const backend = new TauriBackend();
  await backend.trustWorkshop("/w", true, "c0");
  await backend.performAction("p/0", { buffer: null, drop: null, revision: null, form: null, agreed: null });
  await backend.saveDocument("~/a", "text", null);
  expect(invoke.mock.calls).toEqual([
    ["trust_workshop", { path: "/w", anyContent: true, content: "c0" }],
    [
      "perform_action",
      { id: "p/0", input: { buffer: null, drop: null, revision: null, form: null, agreed: null } },
    ],
    ["save_document", { path: "~/a", text: "text", expected: null }],
  ]);
});

test("a refusal keeps its code", async () => {
  invoke.mockRejectedValue({ code: "conflict", message: "~/a has changed on disk" });
  await expect(new TauriBackend().readDocument("~/a")).rejects.toMatchObject({
    name: "BackendError",
    code: "conflict",
    message: "~/a has changed on disk",
  });
  invoke.mockRejectedValue("command not found");
  await expect(new TauriBackend().library()).rejects.toMatchObject({
    code: "other",
    message: "command not found",
  });
});

test("a terminal's bytes come over its channel, and its view is named by number", async () => {
  invoke.mockResolvedValue(7);
  const seen: number[] = [];
  const terminal = await new TauriBackend().attachTerminal("1", 80, 24, (bytes) => seen.push(...bytes));
  channels[0]?.(new Uint8Array([104, 105]).buffer);
  channels[0]?.([33]);
  expect(seen).toEqual([104, 105, 33]);
  invoke.mockClear();
  await terminal.write("ls\r");
  await terminal.resize(100, 30);
  terminal.acknowledge(3);
  terminal.detach();
  expect(invoke.mock.calls).toEqual([
    ["write_terminal", { view: 7, data: "ls\r" }],
    ["resize_terminal", { view: 7, columns: 100, rows: 30 }],
    ["acknowledge_terminal", { view: 7, bytes: 3 }],
    ["detach_terminal", { view: 7 }],
  ]);
});

test("all listeners share one subscription", () => {
  const backend = new TauriBackend();
  const first = vi.fn();
  const second = vi.fn();
  const stop = backend.onEvent(first);
  backend.onEvent(second);
  stop();
  channels[0]?.({ kind: "files-changed" });
  expect(invoke).toHaveBeenCalledOnce();
  expect(first).not.toHaveBeenCalled();
  expect(second).toHaveBeenCalledWith({ kind: "files-changed" });
});

test("images of the workshop have an address of their own", () => {
  expect(new TauriBackend().imageUrl("a b.png")).toBe("workshop://localhost/a%20b.png");
});
