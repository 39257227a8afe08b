// Values that the configuration decides, and those where no configuration has others: of fields a user leaves out, of markets,
// and how far a spec may go.

import type { Calendar, Execution, MarketDay, Ranking, Spec } from './spec.ts';

/** Values that the configuration decides: those of fields a user leaves out, the markets, and how far a spec may go. */
export interface Defaults {
  readonly warmup_bars: number;
  readonly top_k: number;
  readonly preselect: number;
  readonly top_trades_n: number;
  readonly top_k_persisted: number;
  /** Trades kept of a variant; of more, the first and the last are. */
  readonly max_trades_persisted_per_row: number;
  readonly ranking: Ranking;
  /** Permutations of the luck test; `auto`: as many as a fixed amount of work allows. */
  readonly luck: number | 'auto';
  readonly execution: Omit<Execution, 'fee_pct' | 'fill'>;
  /** Fees by market id; `markets` has the same keys. */
  readonly fee_pct_by_market: Readonly<Record<string, number>>;
  readonly markets: Readonly<Record<string, Market>>;
  readonly guards: Guards;
}

interface Market {
  readonly name: string;
  readonly calendar: Calendar;
  readonly periods_per_year: number;
  /** Only of a session market; left out: its day is the UTC day. */
  readonly day?: MarketDay;
}

export interface Guards {
  readonly max_variants_per_compute: number;
  readonly max_compute_bytes_total: number;
}

/** Defaults where no configuration has others. The server takes its own from here. */
export const DEFAULTS: Defaults = {
  warmup_bars: 200,
  top_k: 300,
  preselect: 20_000,
  top_trades_n: 3,
  top_k_persisted: 300,
  max_trades_persisted_per_row: 10_000,
  ranking: { primary_metric: 'total_return_pct', secondary_metric: null },
  luck: 'auto',
  execution: {
    init_cash_quote: 10_000,
    slippage_pct: 0.01,
    fixed_quote: 100,
    equity_percent: 100,
    safe_profit_percent: 30,
  },
  fee_pct_by_market: { 1: 0.075, 2: 0.1, 3: 0.075, 4: 0.1, 5: 0.02 },
  markets: {
    1: { name: 'binance spot', calendar: 'continuous', periods_per_year: 365 },
    2: { name: 'binance futures', calendar: 'continuous', periods_per_year: 365 },
    3: { name: 'bybit spot', calendar: 'continuous', periods_per_year: 365 },
    4: { name: 'bybit futures', calendar: 'continuous', periods_per_year: 365 },
    5: { name: 'stocks (daily, exchange sessions)', calendar: 'session', periods_per_year: 252 },
  },
  guards: { max_variants_per_compute: 10_000_000, max_compute_bytes_total: 4 * 2 ** 30 },
};

/** Trades kept of each variant whose trades are kept: of more, the first and the last half of so many. */
export function tradesKept({ runtime }: Pick<Spec, 'runtime'>): number {
  return runtime.max_trades_persisted_per_row ?? DEFAULTS.max_trades_persisted_per_row;
}
