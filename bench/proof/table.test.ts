import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Outcome } from './measure-row.ts';
import { ROWS } from './rows.ts';
import { binomialBand, judgeRow, tableOf } from './table.ts';

const outcomes = (found: number, count: number): Outcome[] =>
  Array.from({ length: count }, (_, at) => ({ p: at < found ? 0.05 : 0.4, luck: at < found ? 'unlikely' : 'likely' }));

test('a band leaves half a percent of samples out on each side', () => {
  assert.deepEqual(binomialBand(200, 0.05), [0.015, 0.095]); // of 200: P(< 3) 0.0023, P(< 4) 0.009; P(> 19) 0.0027
  assert.deepEqual(binomialBand(1, 0.05), [0, 1]);
});

test('a row holds within its band, with enough power, or because it is only told', () => {
  assert.equal(judgeRow({ wanted: 'band' }, outcomes(10, 200)).holds, true);
  assert.equal(judgeRow({ wanted: 'band' }, outcomes(20, 200)).holds, false);
  assert.equal(judgeRow({ wanted: 'told' }, outcomes(60, 200)).holds, true);
  assert.equal(judgeRow({ wanted: 0.9 }, outcomes(45, 50)).holds, true);
  assert.equal(judgeRow({ wanted: 0.9 }, outcomes(44, 50)).holds, false);
  const unknown: Outcome = { p: null, luck: 'unknown' };
  assert.equal(judgeRow({ wanted: 'band' }, [unknown]).found, 0);
});

test('rows have names of their own, and a line each', () => {
  assert.equal(new Set(ROWS.map(({ name }) => name)).size, ROWS.length);
  const lines = tableOf(ROWS.map((row) => [row, outcomes(1, 50)]));
  assert.equal(lines.length, ROWS.length + 2);
  assert.match(
    lines.at(-1) ?? '',
    /^\| an hour that rises.*\| 50 \| 39 \| 0\.020 \| >= 0\.9 \| \*\*no\*\* \| 0\.020 \| 0\.980 \|$/,
  );
});
