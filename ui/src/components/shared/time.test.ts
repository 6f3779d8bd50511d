import { expect, test } from "vitest";
import { authoredDuration } from "./time";

test.each([
  ["30m", "30 min"],
  ["1h", "1 h"],
  ["1h30m", "1 h 30 min"],
  ["1h 30m", "1 h 30 min"],
  ["2 h", "2 h"],
  ["90min", "90 min"],
  ["3 hours", "3 hours"],
  ["half a day", "half a day"],
])("a duration of %s is told as %s", (written, told) => {
  expect(authoredDuration(written)).toBe(told);
});
