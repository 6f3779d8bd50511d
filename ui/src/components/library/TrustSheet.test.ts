import { render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import { INSPECTION } from "../../lib/backend/fake-workshop";
import type { InspectionView } from "../../lib/protocol";
import TrustSheet from "./TrustSheet.svelte";

function sheet(about: Partial<InspectionView>) {
  const ontrust = vi.fn();
  const nothing = () => undefined;
  const inspection = { ...INSPECTION, ...about };
  render(TrustSheet, { inspection, ontrust, onpathway: nothing, onclose: nothing, onlink: nothing });
  return ontrust;
}

const start = () => userEvent.click(screen.getByRole("button", { name: /start$/i }));

test("nothing of the learner's own is offered that the workshop does not use", async () => {
  const ontrust = sheet({});
  expect(screen.queryByRole("checkbox", { name: /Docker|Kubernetes/ })).toBeNull();
  await start();
  expect(ontrust).toHaveBeenCalledWith(false, null);
});

test("Docker and the cluster are used only when they are ticked", async () => {
  const ontrust = sheet({ allowances: { docker: false, cluster: { context: "farm", allowed: false } } });
  expect(screen.getByRole("checkbox", { name: /kubeconfig \(context\s+farm\)/ })).toBeTruthy();
  await userEvent.click(screen.getByRole("checkbox", { name: /use Docker on this computer/ }));
  await start();
  expect(ontrust).toHaveBeenCalledWith(false, { docker: true, cluster: false });
});

test("what was allowed before stands ticked, and can be taken back", async () => {
  const ontrust = sheet({ trusted: true, allowances: { docker: true, cluster: null } });
  const docker = screen.getByRole<HTMLInputElement>("checkbox", { name: /Docker/ });
  expect(docker.checked).toBe(true);
  await userEvent.click(docker);
  await start();
  expect(ontrust).toHaveBeenCalledWith(false, { docker: false, cluster: false });
});
