import type { ActionResult, ActionUpdate, ActionView } from "../protocol";

export type CardStatus =
  "ready" | "queued" | "running" | "done" | "warned" | "failed" | "skipped" | "cooling" | "asking";
export type Trigger = "click" | "autostart" | "cascade" | "catch-up";

/** How an action ended whose end somebody waited for, and what is to run now. */
export interface End {
  status: CardStatus;
  next: string[];
}

/** What a card shows. */
export interface CardState {
  status: CardStatus;
  /** Running for so long that it should show. */
  slow: boolean;
  message: string | null;
  output: string | null;
  exitCode: number | null;
  millis: number | null;
  /** When it was started, on `performance.now()`'s clock. */
  startedAt: number | null;
  /** When it may run again; null when it never may. Only while `cooling`. */
  readyAt: number | null;
  /** How far a check is that is tried again. */
  tried?: Tried | null;
  /** What the learner is asked before it runs. Only while `asking`. */
  question?: Question | null;
}

/** A command that is not typed without the learner's word. */
export interface Question {
  /** What would be typed. */
  command: string;
  /** Why it is asked about. */
  reasons: string[];
  /** The learner has just asked for it, and is to answer. */
  asked: boolean;
  /** How the card stands when the answer is no. */
  before: CardState;
}

/** Which attempt of a check runs, or has failed last. */
export interface Tried {
  attempt: number;
  /** Null when there is no end. */
  attempts: number | null;
  /** When the next one begins, on `performance.now()`'s clock; null while one runs. */
  nextAt: number | null;
}

/** What the runner needs of the session around it. */
export interface ActionHost {
  /** Prepares, asks the engine, and does what it answers. */
  perform(
    action: ActionView,
    trigger: Trigger,
    drop: number | null,
    agreed: string | null,
  ): Promise<ActionResult>;
  /** Does what an answer asks that came as an event. */
  applyEffects(result: ActionResult): Promise<void>;
  cancel(id: string): Promise<void>;
  /** The learner goes on although the check has not passed. */
  skip(id: string): Promise<ActionResult>;
  announce(text: string): void;
  /** What everything waits for before it runs; null when there is no such thing. */
  gate?(): Promise<void> | null;
  /** What a card shows of its file, where that is newer than the page. */
  preview?(id: string): string | undefined;
  /** Nothing runs: cards say why. */
  readonly readOnly?: boolean;
  /** Who only reads wants to start the workshop. */
  trust?(): void;
}

export const PROGRESS_AFTER_MS = 150;

/** Nothing has come of it yet. */
export const READY: Readonly<CardState> = {
  status: "ready",
  slow: false,
  message: null,
  output: null,
  exitCode: null,
  millis: null,
  startedAt: null,
  readyAt: null,
};

/** Still to be begun. */
export const TO_DO: ReadonlySet<CardStatus> = new Set<CardStatus>(["ready", "failed", "asking"]);

/** What the card of an action shows that the engine tells of. */
export function stateOf(update: ActionUpdate): CardState {
  return { ...READY, ...update, slow: update.status === "running" };
}
