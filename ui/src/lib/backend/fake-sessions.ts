import type { LossView, RestoreView, StoredSessionView } from "../protocol";
import { LAB_PATH } from "./fake-workshop";

export const RESTORE: RestoreView = {
  page: "01-serve",
  file: null,
  keptAt: 1_790_000_000_000,
  changes: [
    { path: "~/exercises/app.py", kind: "changed" },
    { path: "~/exercises/notes.md", kind: "added" },
  ],
  changed: 2,
  marks: 3,
  checks: 1,
  laterPages: ["Shape the answer"],
  leftOut: [{ path: "~/exercises/node_modules", reason: "can be made again" }],
  problem: null,
  kept: [],
};

const SESSION: StoredSessionView = {
  name: "lab-flask-3fa9c1",
  title: "Flask in five steps",
  workshop: LAB_PATH,
  missing: false,
  setAside: false,
  open: false,
  checks: { passed: 1, total: 2 },
  finished: false,
  lastUsed: 1_790_000_000_000,
  containers: [],
};

export const SESSIONS: StoredSessionView[] = [
  SESSION,
  { ...SESSION, name: "lab-flask-09bb12", setAside: true, finished: true },
  { ...SESSION, name: "lab-gone-77aa01", title: "lab-gone", workshop: "/gone", missing: true },
];

export const LOSSES: LossView = {
  name: SESSION.name,
  title: SESSION.title,
  size: 1_300_000,
  changed: 2,
  changes: RESTORE.changes,
  actionsDone: 5,
  checksPassed: 1,
  exercisesSize: 24_000,
  homeSize: 800_000,
  containers: null,
};
