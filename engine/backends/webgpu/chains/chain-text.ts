// One kernel for a chain of ops that compute every element by itself, as WGSL. Each op is a function; what it gives goes on in a
// register, and to memory only where somebody still needs it. Results are those of the ops one by one, to the bit.

import type { GpuBuffer } from "../memory/gpu-buffer.ts";
import type { ElementType, ShaderText } from "../shader/shader.ts";

/** Where an op has an operand from: memory, or an op of the chain before it. */
export interface Source {
  readonly from: "input" | "link";
  readonly index: number;
}

/** An op of a chain. */
export interface Link {
  /** Says together with `types` everything that `expression` depends on. */
  readonly op: string;
  /** WGSL in a, b and c. */
  readonly expression: string;
  readonly types: readonly ElementType[];
  readonly sources: readonly Source[];
  readonly result: ElementType;
  readonly y: GpuBuffer;
  /** Runs the op by itself. */
  readonly alone: () => void;
}

/** Elements in memory: one for each of the result, or the same for all. */
export interface Input {
  readonly buffer: GpuBuffer;
  readonly type: ElementType;
  readonly offset: number;
  readonly stride: number;
}

/** `stored`: the links whose results go to memory. */
export function chainKey(links: readonly Link[], inputs: readonly Input[], stored: readonly number[]): string {
  const ops = links.map(
    ({ op, types, sources }) => `${op}:${types.join()}(${sources.map(({ from, index }) => `${from} ${index}`).join()})`,
  );
  return `chain/${inputs.map(({ type }) => type).join()}/${ops.join("/")}/${stored.join()}`;
}

const letters = ["a", "b", "c"] as const;

export function chainText(links: readonly Link[], inputs: readonly Input[], stored: readonly number[]) {
  const read = ({ from, index }: Source, type: ElementType): string => {
    const isInput = from === "input";
    const value = isInput ? `in${index}` : `v${index}`;
    const own = isInput ? inputs[index]!.type : links[index]!.result;
    return own === type ? value : `bitcast<${type}>(${value})`;
  };
  const functions = links.map(({ expression, types, result }, i) => {
    const parameters = types.map((type, k) => `${letters[k]}: ${type}`).join(", ");
    return `fn link${i}(${parameters}) -> ${result} { return ${expression}; }`;
  });
  const calls = links.map(({ types, sources, result }, i) => {
    const call = `link${i}(${sources.map((source, k) => read(source, types[k]!)).join(", ")})`;
    return `let v${i} = ${result === "f32" ? `rounded(${call})` : call};`;
  });
  return {
    reads: Object.fromEntries(inputs.map(({ type }, i) => [`x${i}`, type])) as Record<string, ElementType>,
    writes: Object.fromEntries(stored.map((i) => [`y${i}`, links[i]!.result])) as Record<string, ElementType>,
    uniforms: { count: "u32", zero: "u32", offsets: ["i32", inputs.length], strides: ["i32", inputs.length] },
    before: `
// Keeps compilers from joining a product and a sum to one operation that rounds once.
fn rounded(x: f32) -> f32 { return bitcast<f32>(bitcast<u32>(x) ^ u.zero); }
${functions.join("\n")}`,
    main: `
  if (index >= u.count) { return; }
  ${inputs.map((_, i) => `let in${i} = x${i}[u.offsets${i} + i32(index) * u.strides${i}];`).join("\n  ")}
  ${calls.join("\n  ")}
  ${stored.map((i) => `y${i}[index] = v${i};`).join("\n  ")}`,
  } as const satisfies ShaderText;
}
