import { render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import axe from "axe-core";
import { describe, expect, test, vi } from "vitest";
import { ActionRunner } from "../../../lib/session/actions.svelte";
import { FormDraft, Forms, place, type FormValues } from "../../../lib/session/forms.svelte";
import { Queues } from "../../../lib/session/queues";
import type { ActionResult, ControlView, FieldView, FormPart, FormView } from "../../../lib/protocol";
import { action, failed, FRESH, page, succeeded } from "../../../test/actions";
import ActionCard from "../ActionCard.svelte";
import { hintOf, problemOf } from "./hints";

const LINE: ControlView = { kind: "text", text: "line", minLength: null, maxLength: null };
const SECRET: ControlView = { ...LINE, text: "password" };
const COUNT: ControlView = { kind: "number", integer: true, slider: false, min: 1, max: 5, step: 1 };
const COLOURS = [
  { value: "red", title: "Red" },
  { value: "green", title: "Green" },
];

function field(id: string, label: string, control: ControlView, rest: Partial<FieldView> = {}): FormPart {
  const plain = {
    labelHidden: false,
    description: null,
    placeholder: null,
    required: false,
    readOnly: false,
  };
  return { kind: "field", field: { id, label, control, ...plain, ...rest } };
}

const TAGS: FormPart = {
  kind: "list",
  id: "tags",
  title: "Tags",
  description: null,
  min: 0,
  max: 2,
  items: [field("tags[]", "Tag", LINE)],
  blank: { "tags[]": "new" },
};

const FORM: FormView = {
  items: [
    { kind: "help", html: "All of it is <b>yours</b>." },
    field("name", "Your name", LINE, { required: true, description: "As on the badge" }),
    field("secret", "Password", SECRET),
    field("count", "Copies", COUNT),
    field("fine", "It is fine", { kind: "checkbox" }),
    field("one", "One colour", { kind: "choice", style: "radios", options: COLOURS }),
    field("pick", "A colour", { kind: "choice", style: "select", options: COLOURS }),
    field("some", "Some colours", { kind: "checkboxes", options: COLOURS }),
    field("quiet", "Quiet", { kind: "hidden" }),
    {
      kind: "group",
      title: "Where",
      description: null,
      folded: true,
      items: [field("where.city", "City", LINE)],
    },
    TAGS,
  ],
  submit: "Send it",
  values: {
    name: "",
    count: "1",
    fine: false,
    one: "",
    pick: "red",
    "some[0]": false,
    tags: 1,
    "tags[0]": "a",
  },
};

const REFUSED: ActionResult = {
  ...failed("the form is not filled in"),
  wrongFields: [
    { id: "where.city", message: "fill this in" },
    { id: "name", message: "fill this in" },
  ],
};

function show(answer: () => Promise<ActionResult> = async () => succeeded()) {
  const view = action("p/0", { kind: "examiner:execute-test", body: null, form: FORM });
  const sent: (FormValues | null)[] = [];
  const saved: FormValues[] = [];
  const forms = new Forms(async (_id, _revision, values) => void saved.push(values));
  const host = {
    perform: vi.fn(async () => {
      sent.push(forms.values(view));
      return answer();
    }),
    applyEffects: async () => undefined,
    cancel: async () => undefined,
    skip: vi.fn(async () => succeeded({ next: [{ action: "p/1", after: 0, cascade: true }] })),
    announce: () => undefined,
  };
  const next = action("p/1");
  const runner = new ActionRunner(page([view, next]), FRESH, host, new Queues(), forms);
  const { container } = render(ActionCard, { action: view, runner, copy: async () => undefined });
  return { container, host, runner, sent, saved, forms, view };
}

const send = () => screen.getByRole("button", { name: "Send it" });

describe("a card with a form", () => {
  test("runs with its button alone, not with its title nor with Enter in a field", async () => {
    const { host, view } = show();
    const name = screen.getByRole("textbox", { name: /Your name/ });
    await userEvent.click(screen.getByRole("button", { name: new RegExp(view.title) }));
    await waitFor(() => expect(document.activeElement).toBe(name));
    await userEvent.keyboard("Ada{Enter}");
    expect(host.perform).not.toHaveBeenCalled();
    await userEvent.click(send());
    expect(host.perform).toHaveBeenCalledOnce();
  });

  test("sends what its controls hold, and keeps it afterwards", async () => {
    const { sent, runner } = show();
    await userEvent.type(screen.getByRole("textbox", { name: /Your name/ }), "Ada");
    await userEvent.click(screen.getByRole("checkbox", { name: "It is fine" }));
    await userEvent.click(screen.getByRole("radio", { name: "Green" }));
    await userEvent.selectOptions(screen.getByRole("combobox", { name: "A colour" }), "green");
    await userEvent.click(screen.getByRole("checkbox", { name: "Green" }));
    await userEvent.click(send());
    expect(sent[0]).toMatchObject({ name: "Ada", fine: true, one: "green", pick: "green", "some[1]": true });
    await waitFor(() => expect(runner.status("p/0")).toBe("done"));
    expect(screen.getByRole<HTMLInputElement>("textbox", { name: /Your name/ }).value).toBe("Ada");
  });

  test("says what is wrong where it is wrong, and leads there", async () => {
    const { runner } = show(async () => REFUSED);
    await userEvent.click(send());
    const name = screen.getByRole("textbox", { name: /Your name/ });
    await waitFor(() => expect(document.activeElement).toBe(name));
    expect(name.getAttribute("aria-invalid")).toBe("true");
    const described = (name.getAttribute("aria-describedby") ?? "").split(" ");
    const words = described.map((id) => document.getElementById(id)?.textContent.trim());
    expect(words).toEqual(["As on the badge", "Fill this in"]);
    expect(runner.status("p/0")).toBe("ready");
    await userEvent.type(name, "A");
    expect(name.getAttribute("aria-invalid")).toBeNull();
  });

  test("is told early what cannot be", async () => {
    show();
    const count = screen.getByRole("textbox", { name: "Copies" });
    await userEvent.clear(count);
    await userEvent.type(count, "9");
    await userEvent.tab();
    expect(screen.getByText("Write 5 or less")).toBeTruthy();
  });

  test("has lists that grow and shrink", async () => {
    const { forms, view } = show();
    await userEvent.click(screen.getByRole("button", { name: "Add" }));
    expect(screen.getAllByRole("textbox", { name: "Tag" })).toHaveLength(2);
    expect(screen.queryByRole("button", { name: "Add" })).toBeNull();
    await userEvent.click(screen.getByRole("button", { name: "Remove Tags 1" }));
    expect(forms.values(view)).toMatchObject({ tags: 1, "tags[0]": "new" });
    expect(forms.values(view)).not.toHaveProperty("tags[1]");
  });

  test("gets the focus instead of being run blindly", async () => {
    const { runner, host } = show();
    runner.runNext();
    await waitFor(() => expect(document.activeElement?.tagName).toBe("INPUT"));
    expect(host.perform).not.toHaveBeenCalled();
  });

  test("is sent as it stands by a cascade, without taking the focus", async () => {
    const { runner, sent } = show(async () => REFUSED);
    runner.run("p/0", "cascade");
    await waitFor(() => expect(screen.getAllByText("Fill this in")).toHaveLength(2));
    expect(sent[0]).toMatchObject({ name: "", count: "1" });
    expect(document.activeElement).toBe(document.body);
  });

  test("can be gone on from when its check has failed", async () => {
    const { runner, host } = show(async () => failed("not Ada", "got: Bob"));
    await userEvent.click(send());
    const card = await waitFor(() => screen.getByText("Not Ada").closest<HTMLElement>("[data-action]"));
    if (!card) throw new Error("there is no card");
    expect(within(card).queryByRole("button", { name: /Run again/ })).toBeNull();
    await userEvent.click(within(card).getByRole("button", { name: /Go on anyway/ }));
    await waitFor(() => expect(card.dataset.status).toBe("skipped"));
    expect(card.contains(document.activeElement)).toBe(true);
    expect(card.textContent).toContain("Not passed. You went on anyway");
    expect(host.perform).toHaveBeenLastCalledWith(
      expect.objectContaining({ id: "p/1" }),
      "cascade",
      null,
      null,
    );
    expect(runner.next?.id).toBe("p/1");
  });

  test("gives axe nothing to complain about", { timeout: 30_000 }, async () => {
    const { container } = show(async () => REFUSED);
    await userEvent.click(send());
    await waitFor(() => expect(screen.getAllByText("Fill this in")).toHaveLength(2));
    const { violations } = await axe.run(container, {
      rules: { "color-contrast": { enabled: false }, region: { enabled: false } },
    });
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
  });
});

describe("what is typed", () => {
  test("is kept once a second, and at once when asked", async () => {
    vi.useFakeTimers();
    const saved: FormValues[] = [];
    const forms = new Forms(async (_id, _revision, values) => void saved.push(values));
    const view = action("p/0", { form: FORM });
    forms.restore({ "p/0": { name: "Eve" } });
    const draft = forms.draft(view);
    expect(draft?.values.name).toBe("Eve");
    draft?.set("name", "A");
    draft?.set("name", "Ad");
    expect(saved).toEqual([]);
    await vi.advanceTimersByTimeAsync(1000);
    draft?.set("name", "Ada");
    await forms.flush();
    expect(saved.map(({ name }) => name)).toEqual(["Ad", "Ada"]);
    expect(forms.draft(view)).toBe(draft);
    vi.useRealTimers();
  });

  test("of an item that goes moves the items behind it", () => {
    const draft = new FormDraft(
      { l: 3, "l[0].a": "0", "l[1].a": "1", "l[2].a": "2", "l[2].k": 1, "l[2].k[0]": "x", other: "y" },
      () => undefined,
    );
    draft.removeItem("l", 1);
    expect({ ...draft.values }).toEqual({
      l: 2,
      "l[0].a": "0",
      "l[1].a": "2",
      "l[1].k": 1,
      "l[1].k[0]": "x",
      other: "y",
    });
  });

  test.each([
    ["l[].k[]", [1, 2], "l[1].k[2]"],
    ["l[].k[]", [1], "l[1].k[]"],
    ["name", [4], "name"],
  ])("%s at %j is %s", (id, positions, placed) => {
    expect(place(id, positions)).toBe(placed);
  });

  test.each<[ControlView, string, string | null]>([
    [COUNT, "", null],
    [COUNT, "2", null],
    [COUNT, "0", "write 1 or more"],
    [COUNT, "2.5", "write a whole number"],
    [{ ...COUNT, integer: false } as ControlView, "x", "write a number"],
    [{ ...LINE, minLength: 2 } as ControlView, "é", "write at least 2 characters"],
    [{ ...LINE, text: "email" } as ControlView, "ada", "write an e-mail address, such as ada@example.org"],
    [{ ...LINE, text: "date" } as ControlView, "22.11.2026", "write a date as 2026-11-22"],
    [{ ...LINE, text: "time" } as ControlView, "7:05", "write a time as 18:05"],
    [LINE, "anything", null],
  ])("%j with %j: %s", (control, value, problem) => {
    expect(problemOf(control, value)).toBe(problem);
  });

  test("is hinted at", () => {
    expect(hintOf(COUNT)).toBe("A whole number from 1 to 5");
    expect(hintOf(LINE)).toBeNull();
  });
});
