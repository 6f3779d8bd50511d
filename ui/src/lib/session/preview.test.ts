import { expect, test, vi } from "vitest";
import { FakeBackend } from "../backend/fake";
import type {
  ActionResult,
  DiagnosticView,
  PageView,
  ReloadView,
  SessionView,
  SuccessorView,
} from "../protocol";
import { action, page as pageOf, FRESH, succeeded } from "../../test/actions";
import { ActionRunner } from "./actions.svelte";
import { Forms } from "./forms.svelte";
import { Preview, type PreviewHost } from "./preview.svelte";
import { Queues } from "./queues";

function runnerOf(page: PageView, perform: () => Promise<ActionResult>): ActionRunner {
  const host = {
    perform,
    applyEffects: async () => undefined,
    cancel: async () => undefined,
    skip: async () => succeeded(),
    announce: () => undefined,
  };
  return new ActionRunner(page, FRESH, host, new Queues());
}

test("what runs while its page changes ends on the card that it has now", async () => {
  let answer: (result: ActionResult) => void = () => undefined;
  const before = runnerOf(
    pageOf([action("p/0"), action("p/1")]),
    () => new Promise((resolve) => (answer = resolve)),
  );
  before.run("p/0");
  await vi.waitFor(() => expect(before.status("p/0")).toBe("running"));
  const now = runnerOf({ ...pageOf([action("p/0"), action("p/1"), action("p/2")]), revision: 1 }, async () =>
    succeeded(),
  );
  now.succeed(before, { "p/0": "p/1", "p/1": "p/2" }, ["p/1", "p/2"]);
  expect(now.status("p/0")).toBe("ready");
  expect(now.status("p/1")).toBe("running");
  expect(now.idle).toBe(false);
  // What follows is named as on the page that was clicked on.
  answer({ ...succeeded(), next: [{ action: "p/1", after: 0, cascade: true }] });
  await vi.waitFor(() => expect(now.status("p/1")).toBe("done"));
  await vi.waitFor(() => expect(now.status("p/2")).toBe("done"));
  expect(now.status("p/0")).toBe("ready");
});

test("what has gone from its page ends without a trace", async () => {
  let answer: (result: ActionResult) => void = () => undefined;
  const before = runnerOf(pageOf([action("p/0")]), () => new Promise((resolve) => (answer = resolve)));
  before.run("p/0");
  await vi.waitFor(() => expect(before.status("p/0")).toBe("running"));
  const now = runnerOf({ ...pageOf([action("p/0")]), revision: 1 }, async () => succeeded());
  now.succeed(before, {}, []);
  answer(succeeded());
  await Promise.resolve();
  expect(now.status("p/0")).toBe("ready");
  expect(now.idle).toBe(true);
});

const FIELD = { kind: "field", field: { id: "name" } } as never;
const FORM = { items: [FIELD], submit: "Send", values: { name: "" } };

test("what is typed just before a reload is kept, under the name and version that it was typed on", () => {
  const saved: unknown[] = [];
  const forms = new Forms(async (id, revision, values) => void saved.push([id, revision, values]));
  const check = (id: string) => ({ ...action(id), form: FORM }) as never;
  forms.enter({ id: "p", revision: 2 }, {});
  forms.draft(check("p/0"))?.set("name", "Ada");
  forms.rename("p", { "p/0": "p/1" }, { id: "p", revision: 3 }, {});
  expect(saved).toEqual([["p/0", 2, { name: "Ada" }]]);
  expect(forms.draft(check("p/1"))?.values).toEqual({ name: "Ada" });
  expect(forms.draft(check("p/0"))?.values).toEqual({ name: "" });
  // Gone, and back with what the engine has kept of it.
  forms.draft(check("p/1"))?.set("name", "Eve");
  forms.rename("p", {}, { id: "p", revision: 4 }, {});
  expect(saved.at(-1)).toEqual(["p/1", 3, { name: "Eve" }]);
  forms.rename("p", {}, { id: "p", revision: 5 }, { "p/2": { name: "Eve" } });
  expect(forms.draft(check("p/2"))?.values).toEqual({ name: "Eve" });
});

test("a page that was changed behind another one shows what its forms hold now", () => {
  const forms = new Forms();
  const check = (id: string) => ({ ...action(id), form: FORM }) as never;
  forms.enter({ id: "p", revision: 0 }, {});
  forms.draft(check("p/0"))?.set("name", "Ada");
  forms.enter({ id: "p", revision: 1 }, { "p/1": { name: "Ada" } });
  expect(forms.draft(check("p/0"))?.values).toEqual({ name: "" });
  expect(forms.draft(check("p/1"))?.values).toEqual({ name: "Ada" });
});

test("a check that is passed over while its page changes is passed over where it is now", async () => {
  let answer: (result: ActionResult) => void = () => undefined;
  const failed = { status: "failed", message: null, output: null, exitCode: null, millis: null } as const;
  const host = {
    perform: async () => succeeded(),
    applyEffects: async () => undefined,
    cancel: async () => undefined,
    skip: () => new Promise<ActionResult>((resolve) => (answer = resolve)),
    announce: () => undefined,
  };
  const state = { ...FRESH, actions: { "p/0": failed } };
  const before = new ActionRunner(pageOf([action("p/0")]), state, host, new Queues());
  const skipped = before.skip("p/0");
  const page = { ...pageOf([action("p/0"), action("p/1")]), revision: 1 };
  const now = runnerOf(page, async () => succeeded());
  now.succeed(before, { "p/0": "p/1" }, ["p/1"]);
  answer(succeeded());
  await skipped;
  expect(now.status("p/1")).toBe("skipped");
  expect(now.status("p/0")).toBe("ready");
});

function opened(backend = new FakeBackend()) {
  const host = {
    backend,
    renew: vi.fn(),
    succeed: vi.fn(),
    flush: async () => undefined,
    apply: async () => undefined,
    announce: vi.fn(),
    problem: vi.fn(),
  } satisfies PreviewHost;
  const view = { problems: [], restart: [], unwatched: null, offer: backend.offered } as never;
  return { backend, host, preview: new Preview(view, host) };
}

function reload(news: Partial<ReloadView>): ReloadView {
  return {
    problem: null,
    title: "Lab",
    description: "",
    contentsTitle: "Lab",
    pages: [],
    changed: [],
    restart: [],
    unwatched: null,
    shown: null,
    ...news,
  };
}

test("a reload is handed on, and what cannot be shown is said until it can", () => {
  const { host, preview } = opened();
  const shown = { before: "p", page: pageOf([]) } as unknown as SuccessorView;
  preview.on({ kind: "workshop-reloaded", reload: reload({ shown }) });
  expect(host.succeed).toHaveBeenCalledWith(shown);
  preview.on({ kind: "workshop-reloaded", reload: reload({ problem: "There are no pages." }) });
  expect(preview.problem).toBe("There are no pages.");
  preview.on({ kind: "workshop-reloaded", reload: reload({}) });
  expect(preview.problem).toBeNull();
});

test("what was found before anybody listened is asked for, but for what is newer by then", async () => {
  const { backend, host, preview } = opened();
  const found = { code: "x", severity: "error", message: "m", help: null } as DiagnosticView;
  const offer = { files: [], scripts: [{ name: "workshop/setup.d/01.sh", version: "1" }], problem: null };
  const unwatched = "It cannot be watched.";
  const view = {
    title: "Lab",
    problems: [],
    restart: ["services"],
    unwatched,
    offer,
  } as unknown as SessionView;
  backend.sessionView = async () => view;
  const asked = preview.catchUp();
  preview.on({ kind: "problems-changed", problems: [found] });
  await asked;
  expect(preview.problems).toEqual([found]);
  expect(preview.offer).toEqual(offer);
  expect(preview.restart).toEqual(["services"]);
  expect(preview.unwatched).toBe(unwatched);
  preview.on({ kind: "workshop-reloaded", reload: reload({}) });
  expect(preview.unwatched).toBeNull();
  expect(host.renew).toHaveBeenCalledWith(view);
});

test("files that were changed on both sides are asked about before they give way", async () => {
  const { backend, preview } = opened();
  const offered = (name: string, yours: boolean) => ({
    name,
    path: `~/${name}`,
    new: false,
    yours,
    gone: false,
    version: "1",
  });
  const offer = { files: [offered("a", false), offered("b", true)], scripts: [], problem: null };
  backend.offered = offer;
  preview.on({ kind: "files-offered", offer });
  await preview.copyIn();
  expect(preview.asked).toEqual(["b"]);
  expect(backend.calls).toEqual(["copy in a b"]);
  await preview.replace();
  expect(backend.calls.at(-1)).toBe("copy in b over mine");
  expect(preview.files).toEqual([]);
});

test("what is not wanted now is not shown again before it changes again", () => {
  const { preview } = opened();
  const script = "workshop/setup.d/01.sh";
  const offered = (version: string, scripts: string) => ({
    files: [{ name: "a", path: "~/a", new: false, yours: false, gone: false, version }],
    scripts: [{ name: script, version: scripts }],
    problem: null,
  });
  preview.on({ kind: "files-offered", offer: offered("1", "1") });
  preview.passOver(["a"]);
  expect(preview.files).toEqual([]);
  expect(preview.scripts).toEqual([script]);
  preview.passOver([script]);
  expect(preview.scripts).toEqual([]);
  preview.on({ kind: "files-offered", offer: offered("2", "1") });
  expect(preview.files.map(({ name }) => name)).toEqual(["a"]);
  expect(preview.scripts).toEqual([]);
  preview.on({ kind: "files-offered", offer: offered("1", "2") });
  expect(preview.files).toEqual([]);
  expect(preview.scripts).toEqual([script]);
});

test("a restart that was passed over is told of again when its part has changed once more", () => {
  const { preview } = opened();
  preview.on({ kind: "workshop-reloaded", reload: reload({ restart: ["services"] }) });
  preview.passOver(["restart services"]);
  expect(preview.restartParts).toEqual([]);
  preview.on({ kind: "workshop-reloaded", reload: reload({}) });
  preview.on({ kind: "workshop-reloaded", reload: reload({ restart: ["services"] }) });
  expect(preview.restartParts).toEqual(["services"]);
});
