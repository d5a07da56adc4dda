// Options of optimisers: which names there are is known from the defaults, which values are allowed is the same for all of
// them and stands here. Called by Optimizer for every parameter group.

import { ArgumentError } from "../core/errors.ts";

interface Range {
  readonly expected: string;
  readonly allows: (value: unknown) => boolean;
}

const atLeastZero: Range = { expected: "a number of at least 0", allows: (value) => isNumber(value) && value >= 0 };
const share: Range = {
  expected: "a number from 0 to 1",
  allows: (value) => isNumber(value) && value >= 0 && value <= 1,
};
const flag: Range = { expected: "true or false", allows: (value) => typeof value === "boolean" };

/** Allowed values by option; PyTorch's own limits. */
const ranges: Readonly<Record<string, Range>> = {
  lr: atLeastZero,
  momentum: atLeastZero,
  dampening: { expected: "a number", allows: isNumber },
  weightDecay: atLeastZero,
  lrDecay: atLeastZero,
  momentumDecay: atLeastZero,
  initialAccumulatorValue: atLeastZero,
  eps: atLeastZero,
  alpha: atLeastZero,
  rho: share,
  betas: {
    expected: "two numbers of at least 0 and below 1",
    allows: (value) =>
      Array.isArray(value) && value.length === 2 && value.every((beta) => isNumber(beta) && beta >= 0 && beta < 1),
  },
  nesterov: flag,
  maximize: flag,
  amsgrad: flag,
  centered: flag,
};

/** Throws ArgumentError for an option that `defaults` does not name or whose value is out of its range. */
export function checkOptions(optimizer: string, defaults: object, options: object): void {
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(defaults, name)) {
      const known = Object.keys(defaults).join(", ");
      throw new ArgumentError(optimizer, `there is no option ${name}, expected one of ${known}`);
    }
    const range = ranges[name];
    if (value === undefined || range === undefined || range.allows(value)) continue;
    throw new ArgumentError(optimizer, `${name} must be ${range.expected}, got ${shown(value)}`);
  }
}

/** The options that were given, on top of the defaults: an option that is `undefined` was not given. */
export function withDefaults<O extends object>(defaults: O, options: Partial<O>): O {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return { ...defaults, ...(Object.fromEntries(given) as Partial<O>) };
}

function isNumber(value: unknown): value is number {
  return typeof value === "number" && !Number.isNaN(value);
}

function shown(value: unknown): string {
  return Array.isArray(value) ? `[${value.join(", ")}]` : typeof value === "object" ? "an object" : String(value);
}
