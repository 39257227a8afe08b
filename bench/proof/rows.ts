// The rows of the proof of the luck test: on series without an edge p at most 0.05 in 5 % of them, whatever the grid, and on
// planted edges as often as there is something to be found.

import { parseSpec, TIMEFRAMES, type Spec } from '@backtest-jobs/engine';
import { START, type Past, type Walk } from './series.ts';

export interface Row {
  readonly name: string;
  /** What p at most 0.05 should be: 5 % within its band, or told with its band, or at least so often. */
  readonly wanted: 'band' | 'told' | number;
  readonly series: Walk;
  readonly spec: Spec;
  readonly seeds: number;
}

const HOUR = TIMEFRAMES['1h'];
const DAY = TIMEFRAMES['1d'];
const SEEDS = 200;
const POWER_SEEDS = 50;
const PERMUTATIONS = 39;

const hours = (bars: number, more: Partial<Walk> = {}): Walk => ({ bars, stepMs: HOUR, volatility: 0.005, ...more });
const days = (bars: number, more: Partial<Walk> = {}): Walk => ({ bars, stepMs: DAY, volatility: 0.01, ...more });
const range = (start: number, stop_incl: number, step = 1) => ({ mode: 'range', start, stop_incl, step });

interface Ask {
  readonly template: object;
  readonly warmup?: number;
  readonly metric?: string;
  readonly direction?: string;
  readonly fees?: boolean;
  readonly stops?: object;
  readonly preselect?: number;
  /** Base variants drawn; all by default. */
  readonly drawn?: number;
  readonly permutations?: number;
}

/** The spec over all bars of a series but the warm-up. */
function specOf({ bars, stepMs }: Walk, ask: Ask): Spec {
  const {
    warmup = 210,
    metric = 'sharpe',
    direction = 'long-short',
    fees = false,
    stops = {},
    preselect = 20_000,
  } = ask;
  const at = (bar: number): string => new Date(START + bar * stepMs).toISOString();
  const spec = parseSpec({
    time_range: { start: at(warmup), end: at(bars) },
    warmup_bars: warmup,
    top_k: 1,
    preselect,
    ranking: { primary_metric: metric },
    template: {
      instrument_id: { market_id: 1, symbol: 'WALK' },
      timeframe: stepMs === DAY ? '1d' : '1h',
      direction_mode: direction,
      execution: fees ? { fee_pct: 0.05, slippage_pct: 0.01 } : { fee_pct: 0, slippage_pct: 0 },
      risk_grid: stops,
      ...ask.template,
    },
  });
  return { ...spec, luck: { permutations: ask.permutations ?? PERMUTATIONS, variants: ask.drawn ?? 1_000_000 } };
}

const sma = (window: object | number): object => ({
  indicator_grids: [{ indicator_id: 'ma.sma', params: { window } }],
});

const smaAndRsi = (window: object, thresholds: object, rsi: object | number = 14): object => ({
  indicator_grids: [
    { indicator_id: 'ma.sma', params: { window } },
    { indicator_id: 'momentum.rsi', params: { window: rsi } },
  ],
  signal_grids: { 'momentum.rsi': { long_threshold: thresholds, short_threshold: 45 } },
});

/** Each lag is a strategy that has nothing to do with the others: what a bar so long ago did says nothing. */
const lags = (last: number): object => ({
  rules: { long: 'close[lag] > open[lag]', short: 'close[lag] < open[lag]' },
  params: { lag: range(0, last) },
});

const hourRules: object = { rules: { long: 'hour == h' }, params: { h: range(0, 23) } };

const STOPS = {
  sl: { mode: 'explicit', values: [0.5, 1, 1.5, 2, 3, 4, 5, 6, 8, 'off'] },
  tp: { mode: 'explicit', values: [0.5, 1, 1.5, 2, 3, 4, 5, 6, 8, 'off'] },
  trigger: 'intrabar',
};

/** A trend by its own average of 50 days, of a true Sharpe ratio a year for who follows it. */
const trend = (sharpe: number): Partial<Walk> => {
  const mean = (0.01 * sharpe) / Math.sqrt(365);
  return {
    edge(bar, { close }) {
      if (bar < 50) return 0;
      let sum = 0;
      for (let back = 1; back <= 50; back += 1) sum += close[bar - back];
      return close[bar - 1] > sum / 50 ? mean : -mean;
    },
  };
};

const memory = (part: number) => ({
  edge: (bar: number, { returns }: Past) => (bar === 0 ? 0 : part * returns[bar - 1]),
});

/** Volatility that comes in clusters: GARCH(1, 1) with 0.1 and 0.85. */
function garch(): Partial<Walk> {
  let variance = 1;
  return {
    scale(bar, { returns }) {
      if (bar === 0) variance = 1;
      else variance = 0.05 + 0.1 * (returns[bar - 1] / 0.005) ** 2 + 0.85 * variance;
      return Math.sqrt(variance);
    },
  };
}

const nightAndDay = (bar: number): number => (bar % 24 < 8 ? 0.3 : bar % 24 < 16 ? 1 : 2);

function row(name: string, wanted: Row['wanted'], series: Walk, ask: Ask): Row {
  return {
    name,
    wanted,
    series,
    spec: specOf(series, ask),
    seeds: typeof wanted === 'number' ? POWER_SEEDS : SEEDS,
  };
}

const FOUR_YEARS_OF_DAYS = 1670;
const TEN_YEARS_OF_DAYS = 3860;
const explicit = (...values: readonly (number | string)[]) => ({ mode: 'explicit', values });

/** No edge: 5 % of the searches may find something. */
const NOISE: readonly Row[] = [
  row('hours, 1 variant', 'band', hours(3210), { template: sma(20) }),
  row('hours, 11 near each other', 'band', hours(3210), { template: sma(range(45, 55)) }),
  row('hours, 200 averages, by return, fees', 'band', hours(3210), {
    template: sma(range(5, 204)),
    metric: 'total_return_pct',
    fees: true,
  }),
  row('hours, 200 averages, by drawdown', 'band', hours(3210), {
    template: sma(range(5, 204)),
    metric: 'max_drawdown_pct',
  }),
  row('hours, t3, 200 averages', 'band', hours(3210, { tails: 't3' }), { template: sma(range(5, 204)) }),
  row('2 years of days, 200 averages', 'band', days(940), { template: sma(range(5, 204)) }),
  row('10 years of days with drift, long-only', 'band', days(TEN_YEARS_OF_DAYS, { drift: 0.0005 }), {
    template: sma(range(5, 204)),
    direction: 'long-only',
  }),
  row(
    '4 years of days, t3, gaps, drift, fees, long-only',
    'band',
    days(FOUR_YEARS_OF_DAYS, { tails: 't3', gaps: 0.3, drift: 0.0005 }),
    {
      template: sma(range(5, 204)),
      direction: 'long-only',
      fees: true,
    },
  ),
  row('hours, 200 independent', 'band', hours(3210), { template: lags(199) }),
  row('hours, 2,000 independent', 'band', hours(4010), { template: lags(1999), warmup: 2010, permutations: 19 }),
  row('hours, 8,000 correlated', 'band', hours(3210), {
    template: smaAndRsi(range(5, 204), range(30, 69)),
    permutations: 19,
  }),
  row('hours, 5 averages x 100 stops', 'band', hours(3210), {
    template: sma(explicit(10, 20, 40, 80, 160)),
    stops: STOPS,
    metric: 'total_return_pct',
  }),
  row('hours, 101 near-copies', 'band', hours(3210), {
    template: {
      rules: { long: 'rsi(close, 14) > level', short: 'rsi(close, 14) < level' },
      params: { level: range(50, 51, 0.01) },
    },
  }),
  row('hours, 60 drawn of 8,000, 100 stops each', 'band', hours(3210), {
    template: smaAndRsi(range(5, 204), range(30, 69)),
    stops: STOPS,
    preselect: 400,
    drawn: 60,
    permutations: 19,
  }),
];

/** No edge, but moves that are not exchangeable: what the test cannot know. */
const TOLD: readonly Row[] = [
  row('hours, GARCH, 200 averages', 'told', hours(3210, garch()), { template: sma(range(5, 204)) }),
  row('hours, quiet nights, 24 rules of an hour', 'told', hours(3210, { scale: nightAndDay }), { template: hourRules }),
  row('hours, a fifth without candles, 200 averages', 'told', hours(3210, { missing: 0.2 }), {
    template: sma(range(5, 204)),
  }),
];

/** A planted edge, with what share of the searches should find it. */
const POWER: readonly Row[] = [
  row('hours, AR 0.1, 360 of SMA x RSI', 0.9, hours(6210, memory(0.1)), {
    template: smaAndRsi(range(5, 200, 5), explicit(40, 50, 60), explicit(7, 14, 21)),
  }),
  row('trend of Sharpe 2, averages of 45 to 55', 0.9, days(TEN_YEARS_OF_DAYS, trend(2)), {
    template: sma(range(45, 55)),
  }),
  row('trend of Sharpe 2, averages of 5 to 200', 0.9, days(TEN_YEARS_OF_DAYS, trend(2)), {
    template: sma(range(5, 200)),
  }),
  row('trend of Sharpe 1, averages of 45 to 55', 0.65, days(TEN_YEARS_OF_DAYS, trend(1)), {
    template: sma(range(45, 55)),
  }),
  row('trend of Sharpe 1, averages of 5 to 200', 0.65, days(TEN_YEARS_OF_DAYS, trend(1)), {
    template: sma(range(5, 200)),
  }),
  row('1 good of 200 independent', 0.9, days(TEN_YEARS_OF_DAYS, memoryAt(38, 2)), { template: lags(199) }),
  row('an hour that rises, 24 rules of an hour', 0.9, hours(17_730, risingHour(14)), { template: hourRules }),
];

export const ROWS: readonly Row[] = [...NOISE, ...TOLD, ...POWER];

/** A return so many bars ago says the direction of this one, at a true Sharpe ratio a year for who follows it. */
function memoryAt(lag: number, sharpe: number): Partial<Walk> {
  const mean = (0.01 * sharpe) / Math.sqrt(365);
  return { edge: (bar, { returns }) => (bar < lag ? 0 : mean * Math.sign(returns[bar - lag])) };
}

function risingHour(hour: number): Partial<Walk> {
  return { edge: (bar) => (bar % 24 === hour ? 0.25 * 0.005 : 0) };
}
