/** How a missing program is got: a command to type, a page to read, or the author's words. */
export type HowToGet = { kind: "command" | "link" | "words"; text: string };

export function howToGet(hint: string | null): HowToGet | null {
  if (hint === null || hint === "") return null;
  const page = /^see (https:\/\/\S+)$/.exec(hint);
  if (page?.[1]) return { kind: "link", text: page[1] };
  if (/^(sudo (apt|dnf)|brew) install \S+$/.test(hint)) return { kind: "command", text: hint };
  return { kind: "words", text: hint };
}
