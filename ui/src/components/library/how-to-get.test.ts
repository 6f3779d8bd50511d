import { expect, test } from "vitest";
import { howToGet } from "./how-to-get";

test("a hint is a command, a page or the author's words", () => {
  expect(howToGet("sudo apt install jq")).toEqual({ kind: "command", text: "sudo apt install jq" });
  expect(howToGet("brew install jq")?.kind).toBe("command");
  expect(howToGet("see https://go.dev/doc/install")).toEqual({
    kind: "link",
    text: "https://go.dev/doc/install",
  });
  expect(howToGet("Ask Ada, or see https://x")?.kind).toBe("words");
  expect(howToGet(null)).toBeNull();
});
