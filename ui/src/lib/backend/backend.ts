import type {
  Allowances,
  ActionInput,
  AddressView,
  ActionResult,
  CopiedView,
  DocumentView,
  Effect,
  ErrorCode,
  Event,
  ExportedView,
  ExportScope,
  FileEntry,
  FinishView,
  InspectionView,
  Isolation,
  LibraryView,
  LossView,
  OpenedView,
  NextStep,
  PageState,
  PageView,
  ProgramView,
  RestoredView,
  RestoreView,
  Saved,
  SessionsView,
  SessionView,
  StartRequest,
  StepRequest,
  UnsavedText,
  ViewState,
} from "../protocol";

/**
 * Everything the window may ask of the engine. No method takes a shell command, or a path outside the session's
 * folders. A request that cannot be served rejects with a `BackendError`.
 */
export interface Backend {
  /** What the program was started with, trusted where it says so; also what was open when it crashed. */
  startRequest(): Promise<StartRequest>;
  library(): Promise<LibraryView>;
  /** The system's folder dialog; null when it was closed. */
  chooseWorkshop(): Promise<string | null>;
  /** The system's dialog for a file; null when it was closed. */
  chooseArchive(): Promise<string | null>;
  /** What a path holds: one workshop or several; an archive is unpacked. Runs nothing. */
  resolveWorkshop(path: string): Promise<OpenedView>;
  /** Along a pathway, else the one that would be taken. Runs nothing. */
  inspectWorkshop(path: string, pathway: string | null): Promise<InspectionView>;
  /**
   * The learner has trusted what the sheet showed, by its `content`; with `anyContent`, the path as its author. Rejects with
   * `not-trusted` when the content is another one by now.
   */
  trustWorkshop(path: string, anyContent: boolean, content: string | null): Promise<void>;
  /** How far sessions of a trusted workshop may reach. */
  isolateWorkshop(path: string, isolation: Isolation): Promise<void>;
  /** Opens the pages of a workshop, trusted or not, and nothing else: all that would run or write rejects with `read-only`. */
  readWorkshop(path: string, pathway: string | null): Promise<SessionView>;
  /** What of the learner's own a trusted workshop may use. */
  allowWorkshop(path: string, allowed: Allowances): Promise<void>;
  /**
   * Makes or resumes the session of a trusted workshop, along a pathway if one is named. Its pages can be read at once; its
   * set-up may go on, of which events tell.
   */
  startSession(path: string, pathway: string | null, fresh: boolean): Promise<SessionView>;
  /** Stops a start that is under way. */
  cancelStart(): Promise<void>;
  /** The open session as it is now. */
  sessionView(): Promise<SessionView>;
  /** Begins the set-up again; events tell how it goes. */
  runSetup(): Promise<void>;
  /** Calls the set-up off. */
  cancelSetup(): Promise<void>;
  /** Goes on although set-up has failed, or was called off. */
  passOverSetup(): Promise<void>;
  /** How the background programs are doing. */
  programs(): Promise<ProgramView[]>;
  /** Starts a background program, and answers when it runs or does not: events tell which. */
  startProgram(name: string): Promise<void>;
  /** Stops a background program, and answers when it has ended. */
  stopProgram(name: string): Promise<void>;
  /** What a background program printed last; events tell what it prints from now on, until another one is followed, or null. */
  followProgram(name: string | null): Promise<string>;
  /** Ends every process of the session and keeps its files. */
  closeSession(): Promise<void>;
  /** What restoring the start of a page would do; with a file, to that one alone. */
  restoreView(page: string, file: string | null): Promise<RestoreView>;
  /** Puts back the files as they were when the page was first shown. The learner's version is kept, with `unsaved`. */
  restore(page: string, file: string | null, unsaved: UnsavedText[]): Promise<RestoredView>;
  /** Brings back a kept version of the learner's. */
  bringBack(version: string, unsaved: UnsavedText[]): Promise<RestoredView>;
  /** Shows the folder of a kept version in the system's file manager. */
  openKeptFolder(version: string): Promise<void>;
  /** The sessions on this computer; how large each is takes longer. */
  sessions(): Promise<SessionsView>;
  sessionSize(name: string): Promise<number>;
  /** What would be lost with a session. */
  sessionLosses(name: string): Promise<LossView>;
  /** Asks where, and saves a session's files as an archive; null when the dialog was closed. */
  exportSession(name: string, scope: ExportScope): Promise<ExportedView | null>;
  /** The next start of its workshop makes a new session. Rejects with `busy` while it is open. */
  setSessionAside(name: string): Promise<void>;
  /** The next start of its workshop takes up this session. */
  chooseSession(name: string): Promise<void>;
  /** Deletes a session that is not open. */
  removeStoredSession(name: string): Promise<void>;
  removeUnusedArchives(): Promise<void>;
  /** The last page was left by its finish button. */
  finish(): Promise<FinishView>;

  page(id: string): Promise<PageView>;
  /** The page is shown now: what is open and done on it, and what starts by itself. */
  enterPage(id: string): Promise<PageState>;
  /** What runs only once may run again, when the page is entered next. */
  reloadPage(id: string): Promise<void>;
  /** Stops what only runs while the page is shown. */
  leavePage(id: string): Promise<void>;
  performAction(id: string, input: ActionInput): Promise<ActionResult>;
  /** The window could not do what an action asks of it; `revision` is the version of the page that it was seen on. */
  actionFailed(id: string, revision: number | null, message: string): Promise<void>;
  /** What comes next when the rest of the page is done for the learner. */
  nextStep(page: string, request: StepRequest): Promise<NextStep>;
  /** Stops a check that is being tried again, or is running. */
  cancelAction(id: string, revision: number | null): Promise<void>;
  /** Goes on although a check has not passed; it counts as passed over. Refused when the page has changed. */
  skipAction(id: string, revision: number | null): Promise<ActionResult>;
  /** Keeps what was typed into an action's form, but for passwords; coalesced by the caller to one a second. */
  saveForm(
    id: string,
    revision: number | null,
    values: Record<string, boolean | number | string>,
  ): Promise<void>;
  /** Keeps the state that the window wants to find again; coalesced by the caller to one a second. */
  saveView(view: ViewState): Promise<void>;

  /** Starts the terminal if need be (`editor:NAME` must be there); `output` gets raw bytes, first those that restore its screen. */
  attachTerminal(
    name: string,
    columns: number,
    rows: number,
    output: (bytes: Uint8Array) => void,
  ): Promise<TerminalAttachment>;

  /** What programs are told that ask their terminal for its colours, each `#rrggbb`. */
  setTerminalColours(text: string, ground: string): Promise<void>;
  /** Makes a terminal of the editor and returns its name; an event tells that it is there. */
  openEditorTerminal(): Promise<string>;
  /** Ends a terminal of the editor with everything that was started in it. */
  clearEditorTerminal(name: string): Promise<void>;
  closeEditorTerminal(name: string): Promise<void>;

  /** Copies files of the workshop that its author has changed into the session; with `replace` also over changed copies. */
  copyIn(names: string[], replace: boolean): Promise<CopiedView>;
  readDocument(path: string): Promise<DocumentView>;
  /** Rejects with `conflict` when the disk no longer holds `expected`; null makes a new file. */
  saveDocument(path: string, text: string, expected: string | null): Promise<Saved>;
  /** Which files to watch for changes on disk. */
  watchDocuments(paths: string[]): Promise<void>;
  listFolder(path: string): Promise<FileEntry[]>;
  /** Bytes of an image of the workshop, as an address for `<img>`. */
  imageUrl(file: string): string;

  copyText(text: string): Promise<void>;
  /** Hands an address to the system's browser; one of the session's becomes one that a browser reaches. */
  openUrl(url: string): Promise<void>;
  /** What following a link means: a tab, a terminal, or the browser. Rejects when it leads nowhere. */
  followLink(url: string): Promise<Effect[]>;
  /** The page in a tab sent a message; what comes of it. */
  frameMessage(dashboard: string, origin: string, message: FrameMessage): Promise<Effect[]>;
  /** The web pages of the session, and whether their servers answer now. */
  addresses(): Promise<AddressView[]>;
  /** Answers when the server of a tab takes connections, or with false after a while. */
  dashboardAnswers(dashboard: string): Promise<boolean>;

  /** Everything is saved that the window wants to save: closes it now. */
  closeWindow(): Promise<void>;

  /** The one stream of events; returns how to stop listening. */
  onEvent(listener: (event: Event) => void): () => void;
}

/** What a page may ask for; the engine decides. */
export interface FrameMessage {
  action: string;
  data: Record<string, string | number | boolean>;
}

/** A view of a terminal. The engine sends at most 512 KiB beyond what was acknowledged. */
export interface TerminalAttachment {
  write(data: string): Promise<void>;
  resize(columns: number, rows: number): Promise<void>;
  /** So many bytes have been drawn. */
  acknowledge(bytes: number): void;
  detach(): void;
}

export class BackendError extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
  ) {
    super(message);
    this.name = "BackendError";
  }
}
