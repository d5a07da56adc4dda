// Whether an error that is being thrown will end the cell. V8 cannot say it behind the first `await` of a cell: there it takes the
// inspector, which waits for the cell, for somebody who handles the error. So the frames are asked, and those that await them: is one of
// them in a `try` with a `catch`? An error that only a `.catch()` handles counts as one that ends the cell.

import type { Debugger, Runtime } from "node:inspector";
import { isInTry } from "../../compile/index.ts";
import type { ScriptPlace, Scripts } from "./scripts.ts";

export function endsCell(
  { reason, data, callFrames, asyncStackTrace }: Debugger.PausedEventDataType,
  scripts: Scripts,
): boolean {
  if ((data as { readonly uncaught?: boolean } | undefined)?.uncaught) return true;
  if (reason !== "promiseRejection") return false;
  const places: ScriptPlace[] = callFrames.map(({ location }) => location);
  for (let trace: Runtime.StackTrace | undefined = asyncStackTrace; trace; trace = trace.parent)
    places.push(...trace.callFrames);
  return !places.some((place) => {
    const { cell, line, column } = scripts.placeOf(place) ?? {};
    return cell !== undefined && isInTry(cell.code, { line: line!, column: column! });
  });
}
