// Candles in which there is something to find: the price drifts up while it closes above its own average of 50 days, and
// down while below. Only integer steps and + - * / make them, so they are the same on every machine.

import { DAY_MS } from '@backtest-jobs/engine/internal';
import { normal, uniform } from './candles.ts';

const START = Date.UTC(2010, 0, 1);
const BARS = 3650;
const WINDOW = 50;
const DEVIATION = 0.01;
/** Of a day: a trader who knows the rule has a Sharpe ratio of 2 a year, 2 * DEVIATION / sqrt(365). */
const DRIFT = 0.001_046_8;
const SEED = 20_261_130;

/** Ten years of days as CSV. */
export function plantedCsv(): string {
  const next = uniform(SEED);
  const closes: number[] = [];
  const lines = ['time,open,high,low,close,volume'];
  let price = 100;
  let sum = 0;
  for (let bar = 0; bar < BARS; bar += 1) {
    const rising = bar >= WINDOW && (closes[bar - 1] ?? 0) > sum / WINDOW;
    const drift = bar < WINDOW ? 0 : rising ? DRIFT : -DRIFT;
    const close = price * (1 + drift + DEVIATION * normal(next));
    const high = Math.max(price, close) * (1 + 0.2 * DEVIATION * next());
    const low = Math.min(price, close) * (1 - 0.2 * DEVIATION * next());
    const time = new Date(START + bar * DAY_MS).toISOString();
    lines.push([time, price, high, low, close, 1 + 999 * next()].join(','));
    closes.push(close);
    sum += close - (closes[bar - WINDOW] ?? 0);
    price = close;
  }
  return `${lines.join('\n')}\n`;
}
