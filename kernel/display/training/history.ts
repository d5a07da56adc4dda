// What a training run has reported so far: every value of every metric, with a running mean for those of single batches.
// It only remembers; chart-spec.ts draws and progress.ts tells.

export type Metrics = Readonly<Record<string, number>>;

export interface Curve {
  /** In epochs, from 0. */
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** Running mean of y; equal to y for curves that are not smoothed. */
  readonly smooth: readonly number[];
}

interface GrowingCurve extends Curve {
  readonly x: number[];
  readonly y: number[];
  readonly smooth: number[];
  mean: number;
  weight: number;
}

export class History {
  readonly batches: number;
  readonly epochs: number;
  /** Share of the past in the running mean: 0 shows single values. */
  readonly decay: number;
  readonly #stepCurves = new Map<string, GrowingCurve>();
  readonly #epochCurves = new Map<string, GrowingCurve>();
  #steps = 0;
  #epochEnds = 0;

  /** @param metrics names whose order is known beforehand; others follow as they come. */
  constructor(epochs: number, batches: number, metrics: readonly string[]) {
    this.epochs = epochs;
    this.batches = batches;
    // The mean looks back over about a 40th of the run, at most 100 batches: more would lag behind what it follows.
    const window = Math.min(100, Math.max(1, (epochs * batches) / 40));
    this.decay = batches === 1 ? 0 : 1 - 2 / (window + 1);
    for (const name of metrics) this.#stepCurves.set(name, emptyCurve());
  }

  addStep(metrics: Metrics): void {
    this.#steps++;
    for (const [name, value] of Object.entries(metrics)) {
      push(curveIn(this.#stepCurves, name), this.#steps / this.batches, value, this.decay);
    }
  }

  addEpoch(metrics: Metrics): void {
    this.#epochEnds++;
    const x = this.#steps > 0 ? this.#steps / this.batches : this.#epochEnds;
    for (const [name, value] of Object.entries(metrics)) push(curveIn(this.#epochCurves, name), x, value, 0);
  }

  /** Curves with a value a batch. */
  get stepCurves(): ReadonlyMap<string, Curve> {
    return this.#stepCurves;
  }

  /** Curves with a value an epoch. */
  get epochCurves(): ReadonlyMap<string, Curve> {
    return this.#epochCurves;
  }

  /** How far the run has come, in epochs. */
  get position(): number {
    return this.#steps > 0 ? this.#steps / this.batches : this.#epochEnds;
  }

  /** Latest value of each metric, running means where curves are smoothed. */
  get latest(): Metrics {
    const curves = [...this.#stepCurves, ...this.#epochCurves];
    return Object.fromEntries(
      curves.flatMap(([name, { smooth }]) => (smooth.length > 0 ? [[name, smooth.at(-1) as number]] : [])),
    );
  }
}

function emptyCurve(): GrowingCurve {
  return { x: [], y: [], smooth: [], mean: 0, weight: 0 };
}

function curveIn(curves: Map<string, GrowingCurve>, name: string): GrowingCurve {
  const curve = curves.get(name) ?? emptyCurve();
  curves.set(name, curve);
  return curve;
}

/** The mean is exponential with its start corrected (Adam's bias correction); a loss of NaN does not spoil what follows. */
function push(curve: GrowingCurve, x: number, y: number, decay: number): void {
  curve.x.push(x);
  curve.y.push(y);
  if (Number.isFinite(y)) {
    curve.mean = decay * curve.mean + (1 - decay) * y;
    curve.weight = decay * curve.weight + (1 - decay);
  }
  curve.smooth.push(Number.isFinite(y) ? curve.mean / curve.weight : y);
}
