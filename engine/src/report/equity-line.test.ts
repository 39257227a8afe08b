import assert from 'node:assert/strict';
import { test } from 'node:test';
import { simulate } from '../simulate/simulate.ts';
import { HOUR_MS } from '../spec.ts';
import { randomCandles } from '../testing/candles.ts';
import { settingWith, signalOfText } from '../testing/settings.ts';
import { equityLine } from './equity-line.ts';
import { tradesHash } from './trades-hash.ts';

test('32 points with the first and the last close, in percent of the cash, five digits', () => {
  const equity = Float64Array.from({ length: 311 }, (_, bar) => 2000 + bar / 3);
  const line = equityLine(equity, 2000);
  assert.deepEqual([line.length, line[0], line[1], line[31]], [32, 100, 100.17, 105.17]);
  assert.deepEqual(equityLine(Float64Array.of(3, 1, 2), 3), [100, 33.333, 66.667]);
  assert.deepEqual(equityLine(Float64Array.of(7), 7), [100]);
});

const candles = randomCandles(3, 40, { volatility: 0.03, stepMs: HOUR_MS });
const hashOf = (signal: string, changes = {}) =>
  tradesHash(simulate(candles, signalOfText(signal.padEnd(40, '.')), settingWith(changes)).trades);

test('a hash of trades is that of what was traded, not of the parameters', () => {
  const hash = hashOf('LLLL..SSS..LL');
  assert.match(hash, /^[0-9a-f]{32}$/);
  assert.equal(hashOf('LLLL..SSS..LL', { sl: 99 }), hash, 'a stop that is never reached');
  const others = [
    hashOf('LLLL..SSS..LLL'),
    hashOf('SSSS..LLL..SS'),
    hashOf('LLLL..SSS'),
    hashOf('LLLL..SSS..LL', { sl: 0.01 }),
    hashOf('S'),
    hashOf('L'),
    hashOf(''),
  ];
  assert.equal(new Set([hash, ...others]).size, others.length + 1);
});
