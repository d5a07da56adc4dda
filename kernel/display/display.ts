// `display` and `newDisplay`, as cells call them; the methods are tslab's, so that its notebooks run unchanged.
// What takes time to draw holds its place in the output with its text, and the picture follows in place.

import { DRAWING_TEXT, type MimeBundle } from "#protocol";
import type { DisplaySink } from "./host.ts";
import { describe, SHOWN } from "./mime-bundle.ts";

/** Shows data of a known type. Bytes are sent as base64. */
export interface DisplayMethods<Result> {
  html(text: string): Result;
  markdown(text: string): Result;
  latex(text: string): Result;
  svg(text: string): Result;
  text(text: string): Result;
  javascript(text: string): Result;
  png(bytes: Uint8Array): Result;
  jpeg(bytes: Uint8Array): Result;
  gif(bytes: Uint8Array): Result;
  pdf(bytes: Uint8Array): Result;
  /** Any MIME type: `display.raw("application/vnd.plotly.v1+json", { data, layout })`. */
  raw(mimeType: string, data: unknown): Result;
}

/** An output that can be replaced in place. */
export interface DisplayHandle {
  readonly displayId: string;
  update(value: unknown): void;
  /** When everything given so far is on the page; rejects when it could not be drawn. */
  readonly shown: Promise<void>;
}

export interface Display extends DisplayMethods<DisplayHandle> {
  /** Shows any value: figures as pictures, everything else as text. */
  (value: unknown, options?: { readonly displayId?: string }): DisplayHandle;
}

/** tslab's handle: the first call shows, later ones replace. */
export type NewDisplay = DisplayMethods<void>;

export interface DisplayFunctions {
  readonly display: Display;
  newDisplay(): NewDisplay;
  /** When all pictures of the cell are on the page; rejects with the first that could not be drawn. Then starts anew. */
  settled(): Promise<void>;
}

export function createDisplay(sink: DisplaySink): DisplayFunctions {
  const drawing = new Set<Promise<void>>();
  const display = (value: unknown, options: { readonly displayId?: string } = {}) => {
    const output = new Output(options.displayId ?? `lectern-${crypto.randomUUID()}`, sink, drawing);
    output.show(value, { update: false });
    return output;
  };
  return {
    display: Object.assign(
      display,
      methodsOf<DisplayHandle>((bundle) => display(new Raw(bundle))),
    ),
    newDisplay() {
      let output: DisplayHandle | undefined;
      return methodsOf<void>((bundle) => {
        if (output) output.update(new Raw(bundle));
        else output = display(new Raw(bundle));
      });
    },
    async settled() {
      const all = [...drawing];
      drawing.clear();
      await Promise.all(all);
    },
  };
}

/** One place in a cell's output. */
class Output implements DisplayHandle {
  readonly [SHOWN] = true;
  readonly displayId: string;
  readonly #sink: DisplaySink;
  readonly #drawing: Set<Promise<void>>;
  #shown = Promise.resolve();
  #turn = 0;

  constructor(displayId: string, sink: DisplaySink, drawing: Set<Promise<void>>) {
    this.displayId = displayId;
    this.#sink = sink;
    this.#drawing = drawing;
  }

  get shown(): Promise<void> {
    return this.#shown;
  }

  update(value: unknown): void {
    this.show(value, { update: true });
  }

  show(value: unknown, { update }: { readonly update: boolean }): void {
    const { displayId } = this;
    const turn = ++this.#turn;
    const bundle = value instanceof Raw ? value.bundle : describe(value);
    if (!(bundle instanceof Promise)) {
      this.#sink.display(bundle, { displayId, update });
      this.#shown = Promise.resolve();
      return;
    }
    if (!update) this.#sink.display({ "text/plain": DRAWING_TEXT }, { displayId });
    // A slow picture that was replaced meanwhile is dropped.
    const replace = (drawn: MimeBundle) => {
      if (turn === this.#turn) this.#sink.display(drawn, { displayId, update: true });
    };
    this.#shown = bundle.then(replace, (error: unknown) => {
      replace({ "text/plain": String(error) });
      throw error;
    });
    this.#keep(this.#shown);
  }

  /** Until it is drawn, or until `settled()` has told of the failure. */
  #keep(shown: Promise<void>): void {
    this.#drawing.add(shown);
    shown.then(
      () => this.#drawing.delete(shown),
      () => {},
    );
  }
}

/** A bundle that is shown as it is. */
class Raw {
  readonly bundle: MimeBundle;

  constructor(bundle: MimeBundle) {
    this.bundle = bundle;
  }
}

function methodsOf<Result>(show: (bundle: MimeBundle) => Result): DisplayMethods<Result> {
  const raw = (mimeType: string, data: unknown) =>
    show({ [mimeType]: data instanceof Uint8Array ? Buffer.from(data).toString("base64") : data });
  const sender = (mimeType: string) => (data: string | Uint8Array) => raw(mimeType, data);
  return {
    html: sender("text/html"),
    markdown: sender("text/markdown"),
    latex: sender("text/latex"),
    svg: sender("image/svg+xml"),
    text: sender("text/plain"),
    javascript: sender("text/javascript"),
    png: sender("image/png"),
    jpeg: sender("image/jpeg"),
    gif: sender("image/gif"),
    pdf: sender("application/pdf"),
    raw,
  };
}
