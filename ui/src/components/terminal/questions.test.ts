import { Terminal } from "@xterm/xterm";
import { expect, test } from "vitest";
import { leaveQuestionsToTheEngine } from "./questions";

const ESC = "\u001b";
const QUESTIONS = {
  "primary attributes": `${ESC}[c`,
  "secondary attributes": `${ESC}[>c`,
  "tertiary attributes": `${ESC}[=c`,
  status: `${ESC}[5n`,
  "cursor position": `${ESC}[6n`,
  "cursor position, private": `${ESC}[?6n`,
  "an ANSI mode": `${ESC}[4$p`,
  "a private mode": `${ESC}[?2004$p`,
  version: `${ESC}[>0q`,
  "size in characters": `${ESC}[18t`,
  "keyboard flags": `${ESC}[?u`,
  "a palette colour": `${ESC}]4;1;?${ESC}\\`,
  foreground: `${ESC}]10;?${ESC}\\`,
  background: `${ESC}]11;?\u0007`,
  "cursor colour": `${ESC}]12;?${ESC}\\`,
  "a setting": `${ESC}P$qm${ESC}\\`,
};

test.each(Object.entries(QUESTIONS))("%s is not answered", async (_name, question) => {
  expect(await answersTo(question)).toEqual([]);
});

test("the rest of the output is drawn", async () => {
  const terminal = quiet();
  await new Promise<void>((drawn) => terminal.write(`${ESC}[6nbefore${ESC}[ca after`, drawn));
  expect(terminal.buffer.active.getLine(0)?.translateToString(true)).toBe("beforea after");
});

async function answersTo(question: string): Promise<string[]> {
  const terminal = quiet();
  const answers: string[] = [];
  terminal.onData((data) => answers.push(data));
  await new Promise<void>((drawn) => terminal.write(question, drawn));
  return answers;
}

function quiet(): Terminal {
  const terminal = new Terminal({ allowProposedApi: true });
  leaveQuestionsToTheEngine(terminal);
  return terminal;
}
