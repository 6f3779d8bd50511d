import type { Text } from "@codemirror/state";
import { SvelteMap } from "svelte/reactivity";
import { BackendError, type Backend } from "../backend/backend";
import type { Buffer, EditView, FileEntry } from "../protocol";
import { OpenDocument } from "./open-document";

export type DocumentsBackend = Pick<
  Backend,
  "readDocument" | "saveDocument" | "watchDocuments" | "listFolder"
>;

/** What an action is planned on: valid as long as the document still holds exactly this text. */
export interface Base {
  path: string;
  doc: Text | null;
  buffer: Buffer | null;
}

/** The files that are open in the editor, in tab order. */
export class Documents {
  tabs = $state<string[]>([]);
  /** Counts what may have changed the folders, so that trees read them again. */
  filesRevision = $state(0);

  #backend: DocumentsBackend;
  #onProblem: (message: string) => void;
  #open = new SvelteMap<string, OpenDocument>();
  #unreadable = new SvelteMap<string, string>();
  #opening = new Map<string, Promise<OpenDocument>>();
  /** Where the learner was in files that are closed. */
  #left = new Map<string, readonly [number, number]>();
  /** Files whose tabs were closed, the last one last. */
  #closed: string[] = [];

  constructor(backend: DocumentsBackend, onProblem: (message: string) => void = () => undefined) {
    this.#backend = backend;
    this.#onProblem = onProblem;
  }

  get(path: string): OpenDocument | undefined {
    return this.#open.get(path);
  }

  /** Why a tab cannot show its file. */
  unreadable(path: string): string | undefined {
    return this.#unreadable.get(path);
  }

  /** Opens a file, or finds it open. A file that is not text gets a tab with a notice. */
  open(path: string): Promise<OpenDocument> {
    const open = this.#open.get(path);
    if (open) return Promise.resolve(open);
    let opening = this.#opening.get(path);
    if (!opening) {
      opening = this.#read(path).finally(() => this.#opening.delete(path));
      this.#opening.set(path, opening);
    }
    return opening;
  }

  /** Makes the file's state fit to plan on: open, saved, and as the disk has it. Null when it does not exist. */
  async prepare(path: string): Promise<Base> {
    const open = this.#open.get(path);
    try {
      if (!open) await this.open(path);
      else if (open.conflict || open.dirty) await open.save();
      else await open.refresh();
    } catch (error) {
      if (!(error instanceof BackendError && error.code === "not-found")) throw error;
      if (open && !open.dirty) this.#forget(path);
    }
    if (this.#open.get(path)?.conflict) await this.#open.get(path)?.save();
    return this.base(path);
  }

  base(path: string): Base {
    const open = this.#open.get(path);
    return { path, doc: open?.state.doc ?? null, buffer: open?.buffer ?? null };
  }

  /**
   * Applies an edit that was planned on `base`. False, and nothing happened, when the text has changed since: then
   * the plan is void and must be made again. Saving is the caller's next step.
   */
  async apply(path: string, edit: EditView, create: boolean, base: Base | null): Promise<boolean> {
    if (base?.path === path && (this.#open.get(path)?.state.doc ?? null) !== base.doc) return false;
    const document = this.#open.get(path) ?? (create ? this.#create(path) : await this.open(path));
    if (document.readOnly !== null) throw new BackendError("not-text", document.readOnly);
    document.apply(edit);
    if (base?.path === path) base.doc = document.state.doc;
    return true;
  }

  /** Writes everything that was typed, so that shells and tests see it. A conflict elsewhere stops nobody. */
  async flush(): Promise<void> {
    const dirty = [...this.#open.values()].filter(
      (each) => each.dirty && each.readOnly === null && !each.conflict,
    );
    const saved = await Promise.allSettled(dirty.map((each) => each.save()));
    for (const each of saved) {
      if (each.status === "rejected" && !isConflict(each.reason)) this.#onProblem(sentence(each.reason));
    }
  }

  /** The learner closes a tab: what was typed is written first. */
  async close(path: string): Promise<void> {
    await this.#open.get(path)?.close();
    this.#forget(path);
  }

  /** Nothing of these files and folders waits for the learner's decision: an action may move or overwrite them. */
  async settle(paths: readonly string[]): Promise<void> {
    for (const [path, open] of this.#open) {
      if (open.conflict && paths.some((each) => isWithin(path, each))) await open.save();
    }
  }

  /** An action has written the file. */
  async reload(path: string): Promise<void> {
    this.#left.delete(path);
    await this.#open.get(path)?.reload();
  }

  /** An action has deleted the file. What was typed meanwhile stays open: it is the only copy. */
  deleted(path: string): void {
    for (const each of [...this.tabs]) {
      if (isWithin(each, path) && !this.#open.get(each)?.dirty) this.#forget(each);
    }
    for (const each of [...this.#left.keys()]) if (isWithin(each, path)) this.#left.delete(each);
    this.#closed = this.#closed.filter((each) => !isWithin(each, path));
  }

  /** The file whose tab was closed last and is not open. */
  takeClosed(): string | undefined {
    for (let path = this.#closed.pop(); path !== undefined; path = this.#closed.pop()) {
      if (!this.tabs.includes(path)) return path;
    }
    return undefined;
  }

  /** A file that its first save will make, under a name that is free in the folder. */
  async create(folder: string): Promise<string> {
    const taken = new Set((await this.list(folder)).map((entry) => entry.path));
    for (let number = 1; ; number++) {
      const path = `${folder}/untitled-${number}.txt`;
      if (taken.has(path) || this.tabs.includes(path)) continue;
      this.#create(path);
      return path;
    }
  }

  /** The file is gone: nothing is written. */
  discard(path: string): void {
    for (const each of [...this.tabs]) if (isWithin(each, path)) this.#forget(each);
  }

  /** A file or folder has another path now; text and history stay with it. */
  move(from: string, to: string): void {
    for (const path of [...this.tabs]) {
      if (!isWithin(path, from)) continue;
      const moved = to + path.slice(from.length);
      if (this.#open.has(moved) || this.#unreadable.has(moved)) this.#forget(moved);
      const open = this.#open.get(path);
      if (open) {
        open.path = moved;
        this.#open.delete(path);
        this.#open.set(moved, open);
        // A save that came between the move and this went to the old place, and found nothing there.
        open.reload().catch((error: unknown) => this.#onProblem(sentence(error)));
      }
      this.#unreadable.delete(path);
      this.tabs = this.tabs.map((tab) => (tab === path ? moved : tab));
    }
    for (const [path, place] of [...this.#left]) {
      if (!isWithin(path, from)) continue;
      this.#left.delete(path);
      this.#left.set(to + path.slice(from.length), place);
    }
    this.#watch();
  }

  /** The watcher saw a change. */
  async diskChanged(path: string, version: string | null): Promise<void> {
    const open = this.#open.get(path);
    if (!open || (version !== null && version === open.version)) return;
    try {
      await open.refresh();
    } catch (error) {
      // A deleted file stays open: its text may be the only copy left.
      if (!(error instanceof BackendError && error.code === "not-found")) this.#onProblem(sentence(error));
    }
  }

  filesChanged(): void {
    this.filesRevision++;
  }

  list(path: string): Promise<FileEntry[]> {
    return this.#backend.listFolder(path);
  }

  /** Files whose two texts wait for the learner's decision. */
  get conflicts(): string[] {
    return [...this.#open.values()].filter((each) => each.inConflict).map((each) => each.path);
  }

  get dirty(): boolean {
    return [...this.#open.values()].some((each) => each.dirty && each.readOnly === null && !each.conflict);
  }

  async #read(path: string): Promise<OpenDocument> {
    try {
      const document = new OpenDocument(
        path,
        await this.#backend.readDocument(path),
        this.#backend,
        (error) => this.#onProblem(sentence(error)),
      );
      return this.#add(document);
    } catch (error) {
      if (error instanceof BackendError && error.code === "not-text") {
        this.#unreadable.set(path, error.message);
        this.#addTab(path);
      }
      throw error;
    }
  }

  #create(path: string): OpenDocument {
    return this.#add(
      new OpenDocument(path, null, this.#backend, (error) => this.#onProblem(sentence(error))),
    );
  }

  #add(document: OpenDocument): OpenDocument {
    this.#unreadable.delete(document.path);
    this.#open.set(document.path, document);
    const left = this.#left.get(document.path);
    if (left) document.restore(left);
    this.#addTab(document.path);
    return document;
  }

  #addTab(path: string): void {
    if (!this.tabs.includes(path)) this.tabs.push(path);
    this.#watch();
  }

  #forget(path: string): void {
    const open = this.#open.get(path);
    if (open) this.#left.set(path, open.buffer.selection);
    this.#closed.push(path);
    this.#open.delete(path);
    this.#unreadable.delete(path);
    this.tabs = this.tabs.filter((tab) => tab !== path);
    this.#watch();
  }

  #watch(): void {
    this.#backend.watchDocuments([...this.#open.keys()]).catch(() => undefined);
  }
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

function isConflict(error: unknown): boolean {
  return error instanceof BackendError && error.code === "conflict";
}

function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
