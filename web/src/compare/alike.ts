// How alike two variants are: by the returns of their months, and by the days on which both held a position.

interface Month {
  readonly month: string;
  readonly return_pct: number;
}

/** Returns the correlation of the months that both have; null: fewer than three, or one of them never moved. */
export function monthlyCorrelation(a: readonly Month[], b: readonly Month[]): number | null {
  const other = new Map(b.map(({ month, return_pct }) => [month, return_pct]));
  const pairs = a.flatMap(({ month, return_pct }) => {
    const value = other.get(month);
    return value === undefined ? [] : [[return_pct, value] as const];
  });
  return pairs.length < 3 ? null : correlation(pairs);
}

function correlation(pairs: readonly (readonly [number, number])[]): number | null {
  const mean = (at: 0 | 1): number => pairs.reduce((sum, pair) => sum + pair[at], 0) / pairs.length;
  const [meanA, meanB] = [mean(0), mean(1)];
  let [both, squareA, squareB] = [0, 0, 0];
  for (const [a, b] of pairs) {
    both += (a - meanA) * (b - meanB);
    squareA += (a - meanA) ** 2;
    squareB += (b - meanB) ** 2;
  }
  if (!(squareA > 0 && squareB > 0)) return null;
  return Math.max(-1, Math.min(1, both / Math.sqrt(squareA * squareB)));
}

interface Held {
  readonly entry_time: string;
  readonly exit_time: string;
}

const DAY_MS = 86_400_000;

/** Returns the UTC days, as whole numbers, on which a position was held; the day of its exit at midnight is none. */
export function daysIn(trades: readonly Held[]): ReadonlySet<number> {
  const days = new Set<number>();
  for (const { entry_time, exit_time } of trades) {
    const first = Math.floor(Date.parse(entry_time) / DAY_MS);
    const last = Math.max(first, Math.ceil(Date.parse(exit_time) / DAY_MS) - 1);
    for (let day = first; day <= last; day += 1) days.add(day);
  }
  return days;
}

/** Returns the share of the days that either was in the market on which both were; null: neither ever was. */
export function sharedDays(a: ReadonlySet<number>, b: ReadonlySet<number>): number | null {
  const either = a.union(b).size;
  return either === 0 ? null : a.intersection(b).size / either;
}
