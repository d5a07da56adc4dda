// The MIME types that Lectern sends. Everything shown in a notebook is a bundle of representations, best first;
// a front end draws the richest one that it knows.

/** Plotly figure `{ data, layout }`; JupyterLab, VS Code's Jupyter renderers and Lectern's own renderer draw it. */
export const PLOTLY_MIME = "application/vnd.plotly.v1+json";

/** Where a training run stands, for progress bars outside a browser; see {@link TrainingProgress}. */
export const PROGRESS_MIME = "application/vnd.lectern.progress+json";

/** `text/plain` of a display whose picture is still being drawn; an update brings it. */
export const DRAWING_TEXT = "drawing …";

/** MIME type → data, as in Jupyter's `display_data`. Binary types (`image/png`) are base64 text. */
export type MimeBundle = Readonly<Record<string, unknown>>;

/** Content of {@link PROGRESS_MIME}. `epoch` and `batch` count from 1; times are milliseconds. */
export interface TrainingProgress {
  readonly epoch: number;
  readonly epochs: number;
  readonly batch: number;
  readonly batches: number;
  /** Latest values by metric name, for example `{ loss: 0.31, accuracy: 0.92 }`. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly elapsedMs: number;
  readonly remainingMs: number;
}
