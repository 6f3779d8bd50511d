/** What a step of the set-up says of itself. */
export const WORDS = {
  waiting: "waiting",
  running: "running",
  passed: "done",
  failed: "failed",
  "called-off": "called off",
  "not-run": "not run",
};
