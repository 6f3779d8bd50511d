import { defaultKeymap, historyKeymap, indentWithTab } from "@codemirror/commands";
import {
  bracketMatching,
  foldGutter,
  foldKeymap,
  indentOnInput,
  LanguageDescription,
} from "@codemirror/language";
import { languages } from "@codemirror/language-data";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { EditorState, type Extension } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
  rectangularSelection,
} from "@codemirror/view";
import { theme } from "./theme";

const PHRASES = {
  next: "Next",
  previous: "Previous",
  all: "Select all",
  "match case": "Match case",
  regexp: "Regular expression",
  "by word": "Whole words",
  replace: "Replace",
  "replace all": "Replace all",
};

/** What only a visible editor needs. */
export function editorExtensions(path: string, language: Extension, onBlur: () => void): Extension {
  return [
    lineNumbers(),
    highlightActiveLineGutter(),
    highlightSpecialChars(),
    foldGutter({ openText: "⌄", closedText: "›" }),
    drawSelection(),
    rectangularSelection(),
    EditorState.allowMultipleSelections.of(true),
    indentOnInput(),
    bracketMatching(),
    highlightActiveLine(),
    highlightSelectionMatches(),
    search({ top: true }),
    EditorState.phrases.of(PHRASES),
    keymap.of([indentWithTab, ...defaultKeymap, ...searchKeymap, ...historyKeymap, ...foldKeymap]),
    EditorView.contentAttributes.of({
      "aria-label": `${path}. F6 leaves the editor`,
      spellcheck: "false",
      autocorrect: "off",
      autocapitalize: "off",
    }),
    EditorView.domEventHandlers({ blur: onBlur }),
    theme,
    language,
  ];
}

/** The language of a file by its name, or by the interpreter that its first line names; loaded when it is needed first. */
export async function languageOf(path: string, firstLine: string): Promise<Extension> {
  const name = path.split("/").at(-1) ?? path;
  const description =
    LanguageDescription.matchFilename(languages, name) ??
    LanguageDescription.matchLanguageName(languages, interpreter(firstLine), false);
  return description ? await description.load() : [];
}

/** `#!/usr/bin/env -S python3.11 -u` → `python`; a word that is no language where there is no such line. */
export function interpreter(firstLine: string): string {
  const words = /^#!\s*(\S.*)$/.exec(firstLine)?.[1]?.split(/\s+/) ?? [];
  const program = words
    .map((word) => word.split("/").at(-1) ?? "")
    .find((word) => word !== "env" && !/^-|=/.test(word));
  const name = program?.replace(/[\d.]+$/, "") ?? "";
  if (["bash", "sh", "dash", "zsh", "ksh"].includes(name)) return "shell";
  return name === "node" ? "javascript" : name || "plain";
}
