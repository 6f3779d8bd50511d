import { render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, test, vi } from "vitest";
import type { CardState } from "../../lib/session/action-state";
import { ActionRunner } from "../../lib/session/actions.svelte";
import { Queues } from "../../lib/session/queues";
import type { ActionResult, ActionUpdate, ActionView } from "../../lib/protocol";
import { action, Deferred, failed, FRESH, page, succeeded, unconfirmed } from "../../test/actions";
import ActionCard from "./ActionCard.svelte";
import ActionOutcome from "./ActionOutcome.svelte";
import ProblemCard from "./ProblemCard.svelte";
import SectionCard from "./SectionCard.svelte";
import { hydrate, showSections } from "./hydrate";

function runnerFor(actions: ActionView[], answer: () => Promise<ActionResult> = async () => succeeded()) {
  const host = {
    perform: vi.fn(answer),
    applyEffects: async () => undefined,
    cancel: vi.fn(async () => undefined),
    skip: async () => succeeded(),
    announce: () => undefined,
  };
  return { host, runner: new ActionRunner(page(actions), FRESH, host, new Queues()) };
}

function showCard(view: ActionView, answer?: () => Promise<ActionResult>) {
  const { host, runner } = runnerFor([view], answer);
  const copy = vi.fn(async () => undefined);
  const { container } = render(ActionCard, { action: view, runner, copy });
  const card = container.querySelector<HTMLElement>("[data-action]");
  if (!card) throw new Error("there is no card");
  const main = within(card).getByRole("button", { name: new RegExp(view.title) });
  return { card, main, copy, host, runner };
}

describe("a card", () => {
  test("is a button with the action's title, and names its action and status", () => {
    const { card, main } = showCard(action("01-intro/0"));
    expect(card.dataset).toMatchObject({ action: "01-intro/0", status: "ready" });
    expect(main.textContent).toContain("body of 01-intro/0");
  });

  test("runs on a click and shows its result in words", async () => {
    const { card, main, host } = showCard(action("a"));
    await userEvent.click(main);
    expect(host.perform).toHaveBeenCalledOnce();
    await waitFor(() => expect(card.dataset.status).toBe("done"));
    expect(card.textContent).toContain("Done");
  });

  test("says why it failed, and runs again", async () => {
    const { card, main, host } = showCard(action("a"), async () => failed("got `404`, see the hint"));
    await userEvent.click(main);
    await waitFor(() => expect(card.dataset.status).toBe("failed"));
    expect(card.textContent).toContain("Got 404, see the hint");
    await userEvent.click(main);
    expect(host.perform).toHaveBeenCalledTimes(2);
  });

  test("copies with its second button and with shift, and runs nothing then", async () => {
    const { card, main, copy, host } = showCard(action("a"));
    await userEvent.click(within(card).getByRole("button", { name: "Copy" }));
    await userEvent.keyboard("{Shift>}");
    main.dispatchEvent(new MouseEvent("click", { bubbles: true, shiftKey: true }));
    expect(copy).toHaveBeenCalledTimes(2);
    expect(copy).toHaveBeenCalledWith("body of a");
    expect(host.perform).not.toHaveBeenCalled();
  });

  test("has no copy button without a text", () => {
    const { card } = showCard(action("a", { body: null }));
    expect(within(card).getAllByRole("button")).toHaveLength(1);
  });

  test("has no empty box for a text of white space", () => {
    const { card } = showCard(action("a", { body: "\n" }));
    expect(card.querySelector(".body")).toBeNull();
    expect(within(card).getAllByRole("button")).toHaveLength(1);
  });

  test.each<[string, ActionResult, boolean]>([
    ["passed, folded", succeeded({ output: "fine" }), false],
    ["failed, in sight", failed("m", "why"), true],
  ])("shows the output of a check that %s", async (_name, result, open) => {
    const { card, main } = showCard(action("a", { kind: "examiner:execute-test" }), async () => result);
    await userEvent.click(main);
    const details = await waitFor(() => {
      const found = card.querySelector("details");
      if (!found) throw new Error("there is no output");
      return found;
    });
    expect(details.open).toBe(open);
    expect(details.textContent).toContain(open ? "why" : "fine");
  });

  test("folds a long text", async () => {
    const body = Array.from({ length: 30 }, (_, line) => `line ${line}`).join("\n");
    const { card } = showCard(action("a", { body }));
    const fold = within(card).getByRole("button", { name: "Show all 30 lines" });
    await userEvent.click(fold);
    expect(fold.getAttribute("aria-expanded")).toBe("true");
  });

  describe("that needs the learner's word", () => {
    const why = "`sudo` asks for the rights of an administrator.";
    const asks = async () => unconfirmed("sudo ls", why);

    test("asks in place and runs what was agreed to", async () => {
      const { card, main, host } = showCard(action("a", { body: "sudo ls" }), asks);
      await userEvent.click(main);
      const question = await within(card).findByRole("group", { name: "Run this command?" });
      expect(card.dataset.status).toBe("asking");
      expect(question.textContent).toContain("administrator");
      expect(question.querySelector(".command")).toBeNull();
      await waitFor(() => expect(document.activeElement).toBe(question));
      // Pressing on agrees to nothing.
      await userEvent.keyboard("{Enter}");
      expect(host.perform).toHaveBeenCalledTimes(1);
      host.perform.mockImplementation(async () => succeeded());
      await userEvent.tab();
      await userEvent.keyboard("{Enter}");
      await waitFor(() => expect(card.dataset.status).toBe("done"));
      expect(host.perform).toHaveBeenLastCalledWith(expect.anything(), "click", null, "sudo ls");
      expect(document.activeElement).toBe(main);
    });

    test("shows the command where the card shows something else", async () => {
      const { card, main } = showCard(action("a", { body: "List the files" }), asks);
      await userEvent.click(main);
      const question = await within(card).findByRole("group", { name: "Run this command?" });
      expect(question.querySelector(".command")?.textContent).toBe("sudo ls");
    });

    test.each(["{Escape}", "button"])("stands as it did when the answer is no, by %s", async (by) => {
      const answers = [failed("not yet"), unconfirmed("sudo ls", why)];
      const { card, main } = showCard(action("a"), async () => answers.shift() ?? succeeded());
      await userEvent.click(main);
      await waitFor(() => expect(card.dataset.status).toBe("failed"));
      await userEvent.click(main);
      await within(card).findByRole("group", { name: "Run this command?" });
      if (by === "button") await userEvent.click(within(card).getByRole("button", { name: /Not now/ }));
      else await userEvent.keyboard(by);
      await waitFor(() => expect(card.dataset.status).toBe("failed"));
      expect(card.textContent).toContain("Not yet");
      expect(document.activeElement).toBe(main);
    });

    test("without a card in sight is known to the page", async () => {
      const hidden = action("a", { hidden: true });
      const { runner } = runnerFor([hidden], asks);
      runner.run("a", "cascade");
      await waitFor(() => expect(runner.askedApart?.id).toBe("a"));
      runner.decline("a");
      expect(runner.askedApart).toBeNull();
    });
  });

  test("of a check that takes long can be stopped", async () => {
    const { card, main, host } = showCard(
      action("a", { kind: "examiner:execute-test" }),
      () => new Deferred<ActionResult>().promise,
    );
    await userEvent.click(main);
    await userEvent.click(await within(card).findByRole("button", { name: "Stop this check" }));
    expect(host.cancel).toHaveBeenCalledWith("a");
  });

  test("of a check that has failed offers to run it again, or to go on", async () => {
    const { card, main, host } = showCard(action("a", { kind: "examiner:execute-test" }), async () =>
      failed("no"),
    );
    await userEvent.click(main);
    await userEvent.click(await within(card).findByRole("button", { name: /Run again/ }));
    await waitFor(() => expect(host.perform).toHaveBeenCalledTimes(2));
    await userEvent.click(await within(card).findByRole("button", { name: /Go on anyway/ }));
    await waitFor(() => expect(card.dataset.status).toBe("skipped"));
    expect(within(card).queryByRole("button", { name: /Go on anyway/ })).toBeNull();
  });

  test("shows the author's own prefix only", () => {
    expect(showCard(action("a")).main.textContent).not.toContain("Terminal");
    expect(showCard(action("b", { kind: "execute" })).main.textContent).not.toContain("Terminal");
    expect(showCard(action("c", { prefix: "Task" })).main.textContent).toContain("Task:\u00a0");
  });
});

describe("every state has words and an icon", () => {
  const idle: CardState = {
    status: "ready",
    slow: false,
    message: null,
    output: null,
    exitCode: null,
    millis: null,
    startedAt: null,
    readyAt: null,
  };
  test.each<[string, Partial<CardState>, string]>([
    ["queued", { status: "queued" }, "Waiting for its turn"],
    ["running", { status: "running", slow: true }, "Running in its terminal"],
    ["done", { status: "done", millis: 2100 }, "Done 2.1 s"],
    ["warned", { status: "warned", message: "no line matches" }, "No line matches"],
    ["failed", { status: "failed", exitCode: 2, millis: 412 }, "Ended with status 2 Run again"],
    ["cooling", { status: "cooling", readyAt: null }, "This runs only once"],
    ["skipped", { status: "skipped" }, "Not passed. You went on anyway"],
  ])("%s", (_name, state, words) => {
    const { container } = render(ActionOutcome, { card: { ...idle, ...state }, inTerminal: true, id: "x" });
    expect(container.textContent?.replace(/\s+/g, " ").trim()).toBe(words);
    expect(container.querySelector("svg")).not.toBeNull();
  });

  test.each([
    [{ attempt: 3, attempts: 10, nextAt: null }, /^Attempt 3 of 10$/],
    [
      { attempt: 3, attempts: 10, nextAt: performance.now() + 50_000 },
      /^Attempt 3 of 10 failed, next in \d+ s$/,
    ],
    [{ attempt: 3, attempts: null, nextAt: 0 }, /^Attempt 3 failed, next in 1 s$/],
  ])("a check that is tried again: %j", (tried, words) => {
    const card: CardState = { ...idle, status: "running", slow: true, tried };
    const { container } = render(ActionOutcome, { card, inTerminal: false, id: "x" });
    expect(container.textContent?.replace(/\s+/g, " ").trim()).toMatch(words);
  });

  test.each<Partial<CardState>>([{ status: "ready" }, { status: "running", slow: false }])(
    "nothing to say: %j",
    (state) => {
      const { container } = render(ActionOutcome, {
        card: { ...idle, ...state },
        inTerminal: false,
        id: "x",
      });
      expect(container.textContent?.trim()).toBe("");
    },
  );
});

test("a broken block says what is wrong and where", async () => {
  const problem = {
    message: "unknown property",
    file: "content/01.md",
    line: 4,
    column: 2,
    source: "nmae: x",
  };
  const copy = vi.fn(async () => undefined);
  render(ProblemCard, { action: action("a", { problem }), problem, copy });
  expect(screen.getByText("Unknown property")).toBeTruthy();
  expect(screen.getByText("content/01.md:4:2")).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: "Copy the place" }));
  expect(copy).toHaveBeenCalledWith("content/01.md:4:2");
});

test("a section's heading says whether it is open", async () => {
  const begin = action("a", { section: 0, title: "Hint" });
  const { runner } = runnerFor([begin, action("b", { closesSection: true })], async () =>
    succeeded({ sections: [{ section: 0, open: true }] }),
  );
  const copy = vi.fn(async () => undefined);
  render(SectionCard, { action: begin, section: 0, runner, copy });
  const heading = screen.getByRole("button", { name: "Hint" });
  expect(heading.getAttribute("aria-expanded")).toBe("false");
  const user = userEvent.setup();
  await user.keyboard("{Shift>}");
  await user.click(heading);
  await user.keyboard("{/Shift}");
  expect(heading.getAttribute("aria-expanded")).toBe("false");
  await userEvent.click(heading);
  await waitFor(() => expect(heading.getAttribute("aria-expanded")).toBe("true"));
});

describe("hydration", () => {
  const links = { imageUrl: (file: string) => `workshop://${file}`, copy: async () => undefined };
  const update: ActionUpdate = { status: "done", message: null, exitCode: null, millis: null, output: null };

  test("fills placeholders where they stand and leaves no trace of hidden ones", () => {
    const actions = [
      action("a"),
      action("b", { hidden: true }),
      action("c", { section: 0 }),
      action("d", { section: 0, closesSection: true }),
      action("e", { problem: { message: "m", file: "f", line: 1, column: 1, source: "" } }),
    ];
    const root = document.createElement("div");
    root.innerHTML = `<ol><li><workshop-action data-index="0"></workshop-action></li></ol>
      <workshop-action data-index="1"></workshop-action><workshop-action data-index="2"></workshop-action>
      <div class="workshop-section" data-section="0"><p>inside</p></div>
      <workshop-action data-index="3"></workshop-action><workshop-action data-index="4"></workshop-action>
      <workshop-action data-index="99"></workshop-action>
      <img data-file="a b.png" alt="x"> <code class="copyable">make</code>`;
    document.body.append(root);
    const state = { ...FRESH, actions: { a: update }, sections: [{ section: 0, open: false }] };
    const host = {
      perform: async () => succeeded(),
      applyEffects: async () => undefined,
      cancel: async () => undefined,
      skip: async () => succeeded(),
      announce: () => undefined,
    };
    const view = page(actions, { sections: [{ begin: 2, end: 3, parent: null }] });
    const runner = new ActionRunner(view, state, host, new Queues());
    const dispose = hydrate(root, runner, links);
    showSections(root, runner);

    expect(root.querySelector("li [data-action=a]")?.getAttribute("data-status")).toBe("done");
    expect(root.querySelectorAll("[data-action]")).toHaveLength(3);
    expect(root.querySelector<HTMLElement>(".workshop-section")?.hidden).toBe(true);
    expect(root.querySelector("img")?.getAttribute("src")).toBe("workshop://a b.png");
    expect(root.querySelector("code.copyable")?.getAttribute("role")).toBe("button");

    runner.sections.apply([{ section: 0, open: true }]);
    showSections(root, runner);
    expect(root.querySelector<HTMLElement>(".workshop-section")?.hidden).toBe(false);
    dispose();
    expect(root.querySelectorAll("[data-action]")).toHaveLength(0);
    root.remove();
  });
});
