import type { DashboardView, Effect, Event } from "../protocol";
import type { WorkshopSession } from "./session.svelte";

/** What only the session itself can do about news. */
export interface Hearer {
  effects(effects: Effect[]): void;
  dashboards(list: DashboardView[]): void;
  /** A card shows its file as it is now. */
  previewed(action: string, text: string): void;
}

/** Hands news of the engine on to the part of the session that they are about. */
export function hear(event: Event, session: WorkshopSession, hearer: Hearer): void {
  const runner = session.page?.runner;
  switch (event.kind) {
    case "workshop-reloaded":
    case "problems-changed":
    case "files-offered":
      session.preview.on(event);
      break;
    case "setup-step":
      session.setup.step(event.step);
      break;
    case "setup-changed":
      void session.setup.changed(event.setup);
      break;
    case "action-updated":
      runner?.updated(event.action, event.update);
      break;
    case "check-tried":
      runner?.tried(event.action, event);
      break;
    case "action-finished":
      void runner?.finished(event.action, event.result);
      break;
    case "terminal-exited":
      session.terminals.exited(event.name, event.status);
      break;
    case "editor-terminals-changed":
      session.editorTerminals.changed(event.terminals);
      break;
    case "dashboards-changed":
      hearer.dashboards(event.dashboards);
      break;
    case "effects":
      hearer.effects(event.effects);
      break;
    case "programs-changed":
      session.programs.changed(event.programs);
      break;
    case "program-printed":
      session.programs.more(event.name, event.text);
      break;
    case "checks-changed":
      session.checks = event.checks;
      break;
    case "document-changed":
      void session.documents.diskChanged(event.path, event.version);
      break;
    case "files-changed":
      session.documents.filesChanged();
      break;
    case "preview-changed":
      hearer.previewed(event.action, event.text);
      break;
    case "files-over":
    case "files-dropped":
    case "closing":
      // The app's business.
      break;
    default:
      event satisfies never;
  }
}
