// How far each number of a spec may go, in the shape of a spec. The gate judges by this table; the server keeps its own
// defaults within it and describes a spec by it.

import type { Bounds } from './fields.ts';

/** Most members of the lists and objects of a spec, so that judging one takes a bounded time. */
export const MOST = { indicators: 100, params: 100, constraints: 100, constraint_characters: 20_000 } as const;

interface BoundsTable {
  readonly [name: string]: Bounds | BoundsTable;
}

/** Bounds of a percentage of each fill. */
const COST = { min: 0, below: 100 };
/** Bounds of a part of the bars. */
const SHARE = { above: 0, below: 1 };

export const BOUNDS = {
  warmup_bars: { min: 0, max: 1_000_000, whole: true },
  top_k: { min: 1, max: 100_000, whole: true },
  preselect: { min: 1, max: 10_000_000, whole: true },
  top_trades_n: { min: 0, max: 1000, whole: true },
  priority: { min: -100, max: 100, whole: true },
  /** Wider boxes hold half of any axis that people search, and their mean is that of the grid. */
  ranking: { plateau: { min: 1, max: 50, whole: true } },
  filters: { min_trades: { min: 0, whole: true }, max_drawdown_pct: { min: 0 } },
  sample: { n: { min: 1, max: 10_000_000, whole: true }, seed: { min: 0, max: 2 ** 32 - 1, whole: true } },
  /** A state keeps the best variant of each fold. */
  validation: { fraction: SHARE, folds: { min: 2, max: 100, whole: true }, train_fraction: SHARE },
  /** The fewest permutations that say anything stand in LEAST_PERMUTATIONS. */
  luck: {
    permutations: { min: 0, max: 10_000, whole: true },
    variants: { min: 0, max: 10_000_000, whole: true },
    blocks: { min: 2, max: 1_000_000, whole: true },
  },
  instrument_id: { market_id: { whole: true } },
  execution: {
    init_cash_quote: { above: 0 },
    fee_pct: COST,
    slippage_pct: COST,
    fixed_quote: { above: 0 },
    equity_percent: { above: 0, max: 100 },
    safe_profit_percent: { min: 0, max: 100 },
  },
  risk_grid: {
    sl: { above: 0, below: 100 },
    tp: { above: 0 },
    trail: { above: 0, below: 100 },
    max_bars: { min: 1, whole: true },
  },
  /** Of any axis that is a range. */
  range: { step: { above: 0 } },
} as const satisfies BoundsTable;
