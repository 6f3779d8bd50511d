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

/** The language of a file by its name, else by the program its first line asks for; loaded when it is needed first. */
export async function languageOf(path: string, firstLine: string): Promise<Extension> {
  const name = path.split("/").at(-1) ?? path;
  const program = interpreterOf(firstLine);
  const description =
    LanguageDescription.matchFilename(languages, name) ??
    (program && LanguageDescription.matchLanguageName(languages, program, false));
  return description ? await description.load() : [];
}

/** `#!/usr/bin/env -S python3 -u` asks for `python`. */
export function interpreterOf(firstLine: string): string | null {
  const program = /^#!\s*(?:\S*\/env\s+(?:-\S+\s+)*)?(?:\S*\/)?([a-z]+)/.exec(firstLine)?.[1] ?? null;
  return program === "node" ? "javascript" : program;
}
