import { render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import axe from "axe-core";
import { describe, expect, test, vi } from "vitest";
import { FakeBackend, type FakeOptions } from "../lib/backend/fake";
import { CARDS, LAB_PATH, TOUR_PATH } from "../lib/backend/fake-workshop";
import { App as AppState } from "../lib/session/app.svelte";
import App from "./App.svelte";

// jsdom draws nothing, so xterm cannot measure itself there.
vi.mock("./terminal/xterm", () => ({
  XtermScreen: class {
    columns = 80;
    rows = 24;
    search = {};
    #input: HTMLTextAreaElement;
    constructor(element: HTMLElement, options: { isWindowKey(event: KeyboardEvent): boolean }) {
      this.#input = document.createElement("textarea");
      this.#input.className = "xterm-helper-textarea";
      this.#input.setAttribute("aria-label", "Terminal input");
      this.#input.addEventListener(
        "keydown",
        (event) => options.isWindowKey(event) || event.stopPropagation(),
      );
      element.append(this.#input);
    }
    write(_bytes: Uint8Array, drawn: () => void) {
      drawn();
    }
    reset() {}
    focus() {
      this.#input.focus();
    }
    text() {
      return "";
    }
    onData() {}
    onResize() {}
    restyle() {}
    dispose() {}
  },
}));

async function open(options: FakeOptions = {}) {
  const backend = new FakeBackend(options);
  const app = new AppState(backend);
  const { container } = render(App, { app });
  return { backend, app, container };
}

async function openWorkshop(options: FakeOptions = {}) {
  const opened = await open({ start: { path: LAB_PATH, trust: true }, ...options });
  await waitFor(() => expect(opened.container.querySelector("[data-page]")).not.toBeNull());
  return opened;
}

const find = (selector: string) => {
  const element = document.querySelector<HTMLElement>(selector);
  if (!element) throw new Error(`there is no ${selector}`);
  return element;
};

describe("the library", () => {
  test("shows the tour first and filters while typing", async () => {
    await open();
    const cards = await screen.findAllByRole("button", { name: /(Start|Continue|Open again)$/ });
    expect(cards[0]?.textContent).toContain("A tour of Atelier");
    await userEvent.type(screen.getByRole("searchbox", { name: "Search workshops" }), "git");
    expect(screen.queryByText("A tour of Atelier")).toBeNull();
    expect(screen.getByText("Git from the inside")).toBeTruthy();
    await userEvent.type(screen.getByRole("searchbox"), "zzz");
    expect(screen.getByText(/No workshop matches/)).toBeTruthy();
  });

  test("a trusted workshop starts at once", async () => {
    const { backend, container } = await open();
    await userEvent.click(await screen.findByRole("button", { name: /A tour of Atelier/ }));
    await waitFor(() => expect(container.querySelector("[data-page]")).not.toBeNull());
    expect(backend.calls).toContain(`start ${TOUR_PATH}`);
  });

  test("a double click starts one session", async () => {
    const { backend, container } = await open();
    await userEvent.dblClick(await screen.findByRole("button", { name: /A tour of Atelier/ }));
    await waitFor(() => expect(container.querySelector("[data-page]")).not.toBeNull());
    expect(backend.calls.filter((call) => call.startsWith("start"))).toHaveLength(1);
  });
});

describe("the trust sheet", () => {
  test("blocks the start until the learner has decided", async () => {
    const { backend } = await open({ start: { path: LAB_PATH } });
    const sheet = await screen.findByRole("dialog", { name: "A small page on the web" });
    expect(sheet.dataset.sheet).toBe("trust");
    expect(backend.calls).toEqual([`inspect ${LAB_PATH}`]);
    await userEvent.click(within(sheet).getByRole("button", { name: "Trust and start" }));
    await waitFor(() => expect(find("[data-page]").dataset.page).toBe("01-serve"));
    expect(backend.calls.slice(1, 4)).toEqual([
      `trust ${LAB_PATH}`,
      `isolate ${LAB_PATH} isolated`,
      `start ${LAB_PATH}`,
    ]);
  });

  test("tells who made it, what would run, and what is missing", async () => {
    await open({ start: { path: LAB_PATH } });
    const sheet = await screen.findByRole("dialog");
    await userEvent.click(within(sheet).getByRole("button", { name: "Read them first" }));
    for (const text of [
      /Ada Example/,
      /python3 -m venv/,
      /`?jq`? is not on this computer/,
      /sudo apt install jq/,
      /pip install flask/,
      /sessions\/lab-flask/,
    ]) {
      expect(sheet.textContent).toMatch(text);
    }
  });

  test("Not now runs nothing", async () => {
    const { backend } = await open({ start: { path: LAB_PATH } });
    await userEvent.click(await screen.findByRole("button", { name: "Not now" }));
    expect(screen.queryByRole("dialog")).toBeNull();
    expect(backend.calls).toEqual([`inspect ${LAB_PATH}`]);
  });

  test("keeps the wish to start over", async () => {
    const { backend } = await open({ start: { path: LAB_PATH, fresh: true } });
    await userEvent.click(await screen.findByRole("button", { name: "Trust and start" }));
    await waitFor(() => expect(backend.calls).toContain(`start ${LAB_PATH} fresh`));
  });

  test("an author trusts the path whatever it holds", async () => {
    const { backend } = await open({ start: { path: LAB_PATH } });
    await userEvent.click(await screen.findByRole("checkbox", { name: /I work on this workshop/ }));
    await userEvent.click(screen.getByRole("button", { name: "Trust and start" }));
    await waitFor(() => expect(backend.calls).toContain(`trust ${LAB_PATH} as author`));
  });
});

const WAYS = [
  { name: "short", title: "The short way", description: "Only what matters", pages: 2 },
  { name: "long", title: "The long way", description: "", pages: 3 },
];

describe("pathways", () => {
  test("are chosen on the sheet, which then tells of that one", async () => {
    const { backend } = await open({
      start: { path: LAB_PATH },
      inspection: { pathways: WAYS, pathway: "short" },
    });
    const short = await screen.findByRole<HTMLInputElement>("radio", { name: /The short way/ });
    expect(short.checked).toBe(true);
    await userEvent.click(screen.getByRole("radio", { name: /The long way/ }));
    await waitFor(() => expect(backend.calls).toContain(`inspect ${LAB_PATH} along long`));
    await userEvent.click(screen.getByRole("button", { name: "Trust and start" }));
    await waitFor(() => expect(backend.calls).toContain(`start ${LAB_PATH} along long`));
  });

  test("a trusted workshop asks for one, unless a session goes on", async () => {
    const inspection = { pathways: WAYS, pathway: "short", trusted: true };
    const { backend } = await open({ start: { path: LAB_PATH }, inspection });
    await userEvent.click(await screen.findByRole("button", { name: "Start" }));
    await waitFor(() => expect(backend.calls).toContain(`start ${LAB_PATH} along short`));
    expect(backend.calls.some((call) => call.startsWith("trust"))).toBe(false);
  });

  test("are changed from the contents", async () => {
    const { backend } = await openWorkshop({ inspection: { pathways: WAYS, pathway: "short" } });
    await userEvent.click(screen.getByRole("button", { name: "Contents" }));
    await userEvent.selectOptions(screen.getByRole("combobox", { name: "Pathway" }), "long");
    await waitFor(() => expect(backend.calls).toContain(`start ${LAB_PATH} along long`));
  });
});

test("an archive is opened from its file", async () => {
  const { backend } = await open();
  await userEvent.click(await screen.findByRole("button", { name: /Open an archive/ }));
  await waitFor(() => expect(backend.calls).toContain("inspect /home/ada/Downloads/lab.zip"));
});

test("a folder with several workshops asks which", async () => {
  const workshops = CARDS.slice(0, 2);
  const { backend } = await open({ start: { path: "/labs" }, several: { path: "/labs", workshops } });
  const sheet = await screen.findByRole("dialog", { name: "Two labs" });
  const second = workshops[1] as (typeof CARDS)[number];
  await userEvent.click(within(sheet).getByRole("button", { name: new RegExp(second.title) }));
  await waitFor(() => expect(backend.calls).toContain(`inspect ${second.path}`));
  expect(screen.queryByRole("dialog", { name: "Two labs" })).toBeNull();
});

describe("the start", () => {
  test("can be cancelled", async () => {
    const { backend } = await open({ start: { path: LAB_PATH, trust: true }, latency: 20 });
    await userEvent.click(await screen.findByRole("button", { name: "Cancel" }));
    await screen.findByRole("heading", { name: "Atelier" });
    expect(backend.calls).toContain("cancel start");
    expect(document.querySelector("[data-page]")).toBeNull();
  });
});

describe("the set-up", () => {
  const CARD = "[data-action='01-serve/0']";

  test("that takes its time lets pages be read, and what is clicked runs afterwards", async () => {
    const { backend } = await open({ start: { path: LAB_PATH, trust: true }, heldSetup: true });
    const strip = await screen.findByRole("region", { name: "Set-up" });
    expect(within(strip).getByText("02-sample-data.sh")).toBeTruthy();
    expect(screen.getAllByText("Starts when the set-up is done").length).toBeGreaterThan(0);
    await userEvent.click(find(`${CARD} .main`));
    expect(find(CARD).dataset.status).toBe("queued");
    expect(within(find(CARD)).getByText("Runs when the set-up is done")).toBeTruthy();
    await userEvent.click(screen.getByRole("button", { name: "Open log" }));
    expect(screen.getByLabelText("Log of 02-sample-data.sh").textContent).toContain("$ 02-sample-data.sh");
    expect(backend.calls).not.toContain("perform 01-serve/0");
    await userEvent.click(screen.getByRole("button", { name: "Close log" }));
    backend.releaseSetup();
    await waitFor(() => expect(backend.calls).toContain("perform 01-serve/0"));
    expect(screen.queryByRole("region", { name: "Set-up" })).toBeNull();
  });

  test("that is short flashes nothing", async () => {
    await openWorkshop();
    expect(screen.queryByRole("region", { name: "Set-up" })).toBeNull();
    expect(screen.queryByText("Starts when the set-up is done")).toBeNull();
  });

  test("that fails says which step, and is run again", async () => {
    const { backend } = await open({ start: { path: LAB_PATH, trust: true }, failingSetup: true });
    await screen.findByText("Set-up failed");
    const strip = screen.getByRole("region", { name: "Set-up" });
    expect(strip.textContent).toContain("02-sample-data.sh ended with status 1");
    expect(within(strip).getByText(/No space left on device/)).toBeTruthy();
    backend.options = {};
    await userEvent.click(within(strip).getByRole("button", { name: "Run again" }));
    await waitFor(() => expect(screen.queryByRole("region", { name: "Set-up" })).toBeNull());
    expect(backend.calls).toContain("run set-up");
  });

  test("that fails can be gone on from, and is still known", async () => {
    await openWorkshop({ failingSetup: true });
    await userEvent.click(find(`${CARD} .main`));
    await userEvent.click(await screen.findByRole("button", { name: "Go on anyway" }));
    await waitFor(() => expect(find(CARD).dataset.status).not.toBe("queued"));
    expect(screen.queryByRole("region", { name: "Set-up" })).toBeNull();
    await userEvent.click(screen.getByRole("button", { name: "set-up step 02-sample-data.sh failed" }));
    const panel = await screen.findByRole("dialog", { name: "Session" });
    expect(within(panel).getByText(/^failed with status/)).toBeTruthy();
    await userEvent.keyboard("{Escape}");
  });

  test("can be cancelled", async () => {
    const { backend } = await open({ start: { path: LAB_PATH, trust: true }, heldSetup: true });
    const strip = await screen.findByRole("region", { name: "Set-up" });
    await userEvent.click(within(strip).getByRole("button", { name: "Cancel" }));
    await screen.findByText("Set-up has stopped before its end");
    expect(backend.calls).toContain("cancel set-up");
    // The button that had the focus is gone.
    await waitFor(() => expect(strip.contains(document.activeElement)).toBe(true));
  });
});

describe("the keyboard", () => {
  test("Enter runs the next step while the instructions have the focus", async () => {
    const { backend } = await openWorkshop();
    expect(document.activeElement).toBe(find("[data-region=instructions]"));
    await userEvent.keyboard("{Enter}");
    expect(backend.calls).toContain("perform 01-serve/0");
  });

  test("j and k move between the steps", async () => {
    await openWorkshop();
    await userEvent.keyboard("jj");
    expect(document.activeElement?.closest("[data-action]")?.getAttribute("data-action")).toBe("01-serve/1");
    await userEvent.keyboard("k");
    expect(document.activeElement?.closest("[data-action]")?.getAttribute("data-action")).toBe("01-serve/0");
  });

  test("F6 cycles the regions, and leaves terminals too", async () => {
    await openWorkshop();
    const region = () => document.activeElement?.closest<HTMLElement>("[data-region]")?.dataset.region;
    const visited: (string | undefined)[] = [];
    for (let turn = 0; turn < 3; turn++) {
      await userEvent.keyboard("{F6}");
      await waitFor(() => expect(region()).not.toBe(visited.at(-1)));
      visited.push(region());
    }
    expect(visited).toEqual(["work", "terminals", "instructions"]);
    await userEvent.keyboard("{Shift>}{F6}{/Shift}");
    await waitFor(() => expect(region()).toBe("terminals"));
  });

  test("Ctrl+Alt+Enter and the arrows work from a terminal", async () => {
    const { backend } = await openWorkshop();
    document.querySelector<HTMLElement>(".xterm-helper-textarea")?.focus();
    await userEvent.keyboard("{Control>}{Alt>}{Enter}{/Alt}{/Control}");
    expect(backend.calls).toContain("perform 01-serve/0");
    await userEvent.keyboard("{Control>}{Alt>}{ArrowRight}{/Alt}{/Control}");
    await waitFor(() => expect(find("[data-page]").dataset.page).toBe("02-shape"));
    await userEvent.keyboard("{Control>}{Alt>}{ArrowLeft}{/Alt}{/Control}");
    await waitFor(() => expect(find("[data-page]").dataset.page).toBe("01-serve"));
  });

  test("text grows and shrinks between 80 and 200 %", async () => {
    const { app } = await openWorkshop();
    for (let press = 0; press < 12; press++) await userEvent.keyboard("{Control>}={/Control}");
    expect(app.preferences.textSize).toBe(200);
    expect(document.documentElement.style.fontSize).toBe("200%");
    for (let press = 0; press < 12; press++) await userEvent.keyboard("{Control>}-{/Control}");
    expect(app.preferences.textSize).toBe(80);
    await userEvent.keyboard("{Control>}0{/Control}");
    expect(app.preferences.textSize).toBe(100);
  });

  test("separators move with the arrow keys", async () => {
    const { app } = await openWorkshop();
    const separator = screen.getByRole("separator", { name: "Width of the instructions" });
    separator.focus();
    const before = app.session?.layout.column ?? 0;
    await userEvent.keyboard("{ArrowRight}{ArrowRight}");
    expect(app.session?.layout.column).toBeCloseTo(before + 0.04);
    await userEvent.keyboard("{Enter}");
    expect(app.session?.layout.column).toBeCloseTo(before);
  });
});

describe("a page", () => {
  test("names what is still needed, and lets everybody go on", async () => {
    await openWorkshop();
    await userEvent.click(screen.getByRole("button", { name: "Continue" }));
    expect(screen.getByRole("alert").textContent).toContain("Replace the greeting in app.py");
    expect(find("[data-page]").dataset.page).toBe("01-serve");
    await userEvent.click(screen.getByRole("button", { name: "Continue anyway" }));
    await waitFor(() => expect(find("[data-page]").dataset.page).toBe("02-shape"));
    await waitFor(() => expect(document.activeElement).toBe(find("[data-region=instructions]")));
  });

  test("its links turn pages, open the browser, and never lead the window away", async () => {
    const { backend } = await openWorkshop();
    await userEvent.click(screen.getByRole("link", { name: "the documentation of Flask" }));
    expect(backend.opened).toEqual(["https://flask.palletsprojects.com/"]);
    await userEvent.click(screen.getByText('@app.route("/")', { selector: "code.copyable" }));
    expect(backend.copied).toEqual(['@app.route("/")']);
    await userEvent.click(screen.getByRole("link", { name: "the next page" }));
    await waitFor(() => expect(find("[data-page]").dataset.page).toBe("02-shape"));
  });

  test("an edit shows in the editor and on the disk", async () => {
    const { backend, container } = await openWorkshop();
    await userEvent.click(screen.getByRole("button", { name: /Replace the greeting/ }));
    await waitFor(() => expect(find("[data-action='01-serve/2']").dataset.status).toBe("done"));
    expect(container.querySelector(".cm-content")?.textContent).toContain('"Good evening"');
    expect(backend.files.get("~/exercises/app.py")).toContain('"Good evening"');
  });

  test("the contents find a word in all pages", async () => {
    await openWorkshop();
    await userEvent.click(screen.getByRole("button", { name: "Find in the workshop" }));
    await userEvent.type(screen.getByRole("searchbox", { name: "Find in the workshop" }), "replicas");
    const dialog = screen.getByRole("dialog", { name: "Contents" });
    await waitFor(() => expect(dialog.querySelector("mark")?.textContent).toBe("replicas"));
    await userEvent.keyboard("{Enter}");
    await waitFor(() => expect(find("[data-page]").dataset.page).toBe("02-shape"));
  });

  test("a conflict is shown above the editor and resolved there", async () => {
    const { backend, app } = await openWorkshop();
    await app.session?.tabs.openFile("~/exercises/app.py");
    const document = app.session?.documents.get("~/exercises/app.py");
    document?.dispatch({ changes: { from: 0, insert: "# mine\n" } });
    backend.writeOnDisk("~/exercises/app.py", "# theirs\n");
    const keepMine = await screen.findByRole("button", { name: "Keep mine" });
    // Leaving now would lose one of the two texts.
    expect(await app.leaveWorkshop()).toBe(false);
    await userEvent.click(keepMine);
    await waitFor(() => expect(backend.files.get("~/exercises/app.py")).toMatch(/^# mine/));
    expect(screen.queryByRole("button", { name: "Keep mine" })).toBeNull();
  });
});

test("finishing shows what was done; starting over asks first", async () => {
  const { backend, app } = await openWorkshop();
  await app.session?.show("03-done");
  await userEvent.click(await screen.findByRole("button", { name: "Finish" }));
  const heading = await screen.findByRole("heading", { name: /You have finished/ });
  expect(document.activeElement).toBe(heading);
  expect(document.querySelector("[data-finish]")).not.toBeNull();
  await userEvent.click(screen.getByRole("button", { name: "Start over…" }));
  const dialog = await screen.findByRole("dialog");
  expect(document.activeElement?.textContent?.trim()).toBe("Cancel");
  expect(backend.calls.some((call) => call.startsWith("set aside"))).toBe(false);
  await userEvent.click(within(dialog).getByRole("button", { name: "Start over" }));
  await waitFor(() => expect(backend.calls.some((call) => call.startsWith("set aside"))).toBe(true));
  await waitFor(() => expect(backend.calls).toContain(`start ${LAB_PATH} fresh`));
});

describe("nothing for axe to complain about", () => {
  // Contrast needs real pixels and is measured in a browser.
  const complaints = async () => {
    const { violations } = await axe.run(document.body, {
      rules: { "color-contrast": { enabled: false }, region: { enabled: false } },
    });
    return violations.map(
      (each) => `${each.id}: ${each.nodes.map((node) => node.html.slice(0, 120)).join(" | ")}`,
    );
  };

  test("library", async () => {
    await open();
    await screen.findByRole("heading", { name: "Atelier" });
    expect(await complaints()).toEqual([]);
  });

  test("trust sheet", async () => {
    await open({ start: { path: LAB_PATH } });
    await screen.findByRole("dialog");
    expect(await complaints()).toEqual([]);
  });

  test("workshop", async () => {
    const { app } = await openWorkshop();
    await app.session?.tabs.openFile("~/exercises/app.py");
    await app.session?.show("02-shape");
    await waitFor(() => expect(find("[data-page]").dataset.page).toBe("02-shape"));
    expect(await complaints()).toEqual([]);
  });

  test("start-up", async () => {
    await open({ start: { path: LAB_PATH, trust: true }, failingSetup: true });
    await screen.findByText("Set-up failed");
    await userEvent.click(screen.getByRole("button", { name: "Open log" }));
    expect(await complaints()).toEqual([]);
  });
});
