// Data of report pages for tests: a search, a variant, a walk forward, and one whose every text is an attack.

import type { Verdict } from '@backtest-jobs/engine';
import type { TradeRow, ValidationResult } from '@backtest-jobs/engine/internal';
import type { ReportData, ReportPart } from '../src/pages/report-data.ts';

/** What a text of a user must never become. */
export const NASTY = `</script><img src=x onerror="alert(1)">'\`&<!--<script>`;

const DAY = 86_400_000;
const START = Date.UTC(2018, 0, 1);

/** A variant that made so many trades. */
export function partWith(trades: number): ReportPart {
  const time = Array.from({ length: 500 }, (_, at) => START + at * 3 * DAY);
  const equity = time.map((_, at) => 10_000 * 1.003 ** at * (1 + 0.05 * Math.sin(at / 9)));
  let peak = 0;
  return {
    metrics: {
      total_return_pct: 258.4,
      max_drawdown_pct: 11.3,
      sharpe: 0.5,
      profit_factor: 'inf',
      num_trades: trades,
      win_rate_pct: 35,
    },
    rows: [
      { metric: 'Start', value: '2018-01-01' },
      { metric: 'Worst Trade [%]', value: '-12.5' },
      { metric: 'Expectancy', value: '0.4', definition: 'mean return of a trade' },
    ],
    months: Array.from({ length: 48 }, (_, at) => ({
      month: new Date(Date.UTC(2018, at)).toISOString().slice(0, 7),
      return_pct: 6 * Math.sin(at),
      benchmark_pct: 3 * Math.cos(at),
    })),
    trades: Array.from({ length: trades }, (_, at) => tradeAt(at)),
    trades_total: trades,
    series: {
      time,
      equity,
      drawdown: equity.map((one) => 100 * (1 - one / (peak = Math.max(peak, one)))),
      benchmark: time.map((_, at) => 10_000 * 1.001 ** at),
    },
    monte_carlo: null,
  };
}

function tradeAt(at: number): TradeRow {
  const entry = new Date(START + at * DAY).toISOString();
  const exit = new Date(START + (at + 1) * DAY).toISOString();
  return {
    trade_id: at + 1,
    direction: at % 3 === 0 ? 'short' : 'long',
    signal_time: entry,
    entry_time: entry,
    entry_bar: at,
    entry_fill: 1234.5,
    exit_time: exit,
    exit_bar: at + 1,
    exit_fill: 1300,
    qty: 1,
    entry_amount: 1234.5,
    exit_amount: 1300,
    entry_fee: 1,
    exit_fee: 1,
    gross: 65.5,
    net: 63.5,
    locked: 0,
    return_pct: at % 2 === 0 ? 5.1 : -2.3,
    mae_pct: -1.2,
    mfe_pct: 6,
    exit_reason: at % 2 === 0 ? 'signal_exit' : 'sl',
  };
}

const VERDICT: Verdict = {
  luck: 'likely',
  sentence: 'Of 99 markets with the same moves in random order, this search found something as good in 41.',
  checks: [
    { id: 'luck', mark: 'bad', value: 0.41, reason: 'a search this wide finds as much by luck; p is 0.41' },
    { id: 'halves', mark: 'caution', value: 0.28, reason: 'the best of one half loses in the other 28% of the time' },
    { id: 'oos', mark: null, value: null, reason: 'nothing was held out' },
    { id: 'trades', mark: 'good', value: 82, reason: '82 trades; 30 or more say something' },
  ],
  trials: 968_808,
  compared: { drawn: 1000, with_best: true },
  days: 1500,
  years: 20,
  periods_per_year: 252,
  sharpe_daily: 0.05,
  sharpe_annual: 0.79,
  skewness: 0.2,
  kurtosis: 7,
  probabilistic_sharpe: 0.98,
  sharpe_variance_daily: 0.0004,
  lucky_sharpe_annual: 1.47,
  deflated_sharpe: 0.001,
  minimum_backtest_years: 23.6,
  overfitting_probability: 0.4,
  benchmark_return_pct: 122,
  permuted: {
    done: 20,
    asked: 20,
    variants: 1000,
    grid_variants: 1000,
    blocks: null,
    walk: false,
    p: 0.41,
    as_good: 8,
    best: 0.5,
    best_sharpe_daily: 0.05,
    best_variant: 7,
    bests: Array.from({ length: 20 }, (_, at) => [0.2, 0.4, 0.6, 0.8, 1][at % 5] ?? null),
    sharpes: [],
    reason: null,
    typical: 0.5,
    lucky_sharpe_annual: 0.6,
    deflated_sharpe: 0.2,
    sharpe_reason: null,
  },
  flags: {
    edge_of_grid: null,
    few_trades: { raised: false, trades: 82, least: 30 },
    isolated_peak: null,
    zero_trades_share: null,
  },
  reasons: {},
};

/** A whole search whose best has a few trades. */
export function searchData(): ReportData {
  const { metrics } = partWith(82);
  return {
    about: 'search',
    title: 'S&P 500, dips',
    job_id: '018f0000-0000-7000-8000-000000000001',
    unfinished: null,
    facts: ['^GSPC', '1d', '2000-01-01 to 2020-01-01'],
    primary_metric: 'sharpe',
    verdict: VERDICT,
    validation: null,
    ledger: {
      base_interval_ms: DAY,
      base_expected: null,
      base_present: 5031,
      base_missing: null,
      base_gaps: null,
      longest_gap_ms: 6 * DAY,
      duplicates: 0,
      zero_volume_share: 0,
      bars: 5231,
      target_bars: 5031,
      carried_bars: 0,
      first_target: '2000-01-03T00:00:00.000Z',
      last_target: '2020-01-01T00:00:00.000Z',
      digest: 'ab'.repeat(32),
    },
    parameters: ['SMA', 'RSI', 'stop %'],
    rows: [1, 2, 3].map((rank) => ({
      rank,
      variant_index: 6 + rank,
      values: [190 + rank, 30, rank === 1 ? 1 : null],
      metrics: { ...metrics, total_return_pct: 258.4 - 50 * (rank - 1) },
      unseen: null,
      equity_line: Array.from({ length: 32 }, (_, at) => 100 + at * rank),
    })),
    kept: 3,
    variant: {
      ...partWith(82),
      rank: 1,
      values: [191, 30, 1],
      variant_index: 7,
      variant_key: 'cd'.repeat(32),
      unseen: null,
      same_candles: true,
      same_engine: true,
    },
    missing: null,
    ran: [['Simulations', '970,908']],
    spec_yaml: 'name: S&P 500, dips',
    command: 'backtest run spec.yaml --variant 7',
  };
}

export function variantData(): ReportData {
  const data = searchData();
  return { ...data, about: 'variant', rows: [], variant: data.variant && { ...data.variant, rank: 12 } };
}

/** `walk`: a walk forward, one of whose folds has no best; else a search with this text wherever a user can put one. */
export function page(text: string): ReportData {
  const data = searchData();
  const { variant } = data;
  if (text === 'walk')
    return { ...data, validation: WALK, rows: data.rows.map((row) => ({ ...row, unseen: row.metrics })) };
  return {
    ...data,
    title: text,
    facts: [text],
    primary_metric: text,
    parameters: [text, text, text],
    rows: data.rows.map((row) => ({ ...row, values: [text, row.rank, text] })),
    variant: variant && {
      ...variant,
      values: [text, text, null],
      rows: [{ metric: text, value: text, definition: text }],
    },
    verdict: data.verdict && {
      ...VERDICT,
      sentence: text,
      checks: [{ id: 'luck', mark: 'bad', value: 0.5, reason: text }],
    },
    ran: [[text, text]],
    spec_yaml: text,
    command: text,
  };
}

const METRICS = partWith(3).metrics as unknown as ValidationResult['out_of_sample']['metrics'];
const COUNTS = {} as ValidationResult['folds'][number]['counts'];
const PAYLOAD = {} as NonNullable<ValidationResult['folds'][number]['best']>['payload'];

const WALK: ValidationResult = {
  mode: 'walk_forward',
  folds: [
    {
      in_sample: { start: '2018-01-01T00:00:00.000Z', end: '2018-12-31T00:00:00.000Z', bars: 250 },
      out_of_sample: { start: '2019-01-01T00:00:00.000Z', end: '2019-06-30T00:00:00.000Z', bars: 125 },
      counts: COUNTS,
      best: { variant_index: 7, payload: PAYLOAD, in_sample: METRICS, out_of_sample: METRICS },
    },
    {
      in_sample: { start: '2018-07-01T00:00:00.000Z', end: '2019-06-30T00:00:00.000Z', bars: 250 },
      out_of_sample: { start: '2019-07-01T00:00:00.000Z', end: '2019-12-31T00:00:00.000Z', bars: 125 },
      counts: COUNTS,
      best: null,
    },
  ],
  out_of_sample: { metrics: METRICS, report_table_md: '', series: { time: [], equity: [], benchmark: [] } },
};
