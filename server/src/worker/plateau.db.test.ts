// A job that ranks by plateaus, run by real workers and killed in stage_a and after it: what is stored and told is what the
// engine says, with the plateau score beside the metrics of each row.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSpec, search, type SearchResult } from '@backtest-jobs/engine';
import { assertShape, REPORTS, testConfig } from '../../test/api.ts';
import { openFleet, USER, walk } from '../../test/fleet.ts';
import { buildApi } from '../api.ts';
import { TopVariants } from '../api/job/top-variants.ts';
import { openSource } from '../candles/open.ts';

const CANDLES = walk(1500, '1h');
const range = (start: number, stop_incl: number) => ({ mode: 'range', start, stop_incl, step: 1 });
const SPEC = {
  time_range: { start: '2020-01-05T00:00:00Z', end: '2020-03-01T00:00:00Z' },
  luck: 0,
  warmup_bars: 50,
  template: {
    instrument_id: { market_id: 1, symbol: 'TEST' },
    timeframe: '1h',
    indicator_grids: [{ indicator_id: 'momentum.rsi', params: { window: range(5, 24) } }],
    signal_grids: { 'momentum.rsi': { long_threshold: range(20, 49), short_threshold: range(51, 80) } },
    risk_grid: { sl: { mode: 'explicit', values: ['off', 2] } },
  },
  ranking: { primary_metric: 'sharpe', plateau: 2 },
  preselect: 500,
  top_k: 5,
};

async function resultOf(input: object): Promise<SearchResult> {
  for await (const { result } of search(CANDLES, parseSpec(input))) if (result !== null) return result;
  return assert.fail('no result');
}

function ended({ state }: { readonly state: string }): boolean {
  return ['succeeded', 'failed', 'cancelled'].includes(state);
}

test('a job that ranks by plateaus ends with the rows of the engine, killed or not', async () => {
  await using fleet = await openFleet(CANDLES, '1h');
  await using source = await openSource(fleet.candles);
  const user = () => ({ user_id: USER, name: 'test' });
  const app = await buildApi({ pool: fleet.database.pool, config: testConfig(), source, reports: REPORTS, user });
  const job_id = await fleet.submit(SPEC);
  for (const crash of ['snapshot:1', 'snapshot:1']) {
    const killed = fleet.worker({ CRASH_AT: crash });
    assert.equal(await killed.ended, 'SIGKILL');
  }
  const worker = fleet.worker();
  const killed = await fleet.until(job_id, 'the end', ended);
  const quiet = await fleet.until(await fleet.submit(SPEC), 'the end', ended);
  worker.kill('SIGTERM');
  await worker.ended;
  assert.deepEqual([killed.state, killed.attempt, quiet.state, quiet.attempt], ['succeeded', 3, 'succeeded', 1]);
  assert.equal(killed.result_hash, quiet.result_hash);

  const { rows } = await resultOf(SPEC);
  const reply = await app.inject(`/backtests/jobs/${job_id}/top`);
  const { items, report_context } = assertShape(TopVariants, reply.json<unknown>());
  assert.deepEqual(report_context.ranking, { primary_metric: 'sharpe', secondary_metric: null, plateau: 2 });
  assert.deepEqual(
    items.map(({ variant_index, metrics }) => ({ variant_index, metrics })),
    rows.map(({ variant_index, metrics }) => ({ variant_index, metrics: { ...metrics } })),
  );
  const scores = items.map(({ metrics }) => Number(metrics['plateau_score']));
  assert.ok(scores.every(Number.isFinite));
  assert.deepEqual(
    scores,
    scores.toSorted((a, b) => b - a),
  );
  const bases = items.map(({ variant_index }) => Math.floor(variant_index / 2));
  assert.equal(new Set(bases).size, bases.length, 'one row of each base variant');
  await app.close();
});
