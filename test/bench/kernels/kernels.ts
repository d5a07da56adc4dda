// `npm run bench -- --kernels`: our kernel beside tslab and Deno, in turns, medians; the goals are ratios to the faster peer, or times.

import type { Result } from "../results.ts";
import { median } from "../statistics.ts";
import { formatMs, formatRatio, formatTable } from "../table.ts";
import { isThere, KERNEL_NAMES, type KernelName } from "./contenders.ts";
import { measureRound, type Round } from "./measures.ts";
import { measureRestart } from "./restart.ts";

type Time = "firstResult" | "trivialCell" | "completion" | "restart" | "manyLines";

interface Row {
  readonly name: string;
  readonly time: Time;
  readonly goal?: { readonly ms: number } | { readonly ratio: number };
}

const ROWS: readonly Row[] = [
  { name: "start to first result", time: "firstResult", goal: { ratio: 1 } },
  { name: "trivial cell", time: "trivialCell", goal: { ms: 4 } },
  { name: "completion, warm", time: "completion", goal: { ms: 50 } },
  { name: "restart to next result", time: "restart", goal: { ms: 100 } },
  { name: "20,000 lines", time: "manyLines" },
];

/** Rounds of one kernel; `restart` beside the others, since only ours has one of its own. */
type Measured = Round & { readonly restart: number };

/** Measures, prints the table with `print`, and returns the times as results. */
export async function benchKernels(runs: number, print: (line: string) => void): Promise<Result[]> {
  const names = KERNEL_NAMES.filter(isThere);
  for (const name of KERNEL_NAMES) {
    if (!isThere(name)) print(`${name} is not installed: npm run bench -- --install --kernels`);
  }
  const rounds = new Map<KernelName, Measured[]>(names.map((name) => [name, []]));
  for (let run = 0; run < runs; run++) {
    for (const name of names) {
      const round = await measureRound(name);
      const restart = name === "ours" ? await measureRestart() : round.firstResult;
      rounds.get(name)!.push({ ...round, restart });
    }
  }
  const of = (name: KernelName, what: Exclude<keyof Measured, "completes">): number =>
    median(rounds.get(name)!.map((round) => round[what]));
  const peers = names.filter((name) => name !== "ours");

  const rows = ROWS.map(({ name, time, goal }) => {
    const ours = of("ours", time);
    const fastest = Math.min(...peers.map((peer) => of(peer, time)));
    const ratio = Number.isFinite(fastest) ? ours / fastest : null;
    return [
      name,
      formatMs(ours),
      ...peers.map((peer) => formatTime(of(peer, time))),
      formatRatio(ratio),
      toGoal(goal, ours, ratio),
    ];
  });
  print(`\nkernels, medians of ${runs} runs; a peer restarts by a new process\n`);
  print(formatTable(["", "ours", ...peers, "ours/faster", "goal"], rows));
  print("");
  for (const name of names) {
    const completes = rounds.get(name)!.every((round) => round.completes) ? "completes" : "does not complete";
    const lines = `${of(name, "linesArrived").toLocaleString("en")} of 20,000 lines arrived`;
    print(
      `${name}: ${of(name, "memoryMb").toFixed(0)} MB after 200 cells, ${lines}, ${completes} an array of another cell`,
    );
  }
  return ROWS.flatMap(({ name, time }) =>
    peers.map((peer) => {
      const [oursMs, peerMs] = [of("ours", time), of(peer, time)];
      return { workload: `kernel: ${name}`, peer, oursMs, peerMs, ratio: oursMs / peerMs, ceilingShare: null };
    }),
  );
}

const formatTime = (ms: number): string => (Number.isFinite(ms) ? formatMs(ms) : "never");

function toGoal(goal: Row["goal"], ms: number, ratio: number | null): string {
  if (goal === undefined) return "";
  if ("ms" in goal) return `≤ ${goal.ms} ms ${ms <= goal.ms ? "✓" : "✗"}`;
  return `≤ ${goal.ratio} ${ratio === null ? "?" : ratio <= goal.ratio ? "✓" : "✗"}`;
}
