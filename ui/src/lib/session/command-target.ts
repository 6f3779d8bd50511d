import type { PageView } from "../protocol";
import { EDITOR_TAB } from "./dashboards.svelte";
import type { CommandTarget } from "./editor-commands";
import type { EditorSurroundings } from "./editor-terminals.svelte";
import type { WorkshopSession } from "./session.svelte";

/** What editor commands of actions act on. */
export function commandTarget(
  session: WorkshopSession,
  closeFile: (path: string) => Promise<void>,
  resizeText: (by: 1 | -1 | 0) => void = () => undefined,
): CommandTarget {
  return {
    documents: session.documents,
    get frontFile() {
      return session.tabs.frontFile;
    },
    filesRoot: session.view.filesRoot,
    select: (path) => session.tabs.select(path),
    openFile: (path) => session.tabs.openFile(path),
    closeFile,
    focusEditor: () => session.tabs.editorFocus++,
    showFiles: (shown) => {
      session.layout.reveal("work");
      if (shown === null || !session.layout.treeOpen) session.layout.toggleTree();
    },
    resizeText,
    openPreferences: () => session.preferencesAsked++,
    terminalPanel: (what) => session.editorTerminals.command(what),
  };
}

/** What the editor's terminals need of the window. */
export function aroundEditorTerminals(
  session: WorkshopSession,
  lastFile: () => string,
  problem: (message: string) => void,
): EditorSurroundings {
  const inSight = () => {
    const { maximised, narrow, front } = session.layout;
    const work = (maximised ?? "work") === "work" && (!narrow || front === "work" || maximised === "work");
    return work && session.tabs.editorInFront;
  };
  return {
    get editorInSight() {
      return inSight();
    },
    revealEditor: () => session.tabs.select(lastFile()),
    focusTerminal: (attached) => session.terminals.focus(attached),
    problem,
  };
}

/** Opens the files that were open when the session was left. */
export async function reopenFiles(session: WorkshopSession, lastFile: () => string): Promise<void> {
  const { documents, dashboards, view } = session;
  const { openFiles, activeTab } = view.view;
  // A file that is gone since then is not worth a message.
  for (const path of openFiles) await documents.open(path).catch(() => undefined);
  const known =
    activeTab !== null &&
    (documents.tabs.includes(activeTab) ||
      dashboards.get(activeTab) !== undefined ||
      (activeTab === EDITOR_TAB && view.editor));
  if (known) session.tabs.active = activeTab;
  else if (dashboards.first === null && openFiles.length > 0) session.tabs.active = lastFile();
}

/** Whether a step is there still and says the same. One that says something else is for the learner to click anew. */
export function isSameStep(id: string, ...pages: [PageView, PageView]): boolean {
  const [before, now] = pages.map(({ actions }) => actions.find((action) => action.id === id));
  return JSON.stringify(before) === JSON.stringify(now);
}
