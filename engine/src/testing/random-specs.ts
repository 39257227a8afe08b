// Random specs over everything a spec can ask for: indicators or rules, constraints, exit rules, every sizing, direction,
// fill, trigger and stop. For properties that must hold for each of them.

import { parseSpec } from '../gate/parse-spec.ts';
import { FILLS, HOUR_MS, METRICS, SIZINGS, TRIGGERS, type Spec } from '../spec.ts';

const START = Date.UTC(2024, 0, 1);
const WARMUP = 60;

type Pick = <T>(...choices: readonly T[]) => T;

/** A small spec on `bars` hours from the start of `randomCandles`, after a warm-up; `next` gives the random numbers. */
export function randomSpec(next: () => number, bars: number): Spec {
  const pick: Pick = (...choices) => choices[Math.floor(next() * choices.length)];
  const primary_metric = pick(...METRICS.map(({ name }) => name));
  return parseSpec({
    time_range: { start: at(WARMUP), end: at(bars) },
    warmup_bars: WARMUP,
    preselect: pick(3, 10, 1000),
    top_k: pick(2, 8, 40),
    ranking: { primary_metric, secondary_metric: pick(null, null, ...METRICS.map(({ name }) => name)) },
    filters: { min_trades: pick(null, null, 2), max_drawdown_pct: pick(null, null, 30) },
    sample: pick(null, null, { n: 7, seed: 3 }),
    luck: 0,
    template: {
      instrument_id: { market_id: 1, symbol: 'TEST' },
      timeframe: '1h',
      ...(next() < 0.4 ? randomIndicators(pick) : randomRules(pick)),
      direction_mode: pick('long-short', 'long-short', 'long-only', 'short-only'),
      sizing_mode: pick(...SIZINGS),
      execution: randomExecution(pick),
      risk_grid: randomRisk(pick),
    },
  });
}

function at(bar: number): string {
  return new Date(START + bar * HOUR_MS).toISOString();
}

const values = (...list: readonly (number | string)[]) => ({ mode: 'explicit', values: list });

function randomExecution(pick: Pick): object {
  return {
    init_cash_quote: pick(1000, 12_345.678),
    fee_pct: pick(0, 0.075, 1),
    slippage_pct: pick(0, 0.01, 0.5),
    fixed_quote: pick(100, 900, 5000),
    equity_percent: pick(100, 33),
    safe_profit_percent: pick(0, 30, 100),
    fill: pick(...FILLS),
  };
}

function randomRisk(pick: Pick): object {
  const stop = (...some: readonly number[]): object =>
    values(...pick(['off', ...some], some.slice(0, 1), ['off'], [...some, 'off']));
  return {
    sl: stop(...pick([0.8, 3], [40, 0.1])),
    tp: stop(...pick([1.5, 4], [0.05, 120])),
    trail: stop(...pick([1, 2.5], [30, 0.2])),
    max_bars: stop(...pick([2, 17], [1, 5])),
    trigger: pick(...TRIGGERS),
  };
}

function randomIndicators(pick: Pick): object {
  const grids = [
    {
      indicator_id: 'ma.sma',
      source: values(...pick(['close'], ['hl2', 'close'])),
      params: { window: values(4, 9, 20) },
    },
    { indicator_id: 'momentum.rsi', params: { window: values(...pick([7], [5, 14])) } },
    { indicator_id: 'momentum.macd', params: { fast_window: values(5, 12), slow_window: values(9, 26) } },
    { indicator_id: 'volatility.atr', params: { window: values(5, 9) } },
  ];
  const chosen = pick([0], [1], [2], [3], [0, 1], [0, 2], [1, 3], [0, 3]);
  const used = chosen.map((position) => grids[position]);
  const all: Readonly<Record<string, object>> = {
    'ma.sma': { inverted: values(...pick([0], [0, 1])) },
    'momentum.rsi': {
      long_threshold: values(...pick([30, 45], [55, 70])),
      short_threshold: values(...pick([55, 70], [40])),
    },
    'momentum.macd': { rule: values(...pick(['sign'], ['sign', 'macd_vs_signal'])) },
    'volatility.atr': { long_delta_periods: values(-1, 3), short_delta_periods: -2 },
  };
  const signal_grids = Object.fromEntries(used.map(({ indicator_id }) => [indicator_id, all[indicator_id]]));
  return { indicator_grids: used, signal_grids };
}

function randomRules(pick: Pick): object {
  const long = pick(
    'cross_above(ema(close, fast), ema(close, slow))',
    'ema(close, fast) > ema(close, slow) and rsi(close, 9) < level',
    'close < bbands(close, slow, 1).lower or rsi(close, fast) < level - 15',
    'not (sma(close, fast) < sma(close, slow)) and hour != 3 and close[fast] < level * 10',
  );
  const short = pick(null, 'rsi(close, fast) > 100 - level', 'cross_below(close, sma(close, slow)) and volume > 200');
  const exit_long = pick(null, null, 'close > highest(high[1], 8)', 'rsi(close, slow) > level + 20');
  const exit_short = short === null ? null : pick(null, null, 'close < lowest(low[1], fast)');
  return {
    rules: { long, short, exit_long, exit_short },
    params: { fast: values(3, 8), slow: values(8, 21), level: pick(45, 60) },
    constraints: pick([], ['fast < slow']),
  };
}
