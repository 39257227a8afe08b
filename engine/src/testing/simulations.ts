// Simulations for tests: inputs written as text and bars, trades read as lines or as columns.

import type { Exits, Setting, Simulation } from '../simulate/setting.ts';
import { simulate } from '../simulate/simulate.ts';
import { EXIT_REASONS } from '../simulate/trades.ts';
import { HOUR_MS } from '../spec.ts';
import { candlesOfCloses } from './candles.ts';
import { candlesOfBars, settingWith, signalOfText } from './settings.ts';

/** [open, high, low, close]. */
export type Bar = readonly [number, number, number, number];

export function run(
  signal: string,
  closes: readonly number[],
  changes: Partial<Setting> = {},
  exits: Exits | null = null,
): Simulation {
  return simulate(candlesOfCloses(closes), signalOfText(signal), settingWith(changes), exits);
}

export function runBars(
  signal: string,
  bars: readonly Bar[],
  changes: Partial<Setting> = {},
  exits: Exits | null = null,
): Simulation {
  return simulate(candlesOfBars(bars, HOUR_MS), signalOfText(signal), settingWith(changes), exits);
}

/** Opens and closes, and marks with an x for each carried bar. */
export interface GappyBars {
  readonly marks: string;
  readonly opens: readonly number[];
  readonly closes: readonly number[];
}

export function runGappy(
  signal: string,
  { marks, opens, closes }: GappyBars,
  changes: Partial<Setting> = {},
  exits: Exits | null = null,
): Simulation {
  const bars = closes.map((close, at): Bar => {
    const open = opens[at] ?? close;
    return [open, Math.max(open, close), Math.min(open, close), close];
  });
  const target = { ...candlesOfBars(bars, HOUR_MS), carried: Uint8Array.from(marks, (mark) => Number(mark === 'x')) };
  return simulate(target, signalOfText(signal), settingWith(changes), exits);
}

/** Exit rules written as text, an x where a rule holds: `{ long: '..x.' }`. */
export function exitsOfText({ long, short }: { readonly long?: string; readonly short?: string }): Exits {
  return { long: ruleOfText(long), short: ruleOfText(short) };
}

function ruleOfText(text: string | undefined): Uint8Array | null {
  return text === undefined ? null : Uint8Array.from(text, (letter) => Number(letter === 'x'));
}

/** Every trade as one line: `long 0>1-3 sl 100>95` is decided on bar 0, open from 1 to 3, with both fills. */
export function lines({ trades }: Simulation): string[] {
  return Array.from({ length: trades.count }, (_, i) => {
    const side = trades.side[i] > 0 ? 'long' : 'short';
    const bars = `${trades.signalBar[i]}>${trades.entryBar[i]}-${trades.exitBar[i]}`;
    const at = trades.exitAtOpen[i] === 1 ? ' at open' : '';
    return `${side} ${bars} ${EXIT_REASONS[trades.reason[i]]}${at} ${trades.entryFill[i]}>${trades.exitFill[i]}`;
  });
}

/** Columns of all trades, for comparisons to the last bit. */
export function rows({ trades }: Simulation): number[][] {
  const { side, signalBar, entryBar, exitBar, exitAtOpen, entryFill, exitFill, amount, net, ret, locked, reason } =
    trades;
  const columns = [
    side,
    signalBar,
    entryBar,
    exitBar,
    exitAtOpen,
    entryFill,
    exitFill,
    amount,
    net,
    ret,
    locked,
    reason,
  ];
  return Array.from({ length: trades.count }, (_, i) => columns.map((column) => column[i]));
}
