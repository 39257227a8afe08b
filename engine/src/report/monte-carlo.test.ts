import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '../grid/random.ts';
import { monteCarlo, type MonteCarlo } from './monte-carlo.ts';

const KEY = 'a3f0c1d2'.repeat(8);
const ALL_IN = { initCash: 1000, sizing: 'all_in' } as const;
const FIXED = { initCash: 1000, sizing: 'fixed_quote' } as const;

/** Trades that bring these parts of the equity before each. */
function compounding(steps: readonly number[]): { count: number; net: Float64Array } {
  let equity = 1000;
  const net = Float64Array.from(steps, (step) => {
    const won = equity * step;
    equity += won;
    return won;
  });
  return { count: net.length, net };
}

function found(value: MonteCarlo | null): MonteCarlo {
  return value ?? assert.fail('too few trades');
}

test('fewer than 10 trades are none, more than 10,000 have fewer draws', () => {
  const steps = (count: number): readonly number[] =>
    Array.from({ length: count }, (_, at) => (at % 3 === 0 ? -0.01 : 0.006));
  assert.equal(monteCarlo(compounding(steps(9)), ALL_IN, KEY), null);
  assert.equal(monteCarlo(compounding([]), ALL_IN, KEY), null);
  assert.equal(found(monteCarlo(compounding(steps(10)), ALL_IN, KEY)).draws, 1000);
  assert.equal(found(monteCarlo(compounding(steps(10_001)), ALL_IN, KEY)).draws, 200);
});

test('equal trades have one outcome, in whatever order', () => {
  const even = found(monteCarlo(compounding(Array<number>(20).fill(-0.1)), ALL_IN, KEY));
  const left = (1 - 0.9 ** 20) * 100;
  const { reordered, resampled } = even;
  for (const value of [
    even.closed_drawdown_pct,
    ...Object.values(reordered.closed_drawdown_pct),
    ...Object.values(resampled.closed_drawdown_pct),
    ...Object.values(resampled.return_pct).map((percent) => -percent),
  ]) {
    assert.ok(Math.abs(value - left) < 1e-9, `${value} for ${left}`);
  }
  assert.equal(resampled.loss_probability, 1);
  const fixed = found(monteCarlo({ count: 12, net: new Float64Array(12).fill(50) }, FIXED, KEY));
  assert.ok(Math.abs(fixed.resampled.return_pct.p50 - 60) < 1e-9);
  assert.deepEqual([fixed.closed_drawdown_pct, fixed.resampled.loss_probability], [0, 0]);
});

test('quantiles are those of the same draws made by hand', () => {
  const next = random(5);
  const steps = Array.from({ length: 40 }, () => 0.1 * (next() - 0.45));
  const { net } = compounding(steps);
  for (const [setting, adds] of [
    [ALL_IN, false],
    [FIXED, true],
  ] as const) {
    const told = found(monteCarlo({ count: 40, net }, setting, KEY));
    const own = adds ? Array.from(net, (value) => value / 1000) : steps;
    const pathOf = (list: readonly number[]): readonly [number, number] => {
      let equity = 1;
      let peak = 1;
      let fall = 0;
      for (const step of list) {
        equity = adds ? equity + step : equity * (1 + step);
        peak = Math.max(peak, equity);
        fall = Math.max(fall, 1 - equity / peak);
      }
      return [100 * (equity - 1), 100 * fall];
    };
    const draw = random(Number.parseInt(KEY.slice(0, 8), 16));
    const order = [...own];
    const falls = Array.from({ length: 1000 }, () => {
      for (let last = 39; last > 0; last -= 1) {
        const at = Math.floor(draw() * (last + 1));
        [order[last], order[at]] = [order[at], order[last]];
      }
      return pathOf(order)[1];
    }).sort((a, b) => a - b);
    const ends = Array.from({ length: 1000 }, () => pathOf(own.map(() => own[Math.floor(draw() * 40)])));
    const returns = ends.map(([end]) => end).sort((a, b) => a - b);
    const close = (a: number, b: number): void => assert.ok(Math.abs(a - b) < 1e-9, `${a} for ${b}`);
    close(told.closed_drawdown_pct, pathOf(own)[1]);
    close(told.reordered.closed_drawdown_pct.p50, falls[499]);
    close(told.reordered.closed_drawdown_pct.p95, falls[949]);
    close(told.reordered.closed_drawdown_pct.p99, falls[989]);
    close(told.resampled.return_pct.p5, returns[49]);
    close(told.resampled.return_pct.p50, returns[499]);
    close(told.resampled.return_pct.p95, returns[949]);
    assert.equal(told.resampled.loss_probability, returns.filter((value) => value < 0).length / 1000);
  }
});

test('an account that a draw ruins is at 0 from then on', () => {
  const net = Float64Array.from({ length: 12 }, (_, at) => (at === 11 ? -900 : 10));
  const ruined = found(monteCarlo({ count: 12, net }, FIXED, KEY));
  assert.deepEqual([ruined.resampled.return_pct.p5, ruined.resampled.closed_drawdown_pct.p99], [-100, 100]);
  const all = compounding([...Array<number>(11).fill(0.01), -1.2]); // a short that cost more than there was
  const shorted = found(monteCarlo(all, ALL_IN, KEY));
  assert.deepEqual([shorted.closed_drawdown_pct, shorted.reordered.closed_drawdown_pct.p50], [100, 100]);
});

test('the draws are those of the variant: the same again, others for another one', () => {
  const next = random(9);
  const trades = compounding(Array.from({ length: 60 }, () => 0.05 * (next() - 0.5)));
  const one = monteCarlo(trades, ALL_IN, KEY);
  assert.deepEqual(monteCarlo(trades, ALL_IN, KEY), one);
  assert.notDeepEqual(monteCarlo(trades, ALL_IN, 'b'.repeat(64)), one);
});
