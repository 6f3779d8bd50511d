import type { ActionResult, Effect, NextAction } from "../protocol";

export function succeeded(
  effects: Effect[],
  rest: { running?: boolean; warning?: string; next?: NextAction[] } = {},
): ActionResult {
  const { running = false, warning = null, next = [] } = rest;
  const outcome = { status: "succeeded", effects, warning, output: null, running } as const;
  return { outcome, next, sections: null, revision: 0, wrongFields: [] };
}

/** Finds a text, and replaces it where a replacement is given; selects the result. */
export function edited(path: string, text: string, needle: string, insert: string | null): ActionResult {
  const from = text.indexOf(needle);
  if (from < 0) return succeeded([], { warning: `No line of ${path} contains ${needle}.` });
  const to = from + needle.length;
  const end = insert === null ? to : from + insert.length;
  const edit = {
    changes: insert === null ? [] : [{ from, to, insert }],
    select: [from, end] as [number, number],
  };
  return succeeded([
    { kind: "show-dashboard", id: "editor" },
    { kind: "apply-edit", path, edit, create: false, save: insert !== null },
  ]);
}

/** Short and good enough to tell versions apart. */
export function hash(text: string): string {
  let value = 5381;
  for (let at = 0; at < text.length; at++) value = ((value * 33) ^ text.charCodeAt(at)) >>> 0;
  return value.toString(16);
}
