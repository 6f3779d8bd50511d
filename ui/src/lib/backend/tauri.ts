import { Channel, convertFileSrc, invoke } from "@tauri-apps/api/core";
import type {
  ActionInput,
  Allowances,
  ErrorCode,
  Event,
  ExportScope,
  Isolation,
  StepRequest,
  UnsavedText,
  ViewState,
} from "../protocol";
import { BackendError, type Backend, type FrameMessage, type TerminalAttachment } from "./backend";

/** The engine behind the shell: every method is the command of the same name. */
export class TauriBackend implements Backend {
  #listeners = new Set<(event: Event) => void>();
  #subscribed = false;

  startRequest = () => request<Answer<"startRequest">>("start_request");
  library = () => request<Answer<"library">>("library");
  chooseWorkshop = () => request<string | null>("choose_workshop");
  chooseArchive = () => request<string | null>("choose_archive");
  resolveWorkshop = (path: string) => request<Answer<"resolveWorkshop">>("resolve_workshop", { path });
  inspectWorkshop = (path: string, pathway: string | null) =>
    request<Answer<"inspectWorkshop">>("inspect_workshop", { path, pathway });
  trustWorkshop = (path: string, anyContent: boolean, content: string | null) =>
    request<void>("trust_workshop", { path, anyContent, content });
  isolateWorkshop = (path: string, isolation: Isolation) =>
    request<void>("isolate_workshop", { path, isolation });
  readWorkshop = (path: string, pathway: string | null) =>
    request<Answer<"readWorkshop">>("read_workshop", { path, pathway });
  allowWorkshop = (path: string, allowed: Allowances) => request<void>("allow_workshop", { path, allowed });
  startSession = (path: string, pathway: string | null, fresh: boolean) =>
    request<Answer<"startSession">>("start_session", { path, pathway, fresh });
  cancelStart = () => request<void>("cancel_start");
  sessionView = () => request<Answer<"sessionView">>("session_view");
  runSetup = () => request<void>("run_setup");
  cancelSetup = () => request<void>("cancel_setup");
  passOverSetup = () => request<void>("pass_over_setup");
  programs = () => request<Answer<"programs">>("programs");
  startProgram = (name: string) => request<void>("start_program", { name });
  stopProgram = (name: string) => request<void>("stop_program", { name });
  followProgram = (name: string | null) => request<string>("follow_program", { name });
  closeSession = () => request<void>("close_session");
  restoreView = (page: string, file: string | null) =>
    request<Answer<"restoreView">>("restore_view", { page, file });
  restore = (page: string, file: string | null, unsaved: UnsavedText[]) =>
    request<Answer<"restore">>("restore", { page, file, unsaved });
  bringBack = (version: string, unsaved: UnsavedText[]) =>
    request<Answer<"bringBack">>("bring_back", { version, unsaved });
  openKeptFolder = (version: string) => request<void>("open_kept_folder", { version });
  sessions = () => request<Answer<"sessions">>("sessions");
  sessionSize = (name: string) => request<number>("session_size", { name });
  sessionLosses = (name: string) => request<Answer<"sessionLosses">>("session_losses", { name });
  exportSession = (name: string, scope: ExportScope) =>
    request<Answer<"exportSession">>("export_session", { name, scope });
  setSessionAside = (name: string) => request<void>("set_session_aside", { name });
  chooseSession = (name: string) => request<void>("choose_session", { name });
  removeStoredSession = (name: string) => request<void>("remove_stored_session", { name });
  removeUnusedArchives = () => request<void>("remove_unused_archives");
  finish = () => request<Answer<"finish">>("finish");

  page = (id: string) => request<Answer<"page">>("page", { id });
  enterPage = (id: string) => request<Answer<"enterPage">>("enter_page", { id });
  leavePage = (id: string) => request<void>("leave_page", { id });
  performAction = (id: string, input: ActionInput) =>
    request<Answer<"performAction">>("perform_action", { id, input });
  reloadPage = (id: string) => request<void>("reload_page", { id });
  actionFailed = (id: string, revision: number | null, message: string) =>
    request<void>("action_failed", { id, revision, message });
  nextStep = (page: string, step: StepRequest) =>
    request<Answer<"nextStep">>("next_step", { page, request: step });
  cancelAction = (id: string, revision: number | null) => request<void>("cancel_action", { id, revision });
  skipAction = (id: string, revision: number | null) =>
    request<Answer<"skipAction">>("skip_action", { id, revision });
  saveForm = (id: string, revision: number | null, values: Record<string, boolean | number | string>) =>
    request<void>("save_form", { id, revision, values });
  saveView = (view: ViewState) => request<void>("save_view", { view });

  async attachTerminal(
    name: string,
    columns: number,
    rows: number,
    output: (bytes: Uint8Array) => void,
  ): Promise<TerminalAttachment> {
    const channel = new Channel<ArrayBuffer | number[]>((bytes) => output(new Uint8Array(bytes)));
    const view = await request<number>("attach_terminal", { name, columns, rows, output: channel });
    return {
      write: (data) => request<void>("write_terminal", { view, data }),
      resize: (columns, rows) => request<void>("resize_terminal", { view, columns, rows }),
      acknowledge: (bytes) => ignoreClosed(request<void>("acknowledge_terminal", { view, bytes })),
      detach: () => ignoreClosed(request<void>("detach_terminal", { view })),
    };
  }

  setTerminalColours = (text: string, ground: string) =>
    request<void>("set_terminal_colours", { text, ground });
  openEditorTerminal = () => request<string>("open_editor_terminal");
  clearEditorTerminal = (name: string) => request<void>("clear_editor_terminal", { name });
  closeEditorTerminal = (name: string) => request<void>("close_editor_terminal", { name });

  copyIn = (names: string[], replace: boolean) => request<Answer<"copyIn">>("copy_in", { names, replace });
  readDocument = (path: string) => request<Answer<"readDocument">>("read_document", { path });
  saveDocument = (path: string, text: string, expected: string | null) =>
    request<Answer<"saveDocument">>("save_document", { path, text, expected });
  watchDocuments = (paths: string[]) => request<void>("watch_documents", { paths });
  listFolder = (path: string) => request<Answer<"listFolder">>("list_folder", { path });
  imageUrl = (file: string) => convertFileSrc(file, "workshop");

  copyText = (text: string) => request<void>("copy_text", { text });
  openUrl = (url: string) => request<void>("open_url", { url });
  followLink = (url: string) => request<Answer<"followLink">>("follow_link", { url });
  frameMessage = (dashboard: string, origin: string, message: FrameMessage) =>
    request<Answer<"frameMessage">>("frame_message", { dashboard, origin, message });
  addresses = () => request<Answer<"addresses">>("addresses");
  dashboardAnswers = (dashboard: string) => request<boolean>("dashboard_answers", { dashboard });
  closeWindow = () => request<void>("close_window");

  onEvent(listener: (event: Event) => void): () => void {
    this.#listeners.add(listener);
    if (!this.#subscribed) {
      this.#subscribed = true;
      const channel = new Channel<Event>((event) => {
        for (const each of [...this.#listeners]) each(event);
      });
      ignoreClosed(request<void>("subscribe", { channel }));
    }
    return () => this.#listeners.delete(listener);
  }
}

/** What a method of the backend promises. */
type Answer<Method extends keyof Backend> = Awaited<ReturnType<Backend[Method]>>;

async function request<T>(command: string, args?: Record<string, unknown>): Promise<T> {
  try {
    return await invoke<T>(command, args);
  } catch (error) {
    throw asBackendError(error);
  }
}

function asBackendError(error: unknown): BackendError {
  if (typeof error === "object" && error !== null && "code" in error && "message" in error) {
    return new BackendError(error.code as ErrorCode, String(error.message));
  }
  return new BackendError("other", String(error));
}

/** A view or session that is gone needs no acknowledgement. */
function ignoreClosed(done: Promise<void>): void {
  done.catch(() => undefined);
}
