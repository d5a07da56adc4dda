// The engine's errors, one class per family. Each carries what went wrong as data and reads
// `op: problem, got …` with a second line that says how to mend it. Thrown everywhere, caught by nobody inside the engine.

import type { DType } from "./dtype.ts";
import { formatShape, type Shape } from "./shape.ts";

/** Base of all errors that the engine throws on purpose. */
export class EngineError extends Error {
  override readonly name: string = "EngineError";
  /** The op, layer or function that refused, for example `matmul`. */
  readonly op: string;
  /** What to do about it, in a sentence. */
  readonly hint: string | undefined;
  /** What is wrong, without op and hint. */
  readonly problem: string;

  constructor(op: string, problem: string, hint?: string) {
    super(hint === undefined ? `${op}: ${problem}` : `${op}: ${problem}\n${hint}`);
    this.op = op;
    this.problem = problem;
    this.hint = hint;
  }
}

/** Shapes, dimensions or indices do not fit. */
export class ShapeError extends EngineError {
  override readonly name = "ShapeError";
  readonly shapes: readonly Shape[];

  constructor(op: string, problem: string, shapes: readonly Shape[], hint?: string) {
    super(op, problem, hint);
    this.shapes = shapes;
  }

  /** `op: problem, lhs [2, 3], rhs [4, 5]`. */
  static of(op: string, problem: string, shapes: Readonly<Record<string, Shape>>, hint?: string): ShapeError {
    const named = Object.entries(shapes).map(([name, shape]) => `${name} ${formatShape(shape)}`);
    return new ShapeError(op, [problem, ...named].join(", "), Object.values(shapes), hint);
  }
}

/** An op does not work on this element type. */
export class DtypeError extends EngineError {
  override readonly name = "DtypeError";
  readonly dtypes: readonly DType[];

  constructor(op: string, problem: string, dtypes: readonly DType[], hint?: string) {
    super(op, problem, hint);
    this.dtypes = dtypes;
  }
}

/** NaN or infinity came out of an op whose inputs were finite; thrown under `detectAnomaly` only. */
export class AnomalyError extends EngineError {
  override readonly name = "AnomalyError";
  /** The op whose gradient was being computed, if it happened on the way back. */
  readonly backwardOf: string | undefined;

  constructor(op: string, problem: string, hint?: string, backwardOf?: string, recordedAt?: Error) {
    super(op, problem, hint);
    this.backwardOf = backwardOf;
    if (recordedAt !== undefined) this.cause = recordedAt;
  }

  /** The same anomaly, as one in the gradient of `op`; its cause tells where that op was called. */
  duringBackwardOf(op: string, recordedAt: Error | undefined): AnomalyError {
    if (this.backwardOf !== undefined) return this;
    const problem = `${this.problem}, in the gradient of ${op}`;
    return new AnomalyError(this.op, problem, this.hint, op, recordedAt);
  }
}

/** A tensor was used after `dispose()`. */
export class DisposedError extends EngineError {
  override readonly name = "DisposedError";
}

/** The backend cannot do what was asked, or the host of the engine did not give what it needs. */
export class BackendError extends EngineError {
  override readonly name = "BackendError";
}

/** A device has no room for a tensor. */
export class RoomError extends BackendError {
  /** Why there is none. */
  readonly why: string;

  constructor(op: string, what: string, why: string, hint: string) {
    super(op, `no room for ${what}: ${why}`, hint);
    this.why = why;
  }

  /** The same with the name of a tensor: who allocates knows bytes only. */
  naming(op: string, shape: Shape, dtype: DType): RoomError {
    return new RoomError(op, `${dtype} ${formatShape(shape)}`, this.why, this.hint ?? "");
  }
}

/** A file is not what its format promises. */
export class FormatError extends EngineError {
  override readonly name = "FormatError";
}

/** Gradients were asked for where there are none. */
export class GradError extends EngineError {
  override readonly name = "GradError";
}

/** An option or argument is out of its range. */
export class ArgumentError extends EngineError {
  override readonly name = "ArgumentError";
}

/** Numbers are not what they were said to be. */
export class AssertionError extends EngineError {
  override readonly name = "AssertionError";
}
