import { render, screen } from "@testing-library/svelte";
import { describe, expect, test } from "vitest";
import { FakeBackend } from "../../lib/backend/fake";
import { LAB_PATH } from "../../lib/backend/fake-workshop";
import type { SessionView } from "../../lib/protocol";
import { App as AppState } from "../../lib/session/app.svelte";
import StatusBar from "./StatusBar.svelte";

async function shown(session: Partial<SessionView>) {
  const backend = new FakeBackend({ start: { path: LAB_PATH, trust: true }, session });
  const app = new AppState(backend);
  await app.begin();
  if (!app.session) throw new Error("no workshop is open");
  const nothing = () => undefined;
  render(StatusBar, {
    app,
    session: app.session,
    problemsOpen: false,
    onproblems: nothing,
    onsession: nothing,
  });
}

describe("the status bar", () => {
  test("says that Docker goes around the isolation only where it was allowed", async () => {
    await shown({ isolation: "isolated", allowed: { docker: true, cluster: false } });
    expect(screen.getByText("isolated, with Docker").title).toContain(
      "Docker, which you allowed, goes around",
    );
  });

  test("is silent about Docker that was not allowed", async () => {
    await shown({ isolation: "isolated", mayBeAllowed: true });
    expect(screen.getByText("isolated").title).not.toContain("Docker");
  });

  test("says what can be done where the author's folder is not watched", async () => {
    await shown({ authorMode: true, watched: false });
    expect(screen.queryByText("author mode, watching files")).toBeNull();
    expect(screen.getByText("author mode, not watching files").title).toContain("Load this page anew");
  });

  test("says that the author's folder is watched", async () => {
    await shown({ authorMode: true, watched: true });
    expect(screen.getByText("author mode, watching files")).toBeTruthy();
  });
});
