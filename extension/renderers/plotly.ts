// Entry point of the renderer for Plotly figures: runs in the browser frame of a notebook's outputs, where VS Code calls it.
// Plotly itself is a chunk of its own, loaded with the first figure.

import type { ActivationFunction } from "vscode-notebook-renderer";
import { readFigure } from "./figure.ts";
import { FigureView } from "./figure-view.ts";
import { onThemeChange } from "./theme.ts";

export const activate: ActivationFunction = () => {
  const views = new Map<string, FigureView>();
  onThemeChange(() => {
    for (const view of views.values()) view.redraw();
  });

  const dispose = (id: string) => {
    views.get(id)?.dispose();
    views.delete(id);
  };

  return {
    /** An update of an output arrives here again, with the same id and the same element: the figure changes in place. */
    async renderOutputItem(item, element, signal) {
      try {
        const figure = readFigure(item.json());
        const { default: plotly } = await import("plotly.js/dist/plotly-cartesian.min.js");
        if (signal.aborted) return;
        if (views.get(item.id)?.element !== element) {
          dispose(item.id);
          views.set(item.id, new FigureView(element, plotly));
        }
        await views.get(item.id)?.show(figure);
      } catch (error) {
        dispose(item.id);
        const message = document.createElement("pre");
        message.textContent = `This figure cannot be drawn. ${error instanceof Error ? error.message : error}`;
        element.replaceChildren(message);
      }
    },
    disposeOutputItem(id) {
      for (const known of id === undefined ? [...views.keys()] : [id]) dispose(known);
    },
  };
};
