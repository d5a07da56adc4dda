import { Worker } from "node:worker_threads";
import { afterAll, describe, expect, it } from "vitest";
import { load } from "../assembler/index.ts";
import { KernelLibrary, plainCompilation } from "../kernel-library.ts";
import { Heap } from "../memory/heap.ts";
import { type Assignment, Team } from "./team.ts";

const script = new URL("../../../../kernel/process/follower.ts", import.meta.url);
const workers: Worker[] = [];
const startFollower = (assignment: Assignment) => {
  const worker = new Worker(script, { workerData: assignment });
  workers.push(worker);
  return worker;
};
afterAll(() => Promise.all(workers.map((worker) => worker.terminate())));

const integer = { at: "i32", value: "i32" } as const;

function setUp(size: number) {
  const heap = new Heap();
  const library = new KernelLibrary(heap, plainCompilation).family("test");
  const team = new Team(heap.memory, { size, startFollower, grain: 1 });
  const words = heap.allocate("int32", 4096);
  words.values.fill(0);
  /** Adds `value` to a word, a thousand times slower than necessary. */
  const add = library.get("add", (module, name) =>
    module.export(name, integer, (f, { at, value }) => {
      const i = f.local("i32");
      f.for(i, 0, 20_000, 1, () => f.store(at, load("i32", at).add(value)));
    }),
  );
  const trap = library.get("trap", (module, name) =>
    module.export(name, integer, (f, { at, value }) => f.store(at, value.div(value.sub(7)))),
  );
  return { team, words, add, trap, heap };
}

describe.each([1, 2, 4])("a team of %i", (size) => {
  it("calls every part once, whoever takes it", async () => {
    const { team, words, add } = setUp(size);
    for (let job = 0; job < 50; job++) {
      // More parts than fit on the board.
      const parts = Array.from({ length: 1 + ((job * 37) % 600) }, (_, i) => [words.address + 4 * i, 1] as const);
      words.values.fill(0);
      team.run(add, parts);
      expect(words.values.subarray(0, parts.length).every((value) => value === 20_000)).toBe(true);
      expect(words.values.subarray(parts.length).every((value) => value === 0)).toBe(true);
      if (job === 10) await new Promise((resolve) => setTimeout(resolve, 100)); // Followers fall asleep, and wake up.
    }
  });

  it("tells of a trap, on whichever thread, and goes on", () => {
    const { team, words, add, trap } = setUp(size);
    const parts = Array.from({ length: 20 }, (_, i) => [words.address + 4 * i, i] as const);
    expect(() => team.run(trap, parts)).toThrow();
    team.run(add, parts);
    expect(words.values[19]! % 20_000).toBeLessThan(3);
  });
});

it("followers take parts, and new kernels", async () => {
  const { team, words, add } = setUp(2);
  const parts = Array.from({ length: 200 }, (_, i) => [words.address + 4 * i, 1] as const);
  let own = 0;
  const counted = {
    ...add,
    call(...values: number[]) {
      own++;
      add.call(...values);
    },
  };
  do {
    own = 0;
    team.run(counted, parts);
    await new Promise((resolve) => setTimeout(resolve, 10)); // Threads need time to start.
  } while (own === 200);
  expect(own).toBeLessThan(200);
});

it("kernels of several libraries are told apart", async () => {
  const { team, words, add, heap } = setUp(2);
  const others = new KernelLibrary(heap, plainCompilation).family("other");
  const subtract = others.get("subtract", (module, name) =>
    module.export(name, integer, (f, { at, value }) => {
      const i = f.local("i32");
      f.for(i, 0, 20_000, 1, () => f.store(at, load("i32", at).sub(value)));
    }),
  );
  const parts = Array.from({ length: 200 }, (_, i) => [words.address + 4 * i, 1] as const);
  for (let round = 0; round < 20; round++) {
    team.run(add, parts);
    team.run(subtract, parts);
    expect(words.values.subarray(0, 200).every((value) => value === 0)).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 20)); // Followers start meanwhile.
  }
});
