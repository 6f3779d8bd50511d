import { render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import { INSPECTION } from "../../lib/backend/fake-workshop";
import type { ChangedPart, InspectionView } from "../../lib/protocol";
import TrustSheet from "./TrustSheet.svelte";

function sheet(about: Partial<InspectionView>) {
  const ontrust = vi.fn();
  const nothing = () => undefined;
  const inspection = { ...INSPECTION, ...about };
  const around = { onread, onpathway: nothing, onclose: nothing, onlink: nothing };
  render(TrustSheet, { inspection, ontrust, ...around });
  return ontrust;
}

const onread = vi.fn();

/** What the sheet answers when nothing is touched. */
const plain = { asAuthor: false, allowed: null, isolation: "isolated" };

const start = () => userEvent.click(screen.getByRole("button", { name: /start$/i }));

test("nothing of the learner's own is offered that the workshop does not use", async () => {
  const ontrust = sheet({});
  expect(screen.queryByRole("checkbox", { name: /Docker|Kubernetes/ })).toBeNull();
  await start();
  expect(ontrust).toHaveBeenCalledWith(plain);
});

test("Docker and the cluster are used only when they are ticked", async () => {
  const ontrust = sheet({ allowances: { docker: false, cluster: { context: "farm", allowed: false } } });
  expect(screen.getByRole("checkbox", { name: /kubeconfig \(context\s+farm\)/ })).toBeTruthy();
  await userEvent.click(screen.getByRole("checkbox", { name: /use Docker on this computer/ }));
  await start();
  expect(ontrust).toHaveBeenCalledWith({ ...plain, allowed: { docker: true, cluster: false } });
});

test("what was allowed before stands ticked, and can be taken back", async () => {
  const ontrust = sheet({ trusted: true, allowances: { docker: true, cluster: null } });
  const docker = screen.getByRole<HTMLInputElement>("checkbox", { name: /Docker/ });
  expect(docker.checked).toBe(true);
  await userEvent.click(docker);
  await start();
  expect(ontrust).toHaveBeenCalledWith({ ...plain, allowed: { docker: false, cluster: false } });
});

test("the level is chosen where there is a choice", async () => {
  const ontrust = sheet({});
  await userEvent.click(screen.getByRole("radio", { name: /^Session folder/ }));
  await start();
  expect(ontrust).toHaveBeenCalledWith({ ...plain, isolation: "folder" });
});

test("where sessions cannot be isolated the sheet says why", async () => {
  const reason = "This system lets nobody isolate anything.";
  const ontrust = sheet({ isolation: { level: "folder", possible: false, lost: false, reason } });
  const isolated = screen.getByRole<HTMLInputElement>("radio", { name: /^Isolated/ });
  expect(isolated.disabled).toBe(true);
  expect(isolated.labels?.[0]?.textContent).toContain(reason);
  expect(screen.getByRole<HTMLInputElement>("radio", { name: /^Session folder/ }).checked).toBe(true);
  await start();
  expect(ontrust).toHaveBeenCalledWith({ ...plain, isolation: null });
});

test("where isolation was lost the learner chooses anew", async () => {
  const ontrust = sheet({
    trusted: true,
    isolation: { level: "folder", possible: false, lost: true, reason: null },
  });
  await start();
  expect(ontrust).toHaveBeenCalledWith({ ...plain, isolation: "folder" });
});

test("what has changed opens to its difference, and a long list is folded", async () => {
  const part = (at: number): ChangedPart => ({
    change: "changed",
    place: `workshop/setup.d/${at}.sh`,
    action: null,
    role: "runs at the start",
    byItself: true,
    diff: `@@ -1 +1 @@\n-echo ${at}\n+rm ${at}\n`,
    note: null,
  });
  const parts = Array.from({ length: 8 }, (_, at) => part(at));
  sheet({ changes: { trustedAt: Date.now(), parts, more: 3 } });
  const text = document.querySelector("[data-section=changes]")?.textContent?.replace(/\s+/g, " ") ?? "";
  expect(text).toContain("11 things are different from what you trusted today");
  expect(text).toContain("2 more");
  expect(text).toContain("3 further changes are not listed");
  const first = screen.getByText("workshop/setup.d/0.sh").closest("details");
  expect(first?.open).toBe(false);
  await userEvent.click(screen.getByText("workshop/setup.d/0.sh"));
  expect(first?.open).toBe(true);
  expect(first?.querySelector(".removed")?.textContent).toBe("-echo 0\n");
});

test("a store without detail says only that it has changed", () => {
  sheet({ changes: { trustedAt: null, parts: null, more: 0 } });
  expect(screen.getByText(/was not kept/)).toBeTruthy();
});

test("reading is one of the answers", async () => {
  const ontrust = sheet({});
  await userEvent.click(screen.getByRole("button", { name: "Read only" }));
  expect(onread).toHaveBeenCalledOnce();
  expect(ontrust).not.toHaveBeenCalled();
});
