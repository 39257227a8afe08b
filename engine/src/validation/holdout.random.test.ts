// What is held out is held out: the search is that of the bars before it, bit for bit, and what is told of the held-out
// bars is what a spec of those bars tells.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSpec } from '../gate/parse-spec.ts';
import { prepare } from '../prepare.ts';
import { decodeState, encodeState } from '../scoring/checkpoint.ts';
import { foldScorer } from '../scoring/fold-scorer.ts';
import type { Pool } from '../scoring/pool.ts';
import { HOUR_MS, type Spec } from '../spec.ts';
import { randomCandles } from '../testing/candles.ts';
import { roundsOf } from '../testing/rounds.ts';
import {
  at,
  CANDLES,
  on,
  otherFrom,
  resultOf,
  specs,
  START,
  steps,
  surfaceOf,
  WARMUP,
  withoutHeld,
} from '../testing/validated.ts';
import { variantReport } from '../variant-report.ts';

/** So many of the 400 bars are searched on. */
const CUT = 300;

const held = (spec: Spec): Spec => ({ ...spec, validation: { mode: 'holdout', fraction: 0.25 } });

test('the search is that of the bars before the cut, bit for bit', async () => {
  for (const spec of specs(12)) {
    const validated = await steps(held(spec));
    const before = await steps(on(spec, 0, CUT));
    const { rows, counts } = resultOf(validated);
    assert.deepEqual([rows.map(withoutHeld), counts], [resultOf(before).rows, resultOf(before).counts]);
    assert.deepEqual(surfaceOf(validated), surfaceOf(before));
  }
});

test('what is told of the held-out bars is what a spec of those bars tells', async () => {
  let traded = 0;
  for (const spec of specs(12)) {
    for (const { variant_index, out_of_sample } of resultOf(await steps(held(spec))).rows) {
      const { metrics, table_md } = variantReport(CANDLES, on(spec, CUT, 400), { variant_index });
      assert.deepEqual(out_of_sample, { metrics, report_table_md: table_md });
      traded += metrics.num_trades === 0 ? 0 : 1;
    }
  }
  assert.ok(traded > 10, String(traded));
});

test('other candles after the cut change nothing before it', async () => {
  let differ = 0;
  for (const spec of specs(12)) {
    const [a, b] = [resultOf(await steps(held(spec))), resultOf(await steps(held(spec), { candles: otherFrom(CUT) }))];
    assert.deepEqual([a.rows.map(withoutHeld), a.counts], [b.rows.map(withoutHeld), b.counts]);
    if (JSON.stringify(a.validation) !== JSON.stringify(b.validation)) differ += 1;
  }
  assert.ok(differ > roundsOf(12) / 2, String(differ));
});

test('the best in both parts, and its equity on the held-out one', async () => {
  for (const spec of specs(12)) {
    const { rows, counts, validation } = resultOf(await steps(held(spec)));
    assert.ok(validation);
    const [fold, ...others] = validation.folds;
    assert.deepEqual([validation.mode, others], ['holdout', []]);
    assert.deepEqual(fold.in_sample, { start: at(0), end: at(CUT), bars: CUT });
    assert.deepEqual(fold.out_of_sample, { start: at(CUT), end: at(400), bars: 100 });
    assert.deepEqual(fold.counts, counts);
    const { series, ...stitched } = validation.out_of_sample;
    if (rows.length === 0) {
      assert.equal(fold.best, null);
      assert.equal(stitched.metrics.num_trades, 0);
      assert.ok(series.equity.every((value) => value === spec.template.execution.init_cash_quote));
      continue;
    }
    const [best] = rows;
    assert.deepEqual(fold.best, {
      variant_index: best.variant_index,
      payload: best.payload,
      in_sample: best.metrics,
      out_of_sample: best.out_of_sample?.metrics,
    });
    assert.deepEqual(stitched, best.out_of_sample);
    assert.deepEqual([series.time.length, series.equity.length, series.benchmark.length], [100, 100, 100]);
  }
});

test('the result depends on no pool, chunk or interruption, and shows nothing held out before it', async () => {
  for (const [nth, spec] of specs(6).map(held).entries()) {
    const whole = await steps(spec);
    const expected = JSON.stringify(resultOf(whole));
    const prepared = prepare(CANDLES, spec);
    const score = foldScorer(prepared, 2);
    const pool: Pool = { size: 3, chunk: () => 5 + nth, prepared, score: async (task) => score(task) };
    const pooled = await steps(spec, { pool });
    assert.equal(JSON.stringify(resultOf(pooled)), expected);
    for (const step of pooled.filter((_, position) => position % 7 === 0)) {
      assert.ok([...step.rows(3)].every((row) => !('out_of_sample' in row)));
      const from = decodeState(encodeState(step)) ?? assert.fail('the state is damaged');
      assert.equal(JSON.stringify(resultOf(await steps(spec, { from }))), expected);
    }
  }
});

test('a report of a variant has both parts, as its row has', async () => {
  const spec = held(specs(1)[0]);
  const { rows } = resultOf(await steps(spec));
  assert.ok(rows.length > 0);
  for (const { variant_index, payload, metrics, report_table_md, out_of_sample } of rows) {
    for (const which of [{ variant_index }, { payload: JSON.parse(JSON.stringify(payload)) as unknown }]) {
      const report = variantReport(CANDLES, spec, which);
      assert.deepEqual([report.metrics, report.table_md], [metrics, report_table_md]);
      const outside = report.out_of_sample ?? assert.fail('nothing was held out');
      assert.deepEqual({ metrics: outside.metrics, report_table_md: outside.table_md }, out_of_sample);
      assert.deepEqual([report.series.time.length, outside.series.time.length], [CUT, 100]);
    }
  }
  assert.equal(
    variantReport(CANDLES, { ...spec, validation: null }, { variant_index: rows[0].variant_index }).out_of_sample,
    null,
  );
});

test('a market that has too few bars is told when they are known', async () => {
  const input = {
    time_range: { start: at(0), end: at(400) },
    luck: 0,
    warmup_bars: 0,
    validation: { mode: 'holdout', fraction: 0.25 },
    template: {
      instrument_id: { market_id: 5, symbol: 'TEST' },
      timeframe: '1h',
      indicator_grids: [{ indicator_id: 'ma.sma', params: { window: 2 } }],
    },
  };
  const few = randomCandles(5, 5, { start: START + WARMUP * HOUR_MS, stepMs: HOUR_MS });
  await assert.rejects(steps(parseSpec(input), { candles: few }), {
    name: 'SpecError',
    message: 'validation: of 5 bars a part would have 1; each needs at least 2',
  });
});
