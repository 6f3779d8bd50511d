import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { SetupStatus, SetupStepView } from "../protocol";
import { Setup, SHOWN_AFTER_MS } from "./setup.svelte";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function step(name: string, status: SetupStatus, millis = 0): SetupStepView {
  return { name, status, exitCode: null, millis, log: "" };
}

function running(...steps: SetupStepView[]): Setup {
  return new Setup({ phase: "running", steps, interrupted: false });
}

test("shows itself only when it takes a while, or needs the learner", () => {
  const setup = running();
  expect(setup.visible).toBe(false);
  vi.advanceTimersByTime(SHOWN_AFTER_MS);
  expect(setup.visible).toBe(true);
  setup.apply({ phase: "ended", steps: [], interrupted: false });
  expect(setup.visible).toBe(false);

  const short = running();
  short.apply({ phase: "ended", steps: [], interrupted: false });
  vi.advanceTimersByTime(SHOWN_AFTER_MS);
  expect(short.visible).toBe(false);

  const failing = running();
  failing.apply({ phase: "failed", steps: [step("a", "failed")], interrupted: false });
  expect(failing.visible).toBe(true);
  // The choice goes at once when it has been made.
  failing.apply({ phase: "running", steps: [], interrupted: false });
  expect(failing.visible).toBe(true);
});

test("what waits goes on when it has ended, and not when it has failed", async () => {
  const setup = running();
  const gone = vi.fn();
  void setup.gate?.then(gone);
  setup.apply({ phase: "failed", steps: [], interrupted: false });
  await Promise.resolve();
  expect(gone).not.toHaveBeenCalled();
  expect(setup.everReady).toBe(false);
  setup.apply({ phase: "ended", steps: [], interrupted: false });
  await Promise.resolve();
  expect(gone).toHaveBeenCalledOnce();
  expect(setup.gate).toBeNull();
  expect(setup.everReady).toBe(true);
});

test("an answer that events have overtaken takes nothing back", () => {
  const setup = running(step("a", "running"), step("b", "waiting"));
  setup.step(step("a", "passed", 40));
  setup.step(step("b", "running", 7));
  const newest = setup.newest([step("a", "running", 10), step("b", "waiting"), step("c", "waiting")]);
  expect(newest.map(({ status }) => status)).toEqual(["passed", "running", "waiting"]);
  expect(newest[1]?.millis).toBe(7);
});
