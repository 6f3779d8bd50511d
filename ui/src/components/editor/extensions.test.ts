import { expect, test } from "vitest";
import { interpreterOf, languageOf } from "./extensions";

test.each([
  ["#!/bin/bash", "bash"],
  ["#!/usr/bin/env bash", "bash"],
  ["#! /usr/bin/env -S python3 -u", "python"],
  ["#!/usr/bin/env node", "javascript"],
  ["# a comment", null],
  ["", null],
])("%j asks for %j", (line, program) => {
  expect(interpreterOf(line)).toBe(program);
});

test("a script without an extension has its colours, a text has none", async () => {
  expect(await languageOf("~/exercises/bin/busiest", "#!/usr/bin/env bash")).not.toEqual([]);
  expect(await languageOf("~/exercises/notes", "bash is a shell")).toEqual([]);
});
