// The series of every bench: a seeded geometric random walk of 0.5 % a bar. Only integer steps and + - * make it, so it is
// the same series, bit for bit, on every machine.

import { loadRange, TIMEFRAMES, type Candles, type Spec } from '@backtest-jobs/engine';

/** Standard deviation of a bar's return. */
const VOLATILITY = 0.005;
/** Half the variance: what a walk of returns loses on its logarithm, given back so that a long one does not sink. */
const DRIFT = (VOLATILITY * VOLATILITY) / 2;
const FIRST_PRICE = 100;
const SEED = 20_260_101;

/** The candles a spec needs, its warm-up included: each bar opens where the one before closed. */
export function candlesFor(spec: Spec, seed = SEED): Candles {
  const { start, end } = loadRange(spec);
  const stepMs = TIMEFRAMES[spec.template.timeframe];
  const bars = (end - start) / stepMs;
  const column = (): Float64Array => new Float64Array(bars);
  const time = column().map((_, bar) => start + bar * stepMs);
  const candles = { time, open: column(), high: column(), low: column(), close: column(), volume: column() };
  const next = uniform(seed);
  let price = FIRST_PRICE;
  for (let bar = 0; bar < bars; bar += 1) {
    const close = price * (1 + DRIFT + VOLATILITY * normal(next));
    candles.open[bar] = price;
    candles.close[bar] = close;
    candles.high[bar] = Math.max(price, close) * (1 + 0.5 * VOLATILITY * next());
    candles.low[bar] = Math.min(price, close) * (1 - 0.5 * VOLATILITY * next());
    candles.volume[bar] = 1 + 999 * next();
    price = close;
  }
  return candles;
}

/** Numbers in (0, 1): a 32-bit xorshift (Marsaglia 2003). */
export function uniform(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** Twelve uniform numbers have variance 1 around 6, and their sum is normal enough without a logarithm. */
export function normal(next: () => number): number {
  let sum = 0;
  for (let term = 0; term < 12; term += 1) sum += next();
  return sum - 6;
}
