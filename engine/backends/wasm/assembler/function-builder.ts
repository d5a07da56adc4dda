// The body of one function: locals, and statements in the order in which they run. Branches name what they leave or repeat
// rather than count blocks. Made by module-builder.ts; expressions are value.ts.

import { KernelError } from "../kernel-error.ts";
import { list, sized, unsigned } from "./encoding.ts";
import { control, memory } from "./opcodes.ts";
import { type Operand, place, toValue, Value } from "./value.ts";
import { typeCode, type ValueType } from "./value-type.ts";

/** A variable of a function: a value that can be set. */
export class Local<T extends ValueType = ValueType> extends Value<T> {
  readonly #index: number;
  readonly #body: FunctionBuilder;

  constructor(type: T, index: number, body: FunctionBuilder) {
    super(type, [control.localGet, ...unsigned(index)]);
    this.#index = index;
    this.#body = body;
  }

  set(value: Operand<T>): void {
    this.#body.emit(toValue(this.type, value).code, [control.localSet, ...unsigned(this.#index)]);
  }

  increase(by: Operand<T>): void {
    this.set(this.add(by));
  }
}

export type Parameters = Readonly<Record<string, ValueType>>;
export type Arguments<P extends Parameters> = { readonly [K in keyof P]: Operand<P[K]> };
export type Locals<P extends Parameters> = { readonly [K in keyof P]: Local<P[K]> };

/** Parameters that are all sizes, strides and addresses. */
export function integers<K extends string>(...names: readonly K[]): { readonly [P in K]: "i32" } {
  return Object.fromEntries(names.map((name) => [name, "i32"])) as { [P in K]: "i32" };
}

/** A function that can be called from others of its module; a result of undefined is none. */
export interface Callee<P extends Parameters, R extends ValueType | undefined> {
  readonly index: number;
  readonly parameters: P;
  readonly result: R;
}

/** Where a branch leads: to the end of a block, or to the start of a loop. */
export interface Label {
  readonly depth: number;
}

export class FunctionBuilder {
  readonly #code: number[] = [];
  /** What runs before the code: constants that are kept in variables. */
  readonly #prologue: number[] = [];
  readonly #constants = new Map<string, Local>();
  readonly #parameterCount: number;
  readonly #types: ValueType[] = [];
  /** Labels of the constructs that are open, outermost first; undefined for those that nobody can name. */
  readonly #open: (Label | undefined)[] = [];

  constructor(parameterCount: number) {
    this.#parameterCount = parameterCount;
  }

  /** A new variable, 0 at first. */
  local<T extends ValueType>(type: T, initial?: Operand<T>): Local<T> {
    const local = new Local(type, this.#parameterCount + this.#types.push(type) - 1, this);
    if (initial !== undefined) local.set(initial);
    return local;
  }

  /**
   * A constant that is made once, at the start of the function: for vectors within loops, which V8 would put together from
   * several instructions wherever they are used.
   */
  constant<T extends ValueType>(type: T, value: number): Value<T> {
    const key = `${type} ${Object.is(value, -0) ? "-0" : value}`;
    let local = this.#constants.get(key) as Local<T> | undefined;
    if (local === undefined) {
      const index = this.#parameterCount + this.#types.push(type) - 1;
      local = new Local(type, index, this);
      for (const byte of [...toValue(type, value).code, control.localSet, ...unsigned(index)])
        this.#prologue.push(byte);
      this.#constants.set(key, local as unknown as Local);
    }
    return local;
  }

  store<T extends ValueType>(address: Value<"i32">, value: Value<T>, offset = 0): void {
    this.emit(address.code, value.code, memory.store[value.type], place(offset));
  }

  /** Stores the lowest byte of a number. */
  storeByte(address: Value<"i32">, value: Value<"i32">, offset = 0): void {
    this.emit(address.code, value.code, memory.byte.store, [0, ...unsigned(offset)]);
  }

  /** Sets `length` bytes. */
  fill(address: Value<"i32">, byte: Operand<"i32">, length: Operand<"i32">): void {
    this.emit(address.code, toValue("i32", byte).code, toValue("i32", length).code, memory.fill);
  }

  /** Copies `length` bytes, which may overlap. */
  copy(to: Value<"i32">, from: Value<"i32">, length: Operand<"i32">): void {
    this.emit(to.code, from.code, toValue("i32", length).code, memory.copy);
  }

  /** Runs `body` once; branching to its label leaves it. */
  block(body: (end: Label) => void): void {
    this.#construct([control.block, control.noResult], body);
  }

  /** Runs `body` once; branching to its label runs it again. */
  loop(body: (again: Label) => void): void {
    this.#construct([control.loop, control.noResult], body);
  }

  branch(to: Label): void {
    this.emit([control.branch, ...this.#distance(to)]);
  }

  branchIf(condition: Value<"i32">, to: Label): void {
    this.emit(condition.code, [control.branchIf, ...this.#distance(to)]);
  }

  if(condition: Value<"i32">, then: () => void, otherwise?: () => void): void {
    this.emit(condition.code);
    this.#construct([control.if, control.noResult], () => {
      then();
      if (otherwise === undefined) return;
      this.emit([control.else]);
      otherwise();
    });
  }

  /** `for (counter = from; counter < to; counter += step)`, signed. `to` and `step` are computed in every round. */
  for(counter: Local<"i32">, from: Operand<"i32">, to: Operand<"i32">, step: Operand<"i32">, body: () => void): void {
    counter.set(from);
    this.whileTrue(
      () => counter.lt(to),
      () => {
        body();
        counter.increase(step);
      },
    );
  }

  /** Tests, runs `body` and tests again behind it: one branch a round. */
  whileTrue(condition: () => Value<"i32">, body: () => void): void {
    this.if(condition(), () => {
      this.loop((again) => {
        body();
        this.branchIf(condition(), again);
      });
    });
  }

  /** Calls a function for its effect. */
  call<P extends Parameters>(callee: Callee<P, ValueType | undefined>, values: Arguments<P>): void {
    this.emit(codeOfCall(callee, values), callee.result === undefined ? [] : [control.drop]);
  }

  /** What a function returns; it runs where the value is used. */
  result<P extends Parameters, R extends ValueType>(callee: Callee<P, R>, values: Arguments<P>): Value<R> {
    return new Value(callee.result, codeOfCall(callee, values));
  }

  return(value?: Value): void {
    this.emit(value?.code ?? [], [control.return]);
  }

  /** Appends instructions; for the statements of this folder. */
  emit(...parts: readonly (readonly number[])[]): void {
    for (const part of parts) for (const byte of part) this.#code.push(byte);
  }

  /** Locals and code with its size in front, as the code section wants it. */
  encode(result: Value | undefined): number[] {
    this.emit(result?.code ?? [], [control.end]);
    const locals = list(this.#types.map((type) => [1, typeCode[type]]));
    return sized(locals.concat(this.#prologue, this.#code));
  }

  #construct(opening: readonly number[], body: (label: Label) => void): void {
    const label = { depth: this.#open.length };
    this.emit(opening);
    this.#open.push(label);
    body(label);
    this.#open.pop();
    this.emit([control.end]);
  }

  #distance(label: Label): number[] {
    if (this.#open[label.depth] !== label) throw new KernelError("branch", "the block or loop is not open here");
    return unsigned(this.#open.length - 1 - label.depth);
  }
}

function codeOfCall<P extends Parameters>(callee: Callee<P, ValueType | undefined>, values: Arguments<P>): number[] {
  const code = Object.entries(callee.parameters).flatMap(([name, type]) => {
    const value = values[name];
    if (value === undefined) throw new KernelError("call", `no value for parameter ${name}`);
    return toValue(type, value).code;
  });
  return [...code, control.call, ...unsigned(callee.index)];
}
