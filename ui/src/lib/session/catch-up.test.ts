import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { action, Deferred, failed, FRESH, page, succeeded } from "../../test/actions";
import type { ActionResult, ActionUpdate, ActionView, NextStep, StepRequest } from "../protocol";
import type { Trigger } from "./action-state";
import { ActionRunner } from "./actions.svelte";
import { CatchUp } from "./catch-up.svelte";
import { Queues } from "./queues";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const ended = (status: "done" | "failed" | "running"): ActionUpdate => ({
  status,
  message: null,
  exitCode: null,
  millis: 1,
  output: null,
});
const settle = () => vi.advanceTimersByTimeAsync(0);

/** A page whose engine wants every action in turn, and first what follows. */
function catchUpOn(
  actions: ActionView[],
  answers: Record<string, ActionResult | Deferred<ActionResult>> = {},
  last: NextStep = { kind: "done", leftOut: [] },
) {
  const performed: [string, Trigger][] = [];
  const asked: StepRequest[] = [];
  const failures = new Set<string>();
  const runner = new ActionRunner(
    page(actions),
    FRESH,
    {
      perform: async ({ id }, trigger) => {
        performed.push([id, trigger]);
        const given = answers[id] ?? succeeded();
        const result = given instanceof Deferred ? await given.promise : given;
        if (result.outcome.status === "failed") failures.add(id);
        return result;
      },
      applyEffects: async () => undefined,
      cancel: async () => undefined,
      skip: async () => succeeded(),
      announce: () => undefined,
    },
    new Queues(),
  );
  const nextStep = async (_page: string, request: StepRequest): Promise<NextStep> => {
    asked.push(structuredClone(request));
    const { tried, following, pending } = request;
    const wrong = tried.find((id) => failures.has(id));
    if (wrong !== undefined) return { kind: "failed", action: wrong };
    const [first, ...rest] = following;
    if (first !== undefined) return { kind: "run", action: first, following: rest };
    const next = actions.find(({ id, hidden }) => !hidden && !tried.includes(id));
    if (next) return { kind: "run", action: next.id, following: [] };
    return pending[0] === undefined ? last : { kind: "wait", action: pending[0] };
  };
  const catchUp = new CatchUp({ runner, backend: { nextStep }, announce: () => undefined });
  return { catchUp, runner, performed, asked, failures, ids: () => performed.map(([id]) => id) };
}

const terminal = (id: string) => action(id, { queue: "terminal:1" });
const running = () => succeeded({ running: true });
const cascade = (id: string) => succeeded({ next: [{ action: id, after: 750, cascade: true }] });

describe("the rest of a page", () => {
  test("runs one action after the other, as its own kind of click", async () => {
    const first = new Deferred<ActionResult>();
    const { catchUp, performed, ids } = catchUpOn([action("a"), action("b")], { a: first });
    void catchUp.start();
    await settle();
    expect(performed).toEqual([["a", "catch-up"]]);
    expect(catchUp.current?.id).toBe("a");
    first.resolve(succeeded());
    await settle();
    expect(ids()).toEqual(["a", "b"]);
    expect(catchUp).toMatchObject({ active: false, current: null, halt: { action: null, again: false } });
  });

  test("waits for the end of a command, or for the word that it may be left", async () => {
    const { catchUp, runner, ids } = catchUpOn([terminal("a"), terminal("b"), terminal("c")], {
      a: running(),
      b: running(),
    });
    void catchUp.start();
    await settle();
    expect(ids()).toEqual(["a"]);
    runner.updated("a", ended("done"));
    await settle();
    expect(ids()).toEqual(["a", "b"]);
    runner.updated("b", ended("running"));
    await settle();
    expect(ids()).toEqual(["a", "b", "c"]);
    expect(runner.status("b")).toBe("running");
  });

  test("hears the word also when it comes before the answer", async () => {
    const first = new Deferred<ActionResult>();
    const { catchUp, runner, ids } = catchUpOn([terminal("a"), action("b")], { a: first });
    void catchUp.start();
    await settle();
    runner.updated("a", ended("running"));
    first.resolve(running());
    await settle();
    expect(ids()).toEqual(["a", "b"]);
  });

  test("waits for what was at work before", async () => {
    const server = { ...terminal("a"), hidden: true };
    const { catchUp, runner, ids } = catchUpOn([server, action("b")], { a: running() });
    runner.run("a");
    await settle();
    void catchUp.start();
    await settle();
    expect(ids()).toEqual(["a"]);
    runner.updated("a", ended("done"));
    await settle();
    expect(ids()).toEqual(["a", "b"]);
  });

  test("runs a cascade to its end before anything else, without its pause", async () => {
    const { catchUp, asked, ids } = catchUpOn([action("a"), action("h", { hidden: true }), action("b")], {
      a: cascade("h"),
    });
    void catchUp.start();
    await settle();
    expect(ids()).toEqual(["a", "h", "b"]);
    expect(asked[1]).toMatchObject({ tried: ["a"], following: ["h"] });
  });

  test("holds no cooldown against an action, unless it never ends", async () => {
    const cooldown = { kind: "for", millis: 3000 } as const;
    const { catchUp, runner, ids } = catchUpOn([
      action("a", { cooldown }),
      action("b", { cooldown: { kind: "forever" } }),
    ]);
    runner.run("a");
    runner.run("b");
    await settle();
    void catchUp.start();
    await settle();
    expect(ids()).toEqual(["a", "b", "a"]);
  });

  test("stops at a failure, says so and can go on", async () => {
    const { catchUp, failures, ids } = catchUpOn([action("a"), action("b")], { a: failed("no") });
    void catchUp.start();
    await settle();
    expect(ids()).toEqual(["a"]);
    expect(catchUp.halt).toMatchObject({ action: "a", again: true });
    expect(catchUp.halt?.title).toBe("Title of a");
    failures.clear();
    void catchUp.start();
    expect(catchUp.halt).toBeNull();
    await settle();
    expect(ids()).toEqual(["a", "a"]);
  });

  test("goes on past a failure that the engine does not mind", async () => {
    const { catchUp, runner, failures, ids } = catchUpOn([terminal("a"), action("b")], { a: running() });
    void catchUp.start();
    await settle();
    runner.updated("a", ended("failed"));
    await settle();
    expect(failures.size).toBe(0);
    expect(ids()).toEqual(["a", "b"]);
  });

  test("stops where the learner is needed", async () => {
    const form = action("f", { kind: "examiner:execute-test", hidden: true });
    const { catchUp, ids } = catchUpOn([action("a"), form], {}, { kind: "ask", action: "f" });
    void catchUp.start();
    await settle();
    expect(ids()).toEqual(["a"]);
    expect(catchUp.halt).toMatchObject({ action: "f", again: true });
    expect(catchUp.halt?.text).toContain("Fill this in");
  });

  test("names what is left to the learner", async () => {
    const { catchUp } = catchUpOn([action("a")], {}, { kind: "done", leftOut: ["x", "y"] });
    void catchUp.start();
    await settle();
    expect(catchUp.halt).toMatchObject({ action: "x", again: false });
    expect(catchUp.halt?.text).toContain("2 steps");
  });

  test("does not wait for a check without end before everything else is done", async () => {
    const check = new Deferred<ActionResult>();
    const actions = [action("check", { endless: true }), action("a"), action("after", { hidden: true })];
    const { catchUp, asked, ids } = catchUpOn(actions, { check });
    void catchUp.start();
    await settle();
    expect(ids()).toEqual(["check", "a"]);
    expect(asked.at(-1)).toMatchObject({ tried: ["check", "a"], pending: ["check"] });
    expect(catchUp).toMatchObject({ active: true, current: { id: "check" } });
    check.resolve(cascade("after"));
    await settle();
    expect(ids()).toEqual(["check", "a", "after"]);
    expect(catchUp.active).toBe(false);
  });
});

describe("stopping", () => {
  test("starts nothing more; what is at work ends by itself and leads on as ever", async () => {
    const first = new Deferred<ActionResult>();
    const { catchUp, runner, ids } = catchUpOn([action("a"), action("b"), action("c")], { a: first });
    void catchUp.start();
    await settle();
    catchUp.stop();
    expect(catchUp).toMatchObject({ active: false, current: null, halt: null });
    first.resolve(cascade("b"));
    await vi.advanceTimersByTimeAsync(1000);
    expect(runner.status("a")).toBe("done");
    expect(ids()).toEqual(["a", "b"]);
  });

  test("and starting again does not wake what was stopped", async () => {
    const first = new Deferred<ActionResult>();
    const { catchUp, ids } = catchUpOn([action("a"), action("b")], { a: first });
    void catchUp.start();
    await settle();
    catchUp.toggle();
    catchUp.toggle();
    first.resolve(succeeded());
    await settle();
    expect(ids()).toEqual(["a", "a", "b"]);
  });

  test("happens when the page is left", async () => {
    const first = new Deferred<ActionResult>();
    const { catchUp, runner, ids } = catchUpOn([action("a"), action("b")], { a: first });
    void catchUp.start();
    await settle();
    catchUp.stop();
    runner.leave();
    first.resolve(cascade("b"));
    await vi.advanceTimersByTimeAsync(1000);
    expect(ids()).toEqual(["a"]);
  });
});
