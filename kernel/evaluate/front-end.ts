// What cells ask of the front end beside displays: to clear the cell's output, to open its pager, to connect a widget (comms.ts).
// Exported by "lectern" in cells; scripts have the same names without a front end (process/library.ts).

import type { MimeBundle } from "#protocol";
import type { CommsApi } from "./comms.ts";
import type { OutputPipe } from "./output-pipe.ts";

export interface FrontEnd {
  /** Channels to widgets, in both directions. */
  readonly comms: CommsApi;
  /** Empties the cell's output; with `wait`, only when something new is shown, so that nothing flickers. */
  clearOutput(options?: { readonly wait?: boolean }): void;
  /** Shows a long text, or a MIME bundle, in the front end's pager, or below the cell where it has none. */
  page(text: string | MimeBundle): void;
}

export function createFrontEnd(output: OutputPipe, comms: CommsApi): FrontEnd {
  return {
    comms,
    clearOutput: ({ wait = false } = {}) => output.output({ type: "clear_output", content: { wait } }),
    page(text) {
      const data = typeof text === "string" ? { "text/plain": text } : text;
      output.send({ type: "page", cell: output.cell, data });
    },
  };
}
