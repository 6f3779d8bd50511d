import type { EditorCommand, Effect } from "../protocol";
import type { Base, Documents } from "./documents.svelte";

/** The parts of the window that an engine's answer can move. */
export interface EffectTarget {
  documents: Documents;
  showDashboard(id: string): void;
  reloadDashboard(id: string): void;
  focusTerminal(name: string): void;
  /** Shows a terminal of the editor, with the keyboard if `focus`. */
  showEditorTerminal(name: string, focus: boolean): void;
  /** Makes the file's tab the active one. */
  showFile(path: string): void;
  focusEditor(): void;
  /** Closes a file's tab; what was typed is written first, unless the file is gone. */
  closeDocument(path: string, deleted: boolean): Promise<void>;
  moveDocument(from: string, to: string): void;
  editorCommand(command: EditorCommand): Promise<void>;
  copyText(text: string): Promise<void>;
  openUrl(url: string): Promise<void>;
  finish(): void;
  leave(): void;
}

export interface EffectOptions {
  /** What an edit was planned on. */
  base: Base | null;
  /** The learner asked for it just now, so the focus may go where they type next. */
  mayFocus: boolean;
}

/** Does what the engine asks, in order. False when an edit was planned on a text that has changed since. */
export async function applyEffects(
  effects: readonly Effect[],
  target: EffectTarget,
  { base, mayFocus }: EffectOptions,
): Promise<boolean> {
  // Whoever clicked an edit goes on reading; whoever opened a file or selected something goes on in it.
  const edits = effects.some((effect) => effect.kind === "apply-edit" && effect.edit.changes.length > 0);
  const typesNext = mayFocus && !edits;
  for (const effect of effects) {
    switch (effect.kind) {
      case "show-dashboard":
        target.showDashboard(effect.id);
        break;
      case "reload-dashboard":
        target.reloadDashboard(effect.id);
        break;
      case "focus-terminal":
        if (mayFocus) target.focusTerminal(effect.name);
        break;
      case "show-editor-terminal":
        target.showEditorTerminal(effect.name, mayFocus);
        break;
      case "open-document": {
        // A file that the same answer creates does not exist yet.
        if (createsLater(effects, effect.path)) break;
        const document = await target.documents.open(effect.path);
        target.showFile(effect.path);
        if (effect.line !== null) document.goToLine(effect.line);
        if (typesNext) target.focusEditor();
        break;
      }
      case "apply-edit": {
        const { path, edit, create, save } = effect;
        if (!(await target.documents.apply(path, edit, create, base))) return false;
        target.showFile(path);
        if (typesNext) target.focusEditor();
        if (save) await target.documents.get(path)?.save();
        break;
      }
      case "close-document":
        await target.closeDocument(effect.path, effect.deleted);
        break;
      case "reload-document":
        await target.documents.reload(effect.path);
        break;
      case "move-document":
        target.moveDocument(effect.from, effect.to);
        break;
      case "editor-command":
        await target.editorCommand(effect.command);
        break;
      case "copy-text":
        await target.copyText(effect.text);
        break;
      case "open-url":
        await target.openUrl(effect.url);
        break;
      case "finish":
        target.finish();
        break;
      case "leave-session":
        target.leave();
        break;
      default:
        effect satisfies never;
    }
  }
  return true;
}

function createsLater(effects: readonly Effect[], path: string): boolean {
  return effects.some((effect) => effect.kind === "apply-edit" && effect.create && effect.path === path);
}
