// Stacks of errors as a cell sees them, in `console.error(error)` and in results: the frames of cells and of the user's files, with lines
// and columns of the cells' texts. What called the cell, and what is inside of the library, is left out; an error without any frame of the
// user's keeps all.

import type { CellPlaces } from "./cell-places.ts";

/** `ownFolder`: URL of the folder of our own bundles. */
export function showOwnFrames(ownFolder: string, places: CellPlaces): void {
  const isUsers = (frame: NodeJS.CallSite): boolean => {
    const file = frame.getScriptNameOrSourceURL() ?? "";
    return file !== "" && !file.startsWith("node:") && !file.startsWith(ownFolder) && file !== "native";
  };
  Error.prepareStackTrace = (error, frames) => {
    const users = frames.findLastIndex(isUsers);
    const shown = users === -1 ? frames : frames.slice(0, users + 1).filter((frame) => !isOwn(frame, ownFolder));
    return [headOf(error), ...shown.map((frame) => `    at ${places.toCells(String(frame))}`)].join("\n");
  };
}

const isOwn = (frame: NodeJS.CallSite, ownFolder: string): boolean =>
  frame.getFileName()?.startsWith(ownFolder) === true;

function headOf(error: Error): string {
  try {
    return Error.prototype.toString.call(error);
  } catch {
    return "<error>";
  }
}
