// Settings and signals for tests: written as text, or random from a seed.

import type { Candles } from '../bars/candles.ts';
import type { Exits, Setting } from '../simulate/setting.ts';
import { FILLS, SIZINGS, TRIGGERS } from '../spec.ts';

/** No costs, no stops, all in, both sides, fills at the close; `changes` say what a test is about. */
export function settingWith(changes: Partial<Setting> = {}): Setting {
  return {
    direction: 'long-short',
    sizing: 'all_in',
    initCash: 1000,
    feePct: 0,
    slippagePct: 0,
    fixedQuote: 100,
    equityPercent: 100,
    safeProfitPercent: 30,
    fill: 'close',
    trigger: 'close',
    sl: null,
    tp: null,
    trail: null,
    maxBars: null,
    ...changes,
  };
}

/** `'LLS.'`: L long, S short, anything else neutral. */
export function signalOfText(text: string): Int8Array {
  return Int8Array.from(text, (letter) => ({ L: 1, S: -1 })[letter] ?? 0);
}

/** Bars written as [open, high, low, close]. */
export function candlesOfBars(bars: readonly (readonly [number, number, number, number])[], stepMs: number): Candles {
  const column = (at: 0 | 1 | 2 | 3): Float64Array => Float64Array.from(bars, (bar) => bar[at]);
  return {
    time: Float64Array.from(bars, (_, bar) => Date.UTC(2024, 0, 1) + bar * stepMs),
    open: column(0),
    high: column(1),
    low: column(2),
    close: column(3),
    volume: new Float64Array(bars.length).fill(1),
  };
}

/** A signal that changes on about one bar in `hold`. */
export function randomSignal(next: () => number, bars: number, hold = 8): Int8Array {
  let now = 0;
  return new Int8Array(bars).map(() => {
    if (next() * hold < 1) now = Math.floor(next() * 3) - 1;
    return now;
  });
}

/** Any setting a spec can ask for. */
export function randomSetting(next: () => number): Setting {
  const pick = <T>(...choices: readonly T[]): T => choices[Math.floor(next() * choices.length)];
  return {
    direction: pick('long-only', 'short-only', 'long-short', 'long-short'),
    sizing: pick(...SIZINGS),
    initCash: 100 + 10_000 * next(),
    feePct: pick(0, 0.075, next()),
    slippagePct: pick(0, 0.01, next()),
    fixedQuote: 50 + 500 * next(),
    equityPercent: 1 + 99 * next(),
    safeProfitPercent: 100 * next(),
    fill: pick(...FILLS),
    trigger: pick(...TRIGGERS),
    sl: pick(null, 0.2 + 10 * next()),
    tp: pick(null, 0.2 + 20 * next()),
    trail: pick(null, null, 0.2 + 10 * next()),
    maxBars: pick(null, null, 1 + Math.floor(30 * next())),
    ambiguous: pick('sl_first', 'tp_first', 'trail_hit'),
  };
}

/** Exit rules of both sides, one or none, that hold on about one bar in `rare`. */
export function randomExits(next: () => number, bars: number, rare = 10): Exits {
  const rule = (): Uint8Array | null =>
    next() < 0.3 ? null : new Uint8Array(bars).map(() => Number(next() * rare < 1));
  return { long: rule(), short: rule() };
}
