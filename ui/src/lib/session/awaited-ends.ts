import type { CardStatus, End } from "./action-state";

/** Somebody who waits for the end of an action. */
export interface Waiting {
  settle: (end: End | null) => void;
  /** What follows then. */
  next: string[];
  /** What follows is theirs to run. */
  follows: boolean;
}

/** Who waits for the ends of which actions. */
export class AwaitedEnds {
  #waiting = new Map<string, Waiting[]>();

  wait(id: string, waiting: Waiting): void {
    this.#waiting.set(id, [...(this.#waiting.get(id) ?? []), waiting]);
  }

  /** Who runs what follows from an action instead of the page. */
  taker(id: string): Waiting | undefined {
    return this.#waiting.get(id)?.find(({ follows }) => follows);
  }

  /** The action has ended. */
  settle(id: string, status: CardStatus): void {
    const waiting = this.#waiting.get(id) ?? [];
    this.#waiting.delete(id);
    for (const { settle, next } of waiting) settle({ status, next });
  }

  /** Nobody waits any more. */
  release(): void {
    const all = [...this.#waiting.values()].flat();
    this.#waiting.clear();
    for (const { settle } of all) settle(null);
  }
}
