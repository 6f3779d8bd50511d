import type { Backend } from "../backend/backend";
import type { ActionResult, ActionView } from "../protocol";
import { applyEffects, type EffectTarget } from "./effects";
import type { FormValues } from "./forms.svelte";
import { sentence } from "./put-back";

const TRIES = 3;

/** What the learner brings along: files that were dropped on a card, and what its form holds. */
export interface Brought {
  drop?: number | null;
  form?: FormValues | null;
  /** The command to which they have agreed. */
  agreed?: string | null;
  /** The version of the page that was seen. */
  revision?: number | null;
}

/**
 * Performs one action: what was typed is written first; the engine decides; its effects are applied. When the learner
 * types while the engine is planning an edit, the plan is made again on the newer text. What the engine refuses stands
 * there as it did; what the window cannot do of an answer is told to the engine.
 */
export async function performAction(
  action: ActionView,
  backend: Pick<Backend, "performAction" | "actionFailed">,
  target: EffectTarget,
  mayFocus: boolean,
  { drop, form, revision, agreed }: Brought = {},
): Promise<ActionResult> {
  const { documents } = target;
  await documents.flush();
  await documents.settle(action.touches);
  let base = action.document === null ? null : await documents.prepare(action.document);
  for (let attempt = 1; ; attempt++) {
    const buffer = base?.buffer ?? null;
    const result = await backend.performAction(action.id, {
      buffer,
      drop: drop ?? null,
      revision: revision ?? null,
      form: form ?? null,
      agreed: agreed ?? null,
    });
    if (!("effects" in result.outcome)) return result;
    try {
      if (await applyEffects(result.outcome.effects, target, { base, mayFocus })) return result;
      if (attempt === TRIES)
        throw new Error(`${action.document} kept changing while it was edited. Try again`);
    } catch (error) {
      // The engine has planned it and taken it for done. That it is not must still be known after a return.
      await backend.actionFailed(action.id, revision ?? null, sentence(error)).catch(() => undefined);
      throw error;
    }
    base = base && documents.base(base.path);
  }
}
