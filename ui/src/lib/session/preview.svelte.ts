import type { Backend } from "../backend/backend";
import type {
  CopiedView,
  DiagnosticView,
  Effect,
  Event,
  OfferView,
  PageState,
  ReloadView,
  SessionView,
  SuccessorView,
} from "../protocol";
import type { ActionRunner } from "./actions.svelte";
import type { CatchUp } from "./catch-up.svelte";
import { sentence } from "./put-back";

/** The page in front. */
export interface ShownPage {
  runner: ActionRunner;
  state: PageState;
  catchUp: CatchUp;
  /** It is another version of the page that was there: the reader stays where they are. */
  succeeds?: SuccessorView;
}

/** What the author's news need of the session around them. */
export interface PreviewHost {
  backend: Pick<Backend, "sessionView" | "copyIn">;
  /** The workshop beside its pages. */
  renew(workshop: Pick<ReloadView, "title" | "description" | "contentsTitle" | "pages">): void;
  /** The page in front has another version, or is gone. */
  succeed(shown: SuccessorView): void;
  /** What is typed is on the disk before files are compared. */
  flush(): Promise<void>;
  apply(effects: Effect[]): Promise<void>;
  announce(text: string): void;
  problem(message: string): void;
  notice?(text: string): void;
}

/** What precedes the name of a part in what was passed over. */
const WAITS = "restart ";

type News = Extract<Event, { kind: "workshop-reloaded" | "problems-changed" | "files-offered" }>;

/** What its author is shown who works on the workshop that is open: reloads, findings, files to copy in. */
export class Preview {
  problems = $state.raw<readonly DiagnosticView[]>([]);
  /** Why the files as they are cannot be shown. */
  problem = $state<string | null>(null);
  /** Parts of the definition that apply after a restart. */
  restart = $state.raw<readonly string[]>([]);
  offer = $state.raw<OfferView>({ files: [], scripts: [], problem: null });
  /** Copies that were changed in the session, while the author is asked about them. */
  asked = $state.raw<readonly string[]>([]);
  /** Counts reloads, so that who was on the way to a page knows that one came between. */
  reloads = $state(0);

  /** Why not everything that is saved is shown at once; nothing while the whole folder is watched. */
  unwatched = $state<string | null>(null);

  /** What the author does not want now, as it was then. */
  #passedOver = $state.raw<ReadonlySet<string>>(new Set());
  /** Of what news have come: they are newer than any view that was asked for before. */
  #heard = new Set<News["kind"]>();
  #host: PreviewHost;

  constructor({ problems, restart, unwatched, offer }: SessionView, host: PreviewHost) {
    this.#host = host;
    this.problems = problems;
    this.restart = restart;
    this.unwatched = unwatched;
    this.offer = offer;
  }

  /** Asks for what was found before anybody listened here. */
  async catchUp(): Promise<void> {
    // What is missed here comes with the next event.
    const view = await this.#host.backend.sessionView().catch(() => null);
    if (view === null) return;
    if (!this.#heard.has("problems-changed")) this.problems = view.problems;
    if (!this.#heard.has("files-offered")) this.offer = view.offer;
    if (this.#heard.has("workshop-reloaded")) return;
    this.restart = view.restart;
    this.unwatched = view.unwatched;
    this.#host.renew(view);
  }

  on(event: News): void {
    this.#heard.add(event.kind);
    if (event.kind === "problems-changed") this.problems = event.problems;
    else if (event.kind === "files-offered") this.offer = event.offer;
    else this.#reloaded(event.reload);
  }

  #reloaded(reload: ReloadView): void {
    this.reloads++;
    const broke = reload.problem !== null && this.problem === null;
    this.problem = reload.problem;
    this.restart = reload.restart;
    const isOver = (name: string) =>
      name.startsWith(WAITS) && !reload.restart.includes(name.slice(WAITS.length));
    this.#passedOver = new Set([...this.#passedOver].filter((name) => !isOver(name)));
    this.unwatched = reload.unwatched;
    this.#host.renew(reload);
    if (reload.shown) this.#host.succeed(reload.shown);
    if (broke) this.#host.announce("The workshop cannot be shown as it is now");
    else if (reload.shown?.page) this.#host.announce("This page has changed");
  }

  /** Exercises to copy in that were not passed over. */
  get files() {
    return this.offer.files.filter((file) => !this.#isPassedOver(file));
  }

  get scripts(): readonly string[] {
    return this.offer.scripts.filter((script) => !this.#isPassedOver(script)).map(({ name }) => name);
  }

  get restartParts(): readonly string[] {
    return this.restart.filter((part) => !this.#passedOver.has(`${WAITS}${part}`));
  }

  /** Not now: until another one comes, or the same one changes again. */
  passOver(names: readonly string[]): void {
    const offered = [...this.offer.files, ...this.offer.scripts].filter(({ name }) => names.includes(name));
    this.#passedOver = new Set([...this.#passedOver, ...names, ...offered.map(asItIs)]);
  }

  #isPassedOver(file: { name: string; version: string }): boolean {
    return this.#passedOver.has(asItIs(file));
  }

  /** Copies what waits; about copies that were changed in the session the author is asked. */
  async copyIn(): Promise<void> {
    const copied = await this.#copy(
      this.files.map(({ name }) => name),
      false,
    );
    const yours = copied?.offer.files.filter((file) => file.yours && !this.#isPassedOver(file));
    this.asked = yours?.map(({ name }) => name) ?? [];
  }

  /** The copies that the author was asked about give way. */
  async replace(): Promise<void> {
    const names = this.asked;
    this.asked = [];
    await this.#copy(names, true);
  }

  keep(): void {
    this.passOver(this.asked);
    this.asked = [];
  }

  async #copy(names: readonly string[], replace: boolean): Promise<CopiedView | null> {
    try {
      await this.#host.flush();
      const copied = await this.#host.backend.copyIn([...names], replace);
      this.offer = copied.offer;
      await this.#host.apply(copied.effects);
      const removed = copied.effects.filter((effect) => effect.kind === "close-document").length;
      const news = [
        counted(copied.effects.length - removed, "copied in"),
        counted(removed, "removed from the session"),
      ].filter((each) => each !== null);
      if (news.length > 0) this.#host.notice?.(news.join(" "));
      return copied;
    } catch (error) {
      this.#host.problem(sentence(error));
      return null;
    }
  }
}

function asItIs({ name, version }: { name: string; version: string }): string {
  return `${name}\n${version}`;
}

function counted(count: number, what: string): string | null {
  if (count === 0) return null;
  return count === 1 ? `One file was ${what}.` : `${count} files were ${what}.`;
}
