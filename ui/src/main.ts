import "@xterm/xterm/css/xterm.css";
import "./styles/fonts.css";
import "./styles/tokens.css";
import "./styles/contrast.css";
import "./styles/base.css";
import "./styles/page.css";
import "./styles/page-blocks.css";
import "./styles/code.css";
import { mount } from "svelte";
import App from "./components/App.svelte";
import type { Backend } from "./lib/backend/backend";
import { TauriBackend } from "./lib/backend/tauri";
import { App as AppState } from "./lib/session/app.svelte";

async function chooseBackend(): Promise<Backend> {
  if ("__TAURI_INTERNALS__" in window) return new TauriBackend();
  if (import.meta.env.DEV || import.meta.env.VITE_FAKE === "1") {
    const { FakeBackend } = await import("./lib/backend/fake");
    const failingSetup = new URLSearchParams(location.search).has("failing");
    const fake = new FakeBackend({ latency: 250, failingSetup });
    // So that a developer can play the disk and the engine's events from the console.
    Object.assign(window, { __fake: fake });
    return fake;
  }
  throw new Error("Atelier's window needs its engine: start the app instead of this page.");
}

const target = document.getElementById("app");
if (!target) throw new Error("index.html has no #app");

const app = new AppState(await chooseBackend());
mount(App, { target, props: { app } });

if (import.meta.env.VITE_E2E === "1" && "__ATELIER_AUTOMATION__" in window) {
  const { installTestHook } = await import("./test-hook");
  installTestHook(app);
}
