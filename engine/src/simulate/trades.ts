// Trades as columns that grow and are used again: a grid has millions of trades and keeps almost none of them.

/** Why a trade ended. The column `reason` holds positions in this list: a new one goes to the end. */
export const EXIT_REASONS = [
  'signal_exit',
  'sl',
  'tp',
  'exit_rule',
  'forced_close',
  'trail',
  'max_bars',
  'ruin',
] as const;
export type ExitReason = (typeof EXIT_REASONS)[number];

export const NO_EXIT = -1;
export const SIGNAL_EXIT = EXIT_REASONS.indexOf('signal_exit');
export const SL = EXIT_REASONS.indexOf('sl');
export const TP = EXIT_REASONS.indexOf('tp');
export const EXIT_RULE = EXIT_REASONS.indexOf('exit_rule');
export const FORCED_CLOSE = EXIT_REASONS.indexOf('forced_close');
export const TRAIL = EXIT_REASONS.indexOf('trail');
export const MAX_BARS = EXIT_REASONS.indexOf('max_bars');
export const RUIN = EXIT_REASONS.indexOf('ruin');

/** One row per trade in time order; only the first `count` rows count. Bars are positions in the target slice. */
export interface Trades {
  count: number;
  /** 1 long, -1 short. */
  side: Int8Array;
  /** The bar whose close decided the entry. */
  signalBar: Int32Array;
  entryBar: Int32Array;
  exitBar: Int32Array;
  /** 1: the exit filled at the open of its bar. */
  exitAtOpen: Uint8Array;
  entryFill: Float64Array;
  exitFill: Float64Array;
  /** Quote committed at entry, without the fee. */
  amount: Float64Array;
  /** Quote won or lost after all costs. */
  net: Float64Array;
  /** What the trade returned on its amount after all costs, as a fraction. */
  ret: Float64Array;
  /** Quote moved to safety after the trade. */
  locked: Float64Array;
  reason: Uint8Array;
}

type ColumnName = Exclude<keyof Trades, 'count'>;

const COLUMN_NAMES = [
  'side',
  'signalBar',
  'entryBar',
  'exitBar',
  'exitAtOpen',
  'entryFill',
  'exitFill',
  'amount',
  'net',
  'ret',
  'locked',
  'reason',
] as const satisfies readonly ColumnName[];

interface Entry {
  readonly side: number;
  readonly signalBar: number;
  readonly entryBar: number;
  readonly entryFill: number;
  readonly amount: number;
}

interface Exit {
  readonly exitBar: number;
  readonly exitAtOpen: boolean;
  readonly exitFill: number;
  readonly net: number;
  readonly ret: number;
  readonly locked: number;
  readonly reason: number;
}

/** No trades yet. */
export function openTrades(): Trades {
  return { count: 0, ...columns(64) };
}

/** Starts row `count`; the trade counts once it has ended. */
export function beginTrade(trades: Trades, entry: Entry): void {
  const row = trades.count;
  if (row === trades.side.length) grow(trades);
  trades.side[row] = entry.side;
  trades.signalBar[row] = entry.signalBar;
  trades.entryBar[row] = entry.entryBar;
  trades.entryFill[row] = entry.entryFill;
  trades.amount[row] = entry.amount;
}

export function endTrade(trades: Trades, exit: Exit): void {
  const row = trades.count;
  trades.exitBar[row] = exit.exitBar;
  trades.exitAtOpen[row] = Number(exit.exitAtOpen);
  trades.exitFill[row] = exit.exitFill;
  trades.net[row] = exit.net;
  trades.ret[row] = exit.ret;
  trades.locked[row] = exit.locked;
  trades.reason[row] = exit.reason;
  trades.count = row + 1;
}

function grow(trades: Trades): void {
  const larger = columns(2 * trades.side.length);
  for (const name of COLUMN_NAMES) larger[name].set(trades[name]);
  Object.assign(trades, larger);
}

function columns(rows: number): Pick<Trades, ColumnName> {
  return {
    side: new Int8Array(rows),
    signalBar: new Int32Array(rows),
    entryBar: new Int32Array(rows),
    exitBar: new Int32Array(rows),
    exitAtOpen: new Uint8Array(rows),
    entryFill: new Float64Array(rows),
    exitFill: new Float64Array(rows),
    amount: new Float64Array(rows),
    net: new Float64Array(rows),
    ret: new Float64Array(rows),
    locked: new Float64Array(rows),
    reason: new Uint8Array(rows),
  };
}
