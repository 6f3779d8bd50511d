import { render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import axe from "axe-core";
import { expect, test, vi } from "vitest";
import { FakeBackend } from "../../lib/backend/fake";
import { LAB_PATH } from "../../lib/backend/fake-workshop";
import type { SessionView } from "../../lib/protocol";
import { App as AppState } from "../../lib/session/app.svelte";
import App from "../App.svelte";

// jsdom draws nothing, so xterm cannot measure itself there.
vi.mock("../terminal/xterm", () => ({
  XtermScreen: class {
    columns = 80;
    rows = 24;
    search = {};
    #input = document.createElement("textarea");
    constructor(element: HTMLElement) {
      this.#input.className = "xterm-helper-textarea";
      this.#input.setAttribute("aria-label", "Terminal input");
      element.append(this.#input);
    }
    write(_bytes: Uint8Array, drawn: () => void) {
      drawn();
    }
    reset() {}
    focus() {
      this.#input.focus();
    }
    onData() {}
    onResize() {}
    restyle() {}
    dispose() {}
  },
}));

async function open(session: Partial<SessionView> = {}) {
  const backend = new FakeBackend({ start: { path: LAB_PATH, trust: true }, session });
  const app = new AppState(backend);
  const { container } = render(App, { app });
  await waitFor(() => expect(container.querySelector("[data-page]")).not.toBeNull());
  if (!app.session) throw new Error("there is no session");
  return { backend, session: app.session };
}

const panel = () => document.querySelector<HTMLElement>("[data-region='editor-terminals']");
const focused = () => document.activeElement?.closest<HTMLElement>("[data-terminal]")?.dataset.terminal;

test("the shortcut makes a terminal below the editor and gives it the keyboard", async () => {
  const { backend } = await open();
  expect(panel()).toBeNull();
  await userEvent.keyboard("{Control>}`{/Control}");
  await waitFor(() => expect(focused()).toBe("editor:bash"));
  expect(panel()?.closest("[data-region='work']")).not.toBeNull();
  expect(backend.calls).toContain("attach editor:bash 80x24");
  await userEvent.keyboard("{Control>}`{/Control}");
  await waitFor(() => expect(panel()).toBeNull());
  expect(document.activeElement?.closest("[data-region='work']")).not.toBeNull();
});

test("tabs show, make and close terminals, and are named apart from the others", async () => {
  const { backend, session } = await open();
  backend.changeEditorTerminals(["1", "2"]);
  session.editorTerminals.show("1", true);
  await waitFor(() => expect(focused()).toBe("editor:1"));
  expect(screen.getByRole("group", { name: "Editor terminal 1. F6 leaves it" })).toBeTruthy();
  expect(screen.getByRole("group", { name: "Terminal 1. F6 leaves it" })).toBeTruthy();

  const tabs = within(screen.getByRole("tablist", { name: "Terminals of the editor" }));
  await userEvent.click(tabs.getByRole("tab", { name: "2" }));
  await waitFor(() => expect(focused()).toBe("editor:2"));
  await userEvent.click(screen.getByRole("button", { name: "New terminal in the editor" }));
  await waitFor(() => expect(focused()).toBe("editor:bash"));
  tabs.getByRole("tab", { name: "bash" }).focus();
  await userEvent.keyboard("{Delete}");
  expect(backend.calls).toContain("close terminal bash");
  await waitFor(() => expect(focused()).toBe("editor:2"));
  await userEvent.click(screen.getByRole("button", { name: "Hide the panel" }));
  expect(panel()).toBeNull();
});

test("F6 stops at the panel between the work area and the terminals", async () => {
  const { backend, session } = await open();
  backend.changeEditorTerminals(["1"]);
  session.editorTerminals.show("1", false);
  await waitFor(() => expect(panel()).not.toBeNull());
  const stops: (string | undefined)[] = [];
  for (let press = 0; press < 4; press++) {
    await userEvent.keyboard("{F6}");
    const region = () => document.activeElement?.closest<HTMLElement>("[data-region]")?.dataset.region;
    await waitFor(() => expect(region()).not.toBe(stops.at(-1)));
    stops.push(region());
  }
  expect(stops).toEqual(["work", "editor-terminals", "terminals", "instructions"]);
});

test("the panel goes with the editor when a dashboard is in front", async () => {
  const { backend, session } = await open();
  backend.changeEditorTerminals(["1"]);
  session.editorTerminals.show("1", false);
  await waitFor(() => expect(panel()).not.toBeNull());
  session.tabs.select("slides");
  await waitFor(() => expect(panel()).toBeNull());
  expect(screen.queryByRole("button", { name: /the editor's terminals$/ })).toBeNull();
  session.editorTerminals.show("1", true);
  await waitFor(() => expect(focused()).toBe("editor:1"));
});

test("its height is moved with the keyboard and kept", async () => {
  const { backend, session } = await open();
  backend.changeEditorTerminals(["1"]);
  session.editorTerminals.show("1", false);
  (await screen.findByRole("separator", { name: "Height of the editor's terminals" })).focus();
  const before = session.layout.editorTerminals;
  await userEvent.keyboard("{ArrowUp}{ArrowUp}");
  expect(session.layout.editorTerminals).toBeCloseTo(before + 0.04);
  await session.settle();
  expect(JSON.parse(backend.savedView?.layout ?? "{}")).toMatchObject({
    editorTerminals: session.layout.editorTerminals,
  });
});

test("without an editor there is neither button nor shortcut", async () => {
  const { backend } = await open({ editor: false });
  await userEvent.keyboard("{Control>}`{/Control}");
  expect(screen.queryByRole("button", { name: /the editor's terminals$/ })).toBeNull();
  expect(backend.calls.some((call) => call.includes("editor:"))).toBe(false);
});

test("has no accessibility violations", async () => {
  const { backend, session } = await open();
  backend.changeEditorTerminals(["1", "build server"]);
  session.editorTerminals.show("1", true);
  await waitFor(() => expect(panel()).not.toBeNull());
  const { violations } = await axe.run(panel() ?? document, {
    rules: { "color-contrast": { enabled: false } },
  });
  expect(violations.map(({ id }) => id)).toEqual([]);
});

test("the engine hears of the colours that terminals are drawn with, and of others", async () => {
  const style = document.documentElement.style;
  style.setProperty("--ink", "#24221d");
  style.setProperty("--paper", "#fcfbf8");
  const { backend } = await open();
  await waitFor(() => expect(backend.calls).toContain("colours #24221d on #fcfbf8"));
  style.setProperty("--paper", "#1b1a17");
  await userEvent.click(screen.getByRole("button", { name: "Dark theme" }));
  await waitFor(() => expect(backend.calls).toContain("colours #24221d on #1b1a17"));
});
