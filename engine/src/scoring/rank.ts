// Which variant is better: one that is not ruined, then primary metric, secondary metric and the lower index. That is a total order, so the answer
// never depends on the order of work: best-of-chunks, merged in any sequence, is the best of all. A ranking by plateaus
// orders bases by their surroundings, and of each base keeps the variant that is best in itself.

import { metricNumber, type MetricJson } from '../simulate/metrics-json.ts';
import { METRICS, type Metric, type Ranking } from '../spec.ts';

type Better = 'asc' | 'desc';

/** The better direction of each metric; null: there is no secondary metric. */
export interface Order {
  readonly primary: Better;
  readonly secondary: Better | null;
  /** Steps around a base whose mean comes before all but ruin; null: there is no such mean. */
  readonly plateau: number | null;
}

export interface Score {
  readonly index: number;
  readonly primary: number;
  /** The secondary metric; in a ranking by plateaus, which has none, the plateau score of the base. */
  readonly secondary: number;
  /** 1: it went bust, and ranks behind each that did not. */
  readonly ruined: number;
}

/** Scores as columns of equal length. */
export interface BestColumns {
  readonly index: Float64Array;
  readonly primary: Float64Array;
  readonly secondary: Float64Array;
  readonly ruined: Float64Array;
}

export interface Ranked {
  readonly variant_index: number;
  readonly metrics: Readonly<Partial<Record<Metric | 'num_trades' | 'bust' | 'plateau_score', MetricJson>>>;
}

/** The variants in rank order, without those that made no trade: they are never ranked. Metrics as numbers or as JSON. */
export function rank<T extends Ranked>(variants: readonly T[], ranking: Ranking): T[] {
  const order = orderOf(ranking);
  const { primary_metric, secondary_metric, plateau } = ranking;
  const second = plateau === undefined ? secondary_metric : 'plateau_score';
  const scored = variants
    .filter(({ metrics }) => metrics.num_trades !== 0)
    .map((variant) => ({
      variant,
      index: variant.variant_index,
      primary: metricNumber(variant.metrics[primary_metric] ?? null),
      secondary: metricNumber((second && variant.metrics[second]) ?? null),
      ruined: Number(variant.metrics.bust === 1),
    }));
  return scored.sort((a, b) => compareScores(order, a, b)).map(({ variant }) => variant);
}

export function orderOf({ primary_metric, secondary_metric, plateau }: Ranking): Order {
  return {
    primary: betterOf(primary_metric),
    secondary: secondary_metric === null ? null : betterOf(secondary_metric),
    plateau: plateau ?? null,
  };
}

/** Removes the plateau of a ranking: stage_a has the scores of variants only. */
export function bareRanking({ primary_metric, secondary_metric }: Ranking): Ranking {
  return { primary_metric, secondary_metric };
}

/** Negative if `a` ranks before `b`. Infinity is a number like others; not-a-number is last in both directions. */
export function compareScores(order: Order, a: Score, b: Score): number {
  if (order.plateau !== null) {
    return a.ruined - b.ruined || compareValues(order.primary, a.secondary, b.secondary) || a.index - b.index;
  }
  return (
    a.ruined - b.ruined ||
    compareValues(order.primary, a.primary, b.primary) ||
    (order.secondary === null ? 0 : compareValues(order.secondary, a.secondary, b.secondary)) ||
    a.index - b.index
  );
}

/**
 * The best `limit` scores of all that were pushed: a heap over columns with the worst on top, so that a score that is
 * not good enough costs one comparison. An index may be pushed once. In a ranking by plateaus it keeps one variant of each
 * base: `riskTotal` of them follow each other.
 */
export class Best {
  readonly #order: Order;
  readonly #limit: number;
  readonly #riskTotal: number;
  /** Column that comes first, after ruin. */
  readonly #key: 'primary' | 'secondary';
  /** Row of each base; null: a base may have several. */
  readonly #rows: Map<number, number> | null;
  #columns: BestColumns = openColumns(64);
  #size = 0;

  constructor(ranking: Ranking, limit: number, riskTotal = 1) {
    this.#order = orderOf(ranking);
    this.#limit = limit;
    this.#riskTotal = riskTotal;
    this.#key = this.#order.plateau === null ? 'primary' : 'secondary';
    this.#rows = this.#order.plateau === null ? null : new Map();
  }

  get size(): number {
    return this.#size;
  }

  push(index: number, primary: number, secondary: number, ruined = 0): void {
    const known = this.#rows?.get(Math.floor(index / this.#riskTotal));
    if (known !== undefined) {
      this.#improve(known, { index, primary, secondary, ruined });
    } else if (this.#size < this.#limit) {
      this.#reserve();
      this.#size += 1;
      this.#write(this.#size - 1, { index, primary, secondary, ruined });
      this.#rise(this.#size - 1);
    } else if (this.#limit > 0 && this.#beatsWorst(index, primary, secondary, ruined)) {
      this.#rows?.delete(Math.floor(this.#columns.index[0] / this.#riskTotal));
      this.#write(0, { index, primary, secondary, ruined });
      this.#sink(0);
    }
  }

  /** Replaces the row of a base by a better variant of it. All have its plateau score, so the row can only get better. */
  #improve(row: number, score: Score): void {
    const now = this.#at(row);
    const better =
      score.ruined - now.ruined ||
      compareValues(this.#order.primary, score.primary, now.primary) ||
      score.index - now.index;
    if (better >= 0) return;
    this.#write(row, score);
    this.#sink(row);
  }

  /** Pushes every row of another one's columns. */
  merge({ index, primary, secondary, ruined }: BestColumns): void {
    for (let row = 0; row < index.length; row += 1) this.push(index[row], primary[row], secondary[row], ruined[row]);
  }

  /** A copy as the heap lies, for a snapshot: sorting 20,000 rows at every step would cost more than the step. */
  columns(): BestColumns {
    const { index, primary, secondary, ruined } = this.#columns;
    const [from, to] = [0, this.#size];
    return {
      index: index.slice(from, to),
      primary: primary.slice(from, to),
      secondary: secondary.slice(from, to),
      ruined: ruined.slice(from, to),
    };
  }

  /** A copy in rank order: the same bytes in whatever order the scores came. */
  ranked(): BestColumns {
    return sorted(this.#order, this.columns());
  }

  #rise(from: number): void {
    let row = from;
    while (row > 0) {
      const parent = (row - 1) >> 1;
      if (this.#compareRows(row, parent) <= 0) return;
      this.#swap(row, parent);
      row = parent;
    }
  }

  #sink(from: number): void {
    let row = from;
    for (;;) {
      let worst = row;
      for (let child = 2 * row + 1; child <= 2 * row + 2 && child < this.#size; child += 1) {
        if (this.#compareRows(child, worst) > 0) worst = child;
      }
      if (worst === row) return;
      this.#swap(row, worst);
      row = worst;
    }
  }

  /** Ruin and the column that comes first settle most comparisons, so no Score is allocated for them. */
  #beatsWorst(index: number, primary: number, secondary: number, ruined: number): boolean {
    const worst = this.#columns;
    const key = this.#key === 'primary' ? primary : secondary;
    const first = ruined - worst.ruined[0] || compareValues(this.#order.primary, key, worst[this.#key][0]);
    return (first || compareScores(this.#order, { index, primary, secondary, ruined }, this.#at(0))) < 0;
  }

  #compareRows(a: number, b: number): number {
    const { ruined, [this.#key]: key } = this.#columns;
    const first = ruined[a] - ruined[b] || compareValues(this.#order.primary, key[a], key[b]);
    return first || compareScores(this.#order, this.#at(a), this.#at(b));
  }

  #at(row: number): Score {
    const { index, primary, secondary, ruined } = this.#columns;
    return { index: index[row], primary: primary[row], secondary: secondary[row], ruined: ruined[row] };
  }

  #write(row: number, { index, primary, secondary, ruined }: Score): void {
    this.#columns.index[row] = index;
    this.#columns.primary[row] = primary;
    this.#columns.secondary[row] = secondary;
    this.#columns.ruined[row] = ruined;
    this.#rows?.set(Math.floor(index / this.#riskTotal), row);
  }

  #swap(a: number, b: number): void {
    const [left, right] = [this.#at(a), this.#at(b)];
    this.#write(a, right);
    this.#write(b, left);
  }

  /** Room for one more: memory follows the number of scores, not the limit. */
  #reserve(): void {
    const before = this.#columns;
    if (this.#size < before.index.length) return;
    this.#columns = openColumns(2 * this.#size);
    this.#columns.index.set(before.index);
    this.#columns.primary.set(before.primary);
    this.#columns.secondary.set(before.secondary);
    this.#columns.ruined.set(before.ruined);
  }
}

/** Returns the row of the best score of all; null: there is none. */
export function bestRow(ranking: Ranking, { index, primary, secondary, ruined }: BestColumns): number | null {
  const order = orderOf(ranking);
  const at = (row: number): Score => {
    return { index: index[row], primary: primary[row], secondary: secondary[row], ruined: ruined[row] };
  };
  const key = order.plateau === null ? primary : secondary;
  let best = 0;
  for (let row = 1; row < index.length; row += 1) {
    const first = ruined[row] - ruined[best] || compareValues(order.primary, key[row], key[best]);
    if ((first || compareScores(order, at(row), at(best))) < 0) best = row;
  }
  return index.length === 0 ? null : best;
}

/** The same scores, the best first. */
export function rankedColumns(ranking: Ranking, columns: BestColumns): BestColumns {
  return sorted(orderOf(ranking), columns);
}

function sorted(order: Order, { index, primary, secondary, ruined }: BestColumns): BestColumns {
  const rows = Array.from(index, (value, row): Score => ({
    index: value,
    primary: primary[row],
    secondary: secondary[row],
    ruined: ruined[row],
  }));
  rows.sort((a, b) => compareScores(order, a, b));
  return {
    index: Float64Array.from(rows, (row) => row.index),
    primary: Float64Array.from(rows, (row) => row.primary),
    secondary: Float64Array.from(rows, (row) => row.secondary),
    ruined: Float64Array.from(rows, (row) => row.ruined),
  };
}

/** Negative if `a` is better; not-a-number is last in both directions. */
export function compareValues(better: Better, a: number, b: number): number {
  if (a === b) return 0;
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return a < b === (better === 'asc') ? -1 : 1;
}

function betterOf(metric: Metric): Better {
  const row = METRICS.find(({ name }) => name === metric);
  if (row === undefined) throw new RangeError(`${JSON.stringify(metric)} is not a metric to rank by`);
  return row.better;
}

function openColumns(rows: number): BestColumns {
  const column = (): Float64Array => new Float64Array(rows);
  return { index: column(), primary: column(), secondary: column(), ruined: column() };
}
