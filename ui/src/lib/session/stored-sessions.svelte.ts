import type { Backend } from "../backend/backend";
import type { LossView, SessionView, StoredSessionView } from "../protocol";
import { sentence } from "./put-back";
import type { WorkshopSession } from "./session.svelte";
import type { Toasts } from "./toasts.svelte";

/** What is asked about a session before it happens. */
export interface Question {
  what: "start-over" | "export" | "remove";
  losses: LossView;
}

/** What the sessions need of the window. */
export interface StoredSessionsHost {
  readonly backend: Backend;
  readonly toasts: Toasts;
  /** The open one. */
  session(): WorkshopSession | null;
  /** Closes the open one. */
  close(): Promise<void>;
  /** Begins a workshop anew, on the pathway it was on. */
  startAnew(view: SessionView): Promise<void>;
  showLibrary(): Promise<void>;
  isInLibrary(): boolean;
  /** Shows nothing that could ask for more. */
  wait(): void;
  open(workshop: string): Promise<void>;
}

/** The sessions on this computer: what is asked about them, and what is done with them. */
export class StoredSessions {
  /** What is asked about a session. */
  question = $state.raw<Question | null>(null);
  /** The list of sessions is shown. */
  listed = $state(false);
  /** Counts what changes the list of sessions. */
  revision = $state(0);

  #host: StoredSessionsHost;

  constructor(host: StoredSessionsHost) {
    this.#host = host;
  }

  /** Asks about a session, with what would be lost. The open one without a name. */
  async ask(what: Question["what"], name = this.#host.session()?.view.name): Promise<void> {
    if (name === undefined) return;
    try {
      if (this.#isOpen(name)) await this.#host.session()?.settle();
      this.question = { what, losses: await this.#host.backend.sessionLosses(name) };
    } catch (error) {
      this.#host.toasts.problem(sentence(error));
    }
  }

  /** Begins again. The old session is kept for the list of sessions, or deleted. Asks nobody: the caller has. */
  async startOver(name: string, deleteOld: boolean): Promise<void> {
    const view = this.#isOpen(name) ? this.#host.session()?.view : undefined;
    const away = () =>
      deleteOld ? this.#host.backend.removeStoredSession(name) : this.#host.backend.setSessionAside(name);
    if (!view) {
      if (await this.#try(away)) this.#host.toasts.notice("The next start of this workshop begins anew.");
      this.revision++;
      return;
    }
    // Nothing more can be asked of the session while it is put away.
    this.#host.wait();
    await this.#host.close();
    if (!(await this.#try(away))) return this.#host.showLibrary();
    await this.#host.startAnew(view);
  }

  /** Deletes a session. Asks nobody: the caller has. */
  async remove(name: string): Promise<void> {
    const wasOpen = this.#isOpen(name);
    if (wasOpen) await this.#host.close();
    if (await this.#try(() => this.#host.backend.removeStoredSession(name)))
      this.#host.toasts.notice("The session is removed.");
    this.revision++;
    if (wasOpen || this.#host.isInLibrary()) await this.#host.showLibrary();
  }

  /** Goes on with this session rather than with another one of its workshop. */
  async open({ name, workshop }: StoredSessionView): Promise<void> {
    if (!(await this.#try(() => this.#host.backend.chooseSession(name)))) return;
    this.listed = false;
    await this.#host.open(workshop);
  }

  async #try(what: () => Promise<void>): Promise<boolean> {
    try {
      await what();
      return true;
    } catch (error) {
      this.#host.toasts.problem(sentence(error));
      return false;
    }
  }

  #isOpen(name: string): boolean {
    return this.#host.session()?.view.name === name;
  }
}
