// A slice of the proof of the luck test, in less than a minute: p is seldom small where there is nothing, and mostly where
// there is much. All of it is `npm run proof -- luck`.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { outcomeOf, type Outcome } from './measure-row.ts';
import { ROWS } from './rows.ts';
import { judgeRow } from './table.ts';

async function measured(name: string, seeds: number): Promise<readonly Outcome[]> {
  const row = ROWS.find((one) => one.name === name) ?? assert.fail(`there is no row ${name}`);
  const outcomes: Outcome[] = [];
  for (let seed = 0; seed < seeds; seed += 1) outcomes.push(await outcomeOf(row, seed));
  return outcomes;
}

test('on noise p is at most 0.05 about as often as it says', async () => {
  for (const name of ['hours, 11 near each other', '4 years of days, t3, gaps, drift, fees, long-only']) {
    const { found, band, holds } = judgeRow({ wanted: 'band' }, await measured(name, 60));
    assert.ok(holds, `${name}: ${found} is not within ${band.join(' to ')}`);
  }
});

test('a trend of true Sharpe 2 is found', async () => {
  const { found, holds } = judgeRow({ wanted: 0.8 }, await measured('trend of Sharpe 2, averages of 45 to 55', 15));
  assert.ok(holds, String(found));
});
