import { render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { createRawSnippet } from "svelte";
import { expect, test } from "vitest";
import Menu from "./Menu.svelte";

function shown() {
  const run = () => undefined;
  const children = createRawSnippet(() => ({ render: () => "<span>…</span>" }));
  const entries = [
    { label: "One", apart: true, run },
    { label: "Two", run },
  ];
  render(Menu, { label: "More", entries, children });
  return screen.getByRole("button", { name: "More" });
}

test("opened with a key, it shows which entry has the focus", async () => {
  shown().focus();
  await userEvent.keyboard("{Enter}");
  expect(document.activeElement?.textContent).toContain("One");
  expect(screen.getByRole("menu").classList).toContain("keyed");
});

test("no line stands above the first entry", async () => {
  await userEvent.click(shown());
  expect(screen.queryByRole("separator")).toBeNull();
});

test("opened with the mouse, it marks no entry before a key is pressed", async () => {
  await userEvent.click(shown());
  expect(screen.getByRole("menu").classList).not.toContain("keyed");
  await userEvent.keyboard("{ArrowDown}");
  expect(document.activeElement?.textContent).toContain("Two");
  expect(screen.getByRole("menu").classList).toContain("keyed");
});
