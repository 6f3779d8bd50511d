import type { Component } from "svelte";
import AppWindow from "@lucide/svelte/icons/app-window";
import ClipboardCheck from "@lucide/svelte/icons/clipboard-check";
import ClipboardCopy from "@lucide/svelte/icons/clipboard-copy";
import Download from "@lucide/svelte/icons/download";
import FileOutput from "@lucide/svelte/icons/file-output";
import Files from "@lucide/svelte/icons/files";
import FileText from "@lucide/svelte/icons/file-text";
import Info from "@lucide/svelte/icons/info";
import Octagon from "@lucide/svelte/icons/octagon-x";
import PencilLine from "@lucide/svelte/icons/pencil-line";
import Play from "@lucide/svelte/icons/play";
import RotateCw from "@lucide/svelte/icons/rotate-cw";
import SquareTerminal from "@lucide/svelte/icons/square-terminal";
import TextSelect from "@lucide/svelte/icons/text-select";
import Trash from "@lucide/svelte/icons/trash-2";
import Upload from "@lucide/svelte/icons/upload";
import X from "@lucide/svelte/icons/x";
import ExternalLink from "@lucide/svelte/icons/external-link";
import type { ActionView } from "../../lib/protocol";

/** The picture of an action's verb. */
export function iconOf({ kind }: ActionView): Component {
  const [family = "", verb = ""] = kind.split(":");
  switch (family) {
    case "terminal":
      if (verb.startsWith("interrupt")) return Octagon;
      return verb.startsWith("clear") ? SquareTerminal : Play;
    case "editor":
      if (verb.endsWith("-terminal")) {
        if (verb.startsWith("interrupt")) return Octagon;
        return verb.startsWith("close") ? X : SquareTerminal;
      }
      if (verb.startsWith("open") || verb.startsWith("close")) return FileText;
      if (verb === "copy-file") return Files;
      if (verb === "rename-file") return FileOutput;
      if (verb === "delete-file") return Trash;
      if (verb === "execute-command") return Play;
      return verb.startsWith("select") ? TextSelect : PencilLine;
    case "dashboard":
      if (verb.startsWith("reload")) return RotateCw;
      return verb === "open-url" ? ExternalLink : AppWindow;
    case "examiner":
      return ClipboardCheck;
    case "files":
      if (verb === "copy-file") return ClipboardCopy;
      return verb.startsWith("upload") ? Upload : Download;
    case "workshop":
    case "copy":
    case "copy-and-edit":
      return ClipboardCopy;
    case "section":
      return Info;
    default:
      return Play;
  }
}

/** What the catalogue puts before titles. The short kinds (`execute`, `copy`, …) share them. */
const PREFIXES: ReadonlySet<string> = new Set([
  "Terminal",
  "Editor",
  "Dashboard",
  "Examiner",
  "Files",
  "Workshop",
  "Section",
]);

/** What the author put before the title; the family's own name says nothing that the icon does not. */
export function authoredPrefix({ prefix }: ActionView): string | null {
  return prefix === "" || PREFIXES.has(prefix) ? null : prefix;
}
