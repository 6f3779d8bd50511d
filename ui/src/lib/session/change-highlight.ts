import { StateEffect, StateField, type ChangeSet } from "@codemirror/state";
import { Decoration, EditorView, ViewPlugin, type DecorationSet } from "@codemirror/view";

/** Lines that have just changed are tinted for a moment. */
export const showChange = StateEffect.define<ChangeSet>();
const clearChange = StateEffect.define();

const HIGHLIGHT_MS = 1600;
const line = Decoration.line({ class: "cm-changed-line" });

const changedLines = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(lines, transaction) {
    lines = lines.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (effect.is(clearChange)) lines = Decoration.none;
      if (effect.is(showChange)) {
        const starts = new Set<number>();
        const { doc } = transaction.state;
        effect.value.iterChangedRanges((_fromOld, _toOld, from, to) => {
          let at = doc.lineAt(from).from;
          while (at <= to && starts.size < 500) {
            if (at < to || at === from || from === to) starts.add(at);
            at = doc.lineAt(at).to + 1;
          }
        });
        lines = Decoration.set([...starts].sort((a, b) => a - b).map((start) => line.range(start)));
      }
    }
    return lines;
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** The clock belongs to the view: what changes while hidden is tinted when it is shown. */
const clearLater = ViewPlugin.fromClass(
  class {
    #timer: ReturnType<typeof setTimeout> | undefined;

    constructor(readonly view: EditorView) {
      this.update();
    }

    update(): void {
      if (this.#timer !== undefined || this.view.state.field(changedLines).size === 0) return;
      this.#timer = setTimeout(() => {
        this.#timer = undefined;
        this.view.dispatch({ effects: clearChange.of(null) });
      }, HIGHLIGHT_MS);
    }

    destroy(): void {
      clearTimeout(this.#timer);
    }
  },
);

export const changeHighlight = [changedLines, clearLater];
