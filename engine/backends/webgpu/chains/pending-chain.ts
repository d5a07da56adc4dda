// Ops that compute every element by itself wait here for the next ones over as many elements, to run as one kernel. They run as soon
// as anything else does, so that nobody can tell; and one by one as long as the same chain has not come twice, since a kernel for
// what happens once would take longer to compile than it saves. What was released meanwhile is never written.

import type { Gpu } from "../gpu.ts";
import type { GpuBuffer, GpuOperand } from "../memory/gpu-buffer.ts";
import { elementType } from "../shader/element-type.ts";
import { walk } from "../shader/walk.ts";
import { chainKey, chainText, type Input, type Link, type Source } from "./chain-text.ts";

/** An op that may join: y = `expression` of the operands' elements a, b and c. */
export interface Elementwise {
  readonly op: string;
  readonly expression: string;
  readonly operands: readonly GpuOperand[];
  readonly y: GpuOperand;
  readonly alone: () => void;
}

/** Ops in a kernel, for which compilers have registers. */
const longest = 24;
/** Chains that are remembered. */
const mostSeen = 10_000;

export class PendingChain {
  readonly #gpu: Gpu;
  readonly #seen = new Set<string>();
  #links: Link[] = [];
  #inputs: Input[] = [];
  #count = 0;
  /** The link that wrote a buffer last. */
  #writers = new Map<GpuBuffer, number>();

  constructor(gpu: Gpu) {
    this.#gpu = gpu;
  }

  /** Takes the op up, or runs it if its elements are too scattered. */
  add(elementwise: Elementwise): void {
    const { op, expression, operands, y, alone } = elementwise;
    const { count, rank, offsets, strides } = walk(y.shape, operands);
    if (rank > 1 || y.offset !== 0 || strides.some(([stride]) => stride !== 0 && stride !== 1)) {
      alone();
      return;
    }
    const wanted = operands.map(({ buffer, dtype }, i): Input => {
      return { buffer, type: elementType(dtype), offset: offsets[i]!, stride: count === 1 ? 1 : strides[i]![0]! };
    });
    if (!this.#fits(count, wanted, y.buffer)) this.run();
    const sources = wanted.map((input) => this.#sourceOf(input));
    const types = wanted.map(({ type }) => type);
    this.#count = count;
    this.#links.push({ op, expression, types, sources, result: elementType(y.dtype), y: y.buffer, alone });
    this.#writers.set(y.buffer, this.#links.length - 1);
  }

  /** Whether something that waits reads or writes the buffer. */
  uses(buffer: GpuBuffer): boolean {
    return this.#writers.has(buffer) || this.#inputs.some((input) => input.buffer === buffer);
  }

  /** Runs what waits. */
  run(): void {
    const [links, inputs, writers, count] = [this.#links, this.#inputs, this.#writers, this.#count];
    if (links.length === 0) return;
    this.clear();
    const stored = links.flatMap(({ y }, i) => (y.isHeld && writers.get(y) === i ? [i] : []));
    const key = chainKey(links, inputs, stored);
    if (links.length === 1 || !this.#hasSeen(key)) {
      for (const { alone } of links) alone();
      return;
    }
    if (stored.length === 0) return;
    const shader = this.#gpu.shader(key, () => chainText(links, inputs, stored));
    const buffers: Record<string, GpuBuffer> = {};
    for (const [i, { buffer }] of inputs.entries()) buffers[`x${i}`] = buffer;
    for (const i of stored) buffers[`y${i}`] = links[i]!.y;
    const uniforms = {
      ...{ count, zero: 0 },
      offsets: inputs.map(({ offset }) => offset),
      strides: inputs.map(({ stride }) => stride),
    };
    this.#gpu.dispatch(shader, buffers, uniforms, this.#gpu.linear(count));
  }

  /** Forgets what waits. */
  clear(): void {
    this.#links = [];
    this.#inputs = [];
    this.#writers = new Map();
  }

  #hasSeen(key: string): boolean {
    if (this.#seen.has(key)) return true;
    if (this.#seen.size >= mostSeen) this.#seen.clear();
    this.#seen.add(key);
    return false;
  }

  /** Whether an op can be the next link. A kernel cannot read and write one buffer, nor bind more than the device allows. */
  #fits(count: number, wanted: readonly Input[], y: GpuBuffer): boolean {
    if (this.#links.length === 0) return true;
    if (count !== this.#count || this.#links.length === longest) return false;
    if ([...this.#inputs, ...wanted].some(({ buffer }) => buffer === y)) return false;
    const isElsewhere = (input: Input) => this.#writers.has(input.buffer) && !this.#isLink(input);
    if (wanted.some(isElsewhere)) return false;
    const added = wanted.filter((input) => !this.#isLink(input)).length;
    const held = [...this.#writers.keys()].filter(({ isHeld }) => isHeld).length;
    const { maxStorageBuffersPerShaderStage } = this.#gpu.info.limits;
    return this.#inputs.length + added + held + 1 <= maxStorageBuffersPerShaderStage;
  }

  /** Whether an operand is just what a link gives. */
  #isLink({ buffer, offset, stride }: Input): boolean {
    return this.#writers.has(buffer) && offset === 0 && stride === 1;
  }

  #sourceOf(input: Input): Source {
    if (this.#isLink(input)) return { from: "link", index: this.#writers.get(input.buffer)! };
    const { buffer, type, offset, stride } = input;
    const known = this.#inputs.findIndex(
      (other) => other.buffer === buffer && other.type === type && other.offset === offset && other.stride === stride,
    );
    if (known >= 0) return { from: "input", index: known };
    this.#inputs.push(input);
    return { from: "input", index: this.#inputs.length - 1 };
  }
}
