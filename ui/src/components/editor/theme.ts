import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

/** The editor's looks, from the same custom properties as everything else: both themes at once. */
const look = EditorView.theme({
  "&": { height: "100%", fontSize: "0.8125rem", color: "var(--ink)", backgroundColor: "var(--paper)" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mono)", fontWeight: "var(--weight-mono)", lineHeight: "1.5385" },
  ".cm-content": { padding: "0.5rem 0", caretColor: "var(--accent)" },
  ".cm-line": { padding: "0 1rem 0 0.5rem" },
  ".cm-cursor": { borderLeft: "2px solid var(--accent)" },
  ".cm-gutters": { border: "0", backgroundColor: "var(--paper)", color: "var(--code-comment)" },
  ".cm-lineNumbers .cm-gutterElement": { minWidth: "3.25rem", padding: "0 0.5rem 0 0.75rem" },
  ".cm-activeLine": { backgroundColor: "transparent" },
  "&.cm-focused .cm-activeLine": { backgroundColor: "color-mix(in srgb, var(--bench), transparent 30%)" },
  ".cm-activeLineGutter": { backgroundColor: "transparent", color: "var(--ink)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "var(--selection)",
  },
  ".cm-selectionMatch": { backgroundColor: "color-mix(in srgb, var(--selection), transparent 40%)" },
  ".cm-matchingBracket, &.cm-focused .cm-matchingBracket": {
    backgroundColor: "transparent",
    outline: "1px solid var(--line-strong)",
  },
  ".cm-searchMatch": { backgroundColor: "var(--changed)", outline: "1px solid var(--warn)" },
  ".cm-searchMatch-selected": { backgroundColor: "var(--selection)" },
  ".cm-foldPlaceholder": {
    border: "1px solid var(--line)",
    background: "var(--bench)",
    color: "var(--ink-soft)",
  },
  ".cm-panels": { backgroundColor: "var(--bench)", color: "var(--ink)", fontFamily: "var(--text)" },
  ".cm-panels-top, .cm-panels-bottom": { borderColor: "var(--line)" },
  ".cm-panel.cm-search": { padding: "0.375rem 2.25rem 0.375rem 0.75rem", fontSize: "0.8125rem" },
  ".cm-panel.cm-search label": {
    display: "inline-flex",
    alignItems: "center",
    gap: "0.25rem",
    marginLeft: "0.375rem",
    fontSize: "0.8125rem",
  },
  ".cm-panel.cm-search input[type=checkbox]": { margin: "0", accentColor: "var(--accent)" },
  ".cm-panel.cm-search [name=close]": {
    top: "0.375rem",
    right: "0.5rem",
    width: "1.75rem",
    height: "1.75rem",
    borderRadius: "var(--radius-small)",
    fontSize: "1.125rem",
    cursor: "default",
  },
  ".cm-panel.cm-search [name=close]:hover": { backgroundColor: "var(--hover)" },
  ".cm-textfield": {
    border: "1px solid var(--line-strong)",
    borderRadius: "var(--radius-small)",
    backgroundColor: "var(--paper)",
    padding: "0.1875rem 0.5rem",
    fontSize: "0.8125rem",
  },
  ".cm-button": {
    border: "1px solid var(--line-strong)",
    borderRadius: "var(--radius-small)",
    background: "var(--paper)",
    padding: "0.1875rem 0.625rem",
    fontSize: "0.8125rem",
  },
  ".cm-button:hover": { backgroundColor: "var(--hover)" },
  ".cm-tooltip": { border: "1px solid var(--line)", backgroundColor: "var(--bench)" },
  ".cm-changed-line": { animation: "cm-changed 1.6s ease-out" },
});

const syntax = HighlightStyle.define([
  { tag: [tags.keyword, tags.tagName, tags.modifier, tags.self], color: "var(--code-keyword)" },
  { tag: [tags.string, tags.special(tags.string), tags.regexp, tags.inserted], color: "var(--code-string)" },
  { tag: tags.comment, color: "var(--code-comment)", fontStyle: "italic" },
  {
    tag: [tags.number, tags.bool, tags.null, tags.atom, tags.attributeName, tags.escape],
    color: "var(--code-constant)",
  },
  {
    tag: [
      tags.function(tags.variableName),
      tags.function(tags.propertyName),
      tags.definition(tags.propertyName),
      tags.macroName,
      tags.labelName,
      tags.meta,
    ],
    color: "var(--code-function)",
  },
  {
    tag: [tags.typeName, tags.className, tags.namespace, tags.standard(tags.name)],
    color: "var(--code-type)",
  },
  { tag: [tags.punctuation, tags.separator, tags.bracket], color: "var(--ink-soft)" },
  { tag: tags.heading, color: "var(--code-function)", fontWeight: "600" },
  { tag: tags.emphasis, fontStyle: "italic" },
  { tag: tags.strong, fontWeight: "600" },
  { tag: [tags.link, tags.url], color: "var(--accent)", textDecoration: "underline" },
  { tag: [tags.deleted, tags.invalid], color: "var(--bad)" },
]);

export const theme = [look, syntaxHighlighting(syntax)];
