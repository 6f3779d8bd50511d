/** Keys that are the window's everywhere, also while a terminal or the editor has the focus. */
export type WindowKey =
  | "next-region"
  | "previous-region"
  | "run-next"
  | "catch-up"
  | "next-page"
  | "previous-page"
  | "larger"
  | "smaller"
  | "normal"
  | "maximise"
  | "problems"
  | "editor-terminals"
  | "new-editor-terminal";

export function windowKeyOf(event: KeyboardEvent): WindowKey | null {
  const { key, shiftKey } = event;
  const control = event.ctrlKey || event.metaKey;
  if (key === "F6" && !control && !event.altKey) return shiftKey ? "previous-region" : "next-region";
  if (control && event.altKey) {
    switch (key) {
      case "Enter":
        return shiftKey ? "catch-up" : "run-next";
      case "ArrowRight":
        return "next-page";
      case "ArrowLeft":
        return "previous-page";
      case "m":
      case "M":
        return "maximise";
    }
  } else if (control) {
    // The key above Tab, whatever is printed on it.
    if (event.ctrlKey && (event.code === "Backquote" || key === "`")) {
      return shiftKey ? "new-editor-terminal" : "editor-terminals";
    }
    if (event.ctrlKey && shiftKey && (key === "M" || key === "m")) return "problems";
    if (key === "+" || key === "=") return "larger";
    // Ctrl+Shift+- is the shell's undo.
    if (key === "-" && !shiftKey) return "smaller";
    if (key === "0" && !shiftKey) return "normal";
  }
  return null;
}

export function isWindowKey(event: KeyboardEvent): boolean {
  return windowKeyOf(event) !== null;
}

export const SHORTCUTS: readonly [keys: string, does: string][] = [
  ["Enter", "Run the next step (in the instructions)"],
  ["Ctrl+Alt+Enter", "Run the next step, from anywhere"],
  ["Ctrl+Alt+Shift+Enter", "Do the rest of the page for you, and stop it"],
  ["Escape", "Stop doing the rest of the page"],
  ["J, K", "Next and previous step (in the instructions)"],
  ["Ctrl+Alt+→, Ctrl+Alt+←", "Next and previous page"],
  ["F6, Shift+F6", "Instructions → work area → terminals, and back"],
  ["Ctrl+`, Ctrl+Shift+`", "The editor's terminals: show, hide; a new one"],
  ["Ctrl+Shift+M", "Problems of the workshop: show, hide"],
  ["Ctrl+Alt+M", "Maximise the region with the focus, and restore it"],
  ["Ctrl++, Ctrl+−, Ctrl+0", "Larger, smaller, normal text"],
  ["Shift+click on a step", "Copy its text"],
  ["Ctrl+F", "Find in the workshop, or in the file that has the focus"],
  ["Ctrl+Shift+F", "Find in the terminal that has the focus"],
  ["Ctrl+Shift+C, Ctrl+Shift+V", "Copy and paste in a terminal"],
];
