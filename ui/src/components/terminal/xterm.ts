import { FitAddon } from "@xterm/addon-fit";
import { SearchAddon } from "@xterm/addon-search";
import { Unicode11Addon } from "@xterm/addon-unicode11";
import { WebLinksAddon } from "@xterm/addon-web-links";
import { Terminal, type ITheme } from "@xterm/xterm";
import type { Screen } from "../../lib/session/terminals.svelte";
import { leaveQuestionsToTheEngine } from "./questions";

export interface ScreenOptions {
  fontSize: number;
  screenReader: boolean;
  openUrl(url: string): void;
  /** Keys that belong to the window even while the terminal has the focus. */
  isWindowKey(event: KeyboardEvent): boolean;
}

const FONT = '"JetBrains Mono Variable"';
const FONTS = `${FONT}, monospace`;

/** A terminal as xterm draws it. The engine keeps the state; this only shows it. */
export class XtermScreen implements Screen {
  readonly #terminal: Terminal;
  readonly #fit = new FitAddon();
  readonly search = new SearchAddon();
  #disposed = false;

  constructor(element: HTMLElement, { fontSize, screenReader, openUrl, isWindowKey }: ScreenOptions) {
    this.#terminal = new Terminal({
      fontFamily: FONTS,
      fontSize,
      lineHeight: 1.2,
      cursorBlink: !window.matchMedia("(prefers-reduced-motion: reduce)").matches,
      cursorInactiveStyle: "outline",
      scrollback: 10_000,
      screenReaderMode: screenReader,
      // Whatever colours a program combines, its text can be read.
      minimumContrastRatio: 4.5,
      allowProposedApi: true,
      linkHandler: { activate: (_event, url) => openUrl(url) },
      theme: themeOf(element),
      fontWeight: weightOf(element),
    });
    leaveQuestionsToTheEngine(this.#terminal);
    this.#terminal.loadAddon(this.#fit);
    this.#terminal.loadAddon(this.search);
    this.#terminal.loadAddon(new Unicode11Addon());
    this.#terminal.unicode.activeVersion = "11";
    this.#terminal.loadAddon(new WebLinksAddon((_event, url) => openUrl(url)));
    this.#terminal.attachCustomKeyEventHandler((event) => !isWindowKey(event) && this.#copiesOrPastes(event));
    this.#terminal.open(element);
    this.fit();
    void this.#measureWith(`${fontSize}px ${FONT}`);
  }

  /** A font that comes after the terminal was measured has other lines than the one that stood in for it. */
  async #measureWith(font: string): Promise<void> {
    if (document.fonts.check(font)) return;
    // Without it the one that stands in stays.
    await document.fonts.load(font).catch(() => undefined);
    if (this.#disposed) return;
    // It is measured when the name changes.
    this.#terminal.options.fontFamily = "monospace";
    this.#terminal.options.fontFamily = FONTS;
    this.fit();
  }

  get columns(): number {
    return this.#terminal.cols;
  }

  get rows(): number {
    return this.#terminal.rows;
  }

  get selection(): string {
    return this.#terminal.getSelection();
  }

  write(bytes: Uint8Array, drawn: () => void): void {
    this.#terminal.write(bytes, drawn);
  }

  reset(): void {
    this.#terminal.reset();
  }

  focus(): void {
    this.#terminal.focus();
  }

  /** What it shows and has shown, as plain text. */
  text(): string {
    const { active } = this.#terminal.buffer;
    let text = "";
    for (let row = 0; row < active.length; row++) {
      const line = active.getLine(row);
      if (!line) continue;
      const wraps = active.getLine(row + 1)?.isWrapped ?? false;
      text += line.translateToString(!wraps) + (wraps ? "" : "\n");
    }
    return text.trimEnd();
  }

  fit(): void {
    const size = this.#fit.proposeDimensions();
    // A pane that is being hidden has no size worth telling a program.
    if (size && size.cols > 1 && size.rows > 0) this.#fit.fit();
  }

  set fontSize(pixels: number) {
    this.#terminal.options.fontSize = pixels;
    this.fit();
  }

  set screenReader(on: boolean) {
    this.#terminal.options.screenReaderMode = on;
  }

  /** Reads the colours again after the theme has changed. */
  restyle(element: HTMLElement): void {
    this.#terminal.options.theme = themeOf(element);
    this.#terminal.options.fontWeight = weightOf(element);
  }

  onData(listener: (data: string) => void): void {
    this.#terminal.onData(listener);
    this.#terminal.onBinary(listener);
  }

  onResize(listener: (columns: number, rows: number) => void): void {
    this.#terminal.onResize(({ cols, rows }) => listener(cols, rows));
  }

  dispose(): void {
    this.#disposed = true;
    this.#terminal.dispose();
  }

  /** Ctrl+Shift+C and V are the terminal's own way to the clipboard; Ctrl+C stays an interrupt. */
  #copiesOrPastes(event: KeyboardEvent): boolean {
    if (event.ctrlKey && event.shiftKey && event.code === "KeyC" && this.selection) {
      if (event.type === "keydown") document.execCommand("copy");
      event.preventDefault();
      return false;
    }
    // The webview pastes by itself when the key is not handled.
    return !(event.ctrlKey && event.shiftKey && event.code === "KeyV");
  }
}

const ANSI = [
  "black",
  "red",
  "green",
  "yellow",
  "blue",
  "magenta",
  "cyan",
  "white",
  "brightBlack",
  "brightRed",
  "brightGreen",
  "brightYellow",
  "brightBlue",
  "brightMagenta",
  "brightCyan",
  "brightWhite",
] as const;

function weightOf(element: HTMLElement): number {
  return Number(getComputedStyle(element).getPropertyValue("--weight-mono")) || 400;
}

/** xterm needs colours as text: they are read where the style sheet keeps them. */
function themeOf(element: HTMLElement): ITheme {
  const style = getComputedStyle(element);
  const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const theme: ITheme = {
    background: colour("paper"),
    foreground: colour("ink"),
    cursor: colour("accent"),
    cursorAccent: colour("paper"),
    selectionBackground: colour("selection"),
  };
  for (const name of ANSI) {
    theme[name] = colour(`ansi-${name.replace(/[A-Z]/, (letter) => `-${letter.toLowerCase()}`)}`);
  }
  return theme;
}
