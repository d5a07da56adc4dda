// Displays as printed text: what a terminal can show of figures. A picture is said once, when it is drawn; what is updated in
// place later is not repeated. Used by `lectern run` and by scripts.

import { DRAWING_TEXT, type MimeBundle } from "#protocol";

export class PrintedDisplays {
  readonly #drawing = new Set<string>();

  /** The text to print now; undefined for what is still being drawn, or is an update of something printed. */
  take(bundle: MimeBundle, displayId: string | undefined, update: boolean): string | undefined {
    const text = String(bundle["text/plain"] ?? `<${Object.keys(bundle).join(", ")}>`);
    if (text === DRAWING_TEXT) {
      this.#drawing.add(displayId ?? "");
      return undefined;
    }
    const isFirst = !update || this.#drawing.delete(displayId ?? "");
    return isFirst ? text : undefined;
  }
}
