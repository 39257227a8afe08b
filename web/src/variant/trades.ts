// The trades of a variant: those searched on, then those held out, under numbers in order of time.

import { countUpTo } from '../charts/series.ts';

/** What the screen reads of a trade of the report. */
export interface Trade {
  /** 1 is the first of all. */
  readonly n: number;
  readonly heldOut: boolean;
  readonly direction: 'long' | 'short';
  readonly entry_time: string;
  readonly exit_time: string;
  readonly entry_bar: number;
  readonly exit_bar: number;
  readonly entry_fill: number;
  readonly exit_fill: number;
  readonly return_pct: number;
  readonly net: number;
  readonly mae_pct: number;
  readonly mfe_pct: number;
  readonly exit_reason: string;
}

export type Which = 'all' | 'won' | 'lost' | 'stopped';

const STOPS = new Set(['sl', 'trail', 'ruin']);

export const won = ({ net }: Pick<Trade, 'net'>): boolean => net > 0;
const stopped = ({ exit_reason }: Pick<Trade, 'exit_reason'>): boolean => STOPS.has(exit_reason);

/** Returns all trades of a report in order of time. */
export function allTrades(searched: readonly object[], heldOut: readonly object[]): readonly Trade[] {
  const first = searched.length;
  return [...searched, ...heldOut].map(
    (trade, at) => Object.assign({}, trade, { n: at + 1, heldOut: at >= first }) as Trade,
  );
}

/** Returns the trades of a filter, newest first. */
export function chosenTrades(trades: readonly Trade[], which: Which): readonly Trade[] {
  const isIn = {
    all: () => true,
    won,
    lost: (trade: Trade) => !won(trade),
    stopped,
  }[which];
  return trades.filter(isIn).toReversed();
}

/** Returns the number of the trade before or after one, among those of a filter; null where there is none. */
export function stepTrade(shown: readonly Trade[], n: number | null, by: 1 | -1): number | null {
  if (n === null) return shown[0]?.n ?? null;
  const inTime = shown.toReversed();
  const next = by === 1 ? inTime.find((trade) => trade.n > n) : inTime.findLast((trade) => trade.n < n);
  return next?.n ?? null;
}

/** Names the way a position was closed. */
export const REASONS: Readonly<Record<string, string>> = {
  signal_exit: 'signal',
  exit_rule: 'exit rule',
  sl: 'stop',
  tp: 'target',
  trail: 'trailing stop',
  max_bars: 'most bars',
  forced_close: 'end of the bars',
  ruin: 'nothing left',
};

interface Risks {
  readonly sl_pct?: number | null;
  readonly tp_pct?: number | null;
}

/** Returns the levels at which a trade would have been stopped or taken, from its entry. A trailing stop has no one level. */
export function levelsOf(trade: Trade, { sl_pct, tp_pct }: Risks): { stop: number | null; target: number | null } {
  const side = trade.direction === 'long' ? 1 : -1;
  const at = (percent: number | null | undefined, sign: number): number | null =>
    percent === null || percent === undefined ? null : trade.entry_fill * (1 + (sign * side * percent) / 100);
  return { stop: at(sl_pct, -1), target: at(tp_pct, 1) };
}

/** Bars of a chart that a trade was entered and left on. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/**
 * Finds the bars of a trade by their opens. A fill at an open has the time of that bar; one at a close, or a stop within the
 * bar, has the time at which the bar ends. Null: they are not among these bars.
 */
export function barsOf(opens: readonly number[], trade: Trade, fill: 'close' | 'next_open'): Span | null {
  const [entry, exit] = [Date.parse(trade.entry_time), Date.parse(trade.exit_time)];
  const first = opens[0];
  if (first === undefined || entry < first) return null;
  const from = fill === 'next_open' ? countUpTo(opens, entry) - 1 : countUpTo(opens, entry - 1) - 1;
  const byCount = from + trade.exit_bar - trade.entry_bar;
  const fits = (opens[byCount] ?? Infinity) <= exit && exit <= (opens[byCount + 1] ?? Infinity);
  const to = fits ? byCount : countUpTo(opens, exit - 1) - 1;
  const isPast = exit > (opens.at(-1) ?? 0) + (opens[1] ?? first) - first + DAY_MS * 5;
  return isPast || from < 0 ? null : { from, to: Math.max(from, to) };
}

const DAY_MS = 86_400_000;

/** Returns which bars to show for a trade: those shown now where it is among them, as many about it where it fits, else more. */
export function jumpTo({ from, to }: Span, shown: Span): Span {
  if (from >= shown.from && to <= shown.to) return shown;
  const width = shown.to - shown.from;
  const need = (to - from) * 1.25 + 10;
  const half = Math.max(width, need) / 2;
  const middle = (from + to) / 2;
  return { from: middle - half, to: middle + half };
}
