// `prompt`, `confirm` and `alert` for cells: they ask the person in front of the notebook, and the cell waits for the answer, as it
// does in a browser and in Deno. An interrupt ends the wait.

import type { AsyncLocalStorage } from "node:async_hooks";
import type { Mailbox } from "./mailbox.ts";
import type { OutputPipe } from "./output-pipe.ts";
import type { RunningCell } from "./running-cell.ts";

/** Nobody is there to answer; the name is the one of IPython. */
export class StdinNotImplementedError extends Error {
  override readonly name = "StdinNotImplementedError";
}

export interface Dialogs {
  /** The text that was entered, `preset` for none, null when the dialog was cancelled. `password` hides what is typed. */
  prompt(message?: string, preset?: string, options?: { readonly password?: boolean }): string | null;
  /** Whether the answer was y or yes. */
  confirm(message?: string): boolean;
  alert(message?: string): void;
}

export interface DialogParts {
  readonly cells: AsyncLocalStorage<RunningCell>;
  readonly output: OutputPipe;
  readonly mailbox: Mailbox;
}

export function createDialogs({ cells, output, mailbox }: DialogParts): Dialogs {
  let question = 0;
  const ask = (by: string, message: string, password = false): string | null => {
    const cell = cells.getStore();
    if (!cell || cell.hasEnded)
      throw new StdinNotImplementedError(`${by}: only a running cell can ask; this one has ended`);
    if (!cell.allowsInput) {
      throw new StdinNotImplementedError(
        `${by}: whoever runs this cell answers no questions; run it in JupyterLab or VS Code, or put the value into a variable`,
      );
    }
    output.send({ type: "question", cell: cell.cell, question: ++question, prompt: message, password });
    const answer = mailbox.waitFor(question);
    if ("problem" in answer) throw new StdinNotImplementedError(`${by}: ${answer.problem}`);
    return answer.value;
  };
  return {
    prompt(message = "", preset = "", { password = false } = {}) {
      const hint = preset === "" ? "" : ` [${preset}]`;
      const answer = ask("prompt", `${message}${hint} `, password);
      return answer === "" ? preset : answer;
    },
    confirm: (message = "Confirm?") => /^y(es)?$/i.test(ask("confirm", `${message} [y/N] `)?.trim() ?? ""),
    alert(message = "") {
      ask("alert", `${message} [Enter] `);
    },
  };
}
