import type { DiagnosticView } from "../../lib/protocol";

/** `content/01-intro.md:48:1`, as editors and terminals understand it. */
export function placeOf({ file, line, column }: DiagnosticView): string {
  return [file, line, column].filter((part) => part !== null).join(":");
}
