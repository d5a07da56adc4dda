// Frees what is unreachable, at once. JavaScript keeps whatever a WeakRef has shown, or been made for, until the running job
// ends, which a training loop without `await` never does. V8 forgets those objects after a microtask checkpoint; a context
// with a microtask queue of its own has one without running any promise of the user.

import { setFlagsFromString } from "node:v8";
import { createContext, runInNewContext, Script } from "node:vm";

setFlagsFromString("--expose-gc");
const gc = runInNewContext("gc") as () => void;
const elsewhere = createContext({}, { microtaskMode: "afterEvaluate" });
const checkpoint = new Script("Promise.resolve().then(() => {}); undefined");

/** Some 5 ms in a process of the usual size. */
export function collectGarbage(): void {
  checkpoint.runInContext(elsewhere);
  gc();
}
