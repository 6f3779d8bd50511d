/** First come, first served, for each target: terminal, editor, dashboards. */
export class Queues {
  #tails = new Map<string, Promise<void>>();
  #waiting = 0;

  /** Runs the task when everything before it on this queue has ended; at once where there is no queue. */
  run(queue: string | null, task: () => Promise<void>): void {
    if (queue === null) {
      void task();
      return;
    }
    this.#waiting++;
    const before = this.#tails.get(queue);
    const mine = (before ? before.then(task) : task()).finally(() => {
      this.#waiting--;
      if (this.#tails.get(queue) === mine) this.#tails.delete(queue);
    });
    this.#tails.set(queue, mine);
  }

  isBusy(queue: string | null): boolean {
    return queue !== null && this.#tails.has(queue);
  }

  get idle(): boolean {
    return this.#waiting === 0;
  }
}
