// Which outputs of a notebook show which display: Jupyter lets a cell update what an earlier cell displayed, by display_id.

import type * as vscode from "vscode";

export class Displays {
  readonly #shown = new Map<
    string,
    { readonly output: vscode.NotebookCellOutput; readonly cell: vscode.NotebookCell }[]
  >();

  add(displayId: string, output: vscode.NotebookCellOutput, cell: vscode.NotebookCell): void {
    this.#shown.set(displayId, [...(this.#shown.get(displayId) ?? []), { output, cell }]);
  }

  /** The outputs that show the display and still stand in the notebook. */
  find(displayId: string | undefined): readonly vscode.NotebookCellOutput[] {
    const shown = this.#shown.get(displayId ?? "") ?? [];
    return shown.filter(({ cell }) => cell.index >= 0).map(({ output }) => output);
  }

  /** Called when the cell's outputs are cleared. */
  forget(cell: vscode.NotebookCell): void {
    for (const [displayId, shown] of this.#shown) {
      const left = shown.filter((display) => display.cell !== cell);
      if (left.length > 0) this.#shown.set(displayId, left);
      else this.#shown.delete(displayId);
    }
  }
}
