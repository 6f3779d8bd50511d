const PROMPT = "\x1b[32mlearner\x1b[0m:\x1b[34m~/exercises\x1b[0m$ ";
const KEPT = 64 * 1024;

/** A make-believe shell: echoes what is typed and knows a handful of answers. */
export class FakeTerminal {
  /** What it printed so far: what a new view sees first. */
  #kept = "";
  #line = "";
  #views = new Set<(bytes: Uint8Array) => void>();
  #answers: Record<string, string>;

  constructor(answers: Record<string, string>) {
    this.#answers = answers;
    this.#kept = PROMPT;
  }

  attach(output: (bytes: Uint8Array) => void): () => void {
    this.#views.add(output);
    output(encode(this.#kept));
    return () => this.#views.delete(output);
  }

  /** Types a command and its Enter. */
  run(command: string): void {
    this.write(`${command}\r`);
  }

  clear(): void {
    this.#print("\x1b[2J\x1b[3J\x1b[H");
    this.#print(PROMPT);
  }

  write(data: string): void {
    for (const key of data) {
      if (key === "\r" || key === "\n") this.#enter();
      else if (key === "\x7f") this.#rubOut();
      else if (key === "\x03") this.#interrupt();
      else {
        this.#line += key;
        this.#print(key);
      }
    }
  }

  #enter(): void {
    const command = this.#line.trim();
    this.#line = "";
    this.#print("\r\n");
    if (command === "clear") this.#print("\x1b[2J\x1b[3J\x1b[H");
    else if (command) this.#print(this.#answer(command));
    this.#print(PROMPT);
  }

  #answer(command: string): string {
    const known = this.#answers[command];
    if (known !== undefined) return known.replace(/\n/g, "\r\n");
    if (command.startsWith("echo ")) return `${command.slice(5)}\r\n`;
    return `bash: ${command.split(" ")[0]}: command not found\r\n`;
  }

  #rubOut(): void {
    if (!this.#line) return;
    this.#line = this.#line.slice(0, -1);
    this.#print("\b \b");
  }

  #interrupt(): void {
    this.#line = "";
    this.#print(`^C\r\n${PROMPT}`);
  }

  #print(text: string): void {
    this.#kept = (this.#kept + text).slice(-KEPT);
    for (const view of this.#views) view(encode(text));
  }
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
