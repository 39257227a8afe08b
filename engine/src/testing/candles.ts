// Candles for tests: a seeded random walk with gaps between bars, or a series of given closes.
// Opens and closes are positive, high and low enclose them, times ascend in equal steps.

import type { Candles } from '../bars/candles.ts';
import type { TargetBars } from '../bars/carried.ts';
import { random } from '../grid/random.ts';
import { MINUTE_MS } from '../spec.ts';

export interface WalkOptions {
  /** Open time of the first bar, epoch milliseconds. Default 2024-01-01T00:00:00Z. */
  readonly start?: number;
  /** Milliseconds between bars. Default one minute. */
  readonly stepMs?: number;
  /** First price, to which the walk is weakly pulled back. Default 100. */
  readonly price?: number;
  /** Size of a bar's move as a fraction of the price, below 0.5. Default 0.01. */
  readonly volatility?: number;
}

const START = Date.UTC(2024, 0, 1);

export function randomCandles(seed: number, bars: number, options: WalkOptions = {}): Candles {
  const { start = START, stepMs = MINUTE_MS, price = 100, volatility = 0.01 } = options;
  const next = random(seed);
  const candles = emptyCandles(bars, start, stepMs);
  let last = price;
  for (let bar = 0; bar < bars; bar += 1) {
    const open = last * (1 + 0.4 * volatility * (next() - 0.5));
    const pull = (0.001 + volatility * volatility) * Math.min(1, price / open - 1); // outweighs the decay of a random product
    const close = open * (1 + pull + volatility * (next() + next() - 1));
    candles.open[bar] = open;
    candles.close[bar] = close;
    candles.high[bar] = Math.max(open, close) * (1 + volatility * 0.5 * next());
    candles.low[bar] = Math.min(open, close) * (1 - volatility * 0.5 * next());
    candles.volume[bar] = 1 + 1000 * next();
    last = close;
  }
  return candles;
}

/** The same bars with stretches that nobody traded in, each carrying the close before it; the first bar is real. */
export function withGaps(candles: Candles, next: () => number, rare = 6): TargetBars {
  const columns = [candles.open, candles.high, candles.low, candles.close].map((column) => column.slice());
  const [open, high, low, close] = columns;
  const volume = candles.volume.slice();
  const carried = new Uint8Array(close.length);
  for (let bar = 1; bar < close.length; bar += 1) {
    carried[bar] = Number(next() < (carried[bar - 1] === 1 ? 0.65 : 1 / rare));
    if (carried[bar] === 0) continue;
    for (const column of columns) column[bar] = close[bar - 1];
    volume[bar] = 0;
  }
  return { ...candles, open, high, low, close, volume, carried: carried.includes(1) ? carried : null };
}

/** Bars that open, peak and bottom at their close: for tests that are about closes only. */
export function candlesOfCloses(closes: ArrayLike<number>, start = START, stepMs = MINUTE_MS): Candles {
  const candles = emptyCandles(closes.length, start, stepMs);
  for (const column of [candles.open, candles.high, candles.low, candles.close]) column.set(closes);
  candles.volume.fill(1);
  return candles;
}

function emptyCandles(bars: number, start: number, stepMs: number): Candles {
  const column = (): Float64Array => new Float64Array(bars);
  const time = column().map((_, bar) => start + bar * stepMs);
  return { time, open: column(), high: column(), low: column(), close: column(), volume: column() };
}
