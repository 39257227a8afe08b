// How a signal is traded and what comes of it: the words that the definition of a trade and everything after it share.

import type { Direction, Fill, Sizing, Template, Trigger } from '../spec.ts';
import { openTrades, type Trades } from './trades.ts';

/** sl and tp in percent from the entry fill, trail in percent from the best price since; null is off. */
export interface Risk {
  readonly sl: number | null;
  readonly tp: number | null;
  readonly trail: number | null;
  readonly maxBars: number | null;
}

/** What stage_a runs with. */
export const NO_RISK: Risk = { sl: null, tp: null, trail: null, maxBars: null };

/** How a signal is traded. Percents are human percents; `null` turns a risk exit off. */
export interface Setting {
  readonly direction: Direction;
  readonly sizing: Sizing;
  readonly initCash: number;
  readonly feePct: number;
  readonly slippagePct: number;
  readonly fixedQuote: number;
  readonly equityPercent: number;
  readonly safeProfitPercent: number;
  readonly fill: Fill;
  readonly trigger: Trigger;
  readonly sl: number | null;
  readonly tp: number | null;
  /** Percent from the best price since the entry fill. */
  readonly trail: number | null;
  /** Ends a position at the close of so many bars that close after its entry fill. */
  readonly maxBars: number | null;
  /**
   * What an intrabar trigger does on a bar that may have happened in two ways. By default (`sl_first`) a stop comes before the
   * take-profit, and a trailing level that the bar itself has raised counts only if the close shows that it was hit. The
   * other two give the other bounds: `tp_first` of bars that reach both, `trail_hit` where that level may have been hit.
   */
  readonly ambiguous?: 'sl_first' | 'tp_first' | 'trail_hit';
}

/**
 * Where the exit rule of a side holds, 1 or 0 at each close. A side that has one is entered on an edge of the signal and
 * held until its rule, a stop, an opposite edge or the end; a side without (null) follows the signal.
 */
export interface Exits {
  readonly long: Uint8Array | null;
  readonly short: Uint8Array | null;
}

/** Memory for one simulation at a time: what `simulate` returns is valid until its buffers are used again. */
export interface Buffers {
  readonly equity: Float64Array;
  readonly trades: Trades;
}

/** Memory for simulations of targets of `bars` bars. */
export function openBuffers(bars: number): Buffers {
  return { equity: new Float64Array(bars), trades: openTrades() };
}

/** What trading a signal came to. Bars are positions in the target slice. */
export interface Simulation {
  readonly trades: Trades;
  /** Quote at each target close, after that bar's actions. */
  readonly equity: Float64Array;
  readonly finalEquity: number;
  /** An exit, or a price while a position was open, left nothing to trade with: no entry ever again. */
  readonly bust: boolean;
  /** The debt forgiven by going bust: sum of nets + writtenOff = finalEquity - initCash. */
  readonly writtenOff: number;
  /** Bars decided by convention: low and high reached both levels, or perhaps the trailing level that the bar has raised. */
  readonly ambiguousBars: number;
  /** The second kind of them: the position was kept, and may have been stopped. */
  readonly possibleTrails: number;
  /** Fills that waited for a market because their own bar had none. */
  readonly waitedFills: number;
  /** Whether the last bar, which closes what is open, had no market: then the price is the close before, carried forward. */
  readonly carriedClose: boolean;
  /**
   * Stops may change how often it trades: a side that it trades has an exit rule, or an order to leave and one back to the
   * same side met in one wait for a market. Where a stop has ended the position before, the next edge enters again.
   * Otherwise entries are those of the signal, whatever the stops.
   */
  readonly ruled: boolean;
  readonly setting: Setting;
}

/** The setting of one variant: a template under one risk point. */
export function settingOf(template: Template, risk: Risk): Setting {
  const { execution } = template;
  return {
    direction: template.direction_mode,
    sizing: template.sizing_mode,
    initCash: execution.init_cash_quote,
    feePct: execution.fee_pct,
    slippagePct: execution.slippage_pct,
    fixedQuote: execution.fixed_quote,
    equityPercent: execution.equity_percent,
    safeProfitPercent: execution.safe_profit_percent,
    fill: execution.fill,
    trigger: template.risk_grid.trigger,
    ...risk,
  };
}
