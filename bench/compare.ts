// How far apart two programs are that mean the same strategy but not quite the same rules.

export interface Comparison {
  /** Of the absolute differences. */
  readonly median: number;
  readonly largest: number;
  /** Spearman: 1 where both put all variants in the same order. */
  readonly rankCorrelation: number;
}

/** Of two columns of equal length, at least two rows. */
export function compare(a: readonly number[], b: readonly number[]): Comparison {
  if (a.length !== b.length || a.length < 2)
    throw new RangeError(`cannot compare ${a.length} with ${b.length} numbers`);
  const apart = a.map((value, row) => Math.abs(value - b[row])).sort((x, y) => x - y);
  return {
    median: apart[apart.length >> 1],
    largest: apart[apart.length - 1],
    rankCorrelation: correlation(ranksOf(a), ranksOf(b)),
  };
}

/** Equal values share the mean of their ranks. */
function ranksOf(values: readonly number[]): number[] {
  const order = [...values.keys()].sort((x, y) => values[x] - values[y]);
  const ranks = values.map(() => 0);
  for (let from = 0; from < order.length;) {
    let to = from + 1;
    while (to < order.length && values[order[to]] === values[order[from]]) to += 1;
    for (const row of order.slice(from, to)) ranks[row] = (from + to - 1) / 2;
    from = to;
  }
  return ranks;
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const mean = (a.length - 1) / 2; // of ranks
  let product = 0;
  let squaresA = 0;
  let squaresB = 0;
  for (let row = 0; row < a.length; row += 1) {
    product += (a[row] - mean) * (b[row] - mean);
    squaresA += (a[row] - mean) ** 2;
    squaresB += (b[row] - mean) ** 2;
  }
  return product / Math.sqrt(squaresA * squaresB);
}
