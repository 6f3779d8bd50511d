import type { ActionResult, ActionView, NextAction, PageState, PageView } from "../lib/protocol";

/** An action as the engine would describe it. */
export function action(id: string, rest: Partial<ActionView> = {}): ActionView {
  return {
    id,
    kind: "terminal:execute",
    prefix: "Terminal",
    title: `Title of ${id}`,
    body: `body of ${id}`,
    hidden: false,
    enabled: true,
    required: false,
    cooldown: { kind: "none" },
    queue: null,
    form: null,
    document: null,
    touches: [],
    upload: null,
    problem: null,
    note: null,
    endless: false,
    section: null,
    closesSection: false,
    ...rest,
  };
}

export function page(actions: ActionView[], rest: Partial<PageView> = {}): PageView {
  const html = actions
    .map((_, index) => `<workshop-action data-index="${index}"></workshop-action>`)
    .join("");
  return {
    id: "p",
    revision: 0,
    title: "Page",
    heading: "Page",
    nextLabel: null,
    html,
    actions,
    sections: [],
    ...rest,
  };
}

export const FRESH: PageState = { actions: {}, ended: {}, forms: {}, sections: [], autostart: [], scroll: 0 };

export function succeeded(
  rest: {
    next?: NextAction[];
    warning?: string;
    running?: boolean;
    output?: string;
    sections?: ActionResult["sections"];
  } = {},
): ActionResult {
  const { next = [], warning = null, running = false, output = null, sections = null } = rest;
  const outcome = { status: "succeeded", effects: [], warning, output, running } as const;
  return { outcome: { ...outcome, effects: [] }, next, sections, revision: 0, wrongFields: [] };
}

export function failed(message: string, output: string | null = null): ActionResult {
  return {
    outcome: { status: "failed", message, output, effects: [] },
    next: [],
    sections: null,
    revision: 0,
    wrongFields: [],
  };
}

/** The engine wants the learner's word first. */
export function unconfirmed(command: string, ...reasons: string[]): ActionResult {
  return { ...failed(""), outcome: { status: "needs-confirmation", command, reasons } };
}

/** A promise that is settled by hand. */
export class Deferred<T> {
  resolve!: (value: T) => void;
  reject!: (error: unknown) => void;
  readonly promise = new Promise<T>((resolve, reject) => {
    this.resolve = resolve;
    this.reject = reject;
  });
}
