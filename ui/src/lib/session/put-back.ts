import type { RestoredView, UnsavedText } from "../protocol";
import type { Documents } from "./documents.svelte";
import { applyEffects, type EffectTarget } from "./effects";

/** Has files put back, and open documents follow. */
export async function putBack(
  replace: (unsaved: UnsavedText[]) => Promise<RestoredView>,
  documents: Documents,
  effects: EffectTarget,
  problem: (message: string) => void,
): Promise<RestoredView> {
  // What has two texts is on the disk with one of them: the other must not be lost.
  const undecided = documents.conflicts.map((path) => documents.get(path));
  const unsaved = undecided.flatMap((open) => (open ? [{ path: open.path, text: open.text }] : []));
  const restored = await replace(unsaved);
  await applyEffects(restored.effects, effects, { base: null, mayFocus: false }).catch((error: unknown) =>
    problem(sentence(error)),
  );
  documents.filesChanged();
  for (const name of restored.homeless) {
    problem(
      `The folder in which terminal ${name} stood is gone with the restore. Type cd there to go back to your home folder.`,
    );
  }
  return restored;
}

export function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
