// What the scores are held against: the strategy of the workloads written down bar by bar from the indicators' numbers,
// without bitsets, grid walk or memory of the engine, and traded by `simulate`, which defines what a trade is.

import { computeIndicator, type Prepared } from '@backtest-jobs/engine';
import {
  measure,
  settingOf,
  simulate,
  sliceCandles,
  type Scores,
  type Setting,
  type Simulation,
  type Task,
} from '@backtest-jobs/engine/internal';

export interface Check {
  /** How many variants were computed again. */
  readonly checked: number;
  /** The largest difference of a score, which must be 0. */
  readonly difference: number;
}

const SAMPLE = 40;

/** Runs any variant of a workload. */
export function openReference({ spec, timeline, grid }: Prepared) {
  const { candles, first, end, timeframeMs } = timeline;
  const target = sliceCandles(candles, first, end);
  const context = {
    initCash: spec.template.execution.init_cash_quote,
    periodsPerYear: spec.runtime.periods_per_year,
    timeframeMs,
  };
  const known = new Map<string, Float64Array>();
  const indicator = (id: string, window: number): Float64Array => {
    const key = `${id} ${window}`;
    const found = known.get(key) ?? Object.values(computeIndicator(candles, id, { window }))[0].subarray(first, end);
    known.set(key, found);
    return found;
  };
  const valuesOf = (base: number): ReadonlyMap<string, number> =>
    new Map(
      grid.axes.map(({ key, values }, at) => [
        key,
        Number(values[Math.floor(base / grid.strides[at]) % values.length]),
      ]),
    );

  const signal = (base: number): Int8Array => {
    const values = valuesOf(base);
    const sma = indicator('ma.sma', numberOf(values, 'ma.sma.window'));
    const side = Int8Array.from(target.close, (close, bar) => Number(close > sma[bar]) - Number(close < sma[bar]));
    if (!values.has('momentum.rsi.window')) return side;
    const rsi = indicator('momentum.rsi', numberOf(values, 'momentum.rsi.window'));
    const low = numberOf(values, 'momentum.rsi.long_threshold');
    const high = numberOf(values, 'momentum.rsi.short_threshold');
    return side.map((one, bar) => ((one > 0 ? rsi[bar] <= low : rsi[bar] >= high) ? one : 0));
  };
  const setting = (risk: number | null): Setting => {
    const off = { sl: null, tp: null, trail: null, maxBars: null };
    const { sl, tp } = grid.risks;
    const chosen =
      risk === null ? off : { ...off, sl: Number(sl[Math.floor(risk / tp.length)]), tp: Number(tp[risk % tp.length]) };
    return settingOf(spec.template, chosen);
  };

  return {
    signal,
    indicator,
    valuesOf,
    target,
    /** `buffers`: an earlier simulation whose columns may be used again. */
    run: (signals: Int8Array, risk: number | null, buffers?: Simulation): Simulation =>
      simulate(target, signals, setting(risk), null, buffers),
    /** The metric the spec ranks by. `index`: of the base in stage_a, of the variant in stage_b. */
    score(stage: Task['stage'], index: number): number {
      const risk = stage === 'stage_a' ? null : index % grid.riskTotal;
      const base = risk === null ? index : (index - risk) / grid.riskTotal;
      const simulation = simulate(target, signal(base), setting(risk));
      return measure(simulation, target, context)[spec.ranking.primary_metric];
    },
  };
}

function numberOf(values: ReadonlyMap<string, number>, key: string): number {
  const value = values.get(key);
  if (value === undefined) throw new RangeError(`the workload has no axis ${key}`);
  return value;
}

/** Holds a sample of scores, spread over all that were kept, against the reference. Throws where one differs. */
export function check(
  prepared: Prepared,
  stage: Task['stage'],
  { best, counts }: Pick<Scores, 'best' | 'counts'>,
): Check {
  if (counts.scored === 0 || best.index.length === 0)
    throw new Error('no variant was scored, there is nothing to check');
  const reference = openReference(prepared);
  const order = [...best.index.keys()].sort((a, b) => best.index[a] - best.index[b]);
  const rows = spread(order, SAMPLE);
  const pairs = rows.map((row) => ({
    index: best.index[row],
    got: best.primary[row],
    expected: reference.score(stage, best.index[row]),
  }));
  return checkPairs(pairs);
}

/** Throws unless every score is what was expected, to the last bit. */
export function checkPairs(
  pairs: readonly { readonly index: number; readonly got: number; readonly expected: number }[],
): Check {
  let difference = 0;
  for (const { index, got, expected } of pairs) {
    if (got === expected || (Number.isNaN(got) && Number.isNaN(expected))) continue;
    const apart = Math.abs(got - expected);
    difference = Math.max(difference, Number.isNaN(apart) ? Infinity : apart);
    process.stderr.write(`variant ${index} scores ${got}, the reference ${expected}\n`);
  }
  if (difference > 0) throw new Error(`scores differ from the reference by up to ${difference}: no number is printed`);
  return { checked: pairs.length, difference };
}

/** `count` of the items at even distances, the first and the last among them. */
export function spread<T>(items: readonly T[], count: number): T[] {
  if (items.length <= count) return [...items];
  return Array.from({ length: count }, (_, at) => items[Math.round((at * (items.length - 1)) / (count - 1))]);
}
