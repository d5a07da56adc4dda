// Where a function that is known at grid points has a given value: marching squares, with straight interpolation
// (W. Lorensen, H. Cline, Marching Cubes, 1987, https://doi.org/10.1145/37402.37422, in the plane).

export interface LevelLine {
  /** Points of the lines; null ends one. */
  readonly x: (number | null)[];
  readonly y: (number | null)[];
}

/** Where the line crosses the edge between two grid points; neighbours know the crossing by its edge. */
interface Crossing {
  readonly edge: string;
  readonly x: number;
  readonly y: number;
}

/** `values` is row by row, a row for each y. */
export function levelLine(
  values: readonly number[],
  xs: readonly number[],
  ys: readonly number[],
  level: number,
): LevelLine {
  const at = (row: number, column: number) => (values[row * xs.length + column] as number) - level;
  const segments: (readonly [Crossing, Crossing])[] = [];
  for (let row = 0; row + 1 < ys.length; row++) {
    for (let column = 0; column + 1 < xs.length; column++) {
      // Corners counter-clockwise from the lowest x and y.
      const corners = [
        [row, column],
        [row, column + 1],
        [row + 1, column + 1],
        [row + 1, column],
      ] as const;
      const crossings = corners.flatMap((from, side) => {
        const to = corners[(side + 1) % 4] as readonly [number, number];
        const [a, b] = [at(...from), at(...to)];
        if (a < 0 === b < 0 || !Number.isFinite(a - b)) return [];
        const share = a / (a - b);
        const between = (axis: readonly number[], i: number, j: number) =>
          (axis[i] as number) + share * ((axis[j] as number) - (axis[i] as number));
        const edge = [from, to].map(String).sort().join(" ");
        return [{ edge, x: between(xs, from[1], to[1]), y: between(ys, from[0], to[0]) }];
      });
      for (let i = 0; i + 1 < crossings.length; i += 2) {
        segments.push([crossings[i] as Crossing, crossings[i + 1] as Crossing]);
      }
    }
  }
  return joined(segments);
}

/** Segments that share a crossing, one after the other in one line. */
function joined(segments: readonly (readonly [Crossing, Crossing])[]): LevelLine {
  const meeting = new Map<string, number[]>();
  segments.forEach((ends, index) => {
    for (const { edge } of ends) meeting.set(edge, [...(meeting.get(edge) ?? []), index]);
  });
  const used = new Set<number>();
  const line: LevelLine = { x: [], y: [] };
  const follow = (start: Crossing): Crossing[] => {
    const points = [start];
    for (;;) {
      const last = points.at(-1) as Crossing;
      const next = meeting.get(last.edge)?.find((index) => !used.has(index));
      if (next === undefined) return points;
      used.add(next);
      const [a, b] = segments[next] as readonly [Crossing, Crossing];
      points.push(a.edge === last.edge ? b : a);
    }
  };
  segments.forEach(([start], index) => {
    if (used.has(index)) return;
    const forth = follow(start);
    for (const { x, y } of [...follow(start).slice(1).reverse(), ...forth]) {
      line.x.push(Number(x.toPrecision(5)));
      line.y.push(Number(y.toPrecision(5)));
    }
    line.x.push(null);
    line.y.push(null);
  });
  return line;
}
