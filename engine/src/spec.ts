// A spec: what a user asks to test, validated and complete. Every default is filled in, so a later configuration
// changes nothing of it. It is plain JSON; without its name and priority it is the request that a job stores.

import type { Axis } from './axis.ts';
import { canonicalJson } from './identity/canonical.ts';
import { sha256 } from './identity/sha256.ts';

/** Milliseconds. */
export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** Milliseconds of each timeframe. */
export const TIMEFRAMES = {
  '1m': MINUTE_MS,
  '3m': 3 * MINUTE_MS,
  '5m': 5 * MINUTE_MS,
  '15m': 15 * MINUTE_MS,
  '30m': 30 * MINUTE_MS,
  '1h': HOUR_MS,
  '2h': 2 * HOUR_MS,
  '4h': 4 * HOUR_MS,
  '6h': 6 * HOUR_MS,
  '8h': 8 * HOUR_MS,
  '12h': 12 * HOUR_MS,
  '1d': DAY_MS,
} as const;

/** A bar's length by name, from `1m` to `1d`. */
export type Timeframe = keyof typeof TIMEFRAMES;

export function isTimeframe(text: string): text is Timeframe {
  return Object.hasOwn(TIMEFRAMES, text);
}

/**
 * Metrics that rank variants: the better direction, and whether one needs the equity of every bar or only the trades.
 */
export const METRICS = [
  { name: 'total_return_pct', better: 'desc', path: false },
  { name: 'max_drawdown_pct', better: 'asc', path: true },
  { name: 'return_over_max_drawdown', better: 'desc', path: true },
  { name: 'profit_factor', better: 'desc', path: false },
  { name: 'sharpe', better: 'desc', path: true },
  { name: 'sortino', better: 'desc', path: true },
  { name: 'calmar', better: 'desc', path: true },
  { name: 'sqn', better: 'desc', path: false },
  { name: 'expectancy', better: 'desc', path: false },
  { name: 'win_rate_pct', better: 'desc', path: false },
] as const;

/** The name of a metric that variants can be ranked by. */
export type Metric = (typeof METRICS)[number]['name'];

/** Sides that may be entered; the signal of the other side only exits. */
export const DIRECTIONS = ['long-short', 'long-only', 'short-only'] as const;
export type Direction = (typeof DIRECTIONS)[number];

/**
 * Quote committed at an entry, A: all that is available (all_in, strategy_compound, profit_lock, which keeps a share of
 * each win out of play), a fixed amount, or a percentage of what is available.
 */
export const SIZINGS = [
  'all_in',
  'fixed_quote',
  'percent_of_equity',
  'strategy_compound',
  'strategy_compound_profit_lock',
] as const;
export type Sizing = (typeof SIZINGS)[number];

/** Price of a fill: the close of the bar with the signal, or the open of the next one. */
export const FILLS = ['close', 'next_open'] as const;
export type Fill = (typeof FILLS)[number];

/** Moment at which stops are compared with prices: the close of a bar, or any time within it. */
export const TRIGGERS = ['close', 'intrabar'] as const;
export type Trigger = (typeof TRIGGERS)[number];

/** Trading hours of a market: always open, or in sessions, where an empty bucket is no bar. */
export const CALENDARS = ['continuous', 'session'] as const;
export type Calendar = (typeof CALENDARS)[number];

/** A spec as `parseSpec` returns it: complete, valid, plain JSON. */
export interface Spec {
  /** UTC instants as `Date.toISOString` writes them; the end is not included. */
  readonly time_range: { readonly start: string; readonly end: string };
  readonly template: Template;
  readonly warmup_bars: number;
  readonly top_k: number;
  readonly preselect: number;
  readonly top_trades_n: number;
  readonly ranking: Ranking;
  /** Conditions that a ranked variant meets; null: no such condition. */
  readonly filters: { readonly min_trades: number | null; readonly max_drawdown_pct: number | null };
  /** Draw of `n` base variants by `seed`; null: every one is scored. */
  readonly sample: Sample | null;
  /** Bars held out from the search; null: none. */
  readonly validation: Validation | null;
  /** The same search on permuted markets; left out, in requests of before it was there: none. */
  readonly luck?: Luck;
  /** Values of the configuration at submission: its change between two attempts of a job alters nothing. */
  readonly runtime: {
    readonly calendar: Calendar;
    readonly periods_per_year: number;
    /** Only of a session market whose day is not the UTC day. */
    readonly day?: MarketDay;
    /** What rules annualise by that do not say; only in requests of 0.1.0, for which it was 365 in every market. */
    readonly annualization?: number;
    readonly top_k_persisted: number;
    /** Only where it is not the usual bound, see `tradesKept`. */
    readonly max_trades_persisted_per_row?: number;
  };
  readonly name: string | null;
  readonly priority: number;
}

export interface Ranking {
  readonly primary_metric: Metric;
  readonly secondary_metric: Metric | null;
  /**
   * Steps on every axis of numbers: the mean of the primary metric over the points so near decides, and of each base
   * variant one risk setting is ranked. Left out: each variant stands for itself.
   */
  readonly plateau?: number;
}

export interface Sample {
  readonly n: number;
  readonly seed: number;
}

/** How the luck test searches: on so many permuted markets, among so many base variants of the grid. */
export interface Luck {
  /** 0: there is no test. */
  readonly permutations: number;
  /** Base variants of the search; as many as the grid has: all. */
  readonly variants: number;
  /** Bars of a run that keep their order; left out: each bar moves by itself. */
  readonly blocks?: number;
  /** All folds of a walk forward; left out: the last one only. */
  readonly walk?: boolean;
  /** Why `auto` chose no permutations: the fewest that say anything take too much work. Left out: it did not. */
  readonly skipped?: (typeof LUCK_SKIPPED)[number];
}

/** Reasons for which `auto` chooses no permutations. */
export const LUCK_SKIPPED = ['too_much_work'] as const;

/**
 * Holdout: the last `fraction` of the target bars is not searched on; it judges what the search has kept. Walk forward:
 * `folds` windows, each searched on its first `train_fraction` and judged on the rest, with the next one right behind
 * it.
 */
export type Validation =
  | { readonly mode: 'holdout'; readonly fraction: number }
  | { readonly mode: 'walk_forward'; readonly folds: number; readonly train_fraction: number };

/** Instrument, timeframe and way of trading, with the signals written in one of two ways. */
export type Template = Trading & (IndicatorTemplate | RuleTemplate);

interface Trading {
  readonly instrument_id: { readonly market_id: number; readonly symbol: string };
  readonly timeframe: Timeframe;
  readonly direction_mode: Direction;
  readonly sizing_mode: Sizing;
  readonly execution: Execution;
  readonly risk_grid: RiskGrid;
}

export interface IndicatorTemplate {
  /** Indicators sorted by id, no id twice. */
  readonly indicator_grids: readonly IndicatorGrid[];
  /** An entry for every indicator, with an axis for each of its signal parameters. */
  readonly signal_grids: Readonly<Record<string, Readonly<Record<string, Axis>>>>;
}

export interface RuleTemplate {
  readonly rules: RuleTexts;
  /** An axis for each name that rules and constraints may read. */
  readonly params: Readonly<Record<string, Axis>>;
  readonly constraints: readonly string[];
}

/** Rules in the rule language; null: there is no such rule. */
export interface RuleTexts {
  readonly long: string | null;
  readonly short: string | null;
  readonly exit_long: string | null;
  readonly exit_short: string | null;
}

export interface IndicatorGrid {
  readonly indicator_id: string;
  /** Axis of the source, where the indicator has one. */
  readonly source?: Axis;
  /** Axes of every parameter in the catalogue. */
  readonly params: Readonly<Record<string, Axis>>;
}

/** Percents are human percents: 0.075 is 0.075 %. */
export interface Execution {
  readonly init_cash_quote: number;
  readonly fee_pct: number;
  readonly slippage_pct: number;
  readonly fixed_quote: number;
  readonly equity_percent: number;
  readonly safe_profit_percent: number;
  readonly fill: Fill;
}

/**
 * Axes in percent from the entry fill, of trail from the best price since, of max_bars in bars; `off` is a value of
 * each.
 */
export interface RiskGrid {
  readonly sl: Axis;
  readonly tp: Axis;
  readonly trail: Axis;
  readonly max_bars: Axis;
  readonly trigger: Trigger;
}

/**
 * Day of a session market: from a time of day in a zone to that time on the next date. A day that begins at noon or later
 * has the date on which it ends, every other day the date on which it begins.
 */
export interface MarketDay {
  /** hh:mm */
  readonly begins: string;
  /** Name of the IANA. */
  readonly zone: string;
  /** Offsets of the zone, because the engine knows no zones: each holds until the next, and the first before it too. */
  readonly offsets: readonly ZoneOffset[];
}

export interface ZoneOffset {
  /** UTC instant, as `Date.toISOString` writes it. */
  readonly from: string;
  /** Seconds that the clock of the zone is ahead of UTC. */
  readonly seconds: number;
}

/** Returns what is stored and hashed: all of a spec but its name and its place in the queue. */
export function requestJson({ name: _name, priority: _priority, ...request }: Spec): Omit<Spec, 'name' | 'priority'> {
  return request;
}

/** Hashes the canonical JSON of the request: equal for specs that ask for the same work. */
export function requestHash(spec: Spec): string {
  return sha256(canonicalJson(requestJson(spec)));
}

/** Hashes everything that decides which trades a signal makes: direction, sizing, execution. */
export function engineParamsHash({ template: { direction_mode, sizing_mode, execution } }: Spec): string {
  return sha256(canonicalJson({ direction_mode, sizing_mode, execution }));
}
