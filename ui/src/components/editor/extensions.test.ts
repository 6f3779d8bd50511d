import { expect, test } from "vitest";
import { interpreter } from "./extensions";

test.each([
  ["#!/usr/bin/env bash", "shell"],
  ["#!/bin/sh -eu", "shell"],
  ["#! /usr/bin/env -S python3.11 -u", "python"],
  ["#!/usr/bin/env FOO=1 node", "javascript"],
  ["#!", "plain"],
  ["# a comment", "plain"],
])("%s is %s", (line, language) => expect(interpreter(line)).toBe(language));
