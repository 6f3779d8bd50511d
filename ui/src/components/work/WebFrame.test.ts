import { cleanup, render, screen, waitFor } from "@testing-library/svelte";
import { afterEach, expect, test } from "vitest";
import { FakeBackend } from "../../lib/backend/fake";
import { LAB_PATH } from "../../lib/backend/fake-workshop";
import { WorkshopSession } from "../../lib/session/session.svelte";
import WebFrame from "./WebFrame.svelte";

afterEach(cleanup);

const URL = "http://localhost:8000/";

async function show(given: { shown?: boolean; answering?: boolean } = {}) {
  const backend = new FakeBackend();
  backend.answering = given.answering ?? true;
  const nothing = () => undefined;
  const session = new WorkshopSession(await backend.startSession(LAB_PATH, null, false), backend, {
    announce: nothing,
    problem: nothing,
    finish: nothing,
    leave: nothing,
  });
  const { shown = true } = given;
  const content = { kind: "web" as const, url: URL, port: 8000 };
  const props = {
    session,
    dashboard: { id: "app", title: "App", content },
    url: URL,
    port: 8000,
    reloads: 0,
    shown,
  };
  return { backend, ...render(WebFrame, props) };
}

function frame(): HTMLIFrameElement | null {
  return document.querySelector("iframe");
}

/** The frame, once the server has answered. */
async function page(): Promise<HTMLIFrameElement> {
  return await waitFor(() => {
    const found = frame();
    if (!found) throw new Error("there is no frame yet");
    return found;
  });
}

test("a page is loaded when its tab is first shown, and stays when another one is", async () => {
  const { rerender } = await show({ shown: false });
  expect(frame()).toBeNull();
  await rerender({ shown: true });
  const loaded = await page();
  expect(loaded.src).toBe(URL);
  await rerender({ shown: false });
  expect(frame()).toBe(loaded);
});

test("a server is waited for, what the session itself serves is not", async () => {
  const { rerender } = await show();
  await page();
  expect(screen.getByRole("status").textContent).toBe("Loading App…");
  await rerender({ port: null });
  await page();
  expect(screen.queryByRole("status")).toBeNull();
});

test("a reload makes a new frame", async () => {
  const { rerender } = await show();
  const first = await page();
  await rerender({ reloads: 1 });
  expect(await page()).not.toBe(first);
});

test("a server that is not up is waited for", async () => {
  const { backend } = await show({ answering: false });
  await screen.findByRole("heading", { name: "Waiting for port 8000" });
  expect(frame()).toBeNull();
  backend.answering = true;
  await waitFor(() => expect(frame()?.src).toBe(URL));
});

test("messages count from the tab's own frame alone", async () => {
  const { backend } = await show();
  const own = (await page()).contentWindow;
  const data = { action: "terminal:clear", data: { session: "2", extra: "x" } };
  const send = (source: Window | null, sent: unknown) =>
    window.dispatchEvent(
      new MessageEvent("message", { source, origin: "http://localhost:8000", data: sent }),
    );
  send(window, data);
  send(null, data);
  send(own, "terminal:clear");
  expect(backend.calls.filter((call) => call.startsWith("message"))).toEqual([]);
  send(own, data);
  expect(backend.calls.filter((call) => call.startsWith("message"))).toEqual([
    'message app http://localhost:8000 {"action":"terminal:clear","data":{"session":"2"}}',
  ]);
});
