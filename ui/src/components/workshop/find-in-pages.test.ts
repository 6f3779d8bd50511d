import { expect, test } from "vitest";
import { page } from "../../test/actions";
import { findInPages } from "./find-in-pages";

const words = Array.from({ length: 30 }, (_, number) => `word${number}`);

async function found(html: string) {
  const [finding] = await findInPages(
    [{ id: "p", title: "Page", visited: false }],
    async () => page([], { html }),
    "needle",
  );
  return finding;
}

test("an excerpt begins and ends with a whole word", async () => {
  const finding = await found(`<p>${words.join(" ")} needle ${words.join(" ")}</p>`);
  expect(finding?.before).toMatch(/^…word\d+ .*word29 $/);
  expect(finding?.after).toMatch(/^ word0 .*word\d+…$/);
  const whole = [...(finding?.before.split(/\W+/) ?? []), ...(finding?.after.split(/\W+/) ?? [])];
  expect(whole.filter(Boolean).every((word) => words.includes(word))).toBe(true);
});

test("what is short is shown as it is", async () => {
  expect(await found("<p>a needle here</p>")).toMatchObject({
    before: "Page a ",
    match: "needle",
    after: " here ",
  });
});
