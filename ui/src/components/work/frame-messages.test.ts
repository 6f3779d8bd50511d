import { expect, test } from "vitest";
import { messageOf } from "./frame-messages";

test("only what the engine reads gets through", () => {
  const data = {
    command: "ls",
    session: 2,
    clear: true,
    extra: "x",
    text: { deep: 1 },
    url: "x".repeat(70_000),
  };
  expect(messageOf({ action: "terminal:execute", data, more: 1 })).toEqual({
    action: "terminal:execute",
    data: { command: "ls", session: 2, clear: true },
  });
  expect(messageOf({ action: "terminal:clear" })).toEqual({ action: "terminal:clear", data: {} });
});

test.each([null, undefined, 1, "terminal:clear", [], {}, { action: 1 }, { action: "x".repeat(65) }])(
  "%j is no message",
  (sent) => {
    expect(messageOf(sent)).toBeNull();
  },
);
