import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { action, Deferred, failed, FRESH, page, succeeded } from "../../test/actions";
import type { ActionResult, ActionView, PageState } from "../protocol";
import type { Trigger } from "./action-state";
import { ActionRunner } from "./actions.svelte";
import { Queues } from "./queues";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A runner whose engine answers as the test says. */
function runnerOf(
  actions: ActionView[],
  answers: Record<string, ActionResult | Deferred<ActionResult>> = {},
  state: PageState = FRESH,
  queues = new Queues(),
) {
  const performed: [string, Trigger][] = [];
  const announced: string[] = [];
  const host = {
    perform: async ({ id }: ActionView, trigger: Trigger) => {
      performed.push([id, trigger]);
      const answer = answers[id] ?? succeeded();
      return answer instanceof Deferred ? answer.promise : answer;
    },
    applyEffects: async () => undefined,
    cancel: async () => undefined,
    skip: async () => succeeded(),
    announce: (text: string) => void announced.push(text),
  };
  const runner = new ActionRunner(page(actions), state, host, queues);
  return { runner, performed, announced, ids: () => performed.map(([id]) => id) };
}

const settle = () => vi.advanceTimersByTimeAsync(0);

describe("a check", () => {
  test("tells which attempt it is at while it runs, and no longer", async () => {
    const answer = new Deferred<ActionResult>();
    const { runner } = runnerOf([action("a")], { a: answer });
    runner.tried("a", { attempt: 1, attempts: 3, wait: 1000 });
    expect(runner.state("a").tried).toBeUndefined();
    runner.run("a");
    runner.tried("a", { attempt: 2, attempts: 3, wait: null });
    expect(runner.state("a").tried).toEqual({ attempt: 2, attempts: 3, nextAt: null });
    answer.resolve(failed("no"));
    await settle();
    expect(runner.state("a").tried).toBeUndefined();
  });

  test("that failed can be passed over, which lets a needed action be", async () => {
    const { runner, announced } = runnerOf([action("a", { required: true })], { a: failed("no") });
    await runner.skip("a");
    expect(runner.status("a")).toBe("ready");
    runner.run("a");
    await settle();
    expect(runner.outstanding).toHaveLength(1);
    await runner.skip("a");
    expect(runner.status("a")).toBe("skipped");
    expect([runner.outstanding, runner.next]).toEqual([[], null]);
    expect(announced.at(-1)).toBe("Passed over: Title of a");
  });
});

describe("a card's state", () => {
  test("goes from ready over running to done", async () => {
    const answer = new Deferred<ActionResult>();
    const { runner } = runnerOf([action("a")], { a: answer });
    expect(runner.status("a")).toBe("ready");
    runner.run("a");
    expect(runner.status("a")).toBe("running");
    answer.resolve(succeeded());
    await settle();
    expect(runner.status("a")).toBe("done");
  });

  test("shows progress only after 150 ms", async () => {
    const { runner } = runnerOf([action("a")], { a: new Deferred<ActionResult>() });
    runner.run("a");
    await vi.advanceTimersByTimeAsync(149);
    expect(runner.state("a").slow).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(runner.state("a").slow).toBe(true);
  });

  test("tells why it failed, and may be run again at once", async () => {
    const cooldown = { kind: "for", millis: 3000 } as const;
    const { runner, performed, announced } = runnerOf([action("a", { cooldown })], { a: failed("got 404") });
    runner.run("a");
    await settle();
    expect(runner.state("a")).toMatchObject({ status: "failed", message: "got 404" });
    expect(announced).toEqual(["Failed: Title of a. got 404"]);
    expect(runner.run("a")).toBe(true);
    expect(performed).toHaveLength(2);
  });

  test("is warned when it was done otherwise than meant", async () => {
    const { runner } = runnerOf([action("a")], { a: succeeded({ warning: "no line contains x" }) });
    runner.run("a");
    await settle();
    expect(runner.state("a")).toMatchObject({ status: "warned", message: "no line contains x" });
  });

  test("fails when the request cannot be served", async () => {
    const answer = new Deferred<ActionResult>();
    const { runner } = runnerOf([action("a")], { a: answer });
    runner.run("a");
    answer.reject(new Error("no session"));
    await settle();
    expect(runner.state("a")).toMatchObject({ status: "failed", message: "no session" });
  });

  test("is restored from what the engine remembers", () => {
    const update = { status: "failed", message: "m", exitCode: 1, millis: 5, output: null } as const;
    const { runner } = runnerOf([action("a")], {}, { ...FRESH, actions: { a: update } });
    expect(runner.state("a")).toMatchObject({ status: "failed", message: "m", exitCode: 1 });
  });
});

describe("a command in a terminal", () => {
  const terminal = action("a", { queue: "terminal:1" });

  test("runs on after the answer until the engine tells its end", async () => {
    const { runner } = runnerOf([terminal], { a: succeeded({ running: true }) });
    runner.run("a");
    await settle();
    expect(runner.status("a")).toBe("running");
    runner.updated("a", { status: "failed", message: null, exitCode: 2, millis: 40, output: null });
    expect(runner.state("a")).toMatchObject({ status: "failed", exitCode: 2, millis: 40 });
  });

  test("may end before the answer that says it runs on", async () => {
    const answer = new Deferred<ActionResult>();
    const { runner } = runnerOf([terminal], { a: answer });
    runner.run("a");
    runner.updated("a", { status: "done", message: null, exitCode: 0, millis: 3, output: null });
    answer.resolve(succeeded({ running: true }));
    await settle();
    expect(runner.state("a")).toMatchObject({ status: "done", millis: 3 });
  });

  test("that runs on does not hold up its queue", async () => {
    const { runner, ids } = runnerOf([terminal, action("b", { queue: "terminal:1" })], {
      a: succeeded({ running: true }),
    });
    runner.run("a");
    runner.run("b");
    await settle();
    expect(ids()).toEqual(["a", "b"]);
  });
});

describe("a check that is tried again", () => {
  test("ends with an event, whose cascade follows", async () => {
    const check = action("a", { kind: "examiner:execute-test" });
    const { runner, ids } = runnerOf([check, action("b")], { a: succeeded({ running: true }) });
    runner.run("a");
    await settle();
    expect(runner.run("a")).toBe(false);
    await runner.finished("a", succeeded({ next: [{ action: "b", after: 0, cascade: true }] }));
    await settle();
    expect(runner.status("a")).toBe("done");
    expect(ids()).toEqual(["a", "b"]);
  });
});

describe("cooldown", () => {
  const cooling = (millis: number) => action("a", { cooldown: { kind: "for", millis } });

  test("counts from the end, and shows only when somebody clicks too early", async () => {
    const { runner, performed } = runnerOf([cooling(3000)]);
    runner.run("a");
    await settle();
    expect(runner.status("a")).toBe("done");
    expect(runner.run("a")).toBe(false);
    expect(runner.status("a")).toBe("cooling");
    await vi.advanceTimersByTimeAsync(3000);
    expect(runner.status("a")).toBe("done");
    expect(runner.run("a")).toBe(true);
    expect(performed).toHaveLength(2);
  });

  test("none means at once, but not twice at the same time", async () => {
    const answer = new Deferred<ActionResult>();
    const { runner, performed } = runnerOf([action("a")], { a: answer });
    expect(runner.run("a")).toBe(true);
    expect(runner.run("a")).toBe(false);
    answer.resolve(succeeded());
    await settle();
    expect(runner.run("a")).toBe(true);
    expect(performed).toHaveLength(2);
  });

  test("forever holds also for a page that is come back to", async () => {
    const update = { status: "done", message: null, exitCode: null, millis: null, output: null } as const;
    const once = action("a", { cooldown: { kind: "forever" } });
    const { runner } = runnerOf([once], {}, { ...FRESH, actions: { a: update }, ended: { a: 0 } });
    await vi.advanceTimersByTimeAsync(1e6);
    expect(runner.run("a", "cascade")).toBe(false);
    expect(runner.status("a")).toBe("done");
    expect(runner.run("a")).toBe(false);
    expect(runner.status("a")).toBe("cooling");
  });

  test("goes on over a page turn, and a page loaded anew forgets it", async () => {
    const update = { status: "done", message: null, exitCode: null, millis: null, output: null } as const;
    const state = { ...FRESH, actions: { a: update }, ended: { a: Date.now() - 2000 } };
    const { runner } = runnerOf([cooling(3000)], {}, state);
    expect(runner.run("a", "cascade")).toBe(false);
    await vi.advanceTimersByTimeAsync(1000);
    expect(runner.run("a", "cascade")).toBe(true);
    const once = action("a", { cooldown: { kind: "forever" } });
    expect(runnerOf([once], {}, { ...state, ended: {} }).runner.run("a")).toBe(true);
  });
});

describe("queues", () => {
  test("one target: one after another, in the order of the clicks", async () => {
    const first = new Deferred<ActionResult>();
    const editor = { queue: "editor" };
    const { runner, ids } = runnerOf([action("a", editor), action("b", editor), action("c", editor)], {
      a: first,
    });
    for (const id of ["a", "c", "b"]) runner.run(id);
    expect(["a", "c", "b"].map((id) => runner.status(id))).toEqual(["running", "queued", "queued"]);
    first.resolve(succeeded());
    await settle();
    expect(ids()).toEqual(["a", "c", "b"]);
  });

  test("a failure lets the next one go", async () => {
    const editor = { queue: "editor" };
    const { runner } = runnerOf([action("a", editor), action("b", editor)], { a: failed("no") });
    runner.run("a");
    runner.run("b");
    await settle();
    expect(runner.status("b")).toBe("done");
  });

  test("different targets, and none, do not wait for each other", () => {
    const pending = { a: new Deferred<ActionResult>() };
    const { runner, ids } = runnerOf(
      [action("a", { queue: "editor" }), action("b", { queue: "terminal:1" }), action("c")],
      pending,
    );
    for (const id of ["a", "b", "c"]) runner.run(id);
    expect(ids()).toEqual(["a", "b", "c"]);
  });
});

describe("cascade", () => {
  test("follows after its pause", async () => {
    const { runner, performed } = runnerOf([action("a"), action("b")], {
      a: succeeded({ next: [{ action: "b", after: 750, cascade: true }] }),
    });
    runner.run("a");
    await vi.advanceTimersByTimeAsync(749);
    expect(performed).toEqual([["a", "click"]]);
    await vi.advanceTimersByTimeAsync(1);
    expect(performed).toEqual([
      ["a", "click"],
      ["b", "cascade"],
    ]);
  });

  test("stops at an action that is cooling down, without a word", async () => {
    const follows = (id: string) => succeeded({ next: [{ action: id, after: 0, cascade: true }] });
    const actions = [action("a"), action("b", { cooldown: { kind: "forever" } }), action("c")];
    const { runner, ids } = runnerOf(actions, { a: follows("b"), b: follows("c") });
    runner.run("a");
    await settle();
    runner.run("a");
    await settle();
    expect(ids()).toEqual(["a", "b", "c", "a"]);
    expect(runner.status("b")).toBe("done");
  });

  test("opens a section and starts what is in it", async () => {
    const actions = [action("a", { section: 0 }), action("b"), action("c", { closesSection: true })];
    const sections = [{ begin: 0, end: 2, parent: null }];
    const { performed, runner } = runnerOf(actions, {
      a: succeeded({
        sections: [{ section: 0, open: true }],
        next: [{ action: "b", after: 0, cascade: false }],
      }),
    });
    Object.assign(runner.page, { sections });
    runner.run("a");
    await settle();
    expect(runner.sections.isOpen(0)).toBe(true);
    expect(performed).toEqual([
      ["a", "click"],
      ["b", "autostart"],
    ]);
  });
});

describe("entering and leaving", () => {
  test("autostart runs in order, each target one after another", async () => {
    const slow = new Deferred<ActionResult>();
    const { runner, performed } = runnerOf(
      [action("a", { queue: "editor" }), action("b"), action("c", { queue: "editor" })],
      { a: slow },
    );
    runner.autostart(["a", "b", "c"]);
    expect(performed.map(([id]) => id)).toEqual(["a", "b"]);
    slow.resolve(succeeded());
    await settle();
    expect(performed).toEqual([
      ["a", "autostart"],
      ["b", "autostart"],
      ["c", "autostart"],
    ]);
  });

  test("leaving stops what waits: the cascade's delay and the queue", async () => {
    const slow = new Deferred<ActionResult>();
    const { runner, ids } = runnerOf(
      [action("a"), action("b"), action("c", { queue: "editor" }), action("d", { queue: "editor" })],
      { a: succeeded({ next: [{ action: "b", after: 750, cascade: true }] }), c: slow },
    );
    runner.run("a");
    runner.run("c");
    runner.run("d");
    await settle();
    runner.leave();
    slow.resolve(succeeded({ next: [{ action: "b", after: 0, cascade: true }] }));
    await vi.advanceTimersByTimeAsync(2000);
    expect(ids()).toEqual(["a", "c"]);
    expect(runner.idle).toBe(true);
    expect(runner.run("b")).toBe(false);
  });
});

test("the next action is the first in sight that is not done", async () => {
  const actions = [
    action("a"),
    action("b", { hidden: true }),
    action("c", { section: 0 }),
    action("d"),
    action("e", { section: 0, closesSection: true }),
    action("f"),
  ];
  const state = { ...FRESH, sections: [{ section: 0, open: false }] };
  const view = page(actions, { sections: [{ begin: 2, end: 4, parent: null }] });
  const runner = new ActionRunner(
    view,
    state,
    {
      perform: async ({ id }) => succeeded(id === "c" ? { sections: [{ section: 0, open: true }] } : {}),
      applyEffects: async () => undefined,
      cancel: async () => undefined,
      skip: async () => succeeded(),
      announce: () => undefined,
    },
    new Queues(),
  );
  const nexts = [];
  while (runner.next) {
    nexts.push(runner.next.id);
    runner.run(runner.next.id);
    await settle();
  }
  expect(nexts).toEqual(["a", "c", "d", "f"]);
});

test("a server that runs on does not stay the next action", async () => {
  const { runner } = runnerOf([action("a", { queue: "terminal:1" }), action("b")], {
    a: succeeded({ running: true }),
  });
  runner.run("a");
  await settle();
  expect(runner.next?.id).toBe("b");
});

test("a broken block cannot be run", () => {
  const problem = { message: "m", file: "f", line: 1, column: 1, source: "" };
  const { runner } = runnerOf([action("a", { problem })]);
  expect(runner.run("a")).toBe(false);
  expect(runner.next).toBeNull();
});

test("what a key runs is to be brought into sight, each time anew", () => {
  const { runner } = runnerOf([action("a"), action("b")]);
  expect(runner.brought).toBeNull();
  runner.runNext();
  expect(runner.brought).toEqual({ id: "a" });
});
