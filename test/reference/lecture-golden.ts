// Reads lectures.golden.json, the committed copy of the numbers that were prepared for the lectures (float64, checked with
// PyTorch 1.13), and notes which of them a test has looked at: a number that no test uses proves nothing.

import { readGolden } from "./golden.ts";

/** Which test file uses what. Every key of the golden file is in one of them, but for `note`, which is a sentence. */
export const lectureTopics = {
  lectures: [
    "softmax_seed1",
    "PconvF_seed1",
    "conv_seed0",
    "volume_conv_seed1",
    "padding_seed1",
    "pool_seed1",
    "pool_seed4",
    "conv_seed3_seed4",
    "toeplitz_seed3",
    "loss_seed4",
    "net342_seed2",
    "optim",
    "params",
    "torch_rng",
  ],
  "lecture-networks": ["rnn", "onnx_gate_perm"],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export interface LectureGolden<T> {
  readonly golden: T;
  /** Paths of the numbers that nobody has read yet, `rnn.LSTM_cT.0`. For the last test of a file. */
  unused(): string[];
}

export function readLectures<T extends object>(topic: keyof typeof lectureTopics): LectureGolden<T> {
  const all = readGolden<Readonly<Record<string, unknown>>>("lectures");
  const own = Object.fromEntries(lectureTopics[topic].map((key) => [key, all[key]]));
  const unread = new Set(leavesOf(own, ""));
  return { golden: watched(own, "", (path) => unread.delete(path)) as T, unused: () => [...unread] };
}

function leavesOf(value: unknown, path: string): string[] {
  if (typeof value !== "object" || value === null) return [path];
  return Object.entries(value).flatMap(([key, child]) => leavesOf(child, join(path, key)));
}

/** The same, telling of every leaf that is read. */
function watched<T extends object>(value: T, path: string, read: (path: string) => void): T {
  return new Proxy(value, {
    get: (target, key, receiver) => {
      const child: unknown = Reflect.get(target, key, receiver);
      if (typeof key !== "string" || !Object.hasOwn(target, key)) return child;
      if (typeof child === "object" && child !== null) return watched(child, join(path, key), read);
      read(join(path, key));
      return child;
    },
  });
}

const join = (path: string, key: string) => (path === "" ? key : `${path}.${key}`);
