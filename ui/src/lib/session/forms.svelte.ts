import { SvelteMap } from "svelte/reactivity";
import type { ActionView, FieldProblem, FormPart, PageView } from "../protocol";

/** Of a box whether it is ticked, of a list how many items it has, else a text. */
export type FormValue = boolean | number | string;
export type FormValues = Record<string, FormValue>;
type ListPart = Extract<FormPart, { kind: "list" }>;

const SAVE_AFTER_MS = 1000;

/** What the learner has typed into one form, and what is wrong with it. */
export class FormDraft {
  values = $state<FormValues>({});
  readonly problems = new SvelteMap<string, string>();
  /** Counts requests to put the focus into the form: to what is wrong first, else to its first control. */
  focusAsked = $state(0);

  constructor(
    values: FormValues,
    private readonly changed: () => void,
  ) {
    this.values = { ...values };
  }

  set(id: string, value: FormValue): void {
    this.values[id] = value;
    this.problems.delete(id);
    this.changed();
  }

  /** What the window itself can tell while the learner types; null when it finds nothing. */
  note(id: string, problem: string | null): void {
    if (problem === null) this.problems.delete(id);
    else this.problems.set(id, problem);
  }

  /** The engine does not take the form as it is. */
  refuse(problems: readonly FieldProblem[], mayFocus: boolean): void {
    this.problems.clear();
    for (const { id, message } of problems) this.problems.set(id, message);
    if (mayFocus) this.focusAsked++;
  }

  count(id: string): number {
    const count = this.values[id];
    return typeof count === "number" ? count : 0;
  }

  addItem(list: ListPart, id: string, positions: readonly number[]): void {
    const at = [...positions, this.count(id)];
    for (const [template, value] of Object.entries(list.blank)) this.values[place(template, at)] = value;
    this.set(id, this.count(id) + 1);
  }

  removeItem(id: string, position: number): void {
    const start = `${id}[`;
    const kept: FormValues = {};
    for (const [each, value] of Object.entries(this.values)) {
      const end = each.indexOf("]", start.length);
      const at = each.startsWith(start) ? Number(each.slice(start.length, end)) : -1;
      if (at === position) continue;
      kept[at > position ? `${start}${at - 1}${each.slice(end)}` : each] = value;
    }
    this.values = kept;
    this.problems.clear();
    this.set(id, this.count(id) - 1);
  }
}

/** The forms of the session. What was typed outlives its page, passwords too; the engine keeps the rest on disk. */
export class Forms {
  #drafts = new Map<string, FormDraft>();
  #kept = new Map<string, FormValues>();
  #timers = new Map<string, ReturnType<typeof setTimeout>>();
  /** The versions of the pages that the drafts were typed on. */
  #revisions = new Map<string, number>();

  constructor(
    private readonly save: (
      id: string,
      revision: number | null,
      values: FormValues,
    ) => Promise<void> = async () => undefined,
  ) {}

  /** A page is shown; the engine has kept this of its forms. What was typed on another version of it is named otherwise now. */
  enter({ id, revision }: Pick<PageView, "id" | "revision">, forms: Record<string, FormValues>): void {
    if (this.#revisions.get(id) !== revision) this.#forget(id);
    this.#revisions.set(id, revision);
    this.restore(forms);
  }

  /** What the engine has kept of a page's forms. */
  restore(forms: Record<string, FormValues>): void {
    for (const [id, values] of Object.entries(forms)) this.#kept.set(id, values);
  }

  /** The actions of a page have other names; what is not named is gone. What is still to be kept is kept at once. */
  rename(
    page: string,
    names: Readonly<Record<string, string>>,
    now: Pick<PageView, "id" | "revision"> | null = null,
    forms: Record<string, FormValues> = {},
  ): void {
    const drafts = this.#forget(page);
    if (now) this.enter(now, forms);
    for (const [id, draft] of drafts) {
      const name = names[id];
      if (name === undefined) continue;
      // The form itself may have other fields now: what was typed goes into it where it fits.
      this.#kept.set(name, $state.snapshot(draft.values));
    }
  }

  /** Forgets what was typed on a page, when it is kept: the engine knows what its actions are called now. */
  #forget(page: string): [string, FormDraft][] {
    const of = (id: string) => pageOf(id) === page;
    for (const id of [...this.#timers.keys()]) if (of(id)) void this.#keep(id);
    const drafts = [...this.#drafts].filter(([id]) => of(id));
    for (const [id] of drafts) this.#drafts.delete(id);
    for (const id of [...this.#kept.keys()]) if (of(id)) this.#kept.delete(id);
    this.#revisions.delete(page);
    return drafts;
  }

  /** What is typed into an action's form; null for one without. */
  draft({ id, form }: ActionView): FormDraft | null {
    if (!form) return null;
    let draft = this.#drafts.get(id);
    if (!draft) {
      draft = new FormDraft({ ...form.values, ...this.#kept.get(id) }, () => this.#changed(id));
      this.#drafts.set(id, draft);
    }
    return draft;
  }

  /** What goes to the engine with an action. */
  values(action: ActionView): FormValues | null {
    const draft = this.draft(action);
    return draft && $state.snapshot(draft.values);
  }

  /** Keeps at once what is still to be kept. */
  async flush(): Promise<void> {
    await Promise.all([...this.#timers.keys()].map((id) => this.#keep(id)));
  }

  #changed(id: string): void {
    if (this.#timers.has(id)) return;
    this.#timers.set(
      id,
      setTimeout(() => void this.#keep(id), SAVE_AFTER_MS),
    );
  }

  async #keep(id: string): Promise<void> {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
    const draft = this.#drafts.get(id);
    // It is kept again when the form is sent; a full disk is told then.
    if (!draft) return;
    const revision = this.#revisions.get(pageOf(id)) ?? null;
    await this.save(id, revision, $state.snapshot(draft.values)).catch(() => undefined);
  }
}

function pageOf(action: string): string {
  return action.slice(0, action.lastIndexOf("/"));
}

/** An id with positions in the place of its `[]`, from the left. */
export function place(id: string, positions: readonly number[]): string {
  let at = 0;
  return id.replace(/\[\]/g, (open) => (at < positions.length ? `[${positions[at++]}]` : open));
}
