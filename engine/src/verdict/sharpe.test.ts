import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { random } from '../grid/random.ts';
import { momentsOf } from './moments.ts';
import { deflatedSharpe, expectedMaximum, luckySharpe, minimumBacktestYears, probabilisticSharpe } from './sharpe.ts';

function assertClose(actual: number, expected: number): void {
  assert.ok(Math.abs(actual / expected - 1) < 1e-6, `${actual}, published ${expected}`);
}

describe('published numbers', () => {
  test('probabilistic Sharpe ratio', () => {
    const record = { sharpe: 0.458, count: 24 };
    assertClose(probabilisticSharpe({ ...record, skewness: -2.448, kurtosis: 10.164 }), 0.9133610839);
    assertClose(probabilisticSharpe({ ...record, skewness: 0, kurtosis: 3 }), 0.9816749191);
  });

  test('expected maximum', () => {
    assertClose(expectedMaximum(10), 1.574598301);
    assertClose(expectedMaximum(100), 2.5306028932);
    assertClose(expectedMaximum(1000), 3.255121514);
  });

  test('deflated Sharpe ratio, an annual 2.5 over five years of 250 days', () => {
    const moments = { sharpe: 2.5 / Math.sqrt(250), count: 1250, skewness: -3, kurtosis: 10 };
    const variance = 0.5 / 250; // of a daily ratio; annual 1/2
    assertClose(luckySharpe(100, variance), 0.11317200186513214);
    assertClose(deflatedSharpe(moments, 100, variance), 0.9003968344493904);
    assertClose(deflatedSharpe(moments, 46, variance), 0.9505017068755786);
  });

  test('minimum backtest length', () => {
    assertClose(minimumBacktestYears(7), 1.923143);
    assertClose(minimumBacktestYears(45), 4.998087004443);
  });
});

test('the expected maximum is that of many draws within 3 %, and of one trial 0', () => {
  const next = random(3);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  const rounds = 4000;
  let sum = 0;
  for (let round = 0; round < rounds; round += 1) sum += Math.max(...Array.from({ length: 50 }, normal));
  assert.ok(Math.abs(sum / rounds / expectedMaximum(50) - 1) < 0.03, `${sum / rounds}, ${expectedMaximum(50)}`);
  assert.equal(expectedMaximum(1), 0);
  assert.equal(minimumBacktestYears(1), 0);
  assert.throws(() => expectedMaximum(0), /trials must be at least 1, got 0/);
  let before = 0;
  for (let trials = 2; trials < 1e12; trials = Math.ceil(trials * 1.7)) {
    assert.ok(expectedMaximum(trials) > before);
    before = expectedMaximum(trials);
  }
});

test('more trials, more skew to losses and fatter tails leave less to believe, a longer record more', () => {
  const plain = { sharpe: 0.06, count: 1000, skewness: 0, kurtosis: 3 };
  assert.equal(deflatedSharpe(plain, 1, 0.001), probabilisticSharpe(plain));
  assert.ok(deflatedSharpe(plain, 10, 0.001) > deflatedSharpe(plain, 1000, 0.001));
  for (const worse of [{ skewness: -1 }, { kurtosis: 9 }, { count: 500 }, { sharpe: 0.05 }]) {
    assert.ok(probabilisticSharpe({ ...plain, ...worse }) < probabilisticSharpe(plain));
  }
  assert.ok(Number.isNaN(probabilisticSharpe({ ...plain, sharpe: NaN })));
  assert.equal(probabilisticSharpe(plain, plain.sharpe), 0.5);
});

test('moments are those of the textbook', () => {
  const { mean, deviation, sharpe, skewness, kurtosis, count } = momentsOf(Float64Array.of(1, 2, 3, 10));
  // about the mean 4: -3 -2 -1 6; squares 50, cubes 180, fourth powers 1394
  assert.deepEqual([count, mean], [4, 4]);
  const close = (actual: number, expected: number) => assert.ok(Math.abs(actual / expected - 1) < 1e-14);
  close(deviation, Math.sqrt(50 / 3));
  close(sharpe, 4 / Math.sqrt(50 / 3));
  close(skewness, 45 / 12.5 ** 1.5);
  close(kurtosis, 348.5 / 12.5 ** 2);
  const flat = momentsOf(new Float64Array(5));
  assert.deepEqual([flat.sharpe, flat.skewness, flat.kurtosis], [NaN, NaN, NaN]);
  assert.equal(momentsOf(new Float64Array(5).fill(0.1)).sharpe, Infinity);
  assert.ok(Number.isNaN(momentsOf(Float64Array.of(1)).sharpe));
});
