import { redo, selectAll, toggleComment, undo } from "@codemirror/commands";
import { foldAll, foldCode, unfoldAll, unfoldCode } from "@codemirror/language";
import { gotoLine, openSearchPanel } from "@codemirror/search";
import { EditorView } from "@codemirror/view";
import type { EditorCommand, PanelVerb } from "../protocol";
import type { Documents } from "./documents.svelte";
import type { OpenDocument } from "./open-document";

/** The parts of the window that a command of the editor can move. */
export interface CommandTarget {
  documents: Documents;
  /** The file in front, or the one that would be. */
  readonly frontFile: string | null;
  /** Where new files go. */
  readonly filesRoot: string;
  select(path: string): void;
  openFile(path: string): Promise<void>;
  closeFile(path: string): Promise<void>;
  focusEditor(): void;
  showFiles(shown: boolean | null): void;
  resizeText(by: 1 | -1 | 0): void;
  openPreferences(): void;
  terminalPanel(what: PanelVerb): Promise<void> | void;
}

/** Does what a command of the editor means. Rejects when it cannot be done, with the reason. */
export async function runEditorCommand(command: EditorCommand, target: CommandTarget): Promise<void> {
  const { documents } = target;
  switch (command.name) {
    case "save":
      return front(target).save();
    case "save-all":
      return documents.flush();
    case "close-active":
      return close(target, [target.frontFile]);
    case "close-all":
      return close(target, documents.tabs);
    case "close-others":
      return close(
        target,
        documents.tabs.filter((path) => path !== target.frontFile),
      );
    case "close-saved":
      return close(
        target,
        documents.tabs.filter((path) => !documents.get(path)?.dirty),
      );
    case "reopen-closed": {
      const path = documents.takeClosed();
      if (path !== undefined) await target.openFile(path);
      return;
    }
    case "next-file":
      return turn(target, 1);
    case "previous-file":
      return turn(target, -1);
    case "new-file":
      target.select(await documents.create(target.filesRoot));
      target.focusEditor();
      return;
    case "go-to-line": {
      const { line } = command;
      const document = front(target);
      if (line === null) document.whenShown((view) => gotoLine(view));
      else {
        document.goToLine(line);
        target.focusEditor();
      }
      return;
    }
    case "reveal-line": {
      const { line, at } = command;
      front(target).whenShown((view) => {
        const { from } = view.state.doc.line(Math.min(line, view.state.doc.lines));
        view.dispatch({ effects: EditorView.scrollIntoView(from, { y: at }) });
      });
      return;
    }
    case "find":
      front(target).whenShown((view) => openSearchPanel(view));
      return;
    case "replace":
      front(target).whenShown((view) => {
        openSearchPanel(view);
        view.dom.querySelector<HTMLInputElement>(".cm-search [name=replace]")?.focus();
      });
      return;
    case "select-all":
      front(target).run(selectAll);
      target.focusEditor();
      return;
    case "undo":
      front(target).run(undo);
      return;
    case "redo":
      front(target).run(redo);
      return;
    case "fold":
      front(target).whenShown((view) => foldCode(view));
      return;
    case "unfold":
      front(target).whenShown((view) => unfoldCode(view));
      return;
    case "fold-all":
      front(target).whenShown((view) => foldAll(view));
      return;
    case "unfold-all":
      front(target).whenShown((view) => unfoldAll(view));
      return;
    case "toggle-word-wrap":
      front(target).toggleWrapping();
      return;
    case "toggle-comment":
      front(target).whenShown((view) => toggleComment(view));
      return;
    case "larger-text":
      target.resizeText(1);
      return;
    case "smaller-text":
      target.resizeText(-1);
      return;
    case "normal-text":
      target.resizeText(0);
      return;
    case "show-files":
      target.showFiles(true);
      return;
    case "toggle-files":
      target.showFiles(null);
      return;
    case "focus-editor":
      target.focusEditor();
      return;
    case "open-preferences":
      target.openPreferences();
      return;
    case "panel":
      await target.terminalPanel(command.what);
      return;
    default:
      command satisfies never;
  }
}

function front({ documents, frontFile }: CommandTarget): OpenDocument {
  const document = frontFile === null ? undefined : documents.get(frontFile);
  if (!document) throw new Error("No file is open in the editor. Open one first");
  return document;
}

async function close(target: CommandTarget, paths: readonly (string | null)[]): Promise<void> {
  for (const path of [...paths]) if (path !== null) await target.closeFile(path);
}

function turn(target: CommandTarget, by: 1 | -1): void {
  const { tabs } = target.documents;
  front(target);
  const at = tabs.indexOf(target.frontFile ?? "");
  const path = tabs[(at + by + tabs.length) % tabs.length];
  if (path !== undefined) target.select(path);
  target.focusEditor();
}
