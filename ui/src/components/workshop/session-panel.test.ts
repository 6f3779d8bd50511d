import { fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import axe from "axe-core";
import { describe, expect, it, vi } from "vitest";
import { FakeBackend } from "../../lib/backend/fake";
import { LAB_PATH } from "../../lib/backend/fake-workshop";
import { App as AppState } from "../../lib/session/app.svelte";
import App from "../App.svelte";

// jsdom draws nothing, so xterm cannot measure itself there.
vi.mock("../terminal/xterm", () => ({
  XtermScreen: class {
    columns = 80;
    rows = 24;
    search = {};
    write(_bytes: Uint8Array, drawn: () => void) {
      drawn();
    }
    reset() {}
    focus() {}
    onData() {}
    onResize() {}
    restyle() {}
    dispose() {}
  },
}));

function find(below: HTMLElement, selector: string): HTMLElement {
  const found = below.querySelector<HTMLElement>(selector);
  if (!found) throw new Error(`there is no ${selector}`);
  return found;
}

async function opened() {
  const backend = new FakeBackend({ start: { path: LAB_PATH, trust: true } });
  const app = new AppState(backend);
  const { container } = render(App, { app });
  await waitFor(() => expect(container.querySelector("[data-page]")).not.toBeNull());
  await fireEvent.click(screen.getByTitle("How the session is doing"));
  return { app, backend, panel: find(document.body, "[data-sheet=session]") };
}

describe("the session's panel", () => {
  it("stops a program, starts it again and shows what it prints", async () => {
    const { backend, panel } = await opened();
    const programs = find(panel, "[data-program=metrics]");
    expect(within(programs).getByText(/^running since .*, process 4242$/)).toBeTruthy();
    await fireEvent.click(within(programs).getByLabelText("Stop metrics"));
    expect(await within(programs).findByText(/^stopped at/)).toBeTruthy();
    await fireEvent.click(within(programs).getByLabelText("Start metrics"));
    expect(await within(programs).findByText(/process 4711$/)).toBeTruthy();
    await fireEvent.click(within(programs).getByLabelText("Log of metrics"));
    expect(await within(programs).findByText(/listening on port 9090/)).toBeTruthy();
    backend.emit({ kind: "program-printed", name: "metrics", text: "and more\n" });
    expect(await within(programs).findByText(/and more/)).toBeTruthy();
  });

  it("can be used with a screen reader", async () => {
    const { panel } = await opened();
    // What jsdom does not draw has no colours.
    const found = await axe.run(panel, { rules: { "color-contrast": { enabled: false } } });
    expect(found.violations).toEqual([]);
  });

  it("tells once of a program that failed, and why where one looks", async () => {
    const { app, backend, panel } = await opened();
    const message = "It ended with exit status 1 within a second of its start.";
    for (const exitCode of [1, 2]) {
      backend.changeProgram("metrics", { state: "fatal", message, exitCode, pid: null });
    }
    expect(await within(panel).findByText(message)).toBeTruthy();
    const told = app.toasts.list.filter(({ text }) => text.includes("program metrics"));
    expect(told).toHaveLength(1);
    expect(screen.getByTitle("How the session is doing").textContent).toContain("program metrics failed");
  });
});
