// A WebAssembly module: functions over one imported memory, encoded to bytes. No tables, globals or data: what kernels work
// on is in the memory, and where it is comes as arguments. Whether the code is valid, `new WebAssembly.Module` says.

import { KernelError } from "../kernel-error.ts";
import { list, section, sized, text, unsigned } from "./encoding.ts";
import { type Callee, FunctionBuilder, Local, type Locals, type Parameters } from "./function-builder.ts";
import type { Value } from "./value.ts";
import { typeCode, type ValueType } from "./value-type.ts";

/** The memory as the module expects it, imported as `env.memory`; pages are 64 KiB. */
export interface MemoryType {
  readonly initialPages: number;
  readonly maximumPages: number;
  readonly shared: boolean;
}

/** https://webassembly.github.io/spec/core/binary/modules.html */
const sectionId = { custom: 0, type: 1, import: 2, function: 3, export: 7, code: 10 } as const;
const kind = { function: 0, memory: 2 } as const;
const functionType = 0x60;
const limits = { bounded: 1, boundedAndShared: 3 } as const;

export class ModuleBuilder {
  readonly #memory: MemoryType;
  readonly #types: number[][] = [];
  readonly #typeOfFunction: number[] = [];
  readonly #names: string[] = [];
  readonly #exports: number[][] = [];
  readonly #code: number[][] = [];

  constructor(memory: MemoryType) {
    this.#memory = memory;
  }

  /** A function that others of this module can call; its result is the value that `body` returns. */
  function<P extends Parameters, R extends ValueType = never>(
    name: string,
    parameters: P,
    // biome-ignore lint/suspicious/noConfusingVoidType: a body that returns nothing is a body of statements.
    body: (f: FunctionBuilder, parameters: Locals<P>) => Value<R> | void,
  ): Callee<P, [R] extends [never] ? undefined : R> {
    const types = Object.entries(parameters);
    const f = new FunctionBuilder(types.length);
    const locals = Object.fromEntries(types.map(([key, type], index) => [key, new Local(type, index, f)]));
    const value = body(f, locals as Locals<P>) ?? undefined;
    const index = this.#names.push(name) - 1;
    this.#typeOfFunction.push(this.#typeIndex(Object.values(parameters), value?.type));
    this.#code.push(f.encode(value));
    return { index, parameters, result: value?.type as [R] extends [never] ? undefined : R };
  }

  /** The same, called from outside by its name, with its arguments in the order of the parameters. */
  export<P extends Parameters, R extends ValueType = never>(
    name: string,
    parameters: P,
    // biome-ignore lint/suspicious/noConfusingVoidType: as above.
    body: (f: FunctionBuilder, parameters: Locals<P>) => Value<R> | void,
  ): Callee<P, [R] extends [never] ? undefined : R> {
    if (this.#exports.some((entry) => String(entry.slice(0, -2)) === String(text(name)))) {
      throw new KernelError("export", `there are two functions ${name}`);
    }
    const callee = this.function(name, parameters, body);
    this.#exports.push([...text(name), kind.function, ...unsigned(callee.index)]);
    return callee;
  }

  encode(): Uint8Array<ArrayBuffer> {
    const { initialPages, maximumPages, shared } = this.#memory;
    const bounds = [
      shared ? limits.boundedAndShared : limits.bounded,
      ...unsigned(initialPages),
      ...unsigned(maximumPages),
    ];
    const header = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
    return new Uint8Array(
      header.concat(
        section(sectionId.type, list(this.#types)),
        section(sectionId.import, list([[...text("env"), ...text("memory"), kind.memory, ...bounds]])),
        section(sectionId.function, list(this.#typeOfFunction.map(unsigned))),
        section(sectionId.export, list(this.#exports)),
        section(sectionId.code, list(this.#code)),
        section(sectionId.custom, this.#nameSection()),
      ),
    );
  }

  #typeIndex(parameters: readonly ValueType[], result: ValueType | undefined): number {
    const codes = (types: readonly ValueType[]) => list(types.map((type) => [typeCode[type]]));
    const type = [functionType, ...codes(parameters), ...codes(result === undefined ? [] : [result])];
    const index = this.#types.findIndex((known) => String(known) === String(type));
    return index >= 0 ? index : this.#types.push(type) - 1;
  }

  /** What a profile calls the functions. */
  #nameSection(): number[] {
    const names = list(this.#names.map((name, index) => [...unsigned(index), ...text(name)]));
    return [...text("name"), 1, ...sized(names)];
  }
}
