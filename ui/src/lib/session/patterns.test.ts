import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { action, FRESH, page } from "../../test/actions";
import type { ActionResult, ActionView, SectionView } from "../protocol";
import { ActionRunner } from "./actions.svelte";
import { Queues } from "./queues";

/*
 * What authors build from cascades and sections (`actions.md` 2.7). What follows what the engine says, and is tested there
 * (`crates/content/src/lifecycle`, `tests/workshops/sections.rs`); here it is the window's clock and its cooldowns.
 */

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A step of an engine's answers: what it opens or closes, and what it leads on to. */
interface Answer {
  toggles?: number;
  next?: string;
  after?: number;
}

function pageOf(
  actions: ActionView[],
  views: SectionView[],
  answers: Record<string, Answer>,
  open: boolean[] = views.map(() => false),
) {
  const ran: string[] = [];
  const perform = async ({ id }: ActionView): Promise<ActionResult> => {
    ran.push(id);
    const { toggles, next, after = 0 } = answers[id] ?? {};
    if (toggles !== undefined) open[toggles] = !open[toggles];
    return {
      outcome: { status: "succeeded", effects: [], warning: null, output: null, running: false },
      next: next === undefined ? [] : [{ action: next, after, cascade: true }],
      sections: toggles === undefined ? null : open.map((each, section) => ({ section, open: each })),
      revision: 0,
      wrongFields: [],
    };
  };
  const state = { ...FRESH, sections: open.map((each, section) => ({ section, open: each })) };
  const host = {
    perform,
    applyEffects: async () => undefined,
    cancel: async () => undefined,
    skip: () => Promise.reject(new Error("nothing is skipped here")),
    announce: () => undefined,
  };
  const runner = new ActionRunner(page(actions, { sections: views }), state, host, new Queues());
  const isOpen = () => views.map((_, section) => runner.sections.isOpen(section));
  return { runner, ran, isOpen };
}

const later = (millis: number) => vi.advanceTimersByTimeAsync(millis);
const second = { kind: "for", millis: 1000 } as const;
const forever = { kind: "forever" } as const;
const section = (begin: number, end: number): SectionView => ({ begin, end, parent: null });

describe("patterns of the field", () => {
  test("text appears 750 ms after its action has succeeded", async () => {
    const begin = action("begin", { hidden: true, section: 0, cooldown: second });
    const { runner, isOpen } = pageOf(
      [action("act"), begin, action("end", { closesSection: true })],
      [section(1, 2)],
      { act: { next: "begin", after: 750 }, begin: { toggles: 0 } },
    );
    runner.run("act");
    await later(749);
    expect(isOpen()).toEqual([false]);
    await later(1);
    expect(isOpen()).toEqual([true]);
  });

  test("a section collapses after its last action; the learner may open it and run that again", async () => {
    const { runner, ran, isOpen } = pageOf(
      [
        action("begin", { section: 0, cooldown: second }),
        action("act", { cooldown: second }),
        action("end", { closesSection: true, cooldown: second }),
      ],
      [section(0, 2)],
      { begin: { toggles: 0 }, act: { next: "end", after: 750 }, end: { toggles: 0 } },
    );
    for (let round = 1; round <= 2; round++) {
      runner.run("begin");
      await later(0);
      expect(isOpen()).toEqual([true]);
      runner.run("act");
      await later(1000);
      expect(isOpen()).toEqual([false]);
      await later(1000);
      expect(ran).toHaveLength(3 * round);
    }
  });

  test("content is swapped once: a second click runs the action, and both begins are locked", async () => {
    const mark = { hidden: true, cooldown: forever };
    const { runner, ran, isOpen } = pageOf(
      [
        action("act", { cooldown: second }),
        action("first", { ...mark, section: 0 }),
        action("end-1", { closesSection: true, cooldown: second }),
        action("second", { ...mark, section: 1 }),
        action("end-2", { closesSection: true }),
      ],
      [section(1, 2), section(3, 4)],
      {
        act: { next: "first" },
        first: { toggles: 0, next: "end-1" },
        "end-1": { next: "second" },
        second: { toggles: 1 },
      },
      [true, false],
    );
    runner.run("act");
    await later(0);
    expect(ran).toEqual(["act", "first", "end-1", "second"]);
    expect(isOpen()).toEqual([false, true]);
    await later(5000);
    runner.run("act");
    await later(5000);
    expect(ran.slice(4)).toEqual(["act"]);
    expect(isOpen()).toEqual([false, true]);
  });

  test("each step closes its own section and opens the next", async () => {
    const { runner, isOpen } = pageOf(
      [
        action("begin-1", { section: 0 }),
        action("act-1"),
        action("end-1", { closesSection: true }),
        action("begin-2", { section: 1 }),
        action("act-2"),
        action("end-2", { closesSection: true }),
        action("begin-3", { section: 2 }),
        action("end-3", { closesSection: true }),
      ],
      [section(0, 2), section(3, 5), section(6, 7)],
      {
        "act-1": { next: "end-1" },
        "end-1": { toggles: 0, next: "begin-2" },
        "begin-2": { toggles: 1 },
        "act-2": { next: "end-2" },
        "end-2": { toggles: 1, next: "begin-3" },
        "begin-3": { toggles: 2 },
      },
      [true, false, false],
    );
    runner.run("act-1");
    await later(0);
    expect(isOpen()).toEqual([false, true, false]);
    runner.run("act-2");
    await later(0);
    expect(isOpen()).toEqual([false, false, true]);
  });

  test("a begin that may be toggled once stays as it is, and its end still closes it", async () => {
    const { runner, isOpen } = pageOf(
      [
        action("begin", { section: 0, cooldown: forever }),
        action("act"),
        action("end", { closesSection: true }),
      ],
      [section(0, 2)],
      { begin: { toggles: 0 }, act: { next: "end" }, end: { toggles: 0 } },
    );
    runner.run("begin");
    await later(5000);
    expect(runner.run("begin")).toBe(false);
    expect(isOpen()).toEqual([true]);
    runner.run("act");
    await later(0);
    expect(isOpen()).toEqual([false]);
    expect(runner.run("begin")).toBe(false);
  });

  test("a cascade stops at an action that has run a moment ago", async () => {
    const { runner, ran } = pageOf([action("a"), action("b", { cooldown: second }), action("c")], [], {
      a: { next: "b" },
      b: { next: "c" },
    });
    runner.run("a");
    await later(500);
    runner.run("a");
    await later(0);
    expect(ran).toEqual(["a", "b", "c", "a"]);
  });
});
