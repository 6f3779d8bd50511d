import type { ActionInput, ActionResult, ActionUpdate, Event, SectionState } from "../protocol";
import { BackendError } from "./backend";
import { edited, succeeded } from "./fake-results";
import type { FakeTerminal } from "./fake-terminal";
import { PAGES } from "./fake-workshop";

/** What comes of the scripted workshop's actions, and how they stand. */
export class FakeActions {
  statuses: Record<string, ActionUpdate> = {};

  #open = new Map<string, boolean>();
  #checkFailures = new Map<string, number>();
  #terminal: (name: string) => FakeTerminal;
  #emit: (event: Event) => void;

  constructor(terminal: (name: string) => FakeTerminal, emit: (event: Event) => void) {
    this.#terminal = terminal;
    this.#emit = emit;
  }

  /** What a click comes to. */
  perform(id: string, { buffer }: ActionInput): ActionResult {
    const text = buffer?.text ?? "";
    switch (id) {
      case "01-serve/0":
        this.#terminal("1").run("flask --app app run --port 8000");
        return succeeded([{ kind: "focus-terminal", name: "1" }], { running: true });
      case "01-serve/1":
        return edited("~/exercises/app.py", text, '@app.route("/")', null);
      case "01-serve/2":
        return edited("~/exercises/app.py", text, '"Hello from the workshop"', '"Good evening"');
      case "01-serve/3":
        return this.#check(id, "got 404 for /, expected 200. Is the server still running in terminal 1?");
      case "02-shape/0":
        return succeeded([{ kind: "copy-text", text: "render_template" }]);
      case "02-shape/1":
        return succeeded([
          { kind: "show-dashboard", id: "editor" },
          { kind: "open-document", path: "~/exercises/templates/index.html", line: 4 },
        ]);
      case "02-shape/2": {
        const insert = "service:\n  port: 8000\n";
        const edit = {
          changes: [{ from: text.length, to: text.length, insert }],
          select: [text.length, text.length + insert.length] as [number, number],
        };
        const path = "~/exercises/deploy/values.yaml";
        return succeeded([
          { kind: "show-dashboard", id: "editor" },
          { kind: "apply-edit", path, edit, create: buffer === null, save: true },
        ]);
      }
      case "02-shape/3":
        this.#terminal("2").run("make deploy ENVIRONMENT=staging");
        setTimeout(() => {
          const update = { status: "failed", message: null, exitCode: 2, millis: 412, output: null } as const;
          this.#emit({ kind: "action-updated", action: id, update });
        }, 400);
        return succeeded([{ kind: "focus-terminal", name: "2" }], { running: true });
      case "02-shape/4":
        return succeeded([{ kind: "show-dashboard", id: "editor" }], {
          warning: "No line of deploy/values.yaml contains “tag: v1”, so nothing was replaced.",
        });
      case "02-shape/5":
        return this.#check(
          id,
          "only one copy answered. Set `replicas` to 2 in deploy/values.yaml, then check again.",
        );
      case "02-shape/7": {
        const open = !(this.#open.get("02-shape:0") ?? false);
        this.#open.set("02-shape:0", open);
        return { ...succeeded([]), sections: this.sections("02-shape") };
      }
      case "02-shape/8":
        return succeeded([{ kind: "show-dashboard", id: "app" }]);
      default:
        throw new BackendError("not-found", `There is no action ${id}`);
    }
  }

  /** Fails the first time, as checks do. */
  #check(id: string, message: string): ActionResult {
    const failures = this.#checkFailures.get(id) ?? 0;
    this.#checkFailures.set(id, failures + 1);
    if (failures === 0) {
      const output = "GET http://localhost:8000/\nHTTP/1.1 404 NOT FOUND\nexpected status 200";
      const outcome = { status: "failed", message, output, effects: [] } as const;
      return { outcome: { ...outcome, effects: [] }, next: [], sections: null, revision: 0, wrongFields: [] };
    }
    this.#emit({ kind: "checks-changed", checks: { passed: 1, total: 2 } });
    return succeeded([]);
  }

  /** The sections of a page as they are now. */
  sections(id: string): SectionState[] {
    const sections = PAGES.find((page) => page.id === id)?.sections ?? [];
    return sections.map((_, section) => ({ section, open: this.#open.get(`${id}:${section}`) ?? false }));
  }
}
