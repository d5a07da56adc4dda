// Writes a notebook with TypeScript cells, as an .ipynb file of a lecture looks.

import { writeFile } from "node:fs/promises";

const LECTERN = {
  kernelspec: { name: "lectern", display_name: "TypeScript (Lectern)", language: "typescript" },
  language_info: { name: "typescript" },
};

export async function writeNotebook(
  path: string,
  sources: readonly string[],
  metadata: object = LECTERN,
): Promise<void> {
  const cells = sources.map((source, index) => ({
    cell_type: "code",
    id: `cell-${index}`,
    metadata: {},
    execution_count: null,
    outputs: [],
    source,
  }));
  await writeFile(path, JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata, cells }));
}
