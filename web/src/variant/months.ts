// Returns by month as a grid of years.

export interface Month {
  /** "2024-01" */
  readonly month: string;
  readonly return_pct: number;
  readonly benchmark_pct: number;
}

export interface Year {
  readonly year: string;
  /** January first; null: it was not traded. */
  readonly months: readonly (Month | null)[];
  /** Of all its months, compounded. */
  readonly return_pct: number;
  readonly benchmark_pct: number;
}

/** Joins months of two parts of one history; a month that both have is compounded. */
export function joinMonths(first: readonly Month[], second: readonly Month[]): readonly Month[] {
  const all = new Map<string, Month>();
  for (const month of [...first, ...second]) {
    const before = all.get(month.month);
    all.set(
      month.month,
      before === undefined
        ? month
        : {
            month: month.month,
            return_pct: compound([before.return_pct, month.return_pct]),
            benchmark_pct: compound([before.benchmark_pct, month.benchmark_pct]),
          },
    );
  }
  return [...all.values()].sort((a, b) => (a.month < b.month ? -1 : 1));
}

/** Returns the grid, the first year first; years between without a month are there too. */
export function monthGrid(months: readonly Month[]): readonly Year[] {
  const years = months.map(({ month }) => Number(month.slice(0, 4)));
  if (years.length === 0) return [];
  const [first, last] = [Math.min(...years), Math.max(...years)];
  return Array.from({ length: last - first + 1 }, (_, at) => yearOf(String(first + at), months));
}

function yearOf(year: string, all: readonly Month[]): Year {
  const own = all.filter(({ month }) => month.startsWith(`${year}-`));
  const months = Array.from(
    { length: 12 },
    (_, at) => own.find(({ month }) => Number(month.slice(5)) === at + 1) ?? null,
  );
  return {
    year,
    months,
    return_pct: compound(own.map(({ return_pct }) => return_pct)),
    benchmark_pct: compound(own.map(({ benchmark_pct }) => benchmark_pct)),
  };
}

/** Returns what returns in percent come to one after the other. */
export function compound(percents: readonly number[]): number {
  return (percents.reduce((product, percent) => product * (1 + percent / 100), 1) - 1) * 100;
}

/** Steps of the heat colours on which numbers can be read in both themes, from loss to gain. */
const HEATS = [0, 1, 4, 5, 6, 7, 8, 11, 12] as const;

/** Returns the step of the heat colours of a return; 6 is 0, the ends are what `widest` percent reach. */
export function heatOf(percent: number, widest: number): number {
  if (!(widest > 0)) return 6;
  const part = Math.max(-1, Math.min(1, percent / widest));
  const half = (HEATS.length - 1) / 2;
  return HEATS[half + Math.sign(part) * Math.round(Math.abs(part) ** 0.7 * half)] ?? 6;
}
