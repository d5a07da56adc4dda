// How a kernel is written: bindings and uniforms by name, the body of `main` in WGSL. Everything around it (declarations, entry
// point, functions of the library that the body names) is put together here. The names are types, so that a dispatch that
// forgets a buffer or a uniform does not compile.

import type { GpuBuffer } from "../memory/gpu-buffer.ts";
import { libraryFor } from "./library.ts";

export type ElementType = "f32" | "i32" | "u32" | "vec4f" | "atomic<u32>" | "atomic<i32>";
export type UniformType = "u32" | "i32" | "f32";

/** A uniform, or some that are called name0, name1, … in the text. */
export type UniformField = UniformType | readonly [type: UniformType, count: number];

/**
 * The text of a kernel. `main` sees `u.<uniform>`, every buffer as an array of its name, and: `group`, `groups`, `local`
 * (vec3u), `lane` (the index in the workgroup, u32), `index` (that of the invocation in the grid, u32). Where it calls functions of
 * subgroups, it also sees `subgroup`, the number of its own one in the workgroup, and `subgroups`, how many there are (u32).
 */
export interface ShaderText {
  readonly reads: Readonly<Record<string, ElementType>>;
  readonly writes: Readonly<Record<string, ElementType>>;
  readonly uniforms: Readonly<Record<string, UniformField>>;
  /** Invocations of a workgroup, or their numbers in x, y and z. Default: {@link laneCount}. */
  readonly workgroup?: readonly [x: number, y: number, z: number];
  /** Whether `main` may call `fault(value: i32)`, see {@link Watch}. */
  readonly faults?: boolean;
  /** Functions, constants and workgroup memory. */
  readonly before?: string;
  readonly main: string;
}

/** Invocations of a workgroup where nothing else is said. */
export const laneCount = 256;

export type Buffers<S extends ShaderText> = Readonly<Record<keyof S["reads"] | keyof S["writes"], GpuBuffer>>;
export type Uniforms<S extends ShaderText> = {
  readonly [K in keyof S["uniforms"]]: S["uniforms"][K] extends UniformType ? number : readonly number[];
};

/** A kernel that the GPU knows, by the number of its pipeline. */
export interface Shader<S extends ShaderText = ShaderText> {
  readonly pipeline: number;
  readonly key: string;
  readonly text: S;
  /** Names of the bindings, in order. */
  readonly bindings: readonly string[];
  readonly fields: readonly UniformPlace[];
  readonly uniformWords: number;
}

interface UniformPlace {
  readonly name: string;
  readonly type: UniformType;
  /** Undefined where it is one number. */
  readonly count: number | undefined;
  readonly word: number;
}

export function placesOf(text: ShaderText): { readonly fields: readonly UniformPlace[]; readonly words: number } {
  let word = text.faults === true ? 1 : 0;
  const fields = Object.entries(text.uniforms).map(([name, field]): UniformPlace => {
    const [type, count] = typeof field === "string" ? [field, undefined] : field;
    const place = { name, type, count, word };
    word += count ?? 1;
    return place;
  });
  return { fields, words: word };
}

/** The bindings' letters, see protocol.ts. */
export function accessOf({ reads, writes, faults }: ShaderText): string {
  return "r".repeat(Object.keys(reads).length) + "w".repeat(Object.keys(writes).length + (faults === true ? 1 : 0));
}

/** The whole text for the compiler. */
export function codeOf(text: ShaderText): string {
  const [x, y, z] = text.workgroup ?? [laneCount, 1, 1];
  const body = `${text.before ?? ""}\n${text.main}`;
  const hasSubgroups = /\bsubgroup[A-Z]/.test(body);
  const buffers = [
    ...Object.entries(text.reads).map(([name, type]) => ["read", name, type] as const),
    ...Object.entries(text.writes).map(([name, type]) => ["read_write", name, type] as const),
    ...(text.faults === true ? [["read_write", "faults", "atomic<u32>"] as const] : []),
  ];
  return `${hasSubgroups ? "enable subgroups;" : ""}
${uniformStruct(text)}
${buffers.map(([access, name, type], i) => `@group(0) @binding(${i + 1}) var<storage, ${access}> ${name}: array<${type}>;`).join("\n")}
${libraryFor(body)}
${text.faults === true ? faultFunction : ""}
${text.before ?? ""}
@compute @workgroup_size(${x}, ${y}, ${z})
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_id) local: vec3u,
  @builtin(local_invocation_index) lane: u32,
  ${hasSubgroups ? "@builtin(subgroup_id) subgroup: u32, @builtin(num_subgroups) subgroups: u32," : ""}
) {
  let index = (group.y * groups.x + group.x) * ${x * y * z}u + lane;
${text.main}
}
`;
}

function uniformStruct(text: ShaderText): string {
  const { fields } = placesOf(text);
  const members = fields.flatMap(({ name, type, count }) =>
    count === undefined ? [`${name}: ${type}`] : Array.from({ length: count }, (_, i) => `${name}${i}: ${type}`),
  );
  if (text.faults === true) members.unshift("watch_: u32");
  if (members.length === 0) return "";
  return `struct Uniforms { ${members.join(", ")} }\n@group(0) @binding(0) var<uniform> u: Uniforms;`;
}

/** Only the first fault is kept: the number of the watch, then the value. */
const faultFunction = `
fn fault(value: i32) {
  if (atomicCompareExchangeWeak(&faults[0], 0u, u.watch_).exchanged) { atomicStore(&faults[1], bitcast<u32>(value)); }
}`;
