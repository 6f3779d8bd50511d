export interface Toast {
  id: number;
  kind: "notice" | "problem";
  text: string;
}

const NOTICE_MS = 3000;

/** Short messages at the window's edge. A problem stays until it is read. */
export class Toasts {
  list = $state<Toast[]>([]);
  /** What screen readers say next. */
  announcement = $state("");
  #last = 0;

  announce = (text: string): void => {
    // The same sentence twice is said twice only if the text differs.
    this.announcement = text === this.announcement ? `${text}\u00a0` : text;
  };

  notice = (text: string): void => {
    const id = this.#add("notice", text);
    this.announce(text);
    setTimeout(() => this.dismiss(id), NOTICE_MS);
  };

  problem = (text: string): void => {
    if (this.list.some((toast) => toast.text === text)) return;
    this.#add("problem", text);
    this.announce(text);
  };

  dismiss(id: number): void {
    this.list = this.list.filter((toast) => toast.id !== id);
  }

  clear(): void {
    this.list = [];
  }

  /** Takes away what the learner has gone to read. */
  retract(text: string): void {
    this.list = this.list.filter((toast) => toast.text !== text);
  }

  #add(kind: Toast["kind"], text: string): number {
    const id = ++this.#last;
    this.list = [...this.list, { id, kind, text }].slice(-4);
    return id;
  }
}
