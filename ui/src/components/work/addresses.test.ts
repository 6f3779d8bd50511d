import { expect, test } from "vitest";
import { isLocalAddress } from "./addresses";

test.each([
  ["http://app-lab-1.localhost:8000/", true],
  ["http://localhost:8000/x", true],
  ["http://127.0.0.1:9/", true],
  ["https://example.org/", false],
  ["http://localhost.example.org/", false],
  ["http://evil.org/?localhost", false],
  ["javascript:alert(1)", false],
  ["file:///etc/passwd", false],
  ["not an address", false],
])("%s inside the window: %s", (address, inside) => {
  expect(isLocalAddress(address)).toBe(inside);
});
