// Stands in for a library for slides that is not here: shows the slides below one another.
(() => {
  // Whatever a deck asks of its library is taken and comes to nothing.
  const nothing = new Proxy(function () {}, {
    get: (_, name) => (typeof name === "symbol" || name === "then" ? undefined : nothing),
    apply: () => nothing,
    construct: () => nothing,
  });
  window.Reveal ??= nothing;
  window.impress ??= nothing;

  const STYLE = `
    html { overflow: auto !important; height: auto !important; }
    body { overflow: visible !important; height: auto !important; max-width: 46rem; margin: 0 auto !important; padding: 1.5rem;
           font-family: system-ui, sans-serif; line-height: 1.5; }
    .reveal, .slides, #impress, [data-plain-slide], [data-plain-slide] .fragment, .substep {
      position: static !important; display: block !important; visibility: visible !important; opacity: 1 !important;
      transform: none !important; width: auto !important; height: auto !important; }
    [data-plain-slide] { padding: 1.5rem 0; border-bottom: 1px solid #8886; }
    [data-plain-slide]:target { border-left: 3px solid #1f5391; padding-left: 1rem; }
    [data-plain-note], aside.notes, .notes { font-size: 0.875rem; }
    aside.notes, .fallback-message { display: none !important; }
    img, video, svg { max-width: 100%; height: auto; }
    pre { overflow: auto; white-space: pre-wrap; }`;

  const leaves = (root) => [...root.querySelectorAll("section")].filter((each) => !each.querySelector("section"));

  function slides() {
    const steps = [...document.querySelectorAll("#impress .step")];
    return steps.length ? steps : leaves(document);
  }

  // `#/id`, `#/3` and `#/3/1` lead where they would in the library.
  function wanted() {
    const name = decodeURIComponent(location.hash.replace(/^#\/?/, ""));
    const named = name && document.getElementById(name);
    if (named) return named;
    const [column, row = 0] = name.split("/").map(Number);
    const columns = document.querySelectorAll(".slides > section");
    const found = columns[column] ?? (name && slides()[column]);
    return found ? (leaves(found)[row] ?? found) : null;
  }

  function show() {
    const all = slides();
    if (!all.length) return;
    document.body.classList.remove("impress-not-supported");
    const style = document.createElement("style");
    style.textContent = STYLE;
    document.head.append(style);
    const note = document.createElement("p");
    note.dataset.plainNote = "";
    note.textContent = "The library that these slides are made with is not here, so they stand below one another.";
    document.body.prepend(note);
    for (const slide of all) {
      slide.dataset.plainSlide = "";
      // Slides that are written in Markdown are shown as they are written.
      for (const written of slide.querySelectorAll("textarea[data-template], script[type='text/template']")) {
        const text = document.createElement("pre");
        text.textContent = written.textContent.trim();
        written.replaceWith(text);
      }
    }
    const go = () => wanted()?.scrollIntoView();
    addEventListener("hashchange", go);
    go();
  }

  if (document.readyState === "loading") addEventListener("DOMContentLoaded", show);
  else show();
})();
