import type { Backend } from "../backend/backend";
import type { ActionResult, ActionView } from "../protocol";
import { applyEffects, type EffectTarget } from "./effects";
import type { FormValues } from "./forms.svelte";

const TRIES = 3;

/**
 * Performs one action: what was typed is written first; the engine decides; its effects are applied. When the learner
 * types while the engine is planning an edit, the plan is made again on the newer text.
 */
export async function performAction(
  action: ActionView,
  backend: Pick<Backend, "performAction">,
  target: EffectTarget,
  mayFocus: boolean,
  form: FormValues | null = null,
): Promise<ActionResult> {
  const { documents } = target;
  await documents.flush();
  let base = action.document === null ? null : await documents.prepare(action.document);
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const result = await backend.performAction(action.id, { buffer: base?.buffer ?? null, form });
    if (await applyEffects(result.outcome.effects, target, { base, mayFocus })) return result;
    base = base && documents.base(base.path);
  }
  throw new Error(`${action.document} kept changing while it was edited. Try again`);
}
