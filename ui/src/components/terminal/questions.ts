import type { Terminal } from "@xterm/xterm";

/** The last bytes of control sequences that ask the terminal something. */
const ASKING_CSI = [
  { final: "c" },
  { prefix: ">", final: "c" },
  { prefix: "=", final: "c" },
  { final: "n" },
  { prefix: "?", final: "n" },
  { intermediates: "$", final: "p" },
  { prefix: "?", intermediates: "$", final: "p" },
  { prefix: ">", final: "q" },
  { final: "t" },
  { prefix: "?", final: "u" },
] as const;

/** Palette, foreground, background and cursor colour: set with a value, asked for with `?`. */
const COLOURS = [4, 10, 11, 12] as const;

/**
 * Keeps a view from answering what a program asks its terminal. The engine answers, exactly once, however many views
 * there are; an answer of a view would reach the program as if it had been typed.
 */
export function leaveQuestionsToTheEngine({ parser }: Pick<Terminal, "parser">): void {
  for (const sequence of ASKING_CSI) parser.registerCsiHandler(sequence, () => true);
  for (const colour of COLOURS) {
    parser.registerOscHandler(colour, (data) => data.split(";").includes("?"));
  }
  parser.registerDcsHandler({ intermediates: "$", final: "q" }, () => true);
}
