// Series whose truth is known, because a seed makes them: walks in which the past says nothing, and walks with an edge that is
// planted. Sums and square roots only, so a seed is the same series on every machine.

import type { Candles } from '@backtest-jobs/engine';
import { random } from '@backtest-jobs/engine/internal';
import { normal } from '../candles.ts';

export interface Walk {
  readonly bars: number;
  readonly stepMs: number;
  /** Deviation of the return of a bar. */
  readonly volatility: number;
  /** Mean return of a bar; 0 by default. */
  readonly drift?: number;
  /** Shape of the returns, of one variance; `normal` by default. */
  readonly tails?: 'normal' | 't3';
  /** Deviation of the gap before a bar, as a part of the volatility; none by default. */
  readonly gaps?: number;
  /** Volatility of a bar, as a part of the usual one, by its number and the returns before it. */
  readonly scale?: (bar: number, past: Past) => number;
  /** Mean return of a bar by its number and the returns before it. */
  readonly edge?: (bar: number, past: Past) => number;
  /** Part of the bars that have no candle; none by default. */
  readonly missing?: number;
}

/** What came before a bar. */
export interface Past {
  readonly returns: Float64Array;
  readonly close: Float64Array;
}

export const START = Date.UTC(2010, 0, 1);
const FIRST_PRICE = 100;

/** Makes a walk from a seed. */
export function walk(
  { bars, stepMs, volatility, drift = 0, tails = 'normal', gaps = 0, scale, edge, missing = 0 }: Walk,
  seed: number,
): Candles {
  const next = random(seed);
  const column = (): Float64Array => new Float64Array(bars);
  const all = { time: column(), open: column(), high: column(), low: column(), close: column(), volume: column() };
  const past = { returns: column(), close: all.close };
  let price = FIRST_PRICE;
  for (let bar = 0; bar < bars; bar += 1) {
    const size = volatility * (scale?.(bar, past) ?? 1);
    const open = price * (1 + gaps * volatility * normal(next));
    const noise = size * (tails === 't3' ? heavy(next) : normal(next));
    const move = Math.max(-0.5, drift + (edge?.(bar, past) ?? 0) + noise);
    price = open * (1 + move);
    past.returns[bar] = move;
    all.time[bar] = START + bar * stepMs;
    all.open[bar] = open;
    all.close[bar] = price;
    all.high[bar] = Math.max(open, price) * (1 + 0.3 * size * next());
    all.low[bar] = Math.min(open, price) * (1 - 0.3 * size * next());
    all.volume[bar] = 1 + next();
  }
  return missing === 0 ? all : without(all, missing, next);
}

/** Takes candles out, but for the first and the last. */
function without(all: Candles, share: number, next: () => number): Candles {
  const { length } = all.time;
  const kept = all.time.map((_, bar) => (bar === 0 || bar === length - 1 || next() >= share ? 1 : 0));
  return Object.fromEntries(
    Object.entries(all).map(([name, values]: [string, Float64Array]) => [
      name,
      values.filter((_, bar) => kept[bar] === 1),
    ]),
  ) as unknown as Candles;
}

/** Student's t with three degrees of freedom, of variance 1. */
function heavy(next: () => number): number {
  const [a, b, c] = [normal(next), normal(next), normal(next)];
  return normal(next) / Math.sqrt(a * a + b * b + c * c);
}
