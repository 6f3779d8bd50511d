import type {
  AddressView,
  RequirementView,
  ActionView,
  CooldownView,
  DashboardView,
  DiagnosticView,
  InspectionView,
  PageView,
  ProgramView,
  WorkshopCard,
} from "../protocol";

/** The scripted workshop that tests and `npm run dev` play. */

export const TOUR_PATH = "/opt/atelier/workshops/tour";
export const LAB_PATH = "/home/ada/workshops/lab-flask";

const SECOND: CooldownView = { kind: "for", millis: 1000 };
const EDITOR: CooldownView = { kind: "for", millis: 3000 };

function action(id: string, kind: string, title: string, rest: Partial<ActionView> = {}): ActionView {
  return {
    id,
    kind,
    prefix: "",
    title,
    body: null,
    hidden: false,
    enabled: true,
    required: false,
    cooldown: kind.startsWith("editor:") ? EDITOR : SECOND,
    queue: null,
    form: null,
    document: null,
    touches: [],
    upload: null,
    problem: null,
    note: null,
    endless: false,
    section: null,
    closesSection: false,
    ...rest,
  };
}

const card = (index: number) => `<workshop-action data-index="${index}"></workshop-action>`;

export const APP_PY = `from flask import Flask

app = Flask(__name__)


@app.route("/")
def index():
    return "Hello from the workshop"


if __name__ == "__main__":
    app.run(port=8000)
`;

export const FILES: Record<string, string> = {
  "~/exercises/app.py": APP_PY,
  "~/exercises/README.md": "# Exercises\n\nEverything you change here is yours to keep.\n",
  "~/exercises/templates/index.html":
    '<!doctype html>\n<html lang="en">\n  <body>\n    <h1>{{ title }}</h1>\n  </body>\n</html>\n',
  "~/exercises/deploy/values.yaml": "replicas: 1\nimage:\n  name: page\n  tag: latest\n",
};

export const PAGES: PageView[] = [
  {
    id: "01-serve",
    revision: 0,
    title: "Serve a first page",
    heading: "Serve a first page",
    nextLabel: null,
    html: `
<p>A web server is a program that waits for a <em>request</em> and answers it. The one in
<code>app.py</code> answers every visitor with the same sentence. Start it, and look at what it prints:
it tells you the address it listens on.</p>
${card(0)}
<p>The editor on the right shows the file. The function below the line
<code class="copyable">@app.route("/")</code> is what runs when somebody asks for the page.</p>
${card(1)}
<h2 id="change">Change what it says</h2>
<p>Replace the sentence and save. Flask notices the new file and starts again by itself, so the next
request already gets the new answer.</p>
${card(2)}
<pre><code><span class="hl-meta"><span class="hl-variable hl-annotation">@app.route</span><span class="hl-punctuation">(</span><span class="hl-string">"/"</span><span class="hl-punctuation">)</span></span>
<span class="hl-storage hl-type">def</span> <span class="hl-entity hl-name hl-function">index</span><span class="hl-punctuation">():</span>  <span class="hl-comment"># every visitor lands here</span>
    <span class="hl-keyword hl-control">return</span> <span class="hl-support hl-function">render_template</span>(<span class="hl-string">"index.html"</span>, retries=<span class="hl-constant hl-numeric">3</span>)</code></pre>
<p>Is the page there? The check asks for it as a browser would.</p>
${card(3)}
<div class="admonition note"><p class="admonition-title">Note</p><p>The server keeps its terminal. Further commands
go to the second one, so that you can see both.</p></div>
<p>See <a href="#" data-page="02-shape">the next page</a> or
<a class="external" href="https://flask.palletsprojects.com/">the documentation of Flask</a>.</p>`,
    actions: [
      action("01-serve/0", "terminal:execute", "Run in terminal 1", {
        prefix: "Terminal",
        body: "flask --app app run --port 8000",
        queue: "terminal:1",
      }),
      action("01-serve/1", "editor:select-matching-text", "Show the route in app.py", {
        prefix: "Editor",
        body: '@app.route("/")',
        queue: "editor",
        document: "~/exercises/app.py",
      }),
      action("01-serve/2", "editor:replace-matching-text", "Replace the greeting in app.py", {
        prefix: "Editor",
        body: 'return "Hello from the workshop"\n→ return "Good evening"',
        queue: "editor",
        document: "~/exercises/app.py",
        required: true,
      }),
      action("01-serve/3", "examiner:execute-test", "Check that the page answers", { prefix: "Examiner" }),
    ],
    sections: [],
  },
  {
    id: "02-shape",
    revision: 0,
    title: "Give it a shape",
    heading: "Give it a shape",
    nextLabel: null,
    html: `
<p>Templates keep what is said apart from how it looks. Every kind of step that a page can offer is below.</p>
<ol><li><p>Copy a name into the clipboard:</p>${card(0)}</li>
<li><p>Open the template where its heading is:</p>${card(1)}</li>
<li><p>Add two lines to the settings:</p>${card(2)}</li></ol>
<h2 id="deploy">Deploy</h2>
<p>Some of these do not go well, on purpose.</p>
${card(3)}${card(4)}${card(5)}${card(6)}
${card(7)}
<div class="workshop-section" data-section="0">
<p>A template is filled in when a request arrives. Values come from the call to
<code>render_template</code>.</p>
${card(8)}
</div>${card(9)}
<table><thead><tr><th>Key</th><th>Meaning</th><th>Default</th></tr></thead><tbody>
<tr><td><code>replicas</code></td><td>How many copies answer requests</td><td>1</td></tr>
<tr><td><code>image.tag</code></td><td>Which build of the page is served</td><td><code>latest</code></td></tr>
</tbody></table>
<blockquote><p>Simplicity is prerequisite for reliability.</p></blockquote>`,
    actions: [
      action("02-shape/0", "workshop:copy", "Copy text to clipboard", {
        body: "render_template",
        cooldown: { kind: "none" },
      }),
      action("02-shape/1", "editor:open-file", "Open templates/index.html at line 4", {
        queue: "editor",
        document: "~/exercises/templates/index.html",
      }),
      action("02-shape/2", "editor:append-lines-to-file", "Add lines to deploy/values.yaml", {
        body: "service:\n  port: 8000",
        queue: "editor",
        document: "~/exercises/deploy/values.yaml",
      }),
      action("02-shape/3", "terminal:execute", "Run in terminal 2", {
        body: "make deploy ENVIRONMENT=staging",
        queue: "terminal:2",
      }),
      action("02-shape/4", "editor:replace-matching-text", "Set the tag in deploy/values.yaml", {
        body: "tag: stable",
        queue: "editor",
        document: "~/exercises/deploy/values.yaml",
      }),
      action("02-shape/5", "examiner:execute-test", "Check that two copies answer", { body: null }),
      action("02-shape/6", "dashboard:reload-dashboard", "Reload dashboard App", {
        problem: {
          message: "The property `nmae` is unknown. Did you mean `name`?",
          file: "workshop/content/02-shape.md",
          line: 48,
          column: 1,
          source: "nmae: App\nurl: http://app-$(session_name).$(ingress_domain)/",
        },
      }),
      action("02-shape/7", "section:begin", "How templates work", { prefix: "Section", section: 0 }),
      action("02-shape/8", "dashboard:open-dashboard", "Open dashboard App", { queue: "dashboard" }),
      action("02-shape/9", "section:end", "End", { section: 0, closesSection: true }),
    ],
    sections: [{ begin: 7, end: 9, parent: null }],
  },
  {
    id: "03-done",
    revision: 0,
    title: "Where to go from here",
    heading: "Where to go from here",
    nextLabel: null,
    html: `<p>The page is served, shaped and checked. Your files stay where they are when you close the workshop.</p>`,
    actions: [],
    sections: [],
  },
];

export const DASHBOARDS: DashboardView[] = [
  {
    id: "app",
    title: "App",
    content: { kind: "web", url: "http://app-lab-flask-3fa9c1.localhost:46707/", port: 8000 },
  },
  {
    id: "slides",
    title: "Slides",
    content: { kind: "notice", message: "This workshop brings no slides: its `slides` folder is empty." },
  },
];

export const PROBLEMS: DiagnosticView[] = [
  {
    code: "unknown-property",
    severity: "error",
    message: "unknown property `nmae`",
    help: "did you mean `name`?",
    file: "workshop/content/02-shape.md",
    line: 48,
    column: 1,
    page: "01-serve",
  },
  {
    code: "deprecated",
    severity: "warning",
    message: "`execute-2` is an old spelling",
    help: "write `terminal:execute` with `session: 2`",
    file: "workshop/content/01-serve.md",
    line: 12,
    column: 4,
    page: "01-serve",
  },
];

export const CARDS: WorkshopCard[] = [
  {
    path: TOUR_PATH,
    title: "A tour of Atelier",
    description: "Run, edit and check: everything that a page can do, in ten minutes.",
    difficulty: "beginner",
    duration: "10m",
    bundled: true,
    missing: false,
    session: null,
  },
  {
    path: LAB_PATH,
    title: "A small page on the web",
    description: "Serve a page with Flask, give it a template, and prove with a check that it answers.",
    difficulty: "beginner",
    duration: "30m",
    bundled: false,
    missing: false,
    session: {
      name: "lab-flask-3fa9c1",
      pageTitle: "Give it a shape",
      step: 2,
      pages: 3,
      checksPassed: 1,
      checksTotal: 2,
      finished: false,
      lastUsed: Date.now() - 26 * 3600 * 1000,
    },
  },
  {
    path: "/home/ada/workshops/lab-git",
    title: "Git from the inside",
    description: "Blobs, trees and commits, made by hand.",
    difficulty: "intermediate",
    duration: "1h",
    bundled: false,
    missing: false,
    session: {
      name: "lab-git-77d012",
      pageTitle: "Clean up",
      step: 9,
      pages: 9,
      checksPassed: 6,
      checksTotal: 6,
      finished: true,
      lastUsed: Date.now() - 9 * 24 * 3600 * 1000,
    },
  },
  {
    path: "/media/usb/lab-postgres",
    title: "Reading query plans",
    description: "What PostgreSQL is going to do, and why it takes so long.",
    difficulty: "advanced",
    duration: "90m",
    bundled: false,
    missing: true,
    session: null,
  },
];

export const PROGRAMS: ProgramView[] = [
  {
    name: "metrics",
    command: "python3 -m metrics --port 9090",
    autostart: true,
    state: "running",
    since: 1_790_000_000_000,
    pid: 4242,
    exitCode: null,
    message: null,
    log: "~/.local/share/workshop/metrics.log",
  },
];
function requirement(name: string, about: Partial<RequirementView>): RequirementView {
  return {
    name,
    status: "found",
    problem: null,
    hint: null,
    found: null,
    version: null,
    declared: false,
    ...about,
  };
}

export const INSPECTION: InspectionView = {
  path: LAB_PATH,
  title: "A small page on the web",
  description: "Serve a page with Flask, give it a template, and prove with a check that it answers.",
  authors: ["Ada Example", "Grace Example"],
  vendor: "Example Training",
  url: "https://github.com/example/lab-flask",
  difficulty: "beginner",
  duration: "30m",
  pages: 3,
  pathways: [],
  pathway: "",
  commands: 2,
  unasked: 0,
  setup: [
    {
      name: "01-virtualenv.sh",
      text: "#!/bin/bash\nset -e\npython3 -m venv ~/.venv\n~/.venv/bin/pip install flask\n",
    },
    {
      name: "02-sample-data.sh",
      text: "#!/bin/bash\nmkdir -p ~/exercises/data\nseq 1 100 > ~/exercises/data/numbers\n",
    },
  ],
  programs: [{ name: "metrics", command: "python3 -m metrics --port 9090", autostart: true }],
  requirements: [
    requirement("python3", { found: "/usr/bin/python3", version: "3.11.2", declared: true }),
    requirement("jq", {
      status: "missing",
      problem: "`jq` is not on this computer",
      hint: "sudo apt install jq",
    }),
    requirement("make", { found: "/usr/bin/make" }),
  ],
  network: [{ what: "pip install flask", place: "workshop/setup.d/01-virtualenv.sh:4" }],
  differences: ["A virtual cluster cannot be had on a laptop: pages that need one can be read only."],
  allowances: { docker: null, cluster: null },
  filesAt: "/home/ada/.local/share/atelier/sessions/lab-flask-3fa9c1/home",
  trusted: false,
  content: "content-of-the-lab",
  changes: null,
  size: 48_213,
  isolation: { level: "isolated", possible: true, lost: false, reason: null },
  resume: null,
  problems: PROBLEMS,
};

/** Where the pages of these tabs are. */
export function addressesOf(tabs: DashboardView[], answering: boolean): AddressView[] {
  return tabs.flatMap(({ title, content }) => {
    if (content.kind !== "web") return [];
    const { url, port } = content;
    return [{ title, url, port, answers: port === null ? null : answering }];
  });
}

/** What its terminals print for these commands. */
export const ANSWERS = {
  ls: "README.md  \x1b[1;34mdeploy\x1b[0m  app.py  \x1b[1;34mtemplates\x1b[0m\n",
  "flask --app app run --port 8000":
    " * Serving Flask app 'app'\n * Debug mode: \x1b[33moff\x1b[0m\n\x1b[31m\x1b[1mWARNING: This is a development server.\x1b[0m\n" +
    " * Running on \x1b[36mhttp://127.0.0.1:8000\x1b[0m\nPress CTRL+C to quit\n",
  "make deploy ENVIRONMENT=staging":
    "helm upgrade --install page ./chart\n\x1b[31mError: values.yaml: image.tag is not set\x1b[0m\nmake: *** [deploy] Error 1\n",
};
