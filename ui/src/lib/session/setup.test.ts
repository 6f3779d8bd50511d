import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { SessionView, SetupStatus, SetupStepView, SetupView } from "../protocol";
import { Setup, SHOWN_AFTER_MS } from "./setup.svelte";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function step(name: string, status: SetupStatus, millis = 0): SetupStepView {
  return { name, status, exitCode: null, millis, log: "" };
}

/** A running set-up; `answer` is what the engine says of it when it is asked. */
function running(steps: SetupStepView[] = [], answer: () => Promise<SetupView> = ended): Setup {
  const ask = async () => ({ setup: await answer() }) as SessionView;
  const done = async () => undefined;
  const backend = { sessionView: ask, runSetup: done, cancelSetup: done, passOverSetup: done };
  const host = { backend, renew: done, announce: () => undefined, problem: () => undefined };
  return new Setup({ phase: "running", steps, interrupted: false }, host);
}

const ENDED: SetupView = { phase: "ended", steps: [], interrupted: false };

async function ended(): Promise<SetupView> {
  return ENDED;
}

test("shows itself only when it takes a while, or needs the learner", async () => {
  const setup = running();
  expect(setup.visible).toBe(false);
  vi.advanceTimersByTime(SHOWN_AFTER_MS);
  expect(setup.visible).toBe(true);
  await setup.changed(ENDED);
  expect(setup.visible).toBe(false);

  const short = running();
  await short.changed(ENDED);
  vi.advanceTimersByTime(SHOWN_AFTER_MS);
  expect(short.visible).toBe(false);

  const failing = running();
  await failing.changed({ phase: "failed", steps: [step("a", "failed")], interrupted: false });
  expect(failing.visible).toBe(true);
  // The choice goes at once when it has been made.
  await failing.changed({ phase: "running", steps: [], interrupted: false });
  expect(failing.visible).toBe(true);
});

test("what waits goes on when it has ended, and not when it has failed", async () => {
  const setup = running();
  const gone = vi.fn();
  void setup.gate?.then(gone);
  await setup.changed({ phase: "failed", steps: [], interrupted: false });
  await Promise.resolve();
  expect(gone).not.toHaveBeenCalled();
  expect(setup.everReady).toBe(false);
  await setup.changed(ENDED);
  await Promise.resolve();
  expect(gone).toHaveBeenCalledOnce();
  expect(setup.gate).toBeNull();
  expect(setup.everReady).toBe(true);
});

test("an answer that events have overtaken takes nothing back", async () => {
  let answer: (view: SetupView) => void = () => undefined;
  const asked = new Promise<SetupView>((resolve) => (answer = resolve));
  const setup = running([step("a", "running"), step("b", "waiting")], () => asked);
  const caughtUp = setup.catchUp();
  setup.step(step("a", "passed", 40));
  setup.step(step("b", "running", 7));
  setup.step(step("d", "waiting"));
  answer({
    ...ENDED,
    phase: "running",
    steps: [step("a", "running", 10), step("b", "waiting"), step("c", "waiting")],
  });
  await caughtUp;
  expect(setup.steps.map(({ status }) => status)).toEqual(["passed", "running", "waiting", "waiting"]);
  expect(setup.steps[1]?.millis).toBe(7);
});

test("an end that was told while the engine was asked stays", async () => {
  let answer: (view: SetupView) => void = () => undefined;
  const asked = new Promise<SetupView>((resolve) => (answer = resolve));
  let first = true;
  const setup = running([], () => (first ? ((first = false), asked) : Promise.resolve(ENDED)));
  const caughtUp = setup.catchUp();
  await setup.changed(ENDED);
  answer({ ...ENDED, phase: "running" });
  await caughtUp;
  expect(setup.phase).toBe("ended");
});

test("what was called off does not look as if it ran on", async () => {
  const steps = [step("a", "passed"), step("b", "running"), step("c", "waiting")];
  const setup = running(steps);
  const standing = () => setup.steps.map((each) => setup.standing(each));
  expect(standing()).toEqual(["passed", "running", "waiting"]);
  await setup.changed({ ...ENDED, phase: "stopped", steps });
  expect(standing()).toEqual(["passed", "called-off", "not-run"]);
  expect(setup.passedOver).toBe(false);
  await setup.changed({ ...ENDED, steps });
  expect([setup.passedOver, setup.cutShort]).toEqual([true, true]);
  await setup.changed({ ...ENDED, steps: [step("a", "failed")] });
  expect([setup.passedOver, setup.cutShort]).toEqual([true, false]);
});
