import { history, isolateHistory } from "@codemirror/commands";
import {
  Compartment,
  EditorState,
  Transaction,
  type StateCommand,
  type Text,
  type TransactionSpec,
} from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { createSubscriber } from "svelte/reactivity";
import { BackendError } from "../backend/backend";
import type { Buffer, ChangeView, DocumentView, EditView, Saved } from "../protocol";
import { changeHighlight, showChange } from "./change-highlight";

/** Where documents are kept: the disk, behind the engine. */
export interface DocumentStore {
  readDocument(path: string): Promise<DocumentView>;
  saveDocument(path: string, text: string, expected: string | null): Promise<Saved>;
}

export const AUTOSAVE_MS = 1000;

/**
 * One file's text, selection and history. It owns them whether or not its tab is visible: a mounted view is only
 * another place where the same state is shown.
 */
export class OpenDocument {
  path: string;
  /** It cannot be written, and why. */
  readonly readOnly: string | null;
  /** The disk moved on while there was unsaved typing: the learner decides. */
  conflict = false;
  /** Show the selection in the middle once a view is there. */
  revealPending = false;

  #store: DocumentStore;
  #onAutosaveFailed: (error: unknown) => void;
  #state: EditorState;
  #view: EditorView | null = null;
  #viewExtensions = new Compartment();
  #wrapping = new Compartment();
  /** What is to be done as soon as a view is there. */
  #whenShown: ((view: EditorView) => void)[] = [];
  #scroll: ReturnType<EditorView["scrollSnapshot"]> | null = null;
  #saved: Text | null;
  #version: string | null;
  #queue: Promise<void> = Promise.resolve();
  #autosave: ReturnType<typeof setTimeout> | undefined;
  #notify: () => void = () => undefined;
  #subscribe: () => void;

  /** `document` null makes a file that its first save will create. */
  constructor(
    path: string,
    document: DocumentView | null,
    store: DocumentStore,
    onAutosaveFailed: (error: unknown) => void = () => undefined,
  ) {
    this.path = path;
    this.readOnly = document?.readOnly ?? null;
    this.#store = store;
    this.#onAutosaveFailed = onAutosaveFailed;
    this.#version = document?.version ?? null;
    this.#state = EditorState.create({
      doc: document?.text ?? "",
      extensions: [
        history(),
        EditorState.lineSeparator.of("\n"),
        EditorState.readOnly.of(this.readOnly !== null),
        changeHighlight,
        this.#wrapping.of([]),
        this.#viewExtensions.of([]),
      ],
    });
    this.#saved = document ? this.#state.doc : null;
    this.#subscribe = createSubscriber((update) => {
      this.#notify = update;
      return () => (this.#notify = () => undefined);
    });
  }

  get state(): EditorState {
    this.#subscribe();
    return this.#view?.state ?? this.#state;
  }

  get text(): string {
    return this.state.doc.toString();
  }

  get version(): string | null {
    return this.#version;
  }

  get dirty(): boolean {
    const { doc } = this.state;
    return this.#saved === null || (doc !== this.#saved && !doc.eq(this.#saved));
  }

  /** What the learner has to decide, as components see it. */
  get inConflict(): boolean {
    this.#subscribe();
    return this.conflict;
  }

  /** The text and selection that an action is planned on. */
  get buffer(): Buffer {
    const { doc, selection } = this.state;
    return { text: doc.toString(), selection: [selection.main.anchor, selection.main.head] };
  }

  dispatch(spec: TransactionSpec): void {
    if (this.#view) this.#view.dispatch(spec);
    else this.#accept(this.#state.update(spec));
  }

  /** Applies a planned edit as one step of undo, whatever was typed just before or after it. */
  apply(edit: EditView): void {
    const before = this.state;
    const changes = before.changes(edit.changes);
    this.revealPending = this.#view === null;
    this.dispatch({
      changes,
      ...(edit.select && { selection: { anchor: edit.select[0], head: edit.select[1] } }),
      annotations: [isolateHistory.of("full"), Transaction.userEvent.of("action")],
      effects: showChange.of(changes),
    });
    this.#reveal();
  }

  /** Puts the caret on a line (from 1) and shows it. */
  goToLine(line: number): void {
    const { doc } = this.state;
    const { from } = doc.line(Math.min(Math.max(line, 1), doc.lines));
    this.revealPending = this.#view === null;
    this.dispatch({ selection: { anchor: from } });
    this.#reveal();
  }

  /** Selects a range as it was left earlier; the text may be shorter now. */
  restore([anchor, head]: readonly [number, number]): void {
    const { length } = this.state.doc;
    this.dispatch({ selection: { anchor: Math.min(anchor, length), head: Math.min(head, length) } });
  }

  /** Runs a command on text and selection, whether or not they are shown. */
  run(command: StateCommand): boolean {
    const dispatch = (transaction: Transaction) =>
      this.#view ? this.#view.dispatch(transaction) : this.#accept(transaction);
    return command({ state: this.state, dispatch });
  }

  /** Does what needs a visible editor: now, or when it is there. */
  whenShown(command: (view: EditorView) => void): void {
    if (this.#view) command(this.#view);
    else this.#whenShown.push(command);
  }

  /** Long lines are broken, or run on. */
  toggleWrapping(): void {
    const wrapped = this.#wrapping.get(this.state) === EditorView.lineWrapping;
    this.dispatch({ effects: this.#wrapping.reconfigure(wrapped ? [] : EditorView.lineWrapping) });
  }

  /** Writes what is not on disk yet. Rejects with `conflict` when the disk has moved on. */
  save(): Promise<void> {
    clearTimeout(this.#autosave);
    return this.#enqueue(() => this.#saveNow());
  }

  /** Compares with the disk: a clean document follows it, a dirty one is in conflict. Rejects with `not-found`. */
  refresh(): Promise<void> {
    return this.#enqueue(async () => {
      const disk = await this.#store.readDocument(this.path);
      if (disk.version === this.#version) return;
      if (this.dirty) {
        if (disk.text === this.state.doc.toString()) this.#adopt(disk);
        else this.#setConflict(true);
      } else {
        this.#followDisk(disk);
      }
    });
  }

  /** An action has written the file, or moved it here: undo brings back what the disk holds no more. */
  reload(): Promise<void> {
    return this.#enqueue(async () => {
      const disk = await this.#store.readDocument(this.path);
      if (disk.version !== this.#version) this.#load(disk);
      else {
        this.#setConflict(false);
        // Typed while the file was on its way.
        if (this.dirty) await this.#saveNow();
      }
    });
  }

  /** The learner decided for the disk. Undo brings the own text back. */
  loadFromDisk(): Promise<void> {
    return this.#enqueue(async () => this.#load(await this.#store.readDocument(this.path)));
  }

  #load(disk: DocumentView): void {
    const change = trimmedChange(this.state.doc, disk.text);
    if (change) this.dispatch({ changes: change, annotations: isolateHistory.of("full") });
    this.#adopt(disk);
  }

  /** The learner decided for the own text, which replaces what the disk holds now. */
  keepMine(): Promise<void> {
    return this.#enqueue(async () => {
      this.#version = await this.#diskVersion();
      // Also a text that was undone to what it had been is not what the disk holds now.
      this.#saved = null;
      this.#setConflict(false);
      await this.#saveNow();
    });
  }

  /** The view shows this state from now on; `extensions` are what only a visible editor needs. */
  attach(view: EditorView, extensions: TransactionSpec["effects"]): void {
    this.#view = view;
    if (extensions) view.dispatch({ effects: extensions });
    if (this.revealPending) this.#reveal();
    else if (this.#scroll) view.dispatch({ effects: this.#scroll });
    this.revealPending = false;
    const waiting = this.#whenShown;
    this.#whenShown = [];
    // Panels and folds need the view's own extensions to be in place.
    if (waiting.length > 0) queueMicrotask(() => waiting.forEach((command) => command(view)));
  }

  detach(): void {
    if (!this.#view) return;
    this.#scroll = this.#view.scrollSnapshot();
    this.#state = this.#view.state;
    this.#view = null;
    if (this.dirty && !this.conflict) this.#saveQuietly();
  }

  /** What makes the state visible, for `attach`. */
  viewExtensions(extensions: Parameters<Compartment["reconfigure"]>[0]): TransactionSpec["effects"] {
    return this.#viewExtensions.reconfigure(extensions);
  }

  /** For the view's `dispatchTransactions`: all changes of the text come by here. */
  readonly update = (transactions: readonly Transaction[], view: EditorView): void => {
    view.update(transactions);
    this.#changed(transactions.some((transaction) => transaction.docChanged));
  };

  /** The editor lost the focus. */
  readonly blurred = (): void => {
    if (this.dirty && !this.conflict) this.#saveQuietly();
  };

  /** What was typed is still written. Rejects with `conflict` rather than lose it. */
  close(): Promise<void> {
    clearTimeout(this.#autosave);
    return this.dirty && this.readOnly === null ? this.save() : this.#queue;
  }

  #accept(transaction: Transaction): void {
    this.#state = transaction.state;
    this.#changed(transaction.docChanged);
  }

  #changed(documentChanged: boolean): void {
    if (documentChanged && !this.conflict && this.readOnly === null) {
      clearTimeout(this.#autosave);
      this.#autosave = setTimeout(() => this.#saveQuietly(), AUTOSAVE_MS);
    }
    this.#notify();
  }

  #saveQuietly(): void {
    this.save().catch((error: unknown) => {
      // A conflict already shows in its own bar.
      if (!(error instanceof BackendError && error.code === "conflict")) this.#onAutosaveFailed(error);
    });
  }

  async #saveNow(): Promise<void> {
    if (this.conflict) throw conflictOf(this.path);
    if (!this.dirty || this.readOnly !== null) return;
    const { doc } = this.state;
    try {
      const { version } = await this.#store.saveDocument(this.path, doc.toString(), this.#version);
      this.#version = version;
      this.#saved = doc;
      this.#notify();
    } catch (error) {
      if (error instanceof BackendError && error.code === "conflict") {
        this.#setConflict(true);
        throw conflictOf(this.path);
      }
      throw error;
    }
  }

  async #diskVersion(): Promise<string | null> {
    try {
      return (await this.#store.readDocument(this.path)).version;
    } catch (error) {
      if (error instanceof BackendError && error.code === "not-found") return null;
      throw error;
    }
  }

  /** The learner did not do this: undo must not reach it. Older steps and the selection survive by mapping. */
  #followDisk(disk: DocumentView): void {
    const change = trimmedChange(this.state.doc, disk.text);
    if (change) {
      this.dispatch({
        changes: change,
        annotations: [Transaction.addToHistory.of(false), Transaction.remote.of(true)],
        effects: showChange.of(this.state.changes(change)),
      });
    }
    this.#adopt(disk);
  }

  #adopt(disk: DocumentView): void {
    clearTimeout(this.#autosave);
    this.#saved = this.state.doc;
    this.#version = disk.version;
    this.#setConflict(false);
  }

  #setConflict(conflict: boolean): void {
    this.conflict = conflict;
    if (conflict) clearTimeout(this.#autosave);
    this.#notify();
  }

  /** Saves and reads of one document never overlap: each sees the version that the one before it left. */
  #enqueue(task: () => Promise<void>): Promise<void> {
    const done = this.#queue.then(task);
    this.#queue = done.catch(() => undefined);
    return done;
  }

  #reveal(): void {
    if (!this.#view) return;
    this.#view.dispatch({
      effects: EditorView.scrollIntoView(this.#view.state.selection.main, { y: "center" }),
    });
  }
}

/** The smallest single change that turns one text into the other; null when they are equal. */
export function trimmedChange(from: Text, to: string): ChangeView | null {
  const old = from.toString();
  if (old === to) return null;
  const shorter = Math.min(old.length, to.length);
  let start = 0;
  while (start < shorter && old.charCodeAt(start) === to.charCodeAt(start)) start++;
  let tail = 0;
  while (
    tail < shorter - start &&
    old.charCodeAt(old.length - 1 - tail) === to.charCodeAt(to.length - 1 - tail)
  )
    tail++;
  return { from: start, to: old.length - tail, insert: to.slice(start, to.length - tail) };
}

function conflictOf(path: string): BackendError {
  return new BackendError(
    "conflict",
    `${path} has changed on disk. Decide above the editor which text stays`,
  );
}
